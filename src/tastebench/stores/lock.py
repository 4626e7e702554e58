"""One data folder, one writing process: a lock that the operating system frees when its holder dies."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from tastebench.domain.errors import DatabaseUnavailable, FolderInUse

LOCK_NAME = "tastebench.lock"


class FolderLock:
    """The right to write to a data folder, held by one process at a time.

    Two processes on one folder lose vectors without an error, so the second one is turned away. The process id in
    the lock file is only a hint for people: the lock itself belongs to the operating system and ends with its
    holder, however that ends.

    Parameters
    ----------
    folder : Path
        Made on acquiring where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / LOCK_NAME
        # Not bound to a thread: the app opens its stores in one thread and closes them in another.
        self._lock = FileLock(self._file, thread_local=False)

    @property
    def held(self) -> bool:
        """Whether this object holds the folder."""
        return self._lock.is_locked

    def acquire(self) -> None:
        """Take the folder; nothing happens where it is held already.

        Raises
        ------
        FolderInUse
            Where another process, or another lock of this one, holds it.
        DatabaseUnavailable
            Where the folder cannot be written to.
        """
        if self.held:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
            self._file.write_text(f"{os.getpid()}\n", encoding="ascii")
        except Timeout:
            raise self._in_use() from None
        except OSError as error:
            self.release()
            raise DatabaseUnavailable(
                f"The data folder {self.folder} cannot be written to: {error.strerror or error}.",
                "Give yourself the right to write there, or choose another folder.",
            ) from error

    def release(self) -> None:
        """Give the folder back; nothing happens where it is not held."""
        self._lock.release(force=True)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _in_use(self) -> FolderInUse:
        holder = self._holder()
        if holder == os.getpid():
            return FolderInUse(
                f"The data folder {self.folder} is already open in this process ({holder}).",
                "Close the other workbench first.",
            )
        who = "another process" if holder is None else f"process {holder}"
        return FolderInUse(
            f"The data folder {self.folder} is in use by {who}.",
            "Stop that one first (it may be the app in another terminal), or choose another folder.",
        )

    def _holder(self) -> int | None:
        try:
            return int(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
