"""The Chroma index: approximate neighbours, a collection per workspace and kind, always replaceable from SQL."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from tastebench.domain.columns import Bools, Ints, Vectors
from tastebench.domain.errors import IndexUnavailable
from tastebench.domain.ports import Hits
from tastebench.stores.chroma_folder import FolderHome
from tastebench.stores.chroma_generations import Generations, Note
from tastebench.stores.chroma_home import ChromaHome, ServerHome
from tastebench.stores.chroma_values import hits_of, ids_of, keys_of
from tastebench.stores.index_findings import IndexFindings, compared
from tastebench.stores.vectors import checked_rows, no_hits, unit_queries

Batch: TypeAlias = tuple[Ints, Vectors]
Kind: TypeAlias = Literal["items", "personas"]

_NUMBERS_PER_CALL = 1_000_000
"""Keeps one call to a server to some ten megabytes."""
_SAMPLE = 500


class ChromaIndex:
    """Neighbours among a workspace's items or personas, in Chroma. Made by `ChromaIndexes.open`; reached on first use.

    Replacing the vector of a key concerns two stores. So that no kill can leave the old one here unnoticed: delete
    the key here, commit the new vector to SQL, upsert it here. Whatever moment it ends at, `check` finds the key
    missing.
    """

    def __init__(self, home: ChromaHome, name: str, dimension: int) -> None:
        self.dimension = dimension
        self._home = home
        self._generations = Generations(home, name)
        self._epoch = home.epoch
        self._collection: Any = None
        self._opening = Lock()
        self._writing = RLock()

    def count(self) -> int:
        """Return how many vectors it holds."""
        collection = self._current()
        with self._home.answering():
            return int(collection.count())

    def note(self) -> Note:
        """Return what was noted when it was last rebuilt; empty where nothing was."""
        return dict(self._current().metadata or {})

    def keys(self) -> Ints:
        """Return the keys it holds, ascending."""
        collection = self._current()
        with self._home.answering():
            return np.sort(keys_of(collection.get(include=[])["ids"]))

    def upsert(self, keys: Ints, vectors: Vectors) -> None:
        """Add or replace vectors. Raises `InvalidInput` where one hasn't the index's dimension or isn't finite."""
        with self._writing:
            self._write(self._current(), (keys, vectors))

    def delete(self, keys: Ints) -> None:
        """Remove vectors; unknown keys are ignored."""
        unique = np.unique(np.asarray(keys, dtype=np.int64))
        with self._writing:
            collection = self._current()
            with self._home.answering() as client, self._home.touching(collection.name):
                for part in self._parts(client, len(unique)):
                    collection.delete(ids=ids_of(unique[part]))

    def search(self, queries: Vectors, limit: int) -> list[Hits]:
        """Return for each query row its up to `limit` nearest items, in one call; a zero row finds nothing."""
        directions = unit_queries(queries, self.dimension)
        asked: Bools = np.asarray(directions.any(axis=1))
        if limit < 1 or not asked.any():
            return [no_hits() for _ in directions]
        collection = self._current()
        with self._home.answering():
            found = collection.query(query_embeddings=directions[asked], n_results=limit, include=["distances"])
            hits = iter([hits_of(*pair) for pair in zip(found["ids"], found["distances"], strict=True)])
        return [next(hits) if there else no_hits() for there in asked]

    def check(self, expected: Ints) -> IndexFindings:
        """Return what is wrong with the index, given the keys SQL has vectors for. Raises nothing.

        It is at fault where Chroma raises, where its count and its list of keys disagree, or where it has lost
        vectors of keys that it lists.
        """
        try:
            held = self.keys()
            self._probe(self._current(), held)
        except IndexUnavailable as error:
            return IndexFindings(error.message)
        return compared(expected, held)

    def rebuild(self, batches: Iterable[Batch], note: Note | None = None) -> None:
        """Fill a fresh collection with these vectors, make it the current one, and delete what was before.

        Searches go on in the old one until then; writes wait. Where `batches` raises, the old one stays. What `note`
        says of the vectors is written with them, and `note()` gives it back.
        """
        with self._writing:
            built = self._filled(iter(batches), note)
            fresh = self._generations.promote(built)
            with self._opening:
                self._collection, self._epoch = fresh, self._home.epoch
            self._generations.sweep(fresh.name)

    def drop(self) -> int:
        """Delete every collection of this workspace and kind, and return how many that were."""
        with self._writing, self._opening:
            self._collection = None
            return self._generations.sweep()

    def _current(self) -> Any:
        if self._epoch != self._home.epoch:
            raise self._home.unavailable("had to be started over and lacks this workspace")
        if self._collection is None:
            with self._opening:
                if self._collection is None:
                    self._collection = self._opened()
        return self._collection

    def _opened(self) -> Any:
        collection = self._generations.current()
        with self._home.answering(), self._home.touching(collection.name):
            collection.count()
            collection.query(query_embeddings=np.eye(1, self.dimension, dtype=np.float32), n_results=1, include=[])
        # Whoever holds the lock may be filling the next generation, which a sweep would delete.
        if self._writing.acquire(blocking=False):
            try:
                self._generations.sweep(collection.name)
            finally:
                self._writing.release()
        return collection

    def _filled(self, batches: Iterator[Batch], note: Note | None) -> Any:
        first = next(batches, None)
        try:
            built = self._begun(first, note)
        except IndexUnavailable:
            # Not one collection but all of the folder is beyond use.
            if not self._home.start_over():
                raise
            built = self._begun(first, note)
        try:
            for batch in batches:
                self._write(built, batch)
        except BaseException:
            self._generations.discard(built.name)
            raise
        return built

    def _begun(self, first: Batch | None, note: Note | None) -> Any:
        built = self._generations.begin(note)
        if first is not None:
            self._write(built, first)
        return built

    def _write(self, collection: Any, batch: Batch) -> None:
        keys, vectors = checked_rows(*batch, self.dimension)
        with self._home.answering() as client, self._home.touching(collection.name):
            for part in self._parts(client, len(keys)):
                collection.upsert(ids=ids_of(keys[part]), embeddings=vectors[part])

    def _parts(self, client: Any, rows: int) -> Iterator[slice]:
        allowed = client.get_max_batch_size()
        size = max(1, min(allowed if allowed > 0 else _SAMPLE, _NUMBERS_PER_CALL // self.dimension))
        return (slice(start, start + size) for start in range(0, rows, size))

    def _probe(self, collection: Any, held: Ints) -> None:
        """Raise where the collection has lost vectors: a sample of 1,000 overlooks no loss that matters."""
        sample = ids_of(np.union1d(held[-_SAMPLE:], held[:: len(held) // _SAMPLE + 1]))
        with self._home.answering(), self._home.touching(collection.name):
            count = collection.count()
            if count != len(held):
                raise self._home.unavailable(f"counts {count:,} vectors and lists {len(held):,}")
            if sample:
                found = collection.get(ids=sample, include=["embeddings"])["embeddings"]
                if len(found) != len(sample):
                    raise self._home.unavailable(f"has lost {len(sample) - len(found):,} of {len(sample):,} vectors")
                collection.query(query_embeddings=found[:1], n_results=_SAMPLE, include=[])


class ChromaIndexes:
    """The vector indexes of all workspaces, in one Chroma.

    Parameters
    ----------
    source : Path or str
        A folder for Chroma alone, or the ``http(s)://`` address of a server.
    namespace : str
        First part of every collection's name. Installations that share a server need different ones.
    """

    def __init__(self, source: Path | str, namespace: str = "tastebench") -> None:
        is_address = isinstance(source, str) and source.startswith(("http://", "https://"))
        self._home: ChromaHome = ServerHome(str(source)) if is_address else FolderHome(Path(source))
        self._namespace = namespace
        self._indexes: dict[tuple[int, Kind], ChromaIndex] = {}

    def open(self, workspace_key: int, dimension: int, kind: Kind = "items") -> ChromaIndex:
        """Return one index of a workspace, the same object every time. Costs nothing before its first use."""
        index = self._indexes.get((workspace_key, kind))
        if index is None or index.dimension != dimension:
            index = ChromaIndex(self._home, self._name(workspace_key, kind), dimension)
            self._indexes[workspace_key, kind] = index
        return index

    def rebuild(self, workspace_key: int, dimension: int, batches: Iterable[Batch]) -> ChromaIndex:
        """Return the index of one workspace's items, filled anew. Raises `IndexUnavailable` where even that fails."""
        index = self.open(workspace_key, dimension)
        index.rebuild(batches)
        return index

    def drop(self, workspace_key: int, *kinds: Kind) -> int:
        """Delete the indexes of one workspace, these or all, without a trace; return how many collections that were."""
        deleted = 0
        for kind in kinds or get_args(Kind):
            index = self._indexes.pop((workspace_key, kind), None)
            deleted += (index or ChromaIndex(self._home, self._name(workspace_key, kind), 1)).drop()
        self._home.overwrite_traces()
        return deleted

    def keep_only(self, workspace_keys: Collection[int]) -> None:
        """Delete the indexes of all workspaces but these."""
        mine = re.compile(rf"{re.escape(self._namespace)}-(?:(?:{'|'.join(get_args(Kind))})-)?(\d+)-\d+.*")
        with self._home.answering() as client:
            found = [mine.fullmatch(collection.name) for collection in client.list_collections()]
        for gone in {int(match[1]) for match in found if match} - set(workspace_keys):
            self.drop(gone)

    def close(self) -> None:
        """Let go of Chroma; whatever is asked afterwards is `IndexUnavailable`."""
        self._indexes.clear()
        self._home.close()

    def _name(self, workspace_key: int, kind: Kind) -> str:
        return f"{self._namespace}-{workspace_key}" if kind == "items" else f"{self._namespace}-{kind}-{workspace_key}"
