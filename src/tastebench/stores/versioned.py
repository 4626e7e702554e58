"""Versioned rows: items and personas, which imports write and which undoing an import puts back.

Of every row an import touches, the state before it is kept. A row remembers the import that wrote it last, and
forgets it when it is edited by hand: that is how undoing tells an import's own work from a later edit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Column, Connection, Table, false, literal, null, or_, select, true, update

from tastebench.domain.errors import NotFound
from tastebench.stores import documents
from tastebench.stores.bulk import inserting, pieces, write_rows
from tastebench.stores.clock import now_micros
from tastebench.stores.revisions import Which, bump

T = TypeVar("T")

_VERSION = ("workspace_key", "import_key", "row_key", "existed", "previous_import_key")


class Changes(NamedTuple):
    """What an upsert did; the three add up to the number of values given."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Versioned(Generic[T]):
    """A kind of row with versions.

    Parameters
    ----------
    table, versions : Table
        The rows, and what they were before imports.
    id_name : str
        The column with the id that people use.
    revisions : tuple of {"catalogue", "log", "personas"}
        What a change of these rows bumps: the first one always, all of them where rows come or go.
    documents : tuple of str
        The columns of JSON text.
    content : callable
        A value's own columns, by which it is compared; what it leaves out stays as it is.
    derived : callable
        The columns that follow from the value.
    fresh : callable
        Columns of a row that is added at a moment (microseconds), where `content` leaves them out.
    missing : callable
        The error that names an id which isn't there.
    keys : callable, optional
        The keys of rows that do not number themselves.
    """

    table: Table
    versions: Table
    id_name: str
    revisions: tuple[Which, ...]
    documents: tuple[str, ...]
    content: Callable[[T], dict[str, Any]]
    derived: Callable[[T], dict[str, Any]]
    fresh: Callable[[int], dict[str, Any]]
    missing: Callable[[str], NotFound]
    keys: Callable[[Connection, int, Sequence[str]], Mapping[str, int]] | None = None

    @cached_property
    def state(self) -> tuple[str, ...]:
        """Names of the columns that versions keep."""
        return tuple(column.name for column in self.versions.columns if column.name not in {"key", *_VERSION})

    @property
    def id_column(self) -> Column[str]:
        """The column with the id that people use."""
        return self.table.c[self.id_name]


def upsert(
    connection: Connection, workspace: int, kind: Versioned[T], values: Mapping[str, T], import_key: int | None
) -> Changes:
    """Add or change the rows of `values` (by id) that differ from what is stored.

    A deleted row that is named comes back and counts as added.
    """
    stored = stored_rows(connection, workspace, kind, list(values))
    live = {row_id for row_id, row in stored.items() if row["deleted_at"] is None}
    added = [row_id for row_id in values if row_id not in live]
    changed = [i for i, value in values.items() if i in live and not _is_same(kind, stored[i], kind.content(value))]
    touched = [*added, *changed]
    if touched:
        keep(connection, workspace, kind, import_key, [stored[i]["key"] for i in touched if i in stored])
        _write(connection, workspace, kind, {i: (values[i], stored.get(i)) for i in touched}, import_key)
        keep_added(connection, workspace, kind, import_key, [i for i in added if i not in stored])
        bump(connection, workspace, kind.revisions[0])
    if any(row_id in stored for row_id in added):
        bump(connection, workspace, *kind.revisions, rewritten=True)
    return Changes(len(added), len(changed), len(values) - len(touched))


