"""The lock on a data folder: one holder, named to whoever comes second, gone with its process."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tastebench.domain.errors import DatabaseUnavailable, FolderInUse
from tastebench.stores.lock import LOCK_NAME, FolderLock

HOLDER = """
import sys
from pathlib import Path
from tastebench.stores.lock import FolderLock

with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holding(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that holds the folder until a line comes in."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_turned_away_with_the_first_ones_id(tmp_path: Path) -> None:
    with holding(tmp_path) as process:
        with pytest.raises(FolderInUse) as caught:
            FolderLock(tmp_path).acquire()
        assert f"process {process.pid}" in caught.value.message
        assert str(tmp_path) in caught.value.message
        assert "Stop that one first" in caught.value.next_step
        process.communicate("\n")
    with FolderLock(tmp_path) as lock:
        assert lock.held


def test_a_killed_holder_leaves_the_folder_free(tmp_path: Path) -> None:
    with holding(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        FolderLock(tmp_path).acquire()


def test_a_second_lock_in_the_same_process_is_turned_away_too(tmp_path: Path) -> None:
    with FolderLock(tmp_path), pytest.raises(FolderInUse, match="already open in this process"):
        FolderLock(tmp_path).acquire()


def test_acquiring_and_releasing_twice_changes_nothing(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    lock.acquire()
    lock.release()
    assert not lock.held
    lock.release()
    with FolderLock(tmp_path):
        pass


def test_it_can_be_released_by_another_thread(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    with FolderLock(tmp_path):
        pass


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    with FolderLock(tmp_path / "new" / "data"):
        assert (tmp_path / "new" / "data" / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_an_unreadable_hint_is_no_obstacle(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        (tmp_path / LOCK_NAME).write_bytes(b"\xff not a number")
        with pytest.raises(FolderInUse, match="in use by another process"):
            FolderLock(tmp_path).acquire()


def test_a_folder_that_cannot_be_written_to_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DatabaseUnavailable, match="cannot be written to") as caught:
        FolderLock(tmp_path / "file").acquire()
    assert "another folder" in caught.value.next_step
