"""Search by words: BM25 over the texts of one workspace, by SQLite's full-text index (FTS5), wherever SQL itself is.

BM25 weighs a word by how few of all texts have it, and a text by how long all are. In one table for all workspaces
these figures would be everybody's, and what one workspace holds would move the lists of another; and PostgreSQL has no
BM25 at all. So every workspace has an index of its own, filled from SQL like the other columns that are held: in
memory, above 32 MB in a temporary file without a name, and gone with the process.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import NamedTuple, TypeAlias

import numpy as np
from sqlalchemy import Connection, select

from tastebench.domain.columns import Float, Ints, positions
from tastebench.domain.text import clean
from tastebench.stores import documents
from tastebench.stores.bulk import pieces
from tastebench.stores.column_rows import batches, integers
from tastebench.stores.schema import items

Text: TypeAlias = tuple[int, str, str, str, str]
"""An item's key, title, creator, tags and description."""

WEIGHTS = {"title": 3.0, "creator": 1.0, "tags": 2.0, "description": 1.0}
"""How much a word counts where it stands. Asked for by its title, a film of the demo comes first in 98 cases of 100,
with equal weights in 89; asked for by two tags, the ten best have 77 % of them, with equal weights 76 %."""

COMMON = 0.5
"""A word that a larger share of the items has tells nothing of any of them; it is left out where others are left."""

_WORDS_LIMIT = 64
_CACHE_KB = 32_000

_VERSIONS = """
    SELECT key, changed_at FROM items WHERE +workspace_key = :workspace AND deleted_at IS NULL ORDER BY key"""
_TABLE = """
    CREATE VIRTUAL TABLE texts USING fts5(
        title, creator, tags, description, tokenize = "porter unicode61 remove_diacritics 2")"""
_ADD = "INSERT INTO texts (rowid, title, creator, tags, description) VALUES (?, ?, ?, ?, ?)"
_SEARCH = "SELECT rowid, -bm25(texts, ?, ?, ?, ?) FROM texts WHERE texts MATCH ?"
_HAVE = "SELECT count(*) FROM (SELECT 1 FROM texts WHERE texts MATCH ? LIMIT ?)"


class WordHits(NamedTuple):
    """Every item that has a word of the question.

    Parameters
    ----------
    keys : int array (k,)
        Ascending.
    scores : float array (k,)
        BM25, above 0.
    """

    keys: Ints
    scores: Float


class WordIndex:
    """The words of one workspace's items. One thread at a time may use it; close it."""

    def __init__(self) -> None:
        self._keys = self._changed_at = np.zeros(0, dtype=np.int64)
        self._common: dict[str, bool] = {}
        self._sql = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in (f"cache_size = -{_CACHE_KB}", "journal_mode = MEMORY", "synchronous = OFF"):
            self._sql.execute(f"PRAGMA {setting}")
        self._sql.execute(_TABLE)

    def __len__(self) -> int:
        return len(self._keys)

    def close(self) -> None:
        """Let go of it all."""
        self._sql.close()

    def refresh(self, connection: Connection, workspace: int) -> None:
        """Take in what changed among the workspace's items since the last time."""
        keys, changed_at = _versions(connection, workspace)
        before = positions(self._keys, keys)
        same = before >= 0
        same[same] = self._changed_at[before[same]] == changed_at[same]
        stale = self._keys[~np.isin(self._keys, keys[same])]
        with self._sql:
            self._sql.execute("BEGIN")
            self._sql.executemany("DELETE FROM texts WHERE rowid = ?", ((key,) for key in stale.tolist()))
            self._sql.executemany(_ADD, _texts(connection, workspace, keys[~same].tolist()))
            self._keys, self._changed_at, self._common = keys, changed_at, {}

    def search(self, question: str) -> WordHits:
        """Return every item that has one of the question's words, English endings aside; no sign in it is an order."""
        words = self._telling(_words(question))
        asked = (*WEIGHTS.values(), " OR ".join(words))
        rows = self._sql.execute(_SEARCH, asked).fetchall() if words else []
        found = np.array(rows, dtype=np.float64).reshape(-1, 2)
        return WordHits(found[:, 0].astype(np.int64), found[:, 1])

    def _telling(self, words: Sequence[str]) -> list[str]:
        """Return the words that some items have and most have not; all that are had where there is no such word."""
        had = [word for word in words if self._count(word, 1)]
        half = int(COMMON * len(self))
        for word in had:
            if word not in self._common:
                self._common[word] = self._count(word, half + 1) > half
        return [word for word in had if not self._common[word]] or had

    def _count(self, word: str, most: int) -> int:
        count: int = self._sql.execute(_HAVE, (word, most)).fetchone()[0]
        return count


def _words(question: str) -> list[str]:
    """Return a question's words, each in quotes: FTS5 then takes it for text, whatever signs it holds."""
    words = {word.casefold(): word for word in clean(question).replace('"', " ").split()}
    return [f'"{word}"' for word in words.values()][:_WORDS_LIMIT]


def _versions(connection: Connection, workspace: int) -> tuple[Ints, Ints]:
    found = [integers(rows) for rows in batches(connection, _VERSIONS, workspace=workspace)]
    keys, changed_at = np.concatenate([np.zeros((2, 0), dtype=np.int64), *found], axis=1)
    return keys, changed_at


def _texts(connection: Connection, workspace: int, keys: Sequence[int]) -> Iterator[Text]:
    columns = (items.c.key, items.c.title, items.c.item_id, items.c.creator, items.c.facets, items.c.description)
    for piece in pieces(keys):
        mine = select(*columns).where(items.c.workspace_key == workspace, items.c.key.in_(piece))
        with closing(connection.execute(mine)) as rows:
            for key, title, item_id, creator, facets, description in rows:
                tags = (tag for names in documents.tags(facets).values() for tag in names)
                yield key, title or item_id, creator, ", ".join(tags), description
