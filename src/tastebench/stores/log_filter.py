"""Which rows of the log are asked for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, Select, or_, select

from tastebench.domain.interaction import TargetKind
from tastebench.domain.moments import to_micros
from tastebench.domain.persona import Origin
from tastebench.stores import folding
from tastebench.stores.bulk import pieces
from tastebench.stores.schema import interactions, item_ids, items, personas


def live(workspace: int) -> ColumnElement[bool]:
    """Return the condition that an interaction counts: neither it nor its persona was deleted."""
    deleted = select(personas.c.key).where(personas.c.workspace_key == workspace, personas.c.deleted_at.is_not(None))
    mine = (interactions.c.workspace_key == workspace) & interactions.c.deleted_at.is_(None)
    return mine & interactions.c.persona_key.not_in(deleted)


def wanted(
    workspace: int,
    *,
    persona_key: int | None,
    action: str | None,
    target_kind: TargetKind | None,
    origin: Origin | None,
    since: datetime | None,
    until: datetime | None,
    search: str,
) -> ColumnElement[bool]:
    """Return the condition that an interaction counts and meets every filter that is given; both times inclusive."""
    log = interactions.c
    condition = live(workspace)
    if persona_key is not None:
        condition &= log.persona_key == persona_key
    if action is not None:
        condition &= log.action == action
    if target_kind is not None:
        condition &= log.target_kind == target_kind
    if origin is not None:
        condition &= log.origin == origin
    if since is not None:
        condition &= log.at >= to_micros(since)
    if until is not None:
        condition &= log.at <= to_micros(until)
    return condition & _mentions(workspace, search) if folding.is_query(search) else condition


def keys_of(
    connection: Connection, workspace: int, persona_key: int, targets: Sequence[str] | None = None
) -> list[int]:
    """Return the keys of a persona's interactions; of those with these items where some are named."""
    log = interactions.c
    mine = (log.workspace_key == workspace) & (log.persona_key == persona_key) & log.deleted_at.is_(None)
    if targets is None:
        return list(connection.scalars(select(log.key).where(mine)))
    found: list[int] = []
    for piece in pieces(list(dict.fromkeys(targets))):
        named = mine & (log.target_kind == "item") & log.target.in_(piece)
        found += connection.scalars(select(log.key).where(named))
    return found


def _mentions(workspace: int, search: str) -> ColumnElement[bool]:
    """Return the condition that the search is found in the target's id or title, or in the persona's name.

    Names are looked up in their own, shorter tables: the log itself may have a million rows.
    """
    log = interactions.c
    return or_(
        log.item_key.in_(_keys_where(workspace, items.c.title, search)),
        log.item_key.in_(_keys_where(workspace, item_ids.c.item_id, search)),
        log.persona_key.in_(_keys_where(workspace, personas.c.name, search)),
        log.key.in_(_keys_where(workspace, log.target, search).where(log.item_key.is_(None)).correlate(None)),
    )


def _keys_where(workspace: int, column: Column[str], search: str) -> Select[int]:
    table = column.table
    return select(table.c.key).where(
        table.c.workspace_key == workspace, folding.contains(folding.folded(column), search)
    )