def stored_rows(
    connection: Connection, workspace: int, kind: Versioned[T], row_ids: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """Return the rows of these ids by id, deleted ones included."""
    columns = [kind.table.c.key, kind.id_column, *(kind.table.c[name] for name in kind.state)]
    found: dict[str, Mapping[str, Any]] = {}
    for piece in pieces(row_ids):
        mine = select(*columns).where(kind.table.c.workspace_key == workspace, kind.id_column.in_(piece))
        found |= {row[kind.id_name]: row for row in connection.execute(mine).mappings()}
    return found


def set_deleted(
    connection: Connection, workspace: int, kind: Versioned[T], row_ids: Sequence[str], *, deleted: bool
) -> int:
    """Return how many rows were deleted or, with ``deleted=False``, restored; the others already were.

    Raises
    ------
    NotFound
        Where one of them never existed; nothing changes then.
    """
    stored = stored_rows(connection, workspace, kind, list(dict.fromkeys(row_ids)))
    for row_id in row_ids:
        if row_id not in stored:
            raise kind.missing(row_id)
    keys = [row["key"] for row in stored.values() if (row["deleted_at"] is None) == deleted]
    _mark(connection, workspace, kind, keys, {"deleted_at": now_micros() if deleted else None})
    if keys:
        bump(connection, workspace, *kind.revisions, rewritten=True)
    return len(keys)


def revive(
    connection: Connection, workspace: int, kind: Versioned[T], row_ids: Sequence[str], import_key: int | None
) -> None:
    """Bring deleted rows back as they were, on behalf of an import that names them."""
    keys = [row["key"] for row in stored_rows(connection, workspace, kind, row_ids).values()]
    keep(connection, workspace, kind, import_key, keys)
    _mark(connection, workspace, kind, keys, {"deleted_at": None, "import_key": import_key})
    if keys:
        bump(connection, workspace, *kind.revisions, rewritten=True)


def keep(
    connection: Connection, workspace: int, kind: Versioned[T], import_key: int | None, keys: Sequence[int]
) -> None:
    """Keep what these rows are now, as what they were before the import; the first touch counts."""
    if import_key is None:
        return
    rows = kind.table.c
    state = [rows[name] for name in kind.state]
    of_others = or_(rows.import_key.is_(None), rows.import_key != import_key)
    for piece in pieces(keys):
        before = select(rows.workspace_key, literal(import_key), rows.key, true(), rows.import_key, *state)
        mine = before.where(rows.workspace_key == workspace, rows.key.in_(piece), of_others)
        statement = inserting(connection, kind.versions).from_select([*_VERSION, *kind.state], mine)
        connection.execute(statement.on_conflict_do_nothing())


def keep_added(
    connection: Connection, workspace: int, kind: Versioned[T], import_key: int | None, row_ids: Sequence[str]
) -> None:
    """Keep that these rows did not exist before the import."""
    if import_key is None:
        return
    rows = kind.table.c
    for piece in pieces(row_ids):
        nothing = select(rows.workspace_key, literal(import_key), rows.key, false(), null())
        mine = nothing.where(rows.workspace_key == workspace, kind.id_column.in_(piece))
        statement = inserting(connection, kind.versions).from_select(_VERSION, mine)
        connection.execute(statement.on_conflict_do_nothing())


def _mark(
    connection: Connection, workspace: int, kind: Versioned[T], keys: Sequence[int], values: Mapping[str, Any]
) -> None:
    rows = kind.table.c
    for piece in pieces(keys):
        mine = update(kind.table).where(rows.workspace_key == workspace, rows.key.in_(piece))
        connection.execute(mine.values(**values, changed_at=now_micros()))


def _is_same(kind: Versioned[T], stored: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    return all(
        stored[name] == value or (name in kind.documents and documents.same(stored[name], value))
        for name, value in content.items()
    )


def _write(
    connection: Connection,
    workspace: int,
    kind: Versioned[T],
    values: Mapping[str, tuple[T, Mapping[str, Any] | None]],
    import_key: int | None,
) -> None:
    moment = now_micros()
    shared = {"workspace_key": workspace, "import_key": import_key, "changed_at": moment, "deleted_at": None}
    keys = kind.keys(connection, workspace, list(values)) if kind.keys else None
    rows = [
        {
            **kind.fresh(moment),
            **({name: stored[name] for name in kind.state} if stored else {}),
            **kind.content(value),
            **kind.derived(value),
            **shared,
            kind.id_name: row_id,
            **({"key": keys[row_id]} if keys else {}),
        }
        for row_id, (value, stored) in values.items()
    ]
    statement = inserting(connection, kind.table)
    overwritten = {name: statement.excluded[name] for name in (*kind.state, "import_key", "changed_at")}
    identity = ["workspace_key", kind.id_name]
    write_rows(connection, statement.on_conflict_do_update(index_elements=identity, set_=overwritten), rows)
