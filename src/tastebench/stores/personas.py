"""Personas: whom a workspace's lists are made for."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, case, func, select

from tastebench.domain.errors import AlreadyExists
from tastebench.domain.persona import Origin, Persona
from tastebench.stores import folding, versioned
from tastebench.stores.bulk import pieces
from tastebench.stores.embeddings import save_priors, without_prior
from tastebench.stores.persona_imports import add_missing, undo_import, upsert
from tastebench.stores.persona_rows import COLUMNS, PERSONAS, StoredPersona, stored_persona
from tastebench.stores.schema import personas

__all__ = [
    "StoredPersona",
    "add",
    "add_missing",
    "delete",
    "fetch",
    "find",
    "keys_of",
    "page",
    "restore",
    "save_priors",
    "undo_import",
    "update",
    "upsert",
    "without_prior",
]


def add(connection: Connection, workspace: int, persona: Persona, *, anew: bool = False) -> StoredPersona:
    """Return the persona as added; without an id it gets one made from its name (maya, then maya-2).

    With `anew`, the id of a deleted persona is free to be used again.

    Raises
    ------
    AlreadyExists
        Where its id is taken, also by a persona that was deleted.
    """
    persona_id = persona.persona_id or _free_id(connection, workspace, persona.name)
    taken = versioned.stored_rows(connection, workspace, PERSONAS, [persona_id])
    deleted = bool(taken) and taken[persona_id]["deleted_at"] is not None
    if taken and not (anew and deleted):
        step = "Restore the deleted one, or choose another id." if deleted else "Choose another id, or edit that one."
        raise AlreadyExists(f"There already is a persona {persona_id!r} in this workspace.", step)
    upsert(connection, workspace, [replace(persona, persona_id=persona_id)])
    return find(connection, workspace, persona_id)


def update(connection: Connection, workspace: int, persona_id: str, persona: Persona) -> StoredPersona:
    """Return the persona as changed: everything but its id, and its time of creation where none is given.

    Raises
    ------
    NotFound
        Where the workspace has no such persona.
    """
    find(connection, workspace, persona_id)
    upsert(connection, workspace, [replace(persona, persona_id=persona_id)])
    return find(connection, workspace, persona_id)


def find(connection: Connection, workspace: int, persona_id: str) -> StoredPersona:
    """Return one persona.

    Raises
    ------
    NotFound
        Where the workspace has no such persona.
    """
    found = fetch(connection, workspace, [persona_id])
    if persona_id not in found:
        raise PERSONAS.missing(persona_id)
    return found[persona_id]


def deleted_key(connection: Connection, workspace: int, persona_id: str) -> int | None:
    """Return the key of the deleted persona of that id; None where there is none."""
    mine = (personas.c.workspace_key == workspace) & (personas.c.persona_id == persona_id)
    return connection.scalar(select(personas.c.key).where(mine, personas.c.deleted_at.is_not(None)))


def fetch(connection: Connection, workspace: int, ids: Sequence[str]) -> dict[str, StoredPersona]:
    """Return the personas of these ids, in their order; unknown ids are left out."""
    found: dict[str, StoredPersona] = {}
    for piece in pieces(list(dict.fromkeys(ids))):
        mine = select(*COLUMNS).where(_live(workspace), personas.c.persona_id.in_(piece))
        found |= {row["persona_id"]: stored_persona(row) for row in connection.execute(mine).mappings()}
    return {persona_id: found[persona_id] for persona_id in dict.fromkeys(ids) if persona_id in found}


def page(
    connection: Connection,
    workspace: int,
    *,
    search: str = "",
    origin: Origin | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[StoredPersona], int]:
    """Return one page of the personas, authored ones first, then by name; and how many there are on all pages.

    `search` is found in name, id or description, upper and lower case alike.
    """
    wanted = _live(workspace)
    if folding.is_query(search):
        wanted &= folding.contains(personas.c.search_text, search)
    if origin is not None:
        wanted &= personas.c.origin == origin
    order = (personas.c.origin, personas.c.search_text, personas.c.key)
    rows = connection.execute(select(*COLUMNS).where(wanted).order_by(*order).limit(limit).offset(offset)).mappings()
    total = connection.scalar(select(func.count()).select_from(personas).where(wanted))
    return [stored_persona(row) for row in rows], int(total or 0)


def names(connection: Connection, workspace: int) -> dict[str, str]:
    """Return every persona's name by id: authored ones first, simulated ones last, then by name."""
    order = case({"authored": 0, "imported": 1}, value=personas.c.origin, else_=2)
    found = select(personas.c.persona_id, personas.c.name).where(_live(workspace))
    rows = connection.execute(found.order_by(order, personas.c.name, personas.c.persona_id))
    return {row.persona_id: row.name for row in rows}


def keys_of(connection: Connection, workspace: int, ids: Sequence[str]) -> dict[str, int]:
    """Return the key of each persona; unknown ids are left out."""
    found: dict[str, int] = {}
    for piece in pieces(list(dict.fromkeys(ids))):
        mine = select(personas.c.persona_id, personas.c.key).where(_live(workspace), personas.c.persona_id.in_(piece))
        found |= {row.persona_id: row.key for row in connection.execute(mine)}
    return found


def delete(connection: Connection, workspace: int, ids: Sequence[str]) -> int:
    """Return how many personas were deleted, their interactions no longer counting; `restore` brings both back.

    Raises
    ------
    NotFound
        Where the workspace never had one of them; nothing is deleted then.
    """
    return versioned.set_deleted(connection, workspace, PERSONAS, ids, deleted=True)


def restore(connection: Connection, workspace: int, ids: Sequence[str]) -> int:
    """Return how many deleted personas came back. Raises `NotFound` where the workspace never had one of them."""
    return versioned.set_deleted(connection, workspace, PERSONAS, ids, deleted=False)


def _live(workspace: int) -> ColumnElement[bool]:
    return (personas.c.workspace_key == workspace) & personas.c.deleted_at.is_(None)


def _free_id(connection: Connection, workspace: int, name: str) -> str:
    """Return an id that reads like the name and is not taken: a URL carries it."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_name.lower()))[:40].rstrip("-") or "persona"
    like = personas.c.persona_id.startswith(slug, autoescape=True)
    taken = set(connection.scalars(select(personas.c.persona_id).where(personas.c.workspace_key == workspace, like)))
    candidates = (slug if number == 1 else f"{slug}-{number}" for number in itertools.count(1))
    return next(candidate for candidate in candidates if candidate not in taken)
