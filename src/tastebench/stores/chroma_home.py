"""Where Chroma lives, here a server. Whatever goes wrong there becomes `IndexUnavailable`."""

import socket
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from tastebench.domain.errors import IndexUnavailable, InvalidInput, TastebenchError

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

    def is_dangerous(self, _name: str) -> bool:
        """Tell whether touching the collection might end this process."""
        return False

    def start_over(self) -> bool:
        """Throw everything away and begin with nothing; False where that is not ours to do."""
        return False

    def forget(self, _name: str) -> None:
        """Remove what a deleted collection left behind; a server sees to that itself."""
        return

    def overwrite_traces(self) -> None:
        """Overwrite what is left of deleted vectors in Chroma's own files; a server's are its operator's."""
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
        self._address = (host, port or (443 if secure else 8000))
        self._secure = secure
        super().__init__(
            "at {}:{}".format(*self._address),
            "Check that this Chroma server is running and well, then rebuild the index (tastebench rebuild).",
        )

    def _connect(self) -> Any:
        import chromadb

        # The client waits for ever: find out first whether anybody is there, then bound its patience.
        socket.create_connection(self._address, timeout=_CONNECT_SECONDS).close()
        host, port = self._address
        client = chromadb.HttpClient(host=host, port=port, ssl=self._secure, settings=settings())
        for session in _sessions(client):
            session.timeout = _ANSWER_SECONDS
        return client

    def _disconnect(self) -> None:
        if self._client is not None:
            for session in _sessions(self._client):
                session.close()  # closing the client leaves its sockets open
        super()._disconnect()


def _sessions(client: Any) -> list[Any]:
    """Return the HTTP sessions of a server's client: its own, and that of the administrator it checks its name with."""
    return [client._server._session, client._admin_client._server._session]


def settings() -> Any:
    """Return Chroma's settings: it tells nobody anything."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:200]
