"""The doctor: every part looked at from outside, whatever of it is broken, and while the app runs."""

import os
import time
from collections.abc import Sequence
from contextlib import nullcontext

from tastebench.domain.errors import DatabaseUnavailable, EncoderUnavailable, FolderInUse, TastebenchError
from tastebench.domain.ports import Encoder
from tastebench.services.bootstrap import encoder_of, indexes_of, language_model_of
from tastebench.services.health import disk_health, encoder_health, ollama_health, sql_health
from tastebench.services.settings import Settings
from tastebench.services.views import PartHealth
from tastebench.stores import embeddings, examination, workspaces
from tastebench.stores.database import Database
from tastebench.stores.lock import FolderLock
from tastebench.stores.workspaces import WorkspaceRow

_SENTENCE = "A quiet film about a lighthouse."


def diagnosed(settings: Settings, encoder: Encoder | None = None) -> list[PartHealth]:
    """Return how folder, SQL, index, encoder, Ollama and disk are, in this order. Changes nothing in SQL."""
    reader = encoder or encoder_of(settings)
    database, sql = _opened(settings)
    try:
        rows, pending = _known(database)
        return [
            _folder_health(settings),
            sql,
            _index_health(settings, database, rows),
            _encoder_health(reader, rows, pending),
            ollama_health(language_model_of(settings)),
            disk_health(settings.data),
        ]
    finally:
        if database is not None:
            database.close()


def _folder_health(settings: Settings) -> PartHealth:
    folder = settings.data
    if not folder.exists():
        return PartHealth("folder", "off", f"There is no data folder {folder} yet.", "It is made on first use.")
    if not folder.is_dir():
        step = "Choose another one with --data or TASTEBENCH_DATA."
        return PartHealth("folder", "down", f"{folder} is a file, not a folder.", step)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return PartHealth("folder", "down", f"{folder} cannot be written to.", "Give yourself the right to.")
    try:
        with FolderLock(folder):
            return PartHealth("folder", "well", f"{folder.absolute()}; nobody has it open.")
    except FolderInUse as error:
        return PartHealth("folder", "well", f"{error.message} Only one process at a time can write to it.")
    except TastebenchError as error:
        return PartHealth("folder", "down", error.message, error.next_step)


def _opened(settings: Settings) -> tuple[Database | None, PartHealth]:
    file = settings.data / "tastebench.sqlite"
    if settings.database_url is None and not file.exists():
        step = "Load the demo with `tastebench demo`, or start the app."
        return None, PartHealth("SQL", "off", f"There is no database at {file} yet.", step)
    try:
        database = Database.open(settings.sql, read_only=True)
    except DatabaseUnavailable as error:
        return None, PartHealth("SQL", "down", error.message, error.next_step)
    return database, sql_health(database, thorough=True)


def _known(database: Database | None) -> tuple[list[WorkspaceRow], int]:
    """Return all workspaces, and how many of their texts wait for the encoder."""
    if database is None:
        return [], 0
    try:
        with database.read() as connection:
            rows = workspaces.all_rows(connection)
            return rows, sum(embeddings.count_without_vector(connection, row.key) for row in rows)
    except DatabaseUnavailable:
        return [], 0  # the row of SQL says so


def _index_health(settings: Settings, database: Database | None, rows: Sequence[WorkspaceRow]) -> PartHealth:
    """Open the index where nobody else has it: two processes in one folder would harm it."""
    embedded = [row for row in rows if row.dimension is not None]
    if database is None or not embedded or not (settings.chroma_url or (settings.data / "index").exists()):
        return PartHealth("index", "off", "There is none yet; it is made on first use.")
    try:
        with nullcontext() if settings.chroma_url else FolderLock(settings.data):
            return _index_compared(settings, database, embedded)
    except FolderInUse:
        return PartHealth("index", "well", "Whoever has the folder open looks after it; the app shows it on Home.")
    except TastebenchError as error:
        return PartHealth("index", "warning", error.message, error.next_step)


def _index_compared(settings: Settings, database: Database, rows: Sequence[WorkspaceRow]) -> PartHealth:
    indexes, waiting = indexes_of(settings), 0
    try:
        for row in rows:
            with database.read() as connection:
                keys = examination.embedded_keys(connection, row.key)
            found = indexes.open(row.key, row.dimension or 1).check(keys)
            if found.fault:
                step = "Rebuild it: tastebench rebuild. Until then searches are exact."
                return PartHealth("index", "down", f"Of {row.name!r}: {found.fault}", step)
            waiting += len(found.missing) + len(found.surplus)
    finally:
        indexes.close()
    if waiting:
        return PartHealth("index", "well", f"Chroma; it opens, and {waiting:,} vectors follow on first use.")
    return PartHealth("index", "well", "Chroma; it opens, and holds what SQL holds.")


def _encoder_health(encoder: Encoder, rows: Sequence[WorkspaceRow], pending: int) -> PartHealth:
    """Let it read a sentence: only that shows that all it needs is there."""
    try:
        encoder.encode([_SENTENCE])
        started = time.perf_counter()
        encoder.encode([f"{_SENTENCE} It is long."])
        taken = 1000 * (time.perf_counter() - started)
    except EncoderUnavailable as error:
        return PartHealth("encoder", "down", error.message, error.next_step)
    found = encoder_health(encoder, rows, pending)
    if found.state != "well":
        return found
    return PartHealth("encoder", "well", f"{encoder.name}, {encoder.dimension} numbers, {taken:.0f} ms for a sentence.")
