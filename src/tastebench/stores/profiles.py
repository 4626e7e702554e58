"""Scoring profiles: named, versioned, one of them the workspace's default."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, false, insert, select, update
from sqlalchemy import delete as sql_delete

from tastebench.domain.errors import AlreadyExists, NotFound
from tastebench.domain.moments import from_micros
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.text import checked
from tastebench.stores import documents
from tastebench.stores.clock import now_micros
from tastebench.stores.revisions import bump
from tastebench.stores.schema import profiles

NOTE_LIMIT = 500

Removed: TypeAlias = tuple[dict[str, Any], ...]
"""The rows of a removed profile, oldest version first; only `put_back` looks into them."""


@dataclass(frozen=True)
class ProfileRow:
    """One version of a profile."""

    name: str
    version: int
    created_at: datetime
    is_default: bool
    note: str


def save(connection: Connection, workspace: int, profile: ScoringProfile, note: str = "") -> int:
    """Return the new version's number: 1 for a new name, else one more than the newest.

    Where the newest version says the same and no other note is given, it stays the newest.
    """
    name = checked(profile.name, "the profile's name", 80, required=True)
    document = profile.model_copy(update={"name": name}).canonical_json()
    newest = _newest(connection, workspace, name)
    if newest is not None and newest.document == document and note in {"", newest.note}:
        return int(newest.version)
    values = {
        "workspace_key": workspace,
        "name": name,
        "version": newest.version + 1 if newest is not None else 1,
        "document": document,
        "note": checked(note, "the note", NOTE_LIMIT),
        "is_default": False,
        "created_at": now_micros(),
    }
    connection.execute(insert(profiles).values(values))
    bump(connection, workspace)
    return int(values["version"])


def fetch(connection: Connection, workspace: int, name: str, version: int | None = None) -> ScoringProfile:
    """Return a profile, its newest version unless one is named.

    Raises
    ------
    NotFound
        Where the workspace has no such profile or version.
    """
    return ScoringProfile.parse(documents.loaded(_row(connection, workspace, name, version).document))


def all_versions(connection: Connection, workspace: int) -> list[ProfileRow]:
    """Return every version of every profile, by name, newest first."""
    mine = select(profiles).where(profiles.c.workspace_key == workspace)
    rows = sorted(connection.execute(mine), key=lambda row: (row.name.casefold(), row.name, -row.version))
    return [ProfileRow(row.name, row.version, from_micros(row.created_at), row.is_default, row.note) for row in rows]


def set_default(connection: Connection, workspace: int, name: str | None, version: int | None = None) -> None:
    """Make one version, the newest unless one is named, the workspace's default; without a name, none is chosen.

    Raises `NotFound` as `fetch`.
    """
    chosen = None if name is None else _row(connection, workspace, name, version).key
    mine = profiles.c.workspace_key == workspace
    mark = false() if chosen is None else profiles.c.key == chosen
    connection.execute(update(profiles).where(mine).values(is_default=mark))
    bump(connection, workspace)


def default(connection: Connection, workspace: int) -> tuple[ScoringProfile, int] | None:
    """Return the default profile and its version, None where none was chosen."""
    mine = select(profiles).where(profiles.c.workspace_key == workspace, profiles.c.is_default.is_(True))
    row = connection.execute(mine).one_or_none()
    return None if row is None else (ScoringProfile.parse(documents.loaded(row.document)), row.version)


def delete(connection: Connection, workspace: int, name: str) -> Removed:
    """Remove all versions of that name and return them. Raises `NotFound` where there is none."""
    _row(connection, workspace, name, None)
    rows = connection.execute(select(profiles).where(_named(workspace, name)).order_by(profiles.c.version)).mappings()
    removed = tuple(dict(row) for row in rows)
    connection.execute(sql_delete(profiles).where(_named(workspace, name)))
    bump(connection, workspace)
    return removed


def put_back(connection: Connection, workspace: int, removed: Removed) -> None:
    """Put removed versions back as they were; the mark of the default too, unless another was chosen since.

    Raises
    ------
    AlreadyExists
        Where the name was given to another profile meanwhile.
    """
    name = removed[0]["name"]
    if _newest(connection, workspace, name) is not None:
        raise AlreadyExists(f"There is a profile {name!r} again.", "Delete that one first, or leave this one deleted.")
    chosen = default(connection, workspace) is not None
    rows = [{**row, "workspace_key": workspace, "is_default": row["is_default"] and not chosen} for row in removed]
    connection.execute(insert(profiles), rows)
    bump(connection, workspace)


def _named(workspace: int, name: str) -> ColumnElement[bool]:
    return (profiles.c.workspace_key == workspace) & (profiles.c.name == name)


def _newest(connection: Connection, workspace: int, name: str) -> Row[Any] | None:
    mine = select(profiles).where(_named(workspace, name)).order_by(profiles.c.version.desc()).limit(1)
    return connection.execute(mine).one_or_none()


def _row(connection: Connection, workspace: int, name: str, version: int | None) -> Row[Any]:
    row = _newest(connection, workspace, name)
    if row is not None and version is not None:
        mine = select(profiles).where(_named(workspace, name), profiles.c.version == version)
        row = connection.execute(mine).one_or_none()
    if row is None:
        which = f"profile {name!r}" if version is None else f"version {version} of the profile {name!r}"
        raise NotFound(f"There is no {which} in this workspace.", "List the profiles and choose one.")
    return row
