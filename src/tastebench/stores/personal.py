"""Everything that is held about one persona: read as it stands, or removed for good.

Which tables hold it is found in the schema, never listed, so that a later table cannot be forgotten.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select

from tastebench.domain.moments import from_micros
from tastebench.stores import documents, item_keys, mentions, traces
from tastebench.stores.persona_rows import PERSONAS
from tastebench.stores.revisions import bump
from tastebench.stores.schema import interactions, metadata, persona_versions, personas

OWNER = "persona_key"
"""The column by which a table says that its rows are a persona's."""

_DOCUMENTS = {"interests", "properties", "request", "item_ids", "reading"}
_TELLING = 20
"""Characters from which on a text is somebody's own: a shorter one, such as a tag, is anybody's."""


def tables() -> dict[Table, Column[int]]:
    """Return each table with rows of personas, and its column with the persona's key; rows that name others first."""
    owners = {table: table.c[OWNER] for table in metadata.sorted_tables if OWNER in table.c}
    owners |= {personas: personas.c.key, persona_versions: persona_versions.c.row_key}
    return {table: owners[table] for table in reversed(metadata.sorted_tables) if table in owners}


def key_of(connection: Connection, workspace: int, persona_id: str) -> int:
    """Return the key of a persona, a deleted one too. Raises `NotFound`."""
    mine = (personas.c.workspace_key == workspace) & (personas.c.persona_id == persona_id)
    key: int | None = connection.scalar(select(personas.c.key).where(mine))
    if key is None:
        raise PERSONAS.missing(persona_id)
    return key


def record(connection: Connection, workspace: int, persona_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row of a persona by table, deleted ones too, and what imports and evaluations say of it.

    Times are ISO texts, bytes hexadecimal digits. Raises `NotFound`.
    """
    key = key_of(connection, workspace, persona_id)
    found = {}
    for table, owner in reversed(tables().items()):
        rows = connection.execute(select(table).where(_of(table, owner, workspace, key)).order_by(table.c.key))
        found[table.name] = [{name: _plain(name, value) for name, value in row.items()} for row in rows.mappings()]
    return found | mentions.found(connection, workspace, persona_id, _texts(connection, workspace, key))


def erase(connection: Connection, workspace: int, persona_id: str) -> dict[str, int]:
    """Return how many rows of each table were removed, or rid of the persona's name: all that is held of it.

    Item ids that nobody else ever named go too. Raises `NotFound`.
    """
    key = key_of(connection, workspace, persona_id)
    texts = _texts(connection, workspace, key)
    named = connection.scalars(
        select(interactions.c.item_key).where(_of(interactions, interactions.c.persona_key, workspace, key)).distinct()
    ).all()
    removed = {
        table.name: connection.execute(delete(table).where(_of(table, owner, workspace, key))).rowcount
        for table, owner in tables().items()
    }
    removed |= mentions.erased(connection, workspace, persona_id, texts)
    removed["item_ids"] = item_keys.forget_unused(connection, workspace, [one for one in named if one is not None])
    bump(connection, workspace, "log", "personas", rewritten=True)
    traces.note(connection)
    return removed


def _of(table: Table, owner: Column[int], workspace: int, key: int) -> ColumnElement[bool]:
    return (table.c.workspace_key == workspace) & (owner == key)


def _texts(connection: Connection, workspace: int, key: int) -> list[str]:
    """Return what the persona is and was called, and what of its own words is long enough to be told by."""
    names, words = list[str](), list[str]()
    for table, owner in ((personas, personas.c.key), (persona_versions, persona_versions.c.row_key)):
        columns = (table.c.name, table.c.description, table.c.properties)
        mine = select(*columns).where(_of(table, owner, workspace, key), table.c.name.is_not(None))
        for name, description, properties in connection.execute(mine):
            names.append(name)
            words += [description, *_strings(documents.properties(properties).values())]
    return list(dict.fromkeys([*names, *(one for one in words if len(one) >= _TELLING)]))


def _strings(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str))


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if value is None:
        return None
    if name == "at" or name.endswith("_at"):
        return from_micros(value).isoformat()
    return documents.loaded(value) if name in _DOCUMENTS else value
