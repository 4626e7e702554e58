"""Undoing an import: its own work is taken back, what was edited later stays and is reported as kept."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, func, select, true, update

from tastebench.stores.bulk import pieces
from tastebench.stores.clock import now_micros
from tastebench.stores.revisions import bump
from tastebench.stores.versioned import Versioned

T = TypeVar("T")


class Undone(NamedTuple):
    """What undoing did to one kind of rows.

    Parameters
    ----------
    removed : int
        Rows the import had added, gone for good.
    restored : int
        Rows the import had changed, as they were before it.
    kept : int
        Rows left as they are, because they were edited or are in use since.
    """

    removed: int
    restored: int
    kept: int


def undo(
    connection: Connection,
    workspace: int,
    kind: Versioned[T],
    import_key: int,
    *,
    remove: Callable[[Sequence[int]], None],
    removable: ColumnElement[bool] | None = None,
) -> Undone:
    """Take back what an import did to rows of this kind.

    Parameters
    ----------
    remove : callable
        Deletes the rows of the given keys with all that hangs on them.
    removable : condition, optional
        Which of the rows that the import added may go.
    """
    own = _last_written_by(kind, workspace, import_key)
    added = connection.scalars(_keys(kind, own, existed=False).where(true() if removable is None else removable)).all()
    changed = connection.scalars(_keys(kind, own, existed=True)).all()
    touched = _count_touched(connection, workspace, kind, import_key)
    _rewrite_later_versions(connection, workspace, kind, import_key)
    _put_back(connection, kind, own)
    for piece in pieces(added):
        remove(piece)
    _forget_versions(connection, workspace, kind, import_key)
    if added or changed:
        bump(connection, workspace, *kind.revisions, rewritten=True)
    return Undone(len(added), len(changed), touched - len(added) - len(changed))


def _last_written_by(kind: Versioned[Any], workspace: int, import_key: int) -> ColumnElement[bool]:
    rows, versions = kind.table.c, kind.versions.c
    return (
        (versions.workspace_key == workspace)
        & (versions.import_key == import_key)
        & (rows.workspace_key == workspace)
        & (rows.key == versions.row_key)
        & (rows.import_key == import_key)
    )


def _keys(kind: Versioned[Any], own: ColumnElement[bool], *, existed: bool) -> Any:
    rows, versions = kind.table, kind.versions
    return (
        select(rows.c.key)
        .select_from(rows.join(versions, rows.c.key == versions.c.row_key))
        .where(own, versions.c.existed.is_(existed))
    )


def _count_touched(connection: Connection, workspace: int, kind: Versioned[Any], import_key: int) -> int:
    rows, versions = kind.table, kind.versions
    touched = select(func.count()).select_from(versions.join(rows, rows.c.key == versions.c.row_key))
    found = connection.scalar(touched.where(versions.c.workspace_key == workspace, versions.c.import_key == import_key))
    return int(found or 0)


def _put_back(connection: Connection, kind: Versioned[Any], own: ColumnElement[bool]) -> None:
    rows, versions = kind.table.c, kind.versions.c
    values: dict[str, Any] = {name: versions[name] for name in kind.state}
    # A deletion since then is a later edit: it stays, above the content of before.
    values["deleted_at"] = func.coalesce(rows.deleted_at, versions.deleted_at)
    values["import_key"] = versions.previous_import_key
    statement = update(kind.table).where(own, versions.existed.is_(True))
    connection.execute(statement.values(**values, changed_at=now_micros()))


def _rewrite_later_versions(connection: Connection, workspace: int, kind: Versioned[Any], import_key: int) -> None:
    """Let later imports of the same rows lead back to before this one, as if it had never been."""
    later, before = kind.versions, kind.versions.alias("before_it")
    values: dict[str, Any] = {name: before.c[name] for name in ("existed", "previous_import_key", *kind.state)}
    # A row deleted between the two imports was deleted by hand, and stays so.
    values["deleted_at"] = func.coalesce(later.c.deleted_at, before.c.deleted_at)
    connection.execute(
        update(later)
        .where(later.c.workspace_key == workspace, later.c.previous_import_key == import_key)
        .where(before.c.workspace_key == workspace, before.c.import_key == import_key)
        .where(before.c.row_key == later.c.row_key)
        .values(**values)
    )


def _forget_versions(connection: Connection, workspace: int, kind: Versioned[Any], import_key: int) -> None:
    versions = kind.versions
    connection.execute(
        delete(versions).where(versions.c.workspace_key == workspace, versions.c.import_key == import_key)
    )
