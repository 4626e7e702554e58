"""What is held in memory of one workspace: its columns and its index, kept in step with SQL."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from tastebench.domain.columns import CatalogueColumns, Ints, LogColumns, PersonaColumns, Vectors
from tastebench.domain.errors import EncoderMismatch, IndexUnavailable
from tastebench.domain.ports import Encoder
from tastebench.ranking.snapshot import Snapshot
from tastebench.services.held_links import HeldLinks
from tastebench.services.held_personas import HeldPersonas
from tastebench.services.held_suggestions import HeldSuggestions
from tastebench.services.held_words import HeldWords
from tastebench.stores import columns, examination, statements, workspaces
from tastebench.stores.chroma_index import ChromaIndex, ChromaIndexes
from tastebench.stores.database import Connection, Database
from tastebench.stores.index_findings import IndexFindings
from tastebench.stores.link_files import LinkFiles
from tastebench.stores.workspaces import WorkspaceRow

_log = logging.getLogger(__name__)
_REBUILD_BATCH = 20_000


class IndexState(NamedTuple):
    """Whether an index is open, and where it is, how many vectors it holds and how many SQL has for it."""

    state: Literal["open", "closed", "busy"]
    held: int = 0
    expected: int = 0


class Held:
    """One workspace's snapshot and index.

    The snapshot is read on first use and whenever a revision in SQL has moved on; of the log only what is new, deleted
    or restored.
    The index is checked against SQL when it is opened: what differs is mended, what is broken is rebuilt.

    Attributes
    ----------
    personas : HeldPersonas
        The index of its personas.
    words : HeldWords
        The words of its items.
    links : HeldLinks
        The links between its items.
    suggestions : HeldSuggestions
        What its personas might ask next.
    log_changes : LogChanges
        Where whoever deletes or restores interactions notes which.
    """

    def __init__(
        self, key: int, database: Database, encoder: Encoder, indexes: ChromaIndexes | None, links: LinkFiles
    ) -> None:
        self._key, self._database, self._encoder, self._indexes = key, database, encoder, indexes
        self.personas = HeldPersonas(key, encoder.name, indexes)
        self.words = HeldWords(key, database)
        self.suggestions = HeldSuggestions()
        self.links = HeldLinks(key, links, writable=indexes is not None)
        self.log_changes = columns.LogChanges()
        self._lock = threading.RLock()
        self._row: WorkspaceRow | None = None
        self._snapshot: Snapshot | None = None
        self._said = statements.NOTHING_READ
        self._index: ChromaIndex | None = None
        self._fault: IndexUnavailable | None = None

    def snapshot(self) -> Snapshot:
        """Return the workspace's columns as they are in SQL now. Raises `EncoderMismatch`."""
        with self._lock, self._database.read() as connection:
            row = workspaces.by_key(connection, self._key)
            if self._snapshot is None or self._row is None or _revisions(row) != _revisions(self._row):
                self._snapshot = self._read(connection, row)
                self._row = row
            return self._snapshot

    def index(self) -> ChromaIndex | None:
        """Return the vector index, in step with SQL; None where the folder is open for reading only.

        Raises
        ------
        IndexUnavailable
            Where it cannot be opened, mended or rebuilt.
        """
        with self._lock:
            if self._index is None and self._indexes is not None:
                try:
                    self._index, self._fault = self._mended(), None
                except IndexUnavailable as error:
                    self._fault = error
                    raise
            return self._index

    def index_state(self, patience: float = 0.25) -> IndexState:
        """Return how the index is, without opening it; whatever keeps it busy is waited for `patience` seconds.

        Raises
        ------
        IndexUnavailable
            Where it does not answer, or could not be opened when it was last needed.
        """
        if not self._lock.acquire(timeout=patience):
            return IndexState("busy")
        try:
            if self._index is None:
                if self._fault is not None:
                    raise self._fault
                return IndexState("closed")
            with self._database.read() as connection:
                expected = examination.embedded_count(connection, self._key)
            return IndexState("open", self._index.count(), expected)
        finally:
            self._lock.release()

    def rebuild_index(self) -> int:
        """Fill a fresh index from SQL and return how many vectors it holds. Raises `IndexUnavailable`."""
        with self._lock:
            if self._indexes is None:
                raise IndexUnavailable("The data folder is open for reading only.", "Open it for writing.")
            keys, vectors = self._embedded()
            starts = range(0, len(keys), _REBUILD_BATCH)
            batches = ((keys[i : i + _REBUILD_BATCH], vectors[i : i + _REBUILD_BATCH]) for i in starts)
            self._index, self._fault = self._indexes.rebuild(self._key, vectors.shape[1], batches), None
            return len(keys)

    def expect_changes(self) -> None:
        """Open the index if it has anything to lose: a vector that is replaced in SQL must not stay in it."""
        try:
            self.index()
        except IndexUnavailable:
            _log.warning("the index of workspace %s is out of reach while vectors change", self._key, exc_info=True)

    def replace_vectors(self, keys: Ints, vectors: Vectors, commit: Callable[[], None]) -> None:
        """Commit fresh vectors to SQL, and put them into the index if it is open.

        Out of the index first, then SQL, then into the index: whatever moment a process is killed at, the next
        check finds the keys missing and never an old vector under a new text.
        """
        with self._lock:
            self._tell(lambda index: index.delete(keys))
            commit()
            self._tell(lambda index: index.upsert(keys, vectors))

    def drop_index(self) -> None:
        """Forget the open index: the next use checks it against SQL."""
        with self._lock:
            self._index = None

    def _tell(self, work: Callable[[ChromaIndex], None]) -> None:
        if self._index is None:
            return
        try:
            work(self._index)
        except IndexUnavailable:
            _log.warning("the index of workspace %s did not take a change", self._key, exc_info=True)
            self._index = None

    def _mended(self) -> ChromaIndex | None:
        keys, vectors = self._embedded()
        if self._indexes is None or not len(keys):
            return None
        index = self._indexes.open(self._key, vectors.shape[1])
        try:
            fault = self._in_step(index, index.check(keys), keys, vectors)
        except IndexUnavailable as error:
            fault = error.message
        if fault:
            _log.warning("the index of workspace %s is rebuilt from SQL: %s", self._key, fault)
            self.rebuild_index()
            return self._index
        return index

    @staticmethod
    def _in_step(index: ChromaIndex, found: IndexFindings, keys: Ints, vectors: Vectors) -> str:
        """Put in what the index lacks and take out what it should not have; return why that is not enough."""
        if len(found.surplus):
            index.delete(found.surplus)
        if len(found.missing):
            index.upsert(found.missing, vectors[np.searchsorted(keys, found.missing)])
        return found.fault

    def _embedded(self) -> tuple[Ints, Vectors]:
        catalogue = self.snapshot().catalogue
        if catalogue.embedded.all():
            return catalogue.keys, catalogue.vectors
        return catalogue.keys[catalogue.embedded], catalogue.vectors[catalogue.embedded]

    def _read(self, connection: Connection, row: WorkspaceRow) -> Snapshot:
        held, before = self._snapshot, self._row
        if held is None or before is None:
            log = self._with_said(connection, row, columns.load_log(connection, self._key))
            return _snapshot(row, self._catalogue(connection, row), log, self._personas(connection, row))
        same_items = before.catalogue_revision == row.catalogue_revision
        same_people = before.persona_revision == row.persona_revision
        catalogue = held.catalogue if same_items else self._catalogue(connection, row)
        personas = held.personas if same_people else self._personas(connection, row)
        log = columns.extend_log(connection, self._key, held.log, self.log_changes)
        log = self._with_said(connection, row, log)
        if same_items and same_people and before.settings == row.settings:
            return held.relearned(log)
        return _snapshot(row, catalogue, log, personas)

    def _with_said(self, connection: Connection, row: WorkspaceRow, log: LogColumns) -> LogColumns:
        """Return the log with what was said of preferences, and where learning from it ends."""
        self._said = statements.load(connection, self._key, self._said)
        waits = row.settings.preferences.updates == "batch"
        until = statements.learned_until(connection, self._key) if waits else None
        return replace(log, said=self._said.said, learned_until=until)

    def _catalogue(self, connection: Connection, row: WorkspaceRow) -> CatalogueColumns:
        return columns.load_catalogue(connection, self._key, self._dimension(row))

    def _personas(self, connection: Connection, row: WorkspaceRow) -> PersonaColumns:
        return columns.load_personas(connection, self._key, self._dimension(row))

    def _dimension(self, row: WorkspaceRow) -> int:
        if row.dimension is None:
            return 1  # nothing is embedded yet: every vector is a zero row, whatever its length
        check_encoder(row, self._encoder)
        return row.dimension


def check_encoder(row: WorkspaceRow, encoder: Encoder) -> None:
    """Check that the workspace's vectors, if it has any, come from this encoder. Raises `EncoderMismatch`."""
    if row.encoder_name not in {None, encoder.name}:
        raise EncoderMismatch(
            f"The workspace {row.name!r} was embedded with {row.encoder_name}, but {encoder.name} is set.",
            "Set TASTEBENCH_ENCODER back, or embed anew with `tastebench rebuild --embed`.",
        )


def _revisions(row: WorkspaceRow) -> tuple[object, ...]:
    return row.catalogue_revision, row.log_revision, row.persona_revision, row.settings


def _snapshot(row: WorkspaceRow, catalogue: CatalogueColumns, log: LogColumns, personas: PersonaColumns) -> Snapshot:
    settings = row.settings
    return Snapshot(
        catalogue, log, personas, dict(settings.actions), settings.facets, settings.category, settings.preferences
    )
