"""Use cases of preferences: what was learned of a persona and why, and what there is to be said about it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from tastebench.domain.columns import Ints, LogColumns, positions
from tastebench.domain.errors import InvalidInput
from tastebench.domain.interaction import Interaction
from tastebench.domain.moments import as_utc, from_micros, to_micros
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import CHOOSE, REFINE, EditKind, PreferenceName, PreferenceSettings
from tastebench.learning.lessons import all_lessons
from tastebench.learning.preference_steps import Step, curve, steps
from tastebench.learning.preferences import learned
from tastebench.ranking.snapshot import Snapshot
from tastebench.services.learned import EvidencePoint, LearnedPreference, PreferenceHistory
from tastebench.services.moments import Moments
from tastebench.stores import interactions, personas, preference_edits
from tastebench.stores.interactions import EventRow
from tastebench.stores.preference_edits import PreferenceEdit

_KNOWS = 5
"""Pieces of evidence from which on somebody knows a tag well."""


class _Side(NamedTuple):
    """One persona's side of a workspace, as of a moment."""

    persona: Persona
    key: int
    snapshot: Snapshot
    log: LogColumns
    rows: Ints
    moment: int


class Preferring(Moments):
    """What can be asked and said about learned preferences. `now` is `default_now` unless given.

    Wherever a preference is named, it is by category, key and value: ``"taste", "genres", "noir"``. Every method
    raises `NotFound` where there is no such persona.
    """

    def preferences(
        self, persona_id: str, now: datetime | None = None, settings: PreferenceSettings | None = None
    ) -> tuple[LearnedPreference, ...]:
        """Return what a persona was found to prefer, by category, the surest first; under other settings on request."""
        side = self._side(persona_id, now)
        chosen = settings or side.snapshot.preferences
        categories = list(chosen.categories)
        found = _preferences(side, chosen)
        return tuple(sorted(found, key=lambda one: (categories.index(one.category), -one.confidence, one.name)))

    def expertise(self, persona_id: str, now: datetime | None = None, limit: int = 5) -> tuple[LearnedPreference, ...]:
        """Return the tags that a persona knows best: those of which there is most evidence, whatever it says."""
        facets = set(self.settings.facets)
        tags = [one for one in self.preferences(persona_id, now) if one.category == "taste" and one.key in facets]
        known = [one for one in tags if one.count >= _KNOWS]
        return tuple(sorted(known, key=lambda one: (-one.count, -one.confidence, one.name))[:limit])

    def preference_history(
        self, persona_id: str, category: str, key: str, value: str, now: datetime | None = None
    ) -> PreferenceHistory:
        """Return how one preference came to be what it is: each piece of evidence, and the curve until `now`."""
        name, side = PreferenceName.checked(category, key, value), self._side(persona_id, now)
        settings = side.snapshot.preferences
        found = steps(side.log, side.rows, side.snapshot.lessons, name, settings)
        line = ((from_micros(at), confidence) for at, confidence in curve(found, side.moment, settings))
        return PreferenceHistory(name, tuple(_point(step, side.snapshot) for step in found), tuple(line))

    def pin(self, persona_id: str, category: str, key: str, value: str, now: datetime | None = None) -> int:
        """Hold a preference where it is, so that it counts and neither fades nor learns; return the edit's key."""
        held = self._learned(persona_id, category, key, value, now)
        return self._edit(persona_id, "pin", held.name, held.confidence, now)

    def unpin(self, persona_id: str, category: str, key: str, value: str, now: datetime | None = None) -> int:
        """Let a pinned preference fade and learn again, from where it was held; return the edit's key."""
        held = self._learned(persona_id, category, key, value, now)
        if not held.pinned:
            raise InvalidInput(f"“{value}” isn't pinned.", "There is nothing to take off.")
        return self._edit(persona_id, "unpin", held.name, held.confidence, now)

    def correct(
        self, persona_id: str, category: str, key: str, value: str, confidence: float, now: datetime | None = None
    ) -> int:
        """Set a confidence, in [0, 1], and return the edit's key. What was pinned stays so; what is new is learned."""
        name = PreferenceName.checked(category, key, value)
        if not 0 <= confidence <= 1:
            raise InvalidInput(f"A confidence of {confidence:g} is not possible.", "Give one from 0 to 1.")
        held = next((one for one in self.preferences(persona_id, now) if one.name == name), None)
        return self._edit(persona_id, "pin" if held and held.pinned else "correct", name, confidence, now)

    def forget(self, persona_id: str, category: str, key: str, value: str, now: datetime | None = None) -> int:
        """Drop a preference with all its evidence so far, and return the edit's key; later evidence starts anew."""
        held = self._learned(persona_id, category, key, value, now)
        return self._edit(persona_id, "forget", held.name, 0.0, now)

    def choose(
        self, persona_id: str, category: str, key: str, value: str, *, away: bool = False, at: datetime | None = None
    ) -> list[int]:
        """Record that a persona chose something in so many words, or refined `away` from it; return the row's key."""
        name = PreferenceName.checked(category, key, value)
        chosen = Interaction(
            str(name), REFINE if away else CHOOSE, at=at or datetime.now(UTC), target_kind="preference"
        )
        with self._parts.database.write() as connection:
            persona = personas.find(connection, self._key, persona_id).key
            return interactions.append(connection, self._key, [EventRow(persona, chosen)]).keys

    def preference_edits(self, persona_id: str) -> tuple[PreferenceEdit, ...]:
        """Return what operators pinned, corrected and had forgotten, in the order in which they did."""
        with self._parts.database.read() as connection:
            key = personas.find(connection, self._key, persona_id).key
            return tuple(preference_edits.of_persona(connection, self._key, key))

    def delete_preference_edits(self, keys: Sequence[int]) -> int:
        """Undo edits and return how many; `restore_preference_edits` makes them hold again."""
        with self._parts.database.write() as connection:
            return preference_edits.delete(connection, self._key, keys)

    def restore_preference_edits(self, keys: Sequence[int]) -> int:
        """Let undone edits hold again and return how many."""
        with self._parts.database.write() as connection:
            return preference_edits.restore(connection, self._key, keys)

    def _learned(self, persona_id: str, category: str, key: str, value: str, now: datetime | None) -> LearnedPreference:
        name = PreferenceName.checked(category, key, value)
        for one in self.preferences(persona_id, now):
            if one.name == name:
                return one
        raise InvalidInput(f"Nothing is learned of “{value}” ({key}) yet.", "Correct it to give it a confidence.")

    def _edit(
        self, persona_id: str, kind: EditKind, name: PreferenceName, confidence: float, now: datetime | None
    ) -> int:
        at = as_utc(now) if now is not None else self.default_now(persona_id).at
        with self._parts.database.write() as connection:
            key = personas.find(connection, self._key, persona_id).key
            return preference_edits.add(connection, self._key, key, kind, name, confidence, at)

    def _side(self, persona_id: str, now: datetime | None) -> _Side:
        moment = to_micros(now or self.default_now(persona_id).at)
        with self._parts.database.read() as connection:
            stored = personas.find(connection, self._key, persona_id)
        snapshot = self._snapshot()
        log = snapshot.log.of(stored.key).until(moment)
        rows = positions(snapshot.catalogue.keys, log.items)
        return _Side(stored.persona, stored.key, snapshot, log, rows, moment)


