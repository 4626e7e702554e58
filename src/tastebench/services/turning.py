"""Use cases of turns: what was asked and shown is remembered for some hours, to be looked at and forgotten."""

from collections.abc import Sequence
from datetime import datetime

from tastebench.domain.errors import InvalidInput
from tastebench.domain.query import QUESTION_LIMIT
from tastebench.domain.text import checked
from tastebench.domain.workspace import CONVERSATION_HOURS_LIMIT
from tastebench.ranking.conversation import Wish
from tastebench.services.moments import Moments
from tastebench.stores import personas, turns, workspaces
from tastebench.stores.turns import Turn


class Turning(Moments):
    """What can be done with the turns of conversations. Whatever names a persona raises `NotFound` without it."""

    def remember(self, persona_id: str, question: str, item_ids: Sequence[str], *, now: datetime | None = None) -> int:
        """Remember that a list was shown for a question, so that follow-ups can refer to it; return the turn's key.

        The question may be empty: the list is then the persona's own.
        """
        asked = checked(question, "the question", QUESTION_LIMIT)
        moment = now or self.default_now(persona_id).at
        return self._keep_turn(persona_id, Turn(moment, asked, tuple(item_ids), {"wish": Wish(asked).as_dict()}))

    def turns(self, persona_id: str) -> tuple[Turn, ...]:
        """Return what is remembered of a persona's conversation, oldest first."""
        hours = self.settings.conversation_hours
        with self._parts.database.read() as connection:
            key = personas.find(connection, self._key, persona_id).key
            return tuple(turns.of_persona(connection, self._key, key, hours))

    def take_item(self, turn: int, item_id: str) -> None:
        """Note which item was taken from a turn's list. Raises `NotFound` where the turn is gone."""
        with self._parts.database.write() as connection:
            turns.choose(connection, self._key, turn, item_id)

    def forget_turns(self, persona_id: str) -> int:
        """Remove all that is remembered of a persona's conversation, for good; return how many turns that was."""
        with self._parts.database.write() as connection:
            removed = turns.forget(connection, self._key, personas.find(connection, self._key, persona_id).key)
        return self._untraced(removed)

    def save_conversation_hours(self, hours: int) -> int:
        """Settle how long turns are remembered, 1 to 8,760 hours, and return how many were removed for good."""
        if not 1 <= hours <= CONVERSATION_HOURS_LIMIT:
            raise InvalidInput(f"Turns can't be kept for {hours:,} hours.", "Choose from an hour to a year.")
        with self._parts.database.write() as connection:
            changed = self._row(connection).settings.model_copy(update={"conversation_hours": int(hours)})
            workspaces.save_settings(connection, self._key, changed)
        return self.expire_turns()

    def expire_turns(self) -> int:
        """Remove the turns that are older than the workspace keeps them, for good; return how many there were."""
        with self._parts.database.write() as connection:
            removed = turns.expire(connection, self._key, self._row(connection).settings.conversation_hours)
        return self._untraced(removed)

    def _keep_turn(self, persona_id: str, turn: Turn) -> int:
        self.expire_turns()
        with self._parts.database.write() as connection:
            return turns.add(connection, self._key, personas.find(connection, self._key, persona_id).key, turn)

    def _untraced(self, removed: int) -> int:
        if removed:
            self._parts.database.empty_log()
        return removed
