"""Item keys: an integer for every item id ever named in a workspace, also where the item isn't there (yet)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, select

from tastebench.stores.bulk import inserting, pieces, write_rows
from tastebench.stores.schema import interactions, item_ids, items


def keys_of(connection: Connection, workspace: int, ids: Sequence[str], *, allocate: bool = False) -> dict[str, int]:
    """Return the key of each id; ids never named are left out, or with `allocate` given one."""
    known = _known(connection, workspace, list(dict.fromkeys(ids)))
    new = [item_id for item_id in dict.fromkeys(ids) if item_id not in known] if allocate else []
    if new:
        statement = inserting(connection, item_ids).on_conflict_do_nothing()
        write_rows(connection, statement, [{"workspace_key": workspace, "item_id": item_id} for item_id in new])
        known |= _known(connection, workspace, new)
    return known


def ids_of(connection: Connection, workspace: int, keys: Sequence[int]) -> dict[int, str]:
    """Return the id of each key, whether or not its item is there; keys of other workspaces are left out."""
    found: dict[int, str] = {}
    for piece in pieces([int(key) for key in keys]):
        mine = select(item_ids.c.key, item_ids.c.item_id).where(
            item_ids.c.workspace_key == workspace, item_ids.c.key.in_(piece)
        )
        found |= {row.key: row.item_id for row in connection.execute(mine)}
    return found


def allocated_keys(connection: Connection, workspace: int, ids: Sequence[str]) -> Mapping[str, int]:
    """Return the key of each id, new ones made up for ids never named."""
    return keys_of(connection, workspace, ids, allocate=True)


def forget_unused(connection: Connection, workspace: int, keys: Sequence[int]) -> int:
    """Return how many of these keys were removed: those that neither an item nor an interaction has."""
    removed = 0
    for piece in pieces([int(key) for key in keys]):
        there = select(items.c.key).where(items.c.workspace_key == workspace, items.c.key.in_(piece))
        without = set(piece) - set(connection.scalars(there))
        named = select(interactions.c.item_key).where(
            interactions.c.workspace_key == workspace, interactions.c.item_key.in_(without)
        )
        unused = without - set(connection.scalars(named.distinct())) if without else without
        connection.execute(delete(item_ids).where(item_ids.c.workspace_key == workspace, item_ids.c.key.in_(unused)))
        removed += len(unused)
    return removed


def _known(connection: Connection, workspace: int, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in pieces(ids):
        mine = select(item_ids.c.item_id, item_ids.c.key).where(
            item_ids.c.workspace_key == workspace, item_ids.c.item_id.in_(piece)
        )
        found |= {row.item_id: row.key for row in connection.execute(mine)}
    return found