def _preferences(side: _Side, settings: PreferenceSettings) -> Iterator[LearnedPreference]:
    snapshot, facets = side.snapshot, side.snapshot.facets
    own = settings is snapshot.preferences
    lessons = snapshot.lessons if own else all_lessons(snapshot.catalogue, facets, settings)
    found = learned(side.log, side.rows, lessons, settings)
    confidences, established = found.as_of(side.moment, settings), found.established(side.moment, settings)
    stated = {(facet, tag.casefold()) for facet, tags in side.persona.stated_interests(facets).items() for tag in tags}
    for row in np.flatnonzero(found.pinned | (confidences >= settings.tracked)).tolist():
        name = found.vocabulary.name(int(found.codes[row]))
        yield LearnedPreference(
            *name,
            confidence=float(confidences[row]),
            state="established" if established[row] else "tracked",
            count=int(found.counts[row]),
            last_seen=from_micros(int(found.seen[row])),
            pinned=bool(found.pinned[row]),
            stated=name.category == "taste" and (name.key, name.value.casefold()) in stated,
        )


def _point(step: Step, snapshot: Snapshot) -> EvidencePoint:
    row = -1 if step.item is None else int(positions(snapshot.catalogue.keys, np.array([step.item]))[0])
    item_id, title = (snapshot.catalogue.item_ids[row], snapshot.catalogue.titles[row]) if row >= 0 else ("", "")
    return EvidencePoint(from_micros(step.at), step.action, item_id, title, step.amount, step.before, step.after)
