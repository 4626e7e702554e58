"""The agent's personas and what they did."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from tastebench.agent import histories, properties
from tastebench.agent.connecting import Connected
from tastebench.agent.values import Id, Persona, PersonaInteraction, PersonaInteractionResponse, text_of
from tastebench.domain import persona as domain
from tastebench.domain.errors import NotFound
from tastebench.domain.persona import PropertyType


class People(Connected):
    """What can be said and asked of personas."""

    def add_persona(self, persona: Persona) -> None:
        """Add a persona; the id of a deleted one is free. Raises `AlreadyExists`, `InvalidInput`."""
        self.workspace.add_persona(self._kept(persona), anew=True)

    def update_persona(self, persona: Persona) -> None:
        """Replace a persona's properties; its history stays. Raises `NotFound`, `InvalidInput`."""
        fresh, before = self._kept(persona), self.workspace.persona(str(persona.persona_id))
        others = {name: value for name, value in before.properties.items() if name not in self._types}
        self.workspace.update_persona(fresh.persona_id, replace(before, properties={**others, **fresh.properties}))

    def get_persona(self, persona_id: Id) -> Persona:
        """Return one persona, each settled property named. Raises `NotFound`."""
        return self._given_back(self.workspace.persona(text_of(persona_id)))

    def has_persona(self, persona_id: Id) -> bool:
        """Tell whether there is such a persona."""
        try:
            self.workspace.persona(text_of(persona_id))
        except NotFound:
            return False
        return True

    def delete_persona(self, persona_id: Id) -> None:
        """Take a persona out with all it did; one that isn't there may be deleted too."""
        if self.has_persona(persona_id):
            self.workspace.delete_persona(text_of(persona_id))

    def personas(self, limit: int = 50, offset: int = 0) -> list[Persona]:
        """Return a page of the personas: authored, imported, simulated; each by name."""
        page = self.workspace.personas(limit=limit, offset=offset)
        return [self._given_back(one.persona) for one in page.personas]

    def add_interactions(
        self,
        interactions: Sequence[PersonaInteraction],
        create_persona_if_not_exists: bool = True,
        remove_previous_interactions: bool = False,
    ) -> None:
        """Record what personas did.

        Parameters
        ----------
        create_persona_if_not_exists : bool
            Whether to add personas that are not there.
        remove_previous_interactions : bool
            Whether each takes the place of what its persona did with its item before this call.

        Raises
        ------
        NotFound
            Where an item, or a persona that is not to be added, isn't there. Nothing is recorded then.
        InvalidInput
            Where the workspace lacks the action that the log calls one of them. Nothing is recorded then.
        """
        found = histories.by_persona(interactions, replacing=remove_previous_interactions)
        histories.check_items(self.workspace, interactions)
        histories.check_actions(self.workspace, interactions)
        missing = [one for one in found if not self.has_persona(one)]
        if missing and not create_persona_if_not_exists:
            raise NotFound(f"There is no persona {missing[0]!r} here.", "Add it, or let it be created.")
        for persona_id in missing:
            self.add_persona(Persona(persona_id=persona_id))
        for persona_id, (events, replaced) in found.items():
            self.workspace.add_interactions(persona_id, events, replacing=replaced)

    def get_interactions(
        self, persona_id: Id, interaction_type: Literal["positive", "negative"] | None = None
    ) -> list[PersonaInteractionResponse]:
        """Return what a persona did with items, newest first: all of it, or what it liked or disliked.

        Raises
        ------
        NotFound
            Where there is no such persona.
        """
        return histories.told(self.workspace, text_of(persona_id), interaction_type)

    def delete_interaction(self, key: int) -> None:
        """Take one interaction out, by the key that `get_interactions` gives. Raises `NotFound`."""
        self.workspace.delete_interactions([key])

    @property
    def _types(self) -> Mapping[str, PropertyType]:
        return self.workspace.settings.user_properties or {}

    def _kept(self, persona: Persona) -> domain.Persona:
        known = properties.kept(persona.properties, self._types)
        return domain.Persona(_named(persona.persona_id), properties=known, persona_id=str(persona.persona_id))

    def _given_back(self, persona: domain.Persona) -> Persona:
        known = properties.given_back(persona.properties, self._types)
        return Persona(persona_id=persona.persona_id, properties=known)


def _named(persona_id: Id) -> str:
    return f"Persona {str(persona_id)[:8]}" if isinstance(persona_id, UUID) else persona_id
