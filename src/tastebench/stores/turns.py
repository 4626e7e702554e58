"""Turns of conversations: what was asked and shown, kept for some hours and then removed for good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from tastebench.domain.errors import NotFound
from tastebench.domain.moments import from_micros, to_micros
from tastebench.stores import documents, traces
from tastebench.stores.clock import now_micros
from tastebench.stores.schema import personas, turns

_HOUR = timedelta(hours=1) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Turn:
    """One question of a persona and the list that was shown for it.

    Parameters
    ----------
    at : datetime
        What the list was made as of.
    question : str
        As it was asked.
    reading : mapping
        How it was read, as JSON values.
    item_ids : tuple of str
        What was shown, in order.
    refines : int, optional
        Key of the turn that this one refines.
    chosen : str, optional
        Id of the item that was taken.
    key, recorded_at : int, datetime
        Given when it is kept; `recorded_at` is by the clock.
    """

    at: datetime
    question: str
    item_ids: tuple[str, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    refines: int | None = None
    chosen: str | None = None
    key: int = 0
    recorded_at: datetime | None = None


def add(connection: Connection, workspace: int, persona_key: int, turn: Turn) -> int:
    """Keep a turn and return its key. Raises `NotFound` where the workspace has no such persona."""
    mine = (personas.c.workspace_key == workspace) & (personas.c.key == persona_key)
    if connection.scalar(select(personas.c.key).where(mine, personas.c.deleted_at.is_(None))) is None:
        raise NotFound(f"There is no persona with the key {persona_key} in this workspace.", "It may be deleted.")
    values = {
        "workspace_key": workspace,
        "persona_key": persona_key,
        "at": to_micros(turn.at),
        "recorded_at": now_micros(),
        "question": turn.question,
        "refines": turn.refines,
        "reading": documents.dumped(dict(turn.reading)),
        "item_ids": documents.dumped(list(turn.item_ids)),
        "chosen": turn.chosen,
    }
    return int(connection.execute(insert(turns).values(values).returning(turns.c.key)).scalar_one())


def of_persona(connection: Connection, workspace: int, persona_key: int, hours: float) -> list[Turn]:
    """Return a persona's turns of the last hours, oldest first: also where removing the older ones is still to come."""
    fresh = turns.c.recorded_at >= now_micros() - int(hours * _HOUR)
    mine = _of(workspace) & (turns.c.persona_key == persona_key) & fresh
    return [_turn(row) for row in connection.execute(select(turns).where(mine).order_by(turns.c.key)).mappings()]


def choose(connection: Connection, workspace: int, key: int, item_id: str) -> None:
    """Note which item was taken from a turn's list. Raises `NotFound` where the turn is gone."""
    mine = _of(workspace) & (turns.c.key == key)
    if not connection.execute(update(turns).where(mine).values(chosen=item_id)).rowcount:
        raise NotFound("This turn of the conversation is no longer remembered.", "Ask again.")


def forget(connection: Connection, workspace: int, persona_key: int) -> int:
    """Remove a persona's turns for good and return how many there were."""
    return traces.deleted(connection, turns, _of(workspace) & (turns.c.persona_key == persona_key))


def expire(connection: Connection, workspace: int, hours: float) -> int:
    """Remove a workspace's turns that were recorded longer ago, and return how many there were."""
    return traces.deleted(connection, turns, _of(workspace) & (turns.c.recorded_at < now_micros() - int(hours * _HOUR)))


def _of(workspace: int) -> ColumnElement[bool]:
    return turns.c.workspace_key == workspace


def _turn(row: RowMapping) -> Turn:
    return Turn(
        at=from_micros(row["at"]),
        question=row["question"],
        item_ids=tuple(documents.loaded(row["item_ids"])),
        reading=documents.loaded(row["reading"]),
        refines=row["refines"],
        chosen=row["chosen"],
        key=row["key"],
        recorded_at=from_micros(row["recorded_at"]),
    )
