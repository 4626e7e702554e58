"""Use case of suggestions: what a persona might ask next, and why."""

from datetime import datetime

from tastebench.domain.moments import to_micros
from tastebench.ranking.conversation import Wish
from tastebench.ranking.suggesting import Suggestion, Surroundings, suggestions
from tastebench.ranking.suggestion_kinds import Standing, SuggestionKind, standings
from tastebench.services.turning import Turning
from tastebench.stores import personas, turns
from tastebench.stores.turns import Turn


class Suggesting(Turning):
    """What can be asked about asking."""

    def suggestions(self, persona_id: str, now: datetime | None = None, limit: int = 6) -> tuple[Suggestion, ...]:
        """Return what a persona might ask next, each with its kind and reason: from this workspace alone.

        They are held for 15 minutes, or until something of the workspace or the conversation changes. `now` is
        `default_now` unless given. Raises `NotFound` where there is no such persona.
        """
        row = self._row()
        with self._parts.database.read() as connection:
            key = personas.find(connection, self._key, persona_id).key
            said = turns.of_persona(connection, self._key, key, row.settings.conversation_hours)
        last = said[-1] if said else None
        basis = (self.revision, last.key if last else 0, now, limit)
        return self._held.suggestions.once(
            persona_id, basis, lambda: suggestions(self._around(persona_id, key, last, now), limit)
        )

    def suggestion_standings(self, persona_id: str, now: datetime | None = None) -> dict[SuggestionKind, Standing]:
        """Return how each kind of suggestion stands with a persona by the thumbs it got: first, usual, last, left out.

        Raises `NotFound` where there is no such persona.
        """
        moment = to_micros(now or self.default_now(persona_id).at)
        with self._parts.database.read() as connection:
            key = personas.find(connection, self._key, persona_id).key
        return standings(self._snapshot(), key, moment)

    def _around(self, persona_id: str, key: int, last: Turn | None, now: datetime | None) -> Surroundings:
        moment = to_micros(now or self.default_now(persona_id).at)
        if last is None:
            return Surroundings(self._snapshot(), key, moment)
        wish = Wish.from_dict(last.reading["wish"])
        return Surroundings(self._snapshot(), key, moment, last.question, last.item_ids, wish)
