"""Use cases of presentation: how something is shown to a persona and to the operator, and what both chose."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from tastebench.domain.choices import OPTIONS, Choice, option
from tastebench.domain.errors import InvalidInput
from tastebench.domain.moments import to_micros
from tastebench.domain.persona import Persona, SkillLevel
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.text import ID_LIMIT, checked
from tastebench.learning.choices import Known, known
from tastebench.learning.preferences import learned
from tastebench.learning.routing import Routing, routed
from tastebench.services.preferring import Preferring
from tastebench.stores import operator_choices

_NOTHING: Mapping[str, str] = {}


class Presenting(Preferring):
    """What can be asked and said about how lists and explanations are shown.

    An operator is whoever looks at the pages: the name they signed in with, empty where nobody does. What can be
    chosen is ``presentation``: ``level``, ``explanation``, ``complexity``, ``chart``; and ``data``: ``export``.
    """

    def routing(
        self,
        persona_id: str,
        now: datetime | None = None,
        operator: str = "",
        chosen: Mapping[str, str] = _NOTHING,
    ) -> Routing:
        """Return explanation, chart and export for a persona as an operator looks at it, each with its reason.

        Parameters
        ----------
        now : datetime, optional
            As of when the persona's preferences count; the operator's do as of the clock.
        chosen : mapping of str to str
            What was chosen just now, by key: ``{"chart": "bars"}``. It goes before all that is known.

        Raises
        ------
        NotFound
            Where there is no such persona.
        InvalidInput
            Where something else was chosen than there is.
        """
        for key, value in chosen.items():
            option(OPTIONS[key][0] if key in OPTIONS else "presentation", key, value)
        persona, theirs, settings = self._known(persona_id, now)
        return routed(persona, theirs, self.choices(operator), settings, chosen)

    def level(self, persona_id: str, now: datetime | None = None) -> SkillLevel:
        """Return a persona's level: the one learned of it, where one is established, else the stated one."""
        persona, theirs, settings = self._known(persona_id, now)
        return cast("SkillLevel", routed(persona, theirs, (), settings).level.value)

    def choices(self, operator: str = "") -> tuple[Known, ...]:
        """Return what an operator was found to prefer of views, as of the clock, the surest first."""
        with self._parts.database.read() as connection:
            made = operator_choices.of_operator(connection, self._key, operator)
            settings = self._row(connection).settings.preferences
        return known(made, to_micros(datetime.now(UTC)), settings)

    def note_choice(
        self,
        category: str,
        key: str,
        value: str,
        *,
        operator: str = "",
        strength: float = 1.0,
        always: bool = False,
        at: datetime | None = None,
    ) -> int:
        """Record what an operator chose of a view, and return the row's key. It is held against the other values.

        Parameters
        ----------
        strength : float
            How much it says, in [0, 1]; 1 where it was chosen in so many words.
        always : bool
            Use it from now on, whatever is chosen later, until something else is to be used always.

        Raises
        ------
        InvalidInput
            Where it cannot be chosen.
        """
        name = option(category, key, value)
        if not 0 <= strength <= 1:
            raise InvalidInput(f"A strength of {strength:g} is not possible.", "Give one from 0 to 1.")
        who = checked(operator, "the operator's name", ID_LIMIT)
        choice = Choice(name, to_micros(at or datetime.now(UTC)), 1.0 if always else strength, always)
        with self._parts.database.write() as connection:
            return operator_choices.add(connection, self._key, who, choice)

    def forget_choices(self, operator: str = "") -> list[int]:
        """Forget all that an operator chose of views, and return the rows' keys; `restore_choices` brings it back."""
        with self._parts.database.write() as connection:
            return operator_choices.forget(connection, self._key, operator)

    def restore_choices(self, keys: Sequence[int]) -> int:
        """Let forgotten choices count again and return how many."""
        with self._parts.database.write() as connection:
            return operator_choices.restore(connection, self._key, keys)

    def _known(self, persona_id: str, now: datetime | None) -> tuple[Persona, list[Known], PreferenceSettings]:
        side = self._side(persona_id, now)
        settings = side.snapshot.preferences
        found = learned(side.log, side.rows, (), settings)
        columns = (found.codes, found.as_of(side.moment, settings), found.counts, found.seen, found.pinned)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return side.persona, [Known(found.vocabulary.name(code), *rest) for code, *rest in rows], settings
