"""One run of an import.

Rows are written in batches under the import's key. Whatever stops the reading (a broken file, a cancel, a killed
process) has those rows taken out again, at once or at the next start; then texts are embedded batch by batch, and
whatever stops that loses nothing: the next call goes on.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeAlias

from tastebench.domain.errors import Cancelled, EncoderMismatch, EncoderUnavailable, InvalidInput
from tastebench.domain.reports import ImportKind, ImportReport, OnProgress, Rejection, Step
from tastebench.ingest.rows import RawRow, RowSource
from tastebench.services.bootstrap import Parts
from tastebench.services.embedding import TimeLeft, embed_pending
from tastebench.stores import imports
from tastebench.stores.database import Connection
from tastebench.stores.workspaces import WorkspaceRow

_log = logging.getLogger(__name__)

BATCH = 5000
"""Rows per transaction."""
SILENCE = timedelta(minutes=10)
"""So long without a batch, and an import of another process is taken for dead."""
REJECTIONS_SHOWN = 100

Cancel: TypeAlias = Callable[[], bool] | None
Write: TypeAlias = Callable[[Connection, list[Any], "Run"], None]


@dataclass
class Tally:
    """What an import has done so far."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    items: int = 0
    personas: int = 0
    interactions: int = 0
    unknown: int = 0
    funnel: tuple[Step, ...] = ()
    first_rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, changes: Any) -> None:
        """Add what a store did with a batch."""
        self.added += changes.added
        self.changed += changes.changed
        self.unchanged += changes.unchanged


class Run:
    """One import on its way: batches in, report out, nothing left behind where the reading fails."""

    def __init__(self, parts: Parts, key: int, kind: ImportKind, rows: RowSource, settled: object = None) -> None:
        self._parts, self._key, self._rows, self._kind = parts, key, rows, kind
        self._started, self._started_at = time.monotonic(), datetime.now(UTC)
        self._mapping = as_columns(settled)
        self.tally = Tally()
        with parts.database.write() as connection:
            self.import_id = imports.start(connection, key, kind, rows.name, self._mapping)

    def through(self, parsed: Iterator[Any], write: Write, progress: OnProgress | None, cancel: Cancel) -> ImportReport:
        """Write everything that `parsed` yields, batch by batch; then embed. Return the report.

        Raises
        ------
        UnreadableFile, Cancelled
            With every row taken out again.
        """
        clock = TimeLeft("Reading rows", self._rows.total, progress)
        try:
            while batch := list(islice(parsed, BATCH)):
                _stop_where(cancel)
                self._write(batch, write)
                clock.at(self.tally.rows)
        except BaseException:
            with suppress(InvalidInput):  # it was undone already
                undo(self._parts, self._key, self.import_id)
            raise
        return self._embedded(progress, cancel)

    def _write(self, batch: list[Any], write: Write) -> None:
        refused = [row for row in batch if isinstance(row, Rejection)]
        accepted = [row for row in batch if not isinstance(row, Rejection)]
        with self._parts.database.write() as connection:
            imports.go_on(connection, self._key, self.import_id)
            if refused:
                imports.add_rejections(connection, self._key, self.import_id, refused)
            if accepted:
                write(connection, accepted, self)
        self.tally.rows += len(batch)
        self.tally.rejected += len(refused)
        room = REJECTIONS_SHOWN - len(self.tally.first_rejections)
        self.tally.first_rejections += refused[:room]

    def _embedded(self, progress: OnProgress | None, cancel: Cancel) -> ImportReport:
        """Finish the report before and after embedding: a process killed in between leaves a finished import."""
        self._finish(0)
        try:
            return self._finish(embed_pending(self._parts, self._key, progress, cancel))
        except (EncoderUnavailable, EncoderMismatch) as error:
            self.tally.notes.append(f"The texts are not embedded yet: {error}")
        except Cancelled:
            self.tally.notes.append("Embedding was stopped. The rows are in; go on embedding whenever you like.")
        return self._finish(0)

    def _finish(self, embedded: int) -> ImportReport:
        t = self.tally
        notes = (*self._rows.notes, *_unknown(t.unknown), *t.notes)
        report = ImportReport(
            import_id=self.import_id, kind=self._kind, source=self._rows.name, started_at=self._started_at,
            rows=t.rows, added=t.added, changed=t.changed, unchanged=t.unchanged, rejected=t.rejected,
            items=t.items, personas=t.personas, interactions=t.interactions, embedded=embedded,
            seconds=round(time.monotonic() - self._started, 3), funnel=t.funnel,
            first_rejections=tuple(t.first_rejections), notes=notes, mapping=self._mapping,
        )  # fmt: skip
        with self._parts.database.write() as connection:
            imports.finish(connection, self._key, self.import_id, report)
        return report


def _unknown(rows: int) -> tuple[str, ...]:
    if not rows:
        return ()
    named = "1 row names an item" if rows == 1 else f"{rows:,} rows name items"
    return (f"{named} that the catalogue doesn't hold (yet). Was the right column chosen for the item?",)


def _stop_where(cancel: Cancel) -> None:
    if cancel is not None and cancel():
        raise Cancelled("The import was stopped.", "Nothing of it was kept. Start it again when you like.")


def watched(
    rows: Iterator[RawRow | Rejection], total: int | None, progress: OnProgress | None, cancel: Cancel
) -> Iterator[RawRow | Rejection]:
    """Yield `rows`, telling how far it is and stopping where `cancel` says so, every few thousand rows."""
    clock = TimeLeft("Reading lines", total, progress)
    for number, row in enumerate(rows, start=1):
        if number % BATCH == 0:
            _stop_where(cancel)
            clock.at(number)
        yield row


def undo(parts: Parts, key: int, import_id: int) -> dict[str, int]:
    """Take back all that an import did and return how many rows of each kind were removed, restored and kept."""
    with parts.database.write() as connection:
        counts = imports.undo(connection, key, import_id)
    parts.held_for(key).drop_index()
    return counts


def undo_unfinished(parts: Parts, rows: Iterable[WorkspaceRow], *, shared: bool) -> None:
    """Undo the imports that a killed process left half read; in a `shared` database only those that fell silent.

    The lock of a data folder tells that nobody else is at work in it. A database that is given by its address is under
    no such lock: what is half read there may be another process's.
    """
    for row in rows:
        with parts.database.read() as connection:
            unfinished = imports.unfinished(connection, row.key, SILENCE if shared else timedelta(0))
        for import_id in unfinished:
            _log.warning("import %s into %r was cut off while reading; it is undone", import_id, row.name)
            undo(parts, row.key, import_id)


def as_columns(settled: object) -> dict[str, str]:
    """Return a mapping as the report keeps it: field to column."""
    return settled.as_dict() if hasattr(settled, "as_dict") else {}
