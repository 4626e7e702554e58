"""Kinds of suggestions, and how each stands with a persona by the thumbs it got. Pure."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from tastebench.domain.feedback import SUGGESTION
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import PreferenceName, PreferenceSettings
from tastebench.learning.preference_steps import Step, confidence_at, steps
from tastebench.ranking.snapshot import Snapshot

SuggestionKind: TypeAlias = Literal["related", "frequent", "new", "trending"]
KINDS: tuple[SuggestionKind, ...] = get_args(SuggestionKind)

Standing: TypeAlias = Literal["first", "usual", "last", "left out"]

AGAINST_DAYS = 28
"""So many days a thumb down counts against a kind."""
LEFT_OUT_FROM = 3
"""So many thumbs down, and none up since, leave a kind out."""


def standings(snapshot: Snapshot, persona: int, now: int) -> dict[SuggestionKind, Standing]:
    """Return how each kind of suggestion stands with a persona (its key), as of a moment.

    First: its preference is established. Last: there were thumbs down in the last four weeks, and none up since. Left
    out: three of them.
    """
    settings = snapshot.preferences
    names = {kind: PreferenceName("query", SUGGESTION, kind) for kind in KINDS}
    said = set(snapshot.log.said.names)
    if "query" not in settings.categories or said.isdisjoint(names.values()):
        return dict.fromkeys(KINDS, "usual")
    log = snapshot.log.of(persona).until(now)
    # Without lessons the items' rows are never looked at.
    found = {kind: steps(log, log.items, (), name, settings) if name in said else () for kind, name in names.items()}
    return {kind: standing(moved, now, settings) for kind, moved in found.items()}


def standing(found: Sequence[Step], now: int, settings: PreferenceSettings) -> Standing:
    """Return how a kind stands by what moved its preference until `now`, oldest first."""
    if not found:
        return "usual"
    if confidence_at(found[-1], now, settings) >= settings.established:
        return "first"
    against = 0
    for step in found:
        contrary = step.amount == 0 and step.action != "forget"
        against = against + (now - step.at < AGAINST_DAYS * MICROSECONDS_PER_DAY) if contrary else 0
    return "left out" if against >= LEFT_OUT_FROM else "last" if against else "usual"


def in_turns(stand: dict[SuggestionKind, Standing]) -> tuple[tuple[SuggestionKind, ...], ...]:
    """Return which kinds take turns, and in which order: those that stand last begin when all others are through.

    Examples
    --------
    >>> in_turns({"related": "usual", "frequent": "last", "new": "first", "trending": "left out"})
    (('new', 'related'), ('frequent',))
    """
    first, usual, last = (tuple(kind for kind in KINDS if stand[kind] == one) for one in ("first", "usual", "last"))
    return (first + usual, last)
