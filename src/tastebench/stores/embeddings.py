"""What the encoder still has to read, and what it made: the vectors of items and the priors of personas.

A vector remembers the hash of the text it was made from. Where the two differ, or there is no vector, the text is
on the list of what to embed; an interrupted run therefore goes on where it stopped, without any mark of its own.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Connection, FromClause, case, delete, func, or_, select, update

from tastebench.domain.columns import Ints, Vectors
from tastebench.stores import item_rows, persona_rows
from tastebench.stores.bulk import inserting, pieces, write_rows
from tastebench.stores.revisions import bump
from tastebench.stores.schema import item_vectors, items, personas


class Pending(NamedTuple):
    """A text to embed: the key of its item or persona, and the hash to save beside what the encoder makes of it."""

    key: int
    text: str
    hash: bytes


def without_vector(connection: Connection, workspace: int, after_key: int, limit: int) -> list[Pending]:
    """Return up to `limit` items, by ascending key above `after_key`, whose text is not embedded as it stands."""
    return _stale_items(connection, workspace, items.c.key > after_key, limit)


def waiting(connection: Connection, workspace: int, item_id: str) -> list[Pending]:
    """Return this item where its text is not embedded as it stands, or nothing."""
    return _stale_items(connection, workspace, items.c.item_id == item_id, 1)


def _stale_items(connection: Connection, workspace: int, which: ColumnElement[bool], limit: int) -> list[Pending]:
    source, condition = _stale_vectors(workspace)
    stale = select(*item_rows.COLUMNS).select_from(source).where(condition, which)
    rows = connection.execute(stale.order_by(items.c.key).limit(limit)).mappings()
    return [Pending(row["key"], item_rows.item_of(row).embedded_text, row["content_hash"]) for row in rows]


def count_without_vector(connection: Connection, workspace: int) -> int:
    """Return how many items wait for the encoder."""
    source, condition = _stale_vectors(workspace)
    return int(connection.scalar(select(func.count()).select_from(source).where(condition)) or 0)


def counts(connection: Connection, workspace: int) -> tuple[int, int, int]:
    """Return how many items there are, how many of them are available, and how many wait for the encoder."""
    source, condition = _stale_vectors(workspace)
    live = (items.c.workspace_key == workspace) & items.c.deleted_at.is_(None)
    # One walk over the items: Home waits for it.
    wanted = func.count(), func.count(case((items.c.available.is_(True), 1))), func.count(case((condition, 1)))
    found = connection.execute(select(*wanted).select_from(source).where(live)).one()
    return int(found[0]), int(found[1]), int(found[2])


def save_vectors(
    connection: Connection, workspace: int, keys: Ints | Sequence[int], vectors: Vectors, hashes: Sequence[bytes]
) -> int:
    """Return how many vectors were saved: one row of `vectors` per key; items gone meanwhile are left out."""
    known = _known_items(connection, workspace, [int(key) for key in keys])
    little_endian = np.ascontiguousarray(vectors, dtype="<f4")
    rows = [
        {"item_key": key, "workspace_key": workspace, "content_hash": made_from, "vector": vector.tobytes()}
        for key, vector, made_from in zip(map(int, keys), little_endian, hashes, strict=True)
        if key in known
    ]
    statement = inserting(connection, item_vectors)
    new = {"content_hash": statement.excluded.content_hash, "vector": statement.excluded.vector}
    write_rows(connection, statement.on_conflict_do_update(index_elements=["item_key"], set_=new), rows)
    if rows:
        bump(connection, workspace, "catalogue")
    return len(rows)


def without_prior(connection: Connection, workspace: int, limit: int) -> list[Pending]:
    """Return up to `limit` personas whose stated text is not embedded as it stands.

    The text is empty where a persona no longer states anything: its prior is to be saved as None.
    """
    stale = _stale_priors(workspace)
    found = select(*persona_rows.COLUMNS, personas.c.text_hash).where(stale).order_by(personas.c.key)
    rows = connection.execute(found.limit(limit)).mappings()
    return [Pending(row["key"], persona_rows.persona_of(row).prior_text, row["text_hash"]) for row in rows]


def count_without_prior(connection: Connection, workspace: int) -> int:
    """Return how many personas wait for the encoder."""
    return int(connection.scalar(select(func.count()).select_from(personas).where(_stale_priors(workspace))) or 0)


def save_priors(connection: Connection, workspace: int, priors: Mapping[int, tuple[Vectors | None, bytes]]) -> None:
    """Save for each persona's key its prior (None: nothing stated) and the hash of the text it was made from."""
    for key, (vector, made_from) in priors.items():
        stored = None if vector is None else np.ascontiguousarray(vector, dtype="<f4").tobytes()
        mine = (personas.c.workspace_key == workspace) & (personas.c.key == int(key))
        connection.execute(update(personas).where(mine).values(prior=stored, prior_hash=made_from))
    if priors:
        bump(connection, workspace, "personas")


def forget(connection: Connection, workspace: int) -> None:
    """Remove every vector and prior of the workspace; all its texts wait for the encoder again."""
    connection.execute(delete(item_vectors).where(item_vectors.c.workspace_key == workspace))
    mine = personas.c.workspace_key == workspace
    connection.execute(update(personas).where(mine).values(prior=None, prior_hash=None))
    bump(connection, workspace, "catalogue", "personas", rewritten=True)


def _stale_vectors(workspace: int) -> tuple[FromClause, ColumnElement[bool]]:
    source = items.outerjoin(item_vectors, items.c.key == item_vectors.c.item_key)
    mine = (items.c.workspace_key == workspace) & items.c.deleted_at.is_(None)
    stale = or_(item_vectors.c.item_key.is_(None), item_vectors.c.content_hash != items.c.content_hash)
    return source, mine & stale


def _stale_priors(workspace: int) -> ColumnElement[bool]:
    mine = (personas.c.workspace_key == workspace) & personas.c.deleted_at.is_(None)
    return mine & or_(personas.c.prior_hash.is_(None), personas.c.prior_hash != personas.c.text_hash)


def _known_items(connection: Connection, workspace: int, keys: Sequence[int]) -> set[int]:
    known: set[int] = set()
    for piece in pieces(keys):
        mine = select(items.c.key).where(items.c.workspace_key == workspace, items.c.key.in_(piece))
        known.update(connection.scalars(mine))
    return known
