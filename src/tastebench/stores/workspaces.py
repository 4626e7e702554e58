"""Workspaces: the tenant boundary. Everything else in the stores belongs to one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, insert, select, update
from sqlalchemy import delete as sql_delete

from tastebench.domain import text
from tastebench.domain.errors import AlreadyExists, NotFound
from tastebench.domain.moments import from_micros
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.stores import documents, embeddings, traces
from tastebench.stores.clock import now_micros
from tastebench.stores.revisions import bump
from tastebench.stores.schema import imports, interactions, metadata, personas, workspaces

__all__ = [
    "Counts",
    "WorkspaceRow",
    "all_rows",
    "bump",
    "by_key",
    "check_free",
    "counts",
    "create",
    "delete",
    "find",
    "rename",
    "save_settings",
    "set_encoder",
]


@dataclass(frozen=True)
class WorkspaceRow:
    """A workspace.

    Parameters
    ----------
    key : int
        Never used twice, also after deletion.
    encoder_name, dimension : optional
        Of the model its vectors come from; None while nothing is embedded.
    catalogue_revision, log_revision, persona_revision : int
        Raised with every write: columns held at other revisions are out of date.
    catalogue_rewrites, log_rewrites : int
        Raised where rows went or changed; while equal, what is newer only joined.
    """

    key: int
    name: str
    settings: WorkspaceSettings
    created_at: datetime
    changed_at: datetime
    encoder_name: str | None
    dimension: int | None
    catalogue_revision: int
    log_revision: int
    persona_revision: int
    catalogue_rewrites: int
    log_rewrites: int


class Counts(TypedDict):
    """How much a workspace holds, deleted things left out; event times are None without events."""

    items: int
    available_items: int
    pending_texts: int
    personas: int
    interactions: int
    imports: int
    oldest_event: datetime | None
    newest_event: datetime | None


def create(connection: Connection, name: str, settings: WorkspaceSettings | None = None) -> WorkspaceRow:
    """Return a new, empty workspace. Raises `AlreadyExists` where the name is taken."""
    cleaned = _free_name(connection, name)
    now = now_micros()
    document = (settings or WorkspaceSettings()).model_dump_json()
    connection.execute(insert(workspaces).values(name=cleaned, settings=document, created_at=now, changed_at=now))
    return find(connection, cleaned)


def find(connection: Connection, name: str, among: Collection[int] | None = None) -> WorkspaceRow:
    """Return the workspace of that name; of those with the keys `among`, where they are given.

    Raises
    ------
    NotFound
        Where there is none; the next step names those there are.
    """
    row = connection.execute(select(workspaces).where(workspaces.c.name == text.clean(name))).one_or_none()
    if row is None or (among is not None and row.key not in among):
        known = ", ".join(other.name for other in all_rows(connection, among)[:10])
        step = f"There are: {known}." if known else "There is none yet: create one or load the demo."
        raise NotFound(f"There is no workspace {name!r}.", step)
    return _workspace(row)


def by_key(connection: Connection, key: int) -> WorkspaceRow:
    """Return the workspace of that key. Raises `NotFound` where it was deleted."""
    row = connection.execute(select(workspaces).where(workspaces.c.key == key)).one_or_none()
    if row is None:
        raise NotFound("This workspace was deleted.", "Choose another one.")
    return _workspace(row)


def all_rows(connection: Connection, among: Collection[int] | None = None) -> list[WorkspaceRow]:
    """Return every workspace, by name; of those with the keys `among`, where they are given."""
    rows = [row for row in connection.execute(select(workspaces)) if among is None or row.key in among]
    return sorted(map(_workspace, rows), key=lambda row: (row.name.casefold(), row.name))


def check_free(connection: Connection, name: str) -> None:
    """Accept a name that no workspace has. Raises `AlreadyExists`, or `InvalidInput` where it is no name."""
    _free_name(connection, name)


def rename(connection: Connection, key: int, new: str) -> None:
    """Give a workspace another name. Raises `AlreadyExists` where it is taken."""
    cleaned = _free_name(connection, new, except_key=key)
    connection.execute(update(workspaces).where(workspaces.c.key == key).values(name=cleaned))
    bump(connection, key)


def delete(connection: Connection, key: int) -> dict[str, int]:
    """Return how many rows were removed from each table: all that the workspace had, for good."""
    bump(connection, key)
    removed = {}
    for table in reversed(metadata.sorted_tables):
        column = table.c.key if table is workspaces else table.c.workspace_key
        removed[table.name] = connection.execute(sql_delete(table).where(column == key)).rowcount
    traces.note(connection)
    return removed


def save_settings(connection: Connection, key: int, settings: WorkspaceSettings) -> None:
    """Replace what the workspace has settled; columns held stay valid, `changed_at` tells of the write."""
    connection.execute(update(workspaces).where(workspaces.c.key == key).values(settings=settings.model_dump_json()))
    bump(connection, key)


def set_encoder(connection: Connection, key: int, name: str, dimension: int) -> None:
    """Note which model the vectors come from; those of another model are removed, to be made again."""
    mine = workspaces.c.key == key
    stored = connection.execute(select(workspaces.c.encoder_name, workspaces.c.dimension).where(mine)).one_or_none()
    if stored is not None and tuple(stored) == (name, dimension):
        return
    connection.execute(update(workspaces).where(mine).values(encoder_name=name, dimension=dimension))
    embeddings.forget(connection, key)


def counts(connection: Connection, key: int) -> Counts:
    """Return how much the workspace holds."""
    known, available, pending = embeddings.counts(connection, key)
    events, oldest, newest = connection.execute(_events(key)).one()
    return {
        "items": known,
        "available_items": available,
        "pending_texts": pending,
        "personas": _count(connection, personas, (personas.c.workspace_key == key) & personas.c.deleted_at.is_(None)),
        "interactions": int(events),
        "imports": _count(connection, imports, (imports.c.workspace_key == key) & imports.c.undone_at.is_(None)),
        "oldest_event": documents.moment(oldest),
        "newest_event": documents.moment(newest),
    }


def _count(connection: Connection, table: Table, wanted: ColumnElement[bool]) -> int:
    return int(connection.scalar(select(func.count()).select_from(table).where(wanted)) or 0)


def _events(key: int) -> Select[Any, Any, Any]:
    gone = select(personas.c.key).where(personas.c.workspace_key == key, personas.c.deleted_at.is_not(None))
    return select(func.count(), func.min(interactions.c.at), func.max(interactions.c.at)).where(
        interactions.c.workspace_key == key,
        interactions.c.deleted_at.is_(None),
        interactions.c.persona_key.not_in(gone),
    )


def _free_name(connection: Connection, name: str, except_key: int | None = None) -> str:
    cleaned = text.checked(name, "the workspace's name", text.NAME_LIMIT, required=True)
    taken = connection.scalar(select(workspaces.c.key).where(workspaces.c.name == cleaned))
    if taken not in (None, except_key):
        raise AlreadyExists(f"There already is a workspace {cleaned!r}.", "Choose another name.")
    return cleaned


@lru_cache(maxsize=64)
def _settings(document: str) -> WorkspaceSettings:
    # Every use case reads its workspace's row, several times; the settings in it hardly ever change.
    return WorkspaceSettings.model_validate_json(document)


def _workspace(row: Row[Any]) -> WorkspaceRow:
    fields = {
        **row._mapping,
        "settings": _settings(row.settings),
        "created_at": from_micros(row.created_at),
        "changed_at": from_micros(row.changed_at),
    }
    return WorkspaceRow(**fields)
