"""Items: the catalogue of a workspace."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy import delete as sql_delete

from tastebench.domain.columns import Ints
from tastebench.domain.item import Item
from tastebench.stores import folding, undoing, versioned
from tastebench.stores.bulk import pieces
from tastebench.stores.clock import now_micros
from tastebench.stores.embeddings import Pending, count_without_vector, save_vectors, without_vector
from tastebench.stores.item_keys import ids_of, keys_of
from tastebench.stores.item_rows import COLUMNS, ITEMS, content_hash, item_of
from tastebench.stores.revisions import bump
from tastebench.stores.schema import item_vectors, items
from tastebench.stores.undoing import Undone
from tastebench.stores.versioned import Changes

__all__ = [
    "Changes",
    "Pending",
    "Undone",
    "content_hash",
    "count_without_vector",
    "delete",
    "fetch",
    "find",
    "ids_of",
    "keys_of",
    "matching_keys",
    "page",
    "restore",
    "save_vectors",
    "set_available",
    "undo_import",
    "unknown",
    "upsert",
    "without_vector",
]


def upsert(connection: Connection, workspace: int, new: Sequence[Item], import_key: int | None = None) -> Changes:
    """Add the items that aren't there and change those that differ; equal ones stay untouched.

    With an import's key, what each item was before is kept for `undo_import`. An id that comes twice counts
    once, the last time; the earlier ones are reported as unchanged. A deleted item comes back as added.
    """
    values = {item.item_id: item for item in new}
    changes = versioned.upsert(connection, workspace, ITEMS, values, import_key)
    return changes._replace(unchanged=changes.unchanged + len(new) - len(values))


def find(connection: Connection, workspace: int, item_id: str) -> Item:
    """Return one item.

    Raises
    ------
    NotFound
        Where the workspace has no such item.
    """
    found = fetch(connection, workspace, [item_id])
    if item_id not in found:
        raise ITEMS.missing(item_id)
    return found[item_id]


def fetch(connection: Connection, workspace: int, ids: Sequence[str]) -> dict[str, Item]:
    """Return the items of these ids, in their order; ids without an item are left out."""
    found: dict[str, Item] = {}
    for piece in pieces(list(dict.fromkeys(ids))):
        mine = select(*COLUMNS).where(_live(workspace), items.c.item_id.in_(piece))
        found |= {row["item_id"]: item_of(row) for row in connection.execute(mine).mappings()}
    return {item_id: found[item_id] for item_id in dict.fromkeys(ids) if item_id in found}


def unknown(connection: Connection, workspace: int, ids: Sequence[str]) -> set[str]:
    """Return which of these ids no item has."""
    missing = set(ids)
    for piece in pieces(list(missing)):
        found = select(items.c.item_id).where(_live(workspace), items.c.item_id.in_(piece))
        missing -= set(connection.scalars(found))
    return missing


def page(
    connection: Connection,
    workspace: int,
    *,
    search: str = "",
    available: bool | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Item], int]:
    """Return one page of the catalogue in the order items joined it, and how many there are on all pages.

    `search` is found in title, description or creator, upper and lower case alike.
    """
    wanted = _live(workspace)
    if folding.is_query(search):
        wanted &= folding.contains(items.c.search_text, search)
    if available is not None:
        wanted &= items.c.available.is_(available)
    rows = connection.execute(select(*COLUMNS).where(wanted).order_by(items.c.key).limit(limit).offset(offset))
    total = connection.scalar(select(func.count()).select_from(items).where(wanted))
    return [item_of(row) for row in rows.mappings()], int(total or 0)


def matching_keys(connection: Connection, workspace: int, text: str) -> Ints:
    """Return the keys, ascending, of the items whose title, description or creator contains `text`.

    Upper and lower case are alike in every script; ``%`` and ``_`` are signs like any other.
    """
    found = select(items.c.key).where(_live(workspace), folding.contains(items.c.search_text, text))
    return np.fromiter(connection.scalars(found.order_by(items.c.key)), dtype=np.int64)


def set_available(connection: Connection, workspace: int, item_id: str, available: bool) -> None:
    """Say whether an item may be recommended. Raises `NotFound` where the workspace has no such item."""
    stored = find(connection, workspace, item_id).available
    if stored != available:
        mine = update(items).where(_live(workspace), items.c.item_id == item_id)
        connection.execute(mine.values(available=available, import_key=None, changed_at=now_micros()))
        bump(connection, workspace, "catalogue")


def delete(connection: Connection, workspace: int, ids: Sequence[str]) -> int:
    """Return how many items were deleted; `restore` brings them back, and their vectors stay until then.

    Raises
    ------
    NotFound
        Where the workspace never had one of them; nothing is deleted then.
    """
    return versioned.set_deleted(connection, workspace, ITEMS, ids, deleted=True)


def restore(connection: Connection, workspace: int, ids: Sequence[str]) -> int:
    """Return how many deleted items came back. Raises `NotFound` where the workspace never had one of them."""
    return versioned.set_deleted(connection, workspace, ITEMS, ids, deleted=False)


def undo_import(connection: Connection, workspace: int, import_key: int) -> Undone:
    """Remove the items an import added and put back those it changed; later edits win and count as kept."""

    def remove(keys: Sequence[int]) -> None:
        vectors = item_vectors.c
        connection.execute(
            sql_delete(item_vectors).where(vectors.workspace_key == workspace, vectors.item_key.in_(keys))
        )
        connection.execute(sql_delete(items).where(items.c.workspace_key == workspace, items.c.key.in_(keys)))

    return undoing.undo(connection, workspace, ITEMS, import_key, remove=remove)


def _live(workspace: int) -> ColumnElement[bool]:
    return (items.c.workspace_key == workspace) & items.c.deleted_at.is_(None)
