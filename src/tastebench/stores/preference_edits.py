"""Edits of what was learned: pinned, corrected, forgotten. Rows join them and are marked as undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tastebench.domain.errors import NotFound
from tastebench.domain.moments import from_micros, to_micros
from tastebench.domain.preferences import EditKind, PreferenceName
from tastebench.stores.bulk import pieces
from tastebench.stores.clock import now_micros
from tastebench.stores.revisions import bump
from tastebench.stores.schema import personas, preference_edits


@dataclass(frozen=True)
class PreferenceEdit:
    """What an operator said of a preference.

    Parameters
    ----------
    at : datetime
        From when it holds.
    confidence : float
        What the preference was set to, in [0, 1].
    recorded_at : datetime
        By the clock.
    """

    key: int
    kind: EditKind
    name: PreferenceName
    confidence: float
    at: datetime
    recorded_at: datetime


def add(
    connection: Connection,
    workspace: int,
    persona_key: int,
    kind: EditKind,
    name: PreferenceName,
    confidence: float,
    at: datetime,
) -> int:
    """Keep an edit and return its key. Raises `NotFound` where the workspace has no such persona."""
    mine = (personas.c.workspace_key == workspace) & (personas.c.key == persona_key)
    if connection.scalar(select(personas.c.key).where(mine, personas.c.deleted_at.is_(None))) is None:
        raise NotFound(f"There is no persona with the key {persona_key} in this workspace.", "It may be deleted.")
    values = {
        "workspace_key": workspace,
        "persona_key": persona_key,
        "at": to_micros(at),
        "kind": kind,
        "category": name.category,
        "name": name.key,
        "value": name.value,
        "confidence": confidence,
        "recorded_at": now_micros(),
    }
    key = connection.execute(insert(preference_edits).values(values)).inserted_primary_key
    bump(connection, workspace, "log")
    return int(key[0]) if key else 0


def of_persona(connection: Connection, workspace: int, persona_key: int) -> list[PreferenceEdit]:
    """Return a persona's edits that are not undone, in the order in which they were made."""
    edits = preference_edits.c
    mine = (edits.workspace_key == workspace) & (edits.persona_key == persona_key) & edits.deleted_at.is_(None)
    rows = connection.execute(select(preference_edits).where(mine).order_by(edits.key))
    return [
        PreferenceEdit(
            row.key, row.kind, PreferenceName(row.category, row.name, row.value), row.confidence, from_micros(row.at),
            from_micros(row.recorded_at),
        )
        for row in rows
    ]  # fmt: skip


def delete(connection: Connection, workspace: int, keys: Sequence[int]) -> int:
    """Return how many edits were undone; `restore` brings them back. Raises `NotFound` for an unknown key."""
    return _set_deleted(connection, workspace, keys, now_micros())


def restore(connection: Connection, workspace: int, keys: Sequence[int]) -> int:
    """Return how many undone edits hold again. Raises `NotFound` as `delete` does."""
    return _set_deleted(connection, workspace, keys, None)


def copy(connection: Connection, workspace: int, source: int, target: int) -> None:
    """Let another persona have all of one persona's edits too."""
    for edit in of_persona(connection, workspace, source):
        add(connection, workspace, target, edit.kind, edit.name, edit.confidence, edit.at)


def _set_deleted(connection: Connection, workspace: int, keys: Sequence[int], moment: int | None) -> int:
    edits, stored = preference_edits.c, dict[int, int | None]()
    for piece in pieces([int(key) for key in keys]):
        found = select(edits.key, edits.deleted_at).where(edits.workspace_key == workspace, edits.key.in_(piece))
        stored |= {row.key: row.deleted_at for row in connection.execute(found)}
    for key in keys:
        if int(key) not in stored:
            raise NotFound(f"There is no edit {key} of preferences in this workspace.", "Its persona may be gone.")
    changing = [key for key, deleted_at in stored.items() if (deleted_at is None) != (moment is None)]
    for piece in pieces(changing):
        connection.execute(update(preference_edits).where(edits.key.in_(piece)).values(deleted_at=moment))
    if changing:
        bump(connection, workspace, "log")
    return len(changing)
