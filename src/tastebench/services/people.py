"""Use cases of personas: create, edit, clone, delete, import and export."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from tastebench.domain.errors import EncoderMismatch, EncoderUnavailable, InvalidInput, NotFound
from tastebench.domain.persona import Origin, Persona, PropertyType
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.services.embedding import embed_stated
from tastebench.services.uses import Uses
from tastebench.services.views import PersonaPage, PersonaSummary
from tastebench.stores import (
    interactions,
    log_filter,
    personas,
    preference_edits,
    preference_snapshots,
    turns,
    workspaces,
)
from tastebench.stores.database import Connection


class People(Uses):
    """What can be done with a workspace's personas."""

    def add_persona(self, persona: Persona, *, anew: bool = False) -> str:
        """Add a persona and return its id. Raises `AlreadyExists` where it brings an id that is taken.

        With `anew`, the id of a deleted persona is free; what that one did is not taken over.
        """
        dated = replace(persona, created_at=persona.created_at or datetime.now(UTC))
        with self._parts.database.write() as connection:
            if anew:
                self._part_with(connection, personas.deleted_key(connection, self._key, persona.persona_id))
            persona_id = personas.add(connection, self._key, dated, anew=anew).persona.persona_id
        self._embed()
        return persona_id

    def update_persona(self, persona_id: str, persona: Persona) -> None:
        """Replace what is known of a persona; its history stays. Raises `NotFound`."""
        with self._parts.database.write() as connection:
            personas.update(connection, self._key, persona_id, replace(persona, persona_id=persona_id))
        self._embed()

    def persona(self, persona_id: str) -> Persona:
        """Return one persona. Raises `NotFound`."""
        with self._parts.database.read() as connection:
            return personas.find(connection, self._key, persona_id).persona

    @property
    def persona_revision(self) -> tuple[int, int]:
        """A value that changes with every write to personas, and with no other."""
        return (self._key, self._row().persona_revision)

    def persona_names(self) -> dict[str, str]:
        """Return every persona's name by id, authored ones first, then by name."""
        with self._parts.database.read() as connection:
            return personas.names(connection, self._key)

    def personas(self, search: str = "", origin: Origin | None = None, limit: int = 50, offset: int = 0) -> PersonaPage:
        """Return a page of the personas whose name or description contains `search`, authored ones first."""
        with self._parts.database.read() as connection:
            found, total = personas.page(
                connection, self._key, search=search, origin=origin, limit=limit, offset=offset
            )
            activity = interactions.activity(connection, self._key, [stored.key for stored in found])
        summaries = tuple(PersonaSummary(stored.persona, *activity.get(stored.key, (0, None))) for stored in found)
        return PersonaPage(summaries, total)

    def clone_persona(self, persona_id: str, name: str) -> str:
        """Add a copy under another name, history included, and return its id."""
        original = self.persona(persona_id)
        copy = replace(original, name=name, persona_id="", created_at=datetime.now(UTC), origin="authored")
        with self._parts.database.write() as connection:
            key = personas.find(connection, self._key, persona_id).key
            added = personas.add(connection, self._key, copy)
            interactions.copy_history(connection, self._key, key, added.key)
            preference_edits.copy(connection, self._key, key, added.key)
            if preference_snapshots.copy(connection, self._key, key, added.key):
                workspaces.bump(connection, self._key, "log", rewritten=True)
        self._embed()
        return added.persona.persona_id

    def delete_persona(self, persona_id: str) -> None:
        """Take a persona out, with its history; `restore_persona` puts both back."""
        with self._parts.database.write() as connection:
            if not personas.delete(connection, self._key, [persona_id]):
                raise NotFound(f"There is no persona {persona_id!r} in this workspace.", "Check the persona's id.")

    def restore_persona(self, persona_id: str) -> None:
        """Put a deleted persona back."""
        with self._parts.database.write() as connection:
            if not personas.restore(connection, self._key, [persona_id]):
                raise NotFound(f"There is no deleted persona {persona_id!r} here.", "Check the persona's id.")

    def export_personas(self, persona_ids: Sequence[str] | None = None) -> str:
        """Return personas as JSON Lines, as `import_personas` reads them; all of them by default."""
        with self._parts.database.read() as connection:
            wanted = list(personas.names(connection, self._key)) if persona_ids is None else list(persona_ids)
            found = personas.fetch(connection, self._key, wanted)
        return "".join(
            json.dumps(_plain(found[one].persona), ensure_ascii=False) + "\n" for one in wanted if one in found
        )

    def save_user_properties(self, properties: Mapping[str, PropertyType] | None) -> None:
        """Settle which properties a program may give personas, and of what type; None: it gives none.

        Raises
        ------
        InvalidInput
            Where a name or a type cannot be used.
        """
        with self._parts.database.write() as connection:
            document = {**self._row(connection).settings.model_dump(), "user_properties": properties}
            try:
                changed = WorkspaceSettings.model_validate(document)
            except ValidationError as error:
                first = error.errors()[0]
                reason = f"{first['loc'][-1]}: {first['msg'].removeprefix('Value error, ')}"
                raise InvalidInput(f"The properties cannot be saved: {reason}.", "Correct them.") from error
            workspaces.save_settings(connection, self._key, changed)

    def _part_with(self, connection: Connection, key: int | None) -> None:
        """Take out whatever a deleted persona did, before another one gets its id."""
        if key is not None:
            interactions.delete(connection, self._key, log_filter.keys_of(connection, self._key, key))
            edits = preference_edits.of_persona(connection, self._key, key)
            preference_edits.delete(connection, self._key, [edit.key for edit in edits])
            preference_snapshots.forget(connection, self._key, key)
            turns.forget(connection, self._key, key)

    def _embed(self) -> None:
        try:
            embed_stated(self._parts, self._key)
        except (EncoderUnavailable, EncoderMismatch):
            # The persona is stored; its prior is made with the next embedding. Health says what the encoder lacks.
            return


def _plain(persona: Persona) -> dict[str, Any]:
    document = asdict(persona)
    document["interests"] = {facet: list(tags) for facet, tags in persona.interests.items()}
    document["created_at"] = persona.created_at.isoformat() if persona.created_at else None
    return {name: value for name, value in document.items() if value not in (None, "", {}, [])}
