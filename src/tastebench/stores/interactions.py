"""Interactions: the log of a workspace. Rows join it, are marked as deleted, and only leave with their import."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, literal, select, update
from sqlalchemy import delete as sql_delete

from tastebench.domain import feedback
from tastebench.domain.errors import NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.moments import from_micros, to_micros
from tastebench.domain.preferences import CHOOSE, REFINE
from tastebench.stores import impressions, item_keys
from tastebench.stores.bulk import inserting, pieces, write_rows
from tastebench.stores.clock import now_micros
from tastebench.stores.log_page import LogRow as LogRow
from tastebench.stores.log_page import page as page
from tastebench.stores.revisions import bump
from tastebench.stores.schema import interactions, personas

_TAUGHT_BESIDE = frozenset({"list", "comment", "suggestion"})
"""Kinds of targets that don't say by themselves what feedback on them is evidence for."""


class EventRow(NamedTuple):
    """An interaction to be recorded.

    Parameters
    ----------
    persona_key : int
        Whose it is.
    interaction : Interaction
        Without a time it gets the moment of recording.
    digest : bytes, optional
        16 bytes, the identity of an imported row: the same digest is recorded once.
    import_key : int, optional
    """

    persona_key: int
    interaction: Interaction
    digest: bytes | None = None
    import_key: int | None = None


class Appended(NamedTuple):
    """What was recorded: the keys of the added rows in the order given, and how many were known already."""

    keys: list[int]
    added: int
    unchanged: int


class Activity(NamedTuple):
    """What a persona did: how many interactions count, and the newest one's time."""

    interactions: int
    newest: datetime


def append(connection: Connection, workspace: int, rows: Sequence[EventRow]) -> Appended:
    """Record interactions; those whose digest is known already change nothing.

    Raises
    ------
    NotFound
        Where a persona isn't there; nothing is recorded then.
    """
    if not rows:
        return Appended([], 0, 0)
    _check_personas(connection, workspace, {row.persona_key for row in rows})
    newest = connection.scalar(select(func.max(interactions.c.key))) or 0
    statement = inserting(connection, interactions)
    once = statement.on_conflict_do_nothing(index_elements=["workspace_key", "digest"])
    write_rows(connection, once, _table_rows(connection, workspace, rows))
    # Writers come one after another and keys grow: whatever is newer was added here, in the order given.
    # "+ 0" keeps SQLite from walking the workspace's whole index where the newest keys are what is wanted.
    added = select(interactions.c.key).where(interactions.c.key > newest, interactions.c.workspace_key + 0 == workspace)
    keys = list(connection.scalars(added.order_by(interactions.c.key)))
    if keys:
        bump(connection, workspace, "log")
    return Appended(keys, len(keys), len(rows) - len(keys))


def copy_history(connection: Connection, workspace: int, source: int, target: int) -> int:
    """Record all of one persona's live interactions for another one too, and return how many."""
    carried = ("workspace_key", "target_kind", "target", "item_key", "action", "at", "weight", "origin", "lesson")
    columns = [interactions.c[name] for name in carried]
    found = select(*columns, literal(target), literal(now_micros())).where(
        interactions.c.workspace_key == workspace,
        interactions.c.persona_key == source,
        interactions.c.deleted_at.is_(None),
    )
    copied = insert(interactions).from_select(
        [*carried, "persona_key", "recorded_at"], found.order_by(interactions.c.key)
    )
    count = connection.execute(copied, execution_options={"preserve_rowcount": True}).rowcount
    if count:
        bump(connection, workspace, "log")
    return count


def actions_used(connection: Connection, workspace: int) -> set[str]:
    """Return the actions that live interactions name, but for choices of preferences, which weigh nothing."""
    mine = (interactions.c.workspace_key == workspace) & interactions.c.deleted_at.is_(None)
    return set(connection.scalars(select(interactions.c.action).where(mine).distinct())) - {CHOOSE, REFINE}


def delete(connection: Connection, workspace: int, keys: Sequence[int]) -> int:
    """Return how many interactions were deleted; `restore` brings them back.

    Raises
    ------
    NotFound
        Where the workspace has no interaction of one of the keys; nothing is deleted then.
    """
    return _set_deleted(connection, workspace, keys, now_micros())


