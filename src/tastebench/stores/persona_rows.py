"""Personas as rows and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from tastebench.domain.errors import NotFound
from tastebench.domain.moments import from_micros
from tastebench.domain.persona import Persona
from tastebench.stores import documents
from tastebench.stores.folding import search_text
from tastebench.stores.item_rows import text_hash
from tastebench.stores.schema import persona_versions, personas
from tastebench.stores.versioned import Versioned

_TEXTS = ("persona_id", "name", "description", "face", "skill_level", "communication_style", "origin")

COLUMNS = [personas.c[name] for name in ("key", *_TEXTS, "interests", "properties", "created_at")]
"""What `persona_of` reads."""


@dataclass(frozen=True)
class StoredPersona:
    """A persona with the key that interactions name, and when it was added."""

    key: int
    persona: Persona
    created_at: datetime


def persona_of(row: RowMapping) -> Persona:
    """Return the persona in a row of `COLUMNS`."""
    return documents.trusted(
        Persona,
        {
            **{name: row[name] for name in _TEXTS},
            "interests": documents.tags(row["interests"]),
            "properties": documents.properties(row["properties"]),
            "created_at": documents.moment(row["created_at"]),
        },
    )


def stored_persona(row: RowMapping) -> StoredPersona:
    """Return the persona in a row of `COLUMNS` with its key."""
    return StoredPersona(row["key"], persona_of(row), from_micros(row["created_at"]))


def _content(persona: Persona) -> dict[str, Any]:
    content = {
        **{name: getattr(persona, name) for name in _TEXTS if name != "persona_id"},
        "interests": documents.dumped(documents.plain(persona.interests)),
        "properties": documents.dumped(dict(persona.properties)),
    }
    if persona.created_at is not None:
        content["created_at"] = documents.micros(persona.created_at)
    return content


def _derived(persona: Persona) -> dict[str, Any]:
    return {
        "text_hash": text_hash(persona.prior_text),
        "search_text": search_text(persona.name, persona.persona_id, persona.description),
    }


def _missing(persona_id: str) -> NotFound:
    return NotFound(f"There is no persona {persona_id!r} in this workspace.", "Look it up on the Personas page.")


PERSONAS = Versioned(
    table=personas,
    versions=persona_versions,
    id_name="persona_id",
    revisions=("personas", "log"),
    documents=("interests", "properties"),
    content=_content,
    derived=_derived,
    fresh=lambda moment: {"created_at": moment},
    missing=_missing,
)
