"""Where Chroma lives: a folder of ours, or a server. Whatever goes wrong there becomes `IndexUnavailable`."""

import logging
import shutil
import socket
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tastebench.domain.errors import IndexUnavailable, InvalidInput, TastebenchError

_log = logging.getLogger(__name__)
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0


class ChromaHome(ABC):
    """One Chroma, reached on first use.

    Attributes
    ----------
    epoch : int
        How often it was started over; collections of an earlier epoch are gone.
    """

    def __init__(self, where: str, next_step: str) -> None:
        self.epoch = 0
        self._where = where
        self._next_step = next_step
        self._client: Any = None
        self._closed = False
        self._lock = Lock()

    @contextmanager
    def answering(self) -> Iterator[Any]:
        """Yield the client; every failure within, a panic of its Rust part included, becomes `IndexUnavailable`."""
        try:
            yield self._connected()
        except TastebenchError:
            raise
        except Exception as error:
            raise self.unavailable(f"fails: {_first_line(error)}") from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # how Rust's panics arrive: not as an Exception
                raise
            raise self.unavailable(f"fails: {_first_line(error)}") from error

    def unavailable(self, what: str) -> IndexUnavailable:
        """Return the error that says what is the matter, where, and what to do."""
        return IndexUnavailable(f"The vector index {self._where} {what.rstrip('.')}.", self._next_step)

    def touching(self, _name: str) -> AbstractContextManager[None]:
        """Return a context in which a collection is read for the first time, or written to."""
        return nullcontext()

    def was_interrupted(self, _name: str) -> bool:
        """Tell whether a process ended while it was touching the collection."""
        return False

    def start_over(self) -> bool:
        """Throw everything away and begin with nothing; False where that is not ours to do."""
        return False

    def forget(self, _name: str) -> None:
        """Remove what a deleted collection left behind; a server sees to that itself."""
        return

    def close(self) -> None:
        """Let go of Chroma; whatever is asked afterwards is `IndexUnavailable`."""
        with self._lock:
            self._disconnect()
            self._closed = True

    def _connected(self) -> Any:
        with self._lock:
            if self._closed:
                raise self.unavailable("was closed")
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    @abstractmethod
    def _connect(self) -> Any: ...


class ServerHome(ChromaHome):
    """A Chroma server of the operator's.

    Parameters
    ----------
    url : str
        ``http://host:port``; port 8000 unless given, 443 for https. Raises `InvalidInput` for anything else.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, port, secure = parts.hostname, parts.port, parts.scheme == "https"
        except ValueError:
            host = port = None
        if not host:
            raise InvalidInput(f"the Chroma address {url!r} names no server.", "Write it as http://127.0.0.1:8000.")
        super().__init__(
            f"at {url}",
            "Check that this Chroma server is running and well, then rebuild the index (tastebench rebuild).",
        )
        self._address = (host, port or (443 if secure else 8000))
        self._secure = secure

    def _connect(self) -> Any:
        import chromadb

        # The client waits for ever: find out first whether anybody is there, then bound its patience.
        socket.create_connection(self._address, timeout=_CONNECT_SECONDS).close()
        host, port = self._address
        client = chromadb.HttpClient(host=host, port=port, ssl=self._secure, settings=_settings())
        for session in _sessions(client):
            session.timeout = _ANSWER_SECONDS
        return client

    def _disconnect(self) -> None:
        if self._client is not None:
            for session in _sessions(self._client):
                session.close()  # closing the client leaves its sockets open
        super()._disconnect()


class FolderHome(ChromaHome):
    """Chroma within this process, in a folder that nobody else has open.

    Torn files can take the whole process down while they are being read. So a mark lies beside the files for as long
    as a collection is read for the first time or written to; a process that finds an old mark leaves them alone.
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
            yield
        finally:
            with self._lock:
                self._touched[name] -= 1
                if not self._touched[name]:
                    self._mark(name).unlink(missing_ok=True)

    def was_interrupted(self, name: str) -> bool:
        """Tell whether an earlier process ended while it was touching the collection."""
        return not self._touched.get(name) and self._mark(name).exists()

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

    def _connect(self) -> Any:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            client = chromadb.PersistentClient(path=str(self._folder), settings=_settings())
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
            known = self._segments()
        except sqlite3.Error:
            _log.warning("Old vector files in %s could not be looked for.", self._folder, exc_info=True)
            return
        for path in folders:
            if path.name not in known:
                shutil.rmtree(path, ignore_errors=True)

    def _segments(self) -> set[str]:
        uri = f"{(self._folder / 'chroma.sqlite3').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            return {name for (name,) in database.execute("SELECT id FROM segments")}


def _sessions(client: Any) -> list[Any]:
    """Return the HTTP sessions of a server's client: its own, and that of the administrator it checks its name with."""
    return [client._server._session, client._admin_client._server._session]


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:200]
