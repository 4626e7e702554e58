"""Personas that come from files: in numbers, the same file twice changing nothing, and to be undone."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import Connection, delete, exists

from tastebench.domain.persona import Persona
from tastebench.stores import documents, personal, undoing, versioned
from tastebench.stores.persona_rows import PERSONAS
from tastebench.stores.schema import interactions, persona_versions, personas
from tastebench.stores.undoing import Undone
from tastebench.stores.versioned import Changes


def upsert(connection: Connection, workspace: int, new: Sequence[Persona], import_key: int | None = None) -> Changes:
    """Add the personas that aren't there and change those that differ; equal ones stay untouched.

    A persona without an id gets one made from all its fields and its ordinal among equals, so that the same
    file names the same personas again. A deleted persona comes back as added.
    """
    values = {persona.persona_id: persona for persona in with_ids(new)}
    changes = versioned.upsert(connection, workspace, PERSONAS, values, import_key)
    return changes._replace(unchanged=changes.unchanged + len(new) - len(values))


def add_missing(connection: Connection, workspace: int, new: Sequence[Persona], import_key: int | None = None) -> int:
    """Return how many of the personas were added; those that are there stay as they are, whatever `new` says.

    For logs that name personas. A deleted persona comes back as it was, and counts.
    """
    values = {persona.persona_id: persona for persona in new}
    stored = versioned.stored_rows(connection, workspace, PERSONAS, list(values))
    deleted = [persona_id for persona_id, row in stored.items() if row["deleted_at"] is not None]
    versioned.revive(connection, workspace, PERSONAS, deleted, import_key)
    unknown = {persona_id: persona for persona_id, persona in values.items() if persona_id not in stored}
    return len(deleted) + versioned.upsert(connection, workspace, PERSONAS, unknown, import_key).added


def with_ids(new: Sequence[Persona]) -> list[Persona]:
    """Return the personas, each with an id: its own, or one that follows from its fields.

    Examples
    --------
    >>> [p.persona_id for p in with_ids([Persona("Ada", persona_id="ada"), Persona("Bo"), Persona("Bo")])]
    ['ada', 'p-83bc4101b5d4', 'p-613d470010ad']
    """
    seen: Counter[str] = Counter()
    named = []
    for persona in new:
        if persona.persona_id:
            named.append(persona)
            continue
        fields = documents.dumped(asdict(persona) | {"created_at": documents.micros(persona.created_at)})
        seen[fields] += 1
        digest = hashlib.blake2b(f"{seen[fields]} {fields}".encode(), digest_size=6).hexdigest()
        named.append(replace(persona, persona_id=f"p-{digest}"))
    return named


def undo_import(connection: Connection, workspace: int, import_key: int) -> Undone:
    """Remove the personas an import added and put back those it changed; later edits win and count as kept.

    So do personas with interactions of another origin. Undo the import's own interactions first.
    """

    def remove(keys: Sequence[int]) -> None:
        for table, owner in personal.tables().items():
            if table is not persona_versions:
                connection.execute(delete(table).where(table.c.workspace_key == workspace, owner.in_(keys)))

    events = interactions.c
    in_use = exists().where(
        events.workspace_key == workspace, events.persona_key == personas.c.key, events.deleted_at.is_(None)
    )
    return undoing.undo(connection, workspace, PERSONAS, import_key, remove=remove, removable=~in_use)
