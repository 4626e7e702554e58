"""Chroma in a folder of ours, and how torn files in it are survived."""

import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from tastebench.stores.blank_memory import blank_memory
from tastebench.stores.chroma_home import ChromaHome, settings

_TRIAL_SECONDS = 120.0
_ASK = """
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1], timeout=15, isolation_level=None).execute(sys.argv[2]):
    print(row[0])"""
_log = logging.getLogger(__name__)


class FolderHome(ChromaHome):
    """Chroma within this process, in a folder that nobody else has open.

    Torn files can take the whole process down while they are being read. So a mark lies beside the files for as long
    as a collection is read for the first time or written to; a process that finds an old mark sends another one ahead.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(f"in {folder}", "Rebuild it: tastebench rebuild, or the button on the Home page.")
        self._folder = folder.absolute()
        self._touched: dict[str, int] = {}

    @contextmanager
    def touching(self, name: str) -> Iterator[None]:
        """Mark the collection for as long as it is read for the first time, or written to."""
        with self._lock:
            self._touched[name] = self._touched.get(name, 0) + 1
            self._mark(name).touch()
        try:
            with blank_memory():
                yield
        finally:
            with self._lock:
                self._touched[name] -= 1
                if not self._touched[name]:
                    self._mark(name).unlink(missing_ok=True)

    def is_dangerous(self, name: str) -> bool:
        """Tell whether an earlier process ended while it was touching the collection, and a trial fails as well."""
        if self._touched.get(name) or not self._mark(name).exists():
            return False
        command = [sys.executable, "-m", "tastebench.stores.chroma_probe", str(self._folder), name]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_TRIAL_SECONDS)  # noqa: S603 (our own words)
        except (subprocess.SubprocessError, OSError):
            _log.warning("The vectors in %s don't survive a trial.", self._folder, exc_info=True)
            return True
        self._mark(name).unlink(missing_ok=True)
        return False

    def start_over(self) -> bool:
        """Empty the folder: it holds nothing that SQL doesn't have too."""
        with self._lock:
            self._disconnect()
            shutil.rmtree(self._folder, ignore_errors=True)
            self.epoch += 1
        _log.warning("The vector index in %s could not be read and was started over.", self._folder)
        return True

    def forget(self, name: str) -> None:
        """Remove the mark and the files of a deleted collection; Chroma itself leaves them lying."""
        self._mark(name).unlink(missing_ok=True)
        self._remove_orphans()

    def overwrite_traces(self) -> None:
        """Have Chroma's database written anew: it keeps deleted vectors in pages that are free."""
        try:
            self._sql("VACUUM")
        except (subprocess.SubprocessError, OSError) as error:
            raise self.unavailable("may still hold deleted vectors in free pages") from error

    def _connect(self) -> Any:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            client = chromadb.PersistentClient(path=str(self._folder), settings=settings())
        except BaseException:
            # Chroma remembers the half-made system by its path, and would hand it out again.
            SharedSystemClient._identifier_to_system.pop(str(self._folder), None)
            raise
        self._remove_orphans()
        return client

    def _mark(self, name: str) -> Path:
        return self._folder / f"{name}.touched"

    def _remove_orphans(self) -> None:
        # Folders first: one that is listed before the segments are read is either among them or an orphan.
        folders = [path for path in self._folder.iterdir() if path.is_dir() and _is_uuid(path.name)]
        try:
            known = self._sql("SELECT id FROM segments")
        except (subprocess.SubprocessError, OSError):
            _log.warning("Old vector files in %s could not be looked for.", self._folder, exc_info=True)
            return
        for path in folders:
            if path.name not in known:
                shutil.rmtree(path, ignore_errors=True)

    def _sql(self, statement: str) -> set[str]:
        """Return what a statement on Chroma's database answers with; nothing where there is none yet.

        Another process asks: Chroma brings an SQLite of its own, and a file that is closed by one of two in a process
        loses the locks of the other.
        """
        path = self._folder / "chroma.sqlite3"
        if not path.exists():
            return set()
        command = [sys.executable, "-c", _ASK, str(path), statement]
        asked = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_TRIAL_SECONDS)  # noqa: S603 (our own words)
        return set(asked.stdout.split())


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
