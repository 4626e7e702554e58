"""Imports: what each one did, the rows it could not use, and taking it back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from tastebench.domain.errors import Cancelled, InvalidInput, NotFound
from tastebench.domain.moments import from_micros
from tastebench.domain.reports import ImportKind, ImportReport, Rejection, Step
from tastebench.domain.text import clean
from tastebench.stores import documents, interactions, items, personas
from tastebench.stores.bulk import write_rows
from tastebench.stores.clock import now_micros
from tastebench.stores.revisions import bump
from tastebench.stores.schema import imports
from tastebench.stores.schema import rejections as rejection_table

UNFINISHED = "This import did not finish. Importing the same file again goes on where it stopped."
"""The note on an import that was interrupted."""


def start(connection: Connection, workspace: int, kind: ImportKind, source: str, mapping: Mapping[str, str]) -> int:
    """Return the key of a new import; it is listed, and can be undone, from now on."""
    values = {
        "workspace_key": workspace,
        "kind": kind,
        "source": clean(source),
        "mapping": documents.dumped(dict(mapping)),
        "started_at": now_micros(),
    }
    key = connection.execute(insert(imports).values(values).returning(imports.c.key)).scalar_one()
    bump(connection, workspace)
    return int(key)


def finish(connection: Connection, workspace: int, key: int, report: ImportReport) -> None:
    """Store what the import did. Raises `NotFound` where the workspace has no such import."""
    _row(connection, workspace, key)
    document = asdict(replace(report, mapping=dict(report.mapping))) | {
        "started_at": documents.micros(report.started_at)
    }
    mine = (imports.c.workspace_key == workspace) & (imports.c.key == key)
    connection.execute(update(imports).where(mine).values(finished_at=now_micros(), report=documents.dumped(document)))
    bump(connection, workspace)


def fetch(connection: Connection, workspace: int, key: int) -> ImportReport:
    """Return one import's report. Raises `NotFound` where the workspace has no such import."""
    return _report(_row(connection, workspace, key))


def all_reports(connection: Connection, workspace: int) -> list[ImportReport]:
    """Return the reports of every import, newest first; `state` tells which are unfinished or undone."""
    mine = select(imports).where(imports.c.workspace_key == workspace).order_by(imports.c.key.desc())
    return [_report(row) for row in connection.execute(mine)]


def go_on(connection: Connection, workspace: int, key: int) -> None:
    """Note that an import is alive. Raises `Cancelled` where it was undone meanwhile: by another process, say."""
    mine = (imports.c.workspace_key == workspace) & (imports.c.key == key) & imports.c.undone_at.is_(None)
    if not connection.execute(update(imports).where(mine).values(finished_at=now_micros())).rowcount:
        raise Cancelled("The import was undone while it ran.", "Import the file again.")


def unfinished(connection: Connection, workspace: int, silent_for: timedelta = timedelta(0)) -> list[int]:
    """Return the imports that were begun and neither finished nor undone: a process was ended while reading.

    An import that gave a sign of life less than `silent_for` ago is not among them.
    """
    mine = (imports.c.workspace_key == workspace) & imports.c.report.is_(None) & imports.c.undone_at.is_(None)
    last = func.coalesce(imports.c.finished_at, imports.c.started_at)  # until there is a report: the last sign of life
    silent = last <= now_micros() - silent_for // timedelta(microseconds=1)
    return list(connection.scalars(select(imports.c.key).where(mine, silent)))


def add_rejections(connection: Connection, workspace: int, key: int, rejections: Iterable[Rejection]) -> None:
    """Store rows that were left out, with where and why. Raises `NotFound` where there is no such import."""
    _row(connection, workspace, key)
    rows = [
        {
            "workspace_key": workspace,
            "import_key": key,
            "row_number": rejection.row,
            "column_name": clean(rejection.column),
            "reason": clean(rejection.reason),
        }
        for rejection in rejections
    ]
    write_rows(connection, insert(rejection_table), rows)


def rejections(connection: Connection, workspace: int, key: int) -> Iterator[Rejection]:
    """Yield every row that the import left out, in the order they were met."""
    _row(connection, workspace, key)
    columns = rejection_table.c
    mine = (columns.workspace_key == workspace) & (columns.import_key == key)
    found = select(columns.row_number, columns.column_name, columns.reason).where(mine).order_by(columns.key)
    for row in connection.execute(found).yield_per(10_000):
        yield Rejection(row.row_number, row.column_name, row.reason)


def undo(connection: Connection, workspace: int, key: int) -> dict[str, int]:
    """Take a whole import back and return how many rows were removed, restored and kept.

    Everything is as it was before the import, save what was edited since: that is kept. What a workspace
    settled along the way, such as newly known facets, stays.

    Raises
    ------
    NotFound
        Where the workspace has no such import.
    InvalidInput
        Where it has been undone already.
    """
    if _row(connection, workspace, key).undone_at is not None:
        raise InvalidInput(f"Import {key} has been undone already.", "Import the file again to have it back.")
    removed = interactions.undo_import(connection, workspace, key)
    of_personas = personas.undo_import(connection, workspace, key)
    of_items = items.undo_import(connection, workspace, key)
    mark_undone(connection, workspace, key)
    return {
        "interactions_removed": removed,
        **{f"personas_{name}": count for name, count in of_personas._asdict().items()},
        **{f"items_{name}": count for name, count in of_items._asdict().items()},
    }


def mark_undone(connection: Connection, workspace: int, key: int) -> None:
    """Note that an import was taken back."""
    mine = (imports.c.workspace_key == workspace) & (imports.c.key == key)
    connection.execute(update(imports).where(mine).values(undone_at=now_micros()))
    bump(connection, workspace)


def _row(connection: Connection, workspace: int, key: int) -> Row[Any]:
    mine = select(imports).where(imports.c.workspace_key == workspace, imports.c.key == key)
    row = connection.execute(mine).one_or_none()
    if row is None:
        raise NotFound(f"There is no import {key} in this workspace.", "List the imports and choose one.")
    return row


def _report(row: Row[Any]) -> ImportReport:
    if row.report is None:
        return ImportReport(
            import_id=row.key,
            kind=row.kind,
            source=row.source,
            started_at=from_micros(row.started_at),
            notes=(UNFINISHED,),
            mapping=json.loads(row.mapping),
            state="undone" if row.undone_at is not None else "unfinished",
        )
    known = {field.name for field in fields(ImportReport)}
    stored = {name: value for name, value in json.loads(row.report).items() if name in known}
    return ImportReport(
        **stored
        | {
            "started_at": from_micros(row.started_at),
            "funnel": tuple(Step(**step) for step in stored["funnel"]),
            "first_rejections": tuple(Rejection(**rejection) for rejection in stored["first_rejections"]),
            "notes": tuple(stored["notes"]),
            "state": "undone" if row.undone_at is not None else "finished",
        }
    )