def restore(connection: Connection, workspace: int, keys: Sequence[int]) -> int:
    """Return how many deleted interactions came back. Raises `NotFound` as `delete` does."""
    return _set_deleted(connection, workspace, keys, None)


def undo_import(connection: Connection, workspace: int, import_key: int) -> int:
    """Return how many interactions were removed: all that the import recorded, for good."""
    mine = (interactions.c.workspace_key == workspace) & (interactions.c.import_key == import_key)
    removed = connection.execute(sql_delete(interactions).where(mine)).rowcount
    if removed:
        bump(connection, workspace, "log", rewritten=True)
    return removed


def activity(connection: Connection, workspace: int, persona_keys: Sequence[int]) -> dict[int, Activity]:
    """Return what each of the personas did; those without interactions are left out."""
    log = interactions.c
    found: dict[int, Activity] = {}
    for piece in pieces(persona_keys):
        mine = (log.workspace_key == workspace) & log.persona_key.in_(piece) & log.deleted_at.is_(None)
        counted = select(log.persona_key, func.count(), func.max(log.at)).where(mine).group_by(log.persona_key)
        found |= {key: Activity(count, from_micros(newest)) for key, count, newest in connection.execute(counted)}
    return found


def _table_rows(connection: Connection, workspace: int, rows: Sequence[EventRow]) -> list[dict[str, Any]]:
    recorded_at = now_micros()
    targets = [row.interaction.target for row in rows if row.interaction.target_kind in feedback.ABOUT_ITEMS]
    keys = item_keys.allocated_keys(connection, workspace, targets)
    lessons = _lessons(connection, workspace, [row.interaction for row in rows])
    return [
        {
            "workspace_key": workspace,
            "persona_key": row.persona_key,
            "target_kind": row.interaction.target_kind,
            "target": row.interaction.target,
            "item_key": keys[row.interaction.target] if row.interaction.target_kind in feedback.ABOUT_ITEMS else None,
            "action": row.interaction.action,
            "at": recorded_at if row.interaction.at is None else to_micros(row.interaction.at),
            "weight": row.interaction.weight,
            "origin": row.interaction.origin,
            "impression_id": row.interaction.impression,
            "lesson": lessons.get(row.interaction),
            "digest": row.digest,
            "import_key": row.import_key,
            "recorded_at": recorded_at,
        }
        for row in rows
    ]


def _lessons(connection: Connection, workspace: int, rows: Sequence[Interaction]) -> dict[Interaction, str]:
    """Return what feedback is evidence for, where neither its target nor an item says it."""
    about = [row for row in rows if row.target_kind in _TAUGHT_BESIDE]
    shown = {row: row.target if row.target_kind == "list" else row.impression or "" for row in about}
    requests = impressions.requests(connection, workspace, list(shown.values())) if about else {}
    found = {row: feedback.lesson(row.target_kind, row.target, requests.get(shown[row])) for row in about}
    return {row: str(name) for row, name in found.items() if name is not None}


def _check_personas(connection: Connection, workspace: int, keys: set[int]) -> None:
    known: set[int] = set()
    for piece in pieces(sorted(keys)):
        mine = (personas.c.workspace_key == workspace) & personas.c.deleted_at.is_(None)
        known.update(connection.scalars(select(personas.c.key).where(mine, personas.c.key.in_(piece))))
    for key in sorted(keys - known):
        raise NotFound(f"There is no persona with the key {key} in this workspace.", "It may have been deleted.")


def _set_deleted(connection: Connection, workspace: int, keys: Sequence[int], moment: int | None) -> int:
    log = interactions.c
    stored: dict[int, int | None] = {}
    for piece in pieces([int(key) for key in keys]):
        mine = select(log.key, log.deleted_at).where(log.workspace_key == workspace, log.key.in_(piece))
        stored |= {row.key: row.deleted_at for row in connection.execute(mine)}
    for key in keys:
        if int(key) not in stored:
            raise NotFound(f"There is no interaction {key} in this workspace.", "Its import may have been undone.")
    changing = [key for key, deleted_at in stored.items() if (deleted_at is None) != (moment is None)]
    for piece in pieces(changing):
        connection.execute(update(interactions).where(log.key.in_(piece)).values(deleted_at=moment))
    if changing:
        bump(connection, workspace, "log", rewritten=True)
    return len(changing)
