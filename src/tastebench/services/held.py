"""What is held in memory of one workspace: its columns and its index, kept in step with SQL."""

import logging
import threading

import numpy as np

from tastebench.domain.columns import CatalogueColumns, Ints, LogColumns, PersonaColumns, Vectors
from tastebench.domain.errors import EncoderMismatch, IndexUnavailable
from tastebench.domain.ports import Encoder, VectorIndex
from tastebench.ranking.snapshot import Snapshot
from tastebench.stores import columns, workspaces
from tastebench.stores.chroma_index import ChromaIndexes
from tastebench.stores.database import Database
from tastebench.stores.workspaces import WorkspaceRow

_log = logging.getLogger(__name__)


class Held:
    """One workspace's snapshot and index.

    The snapshot is read on first use and whenever a revision in SQL has moved on; newer interactions are appended.
    """

    def __init__(self, key: int, database: Database, encoder: Encoder, indexes: ChromaIndexes | None) -> None:
        self._key, self._database, self._encoder, self._indexes = key, database, encoder, indexes
        self._lock = threading.RLock()
        self._row: WorkspaceRow | None = None
        self._snapshot: Snapshot | None = None
        self._index: VectorIndex | None = None

    def snapshot(self) -> Snapshot:
        """Return the workspace's columns as they are in SQL now."""
        with self._lock, self._database.read() as connection:
            row = workspaces.by_key(connection, self._key)
            if self._snapshot is None or self._row is None or _revisions(row) != _revisions(self._row):
                self._snapshot = self._read(connection, row)
                self._row = row
            return self._snapshot

    def index(self) -> VectorIndex | None:
        """Return the vector index, mended where it and SQL had come apart; None for exact search.

        Raises
        ------
        IndexUnavailable
            Where it cannot be opened or mended.
        """
        with self._lock:
            if self._index is None and self._indexes is not None and len(self.snapshot().catalogue):
                self._index = self.open_index()
            return self._index

    def open_index(self) -> VectorIndex:
        """Return the index, rebuilt or brought in step with SQL where it differs."""
        if self._indexes is None:
            raise IndexUnavailable("The data folder is open for reading only.", "Open it for writing.")
        catalogue = self.snapshot().catalogue
        keys = catalogue.keys[catalogue.embedded]
        index = self._indexes.open(self._key, catalogue.vectors.shape[1])
        problem = self._indexes.check(self._key, catalogue.vectors.shape[1], keys)
        if problem:
            _log.warning("index of workspace %s: %s; rebuilding it from SQL", self._key, problem)
            index = self._indexes.rebuild(
                self._key, catalogue.vectors.shape[1], [(keys, catalogue.vectors[catalogue.embedded])]
            )
        return index

    def index_upsert(self, keys: Ints, vectors: Vectors) -> None:
        """Put fresh vectors into the open index; one that isn't open is brought in step when it is opened."""
        with self._lock:
            if self._index is None:
                return
            try:
                self._index.upsert(keys, vectors)
            except IndexUnavailable:
                _log.warning("the index of workspace %s did not take new vectors", self._key, exc_info=True)
                self._index = None

    def drop_index(self) -> None:
        """Forget the open index; the next use opens and checks it again."""
        with self._lock:
            self._index = None

    def _read(self, connection: columns.Connection, row: WorkspaceRow) -> Snapshot:
        held, before = self._snapshot, self._row
        same_settings = before is not None and before.settings == row.settings
        if held is None or before is None or not same_settings:
            return _snapshot(row, self._catalogue(connection, row), columns.load_log(connection, self._key),
                             self._personas(connection, row))  # fmt: skip
        catalogue = held.catalogue
        if before.catalogue_revision != row.catalogue_revision:
            catalogue = self._catalogue(connection, row)
        personas = held.personas
        if before.persona_revision != row.persona_revision:
            personas = self._personas(connection, row)
        log = (
            columns.extend_log(connection, self._key, held.log) if before.log_revision != row.log_revision else held.log
        )
        if catalogue is held.catalogue and personas is held.personas and _continues(held.log, log):
            return held.appended(log)
        return _snapshot(row, catalogue, log, personas)

    def _catalogue(self, connection: columns.Connection, row: WorkspaceRow) -> CatalogueColumns:
        return columns.load_catalogue(connection, self._key, self._dimension(row))

    def _personas(self, connection: columns.Connection, row: WorkspaceRow) -> PersonaColumns:
        return columns.load_personas(connection, self._key, self._dimension(row))

    def _dimension(self, row: WorkspaceRow) -> int:
        """Return the length of the workspace's vectors. Raises `EncoderMismatch` where another model made them."""
        if row.dimension is None:
            return 1  # nothing is embedded yet; every vector is a zero row
        if row.encoder_name != self._encoder.name:
            raise EncoderMismatch(
                f"The workspace {row.name!r} was embedded with {row.encoder_name}, but {self._encoder.name} is set.",
                "Set TASTEBENCH_ENCODER back, or embed it anew with `tastebench rebuild --embed`.",
            )
        return row.dimension


def _revisions(row: WorkspaceRow) -> tuple[object, ...]:
    return row.catalogue_revision, row.log_revision, row.persona_revision, row.settings


def _continues(before: LogColumns, after: LogColumns) -> bool:
    """Tell whether `after` is `before` and newer rows."""
    if len(after) < len(before) or after.action_names[: len(before.action_names)] != before.action_names:
        return False
    return bool(np.array_equal(after.keys[: len(before)], before.keys))


def _snapshot(row: WorkspaceRow, catalogue: CatalogueColumns, log: LogColumns, personas: PersonaColumns) -> Snapshot:
    settings = row.settings
    return Snapshot(catalogue, log, personas, dict(settings.actions), settings.facets, settings.category)
