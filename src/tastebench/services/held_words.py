"""The words of a workspace's items, held for search and kept in step with SQL."""

import threading

from tastebench.stores import workspaces
from tastebench.stores.database import Database
from tastebench.stores.word_index import WordHits, WordIndex


class HeldWords:
    """The word index of one workspace: made with the first question, refreshed where the catalogue has changed."""

    def __init__(self, key: int, database: Database) -> None:
        self._key, self._database = key, database
        self._lock = threading.Lock()
        self._index: WordIndex | None = None
        self._revision = -1

    def search(self, question: str) -> WordHits:
        """Return every item that has a word of the question."""
        with self._lock:
            return self._current().search(question)

    def close(self) -> None:
        """Let go of the index; the next question makes another."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _current(self) -> WordIndex:
        with self._database.read() as connection:
            revision = workspaces.by_key(connection, self._key).catalogue_revision
            if self._index is None:
                self._index, self._revision = WordIndex(), -1
            if revision != self._revision:
                self._index.refresh(connection, self._key)
                self._revision = revision
            return self._index
