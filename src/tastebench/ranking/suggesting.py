"""Suggestions: what a persona might ask next, each with its kind and its reason. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, zip_longest
from typing import NamedTuple, TypeAlias

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, TagColumn
from tastebench.domain.feedback import suggestion_target
from tastebench.domain.moments import MICROSECONDS_PER_DAY, from_micros
from tastebench.domain.preferences import CHOOSE
from tastebench.ranking.conversation import Tag, Wish
from tastebench.ranking.permitted import known_by
from tastebench.ranking.snapshot import Snapshot
from tastebench.ranking.suggestion_kinds import Standing, SuggestionKind, in_turns, standings

_WEEK = 7 * MICROSECONDS_PER_DAY
_WEEKS = 4
_PAUSE = 30 * 60 * 1_000_000
"""After half an hour without an event a visit is over."""
_TITLE_LIMIT = 80
_ENOUGH = 3
"""Engagements of a week from which on a tag can be a trend."""
_RISEN = 1.5
"""Times the usual week that a trend must have."""


class Suggestion(NamedTuple):
    """Something to ask.

    Parameters
    ----------
    text : str
        What to ask, as it would be typed.
    reason : str
        Why, in one sentence for people.
    refines : bool
        It is a follow-up on the last list; otherwise a question of its own.
    """

    kind: SuggestionKind
    text: str
    reason: str
    refines: bool = False

    @property
    def target(self) -> str:
        """What names it in feedback and in the log."""
        return suggestion_target(self.kind, self.text)


@dataclass(frozen=True)
class Surroundings:
    """What suggestions are made from: one persona in one workspace as of a moment.

    Parameters
    ----------
    persona : int
        Its key.
    now : int
        Microseconds since 1970; nothing later counts.
    asked : str
        The last question; empty where nothing is remembered.
    shown : tuple of str
        Item ids of the list that was shown for it.
    wish : Wish
        What the conversation has come to.
    """

    snapshot: Snapshot
    persona: int
    now: int
    asked: str = ""
    shown: tuple[str, ...] = ()
    wish: Wish = field(default_factory=Wish)

    @cached_property
    def known(self) -> Bools:
        """Which items can be recommended now."""
        return known_by(self.snapshot.catalogue, self.now)

    @cached_property
    def last_visit(self) -> int | None:
        """When the persona's last visit ended, the present one left out; None where this is the first."""
        log = self.snapshot.log
        times = np.concatenate([log.at[log.personas == self.persona], log.said.at[log.said.personas == self.persona]])
        times = np.sort(np.append(times[times <= self.now], self.now))
        pauses = np.flatnonzero(np.diff(times) > _PAUSE)
        return int(times[pauses[-1]]) if len(pauses) else None

    @cached_property
    def standings(self) -> dict[SuggestionKind, Standing]:
        """How each kind of suggestion stands with the persona."""
        return standings(self.snapshot, self.persona, self.now)

    @cached_property
    def columns(self) -> dict[str, TagColumn]:
        """The workspace's facets."""
        facets = self.snapshot.catalogue.facets
        return {name: facets[name] for name in self.snapshot.facets if name in facets}

    @cached_property
    def totals(self) -> dict[str, Float]:
        """How many items that can be recommended have each tag, by facet."""
        return {name: _counted(column, self.known) for name, column in self.columns.items()}


def suggestions(around: Surroundings, limit: int = 6) -> tuple[Suggestion, ...]:
    """Return what might be asked next: kinds in turn as they stand, nothing twice, nothing that was ruled out."""
    ruled_out = {tag.name.casefold() for tag in around.wish.without}
    found: dict[str, Suggestion] = {}
    for kinds in in_turns(around.standings):
        parts = (islice(_FINDERS[kind](around), limit) for kind in kinds)
        for one in chain.from_iterable(zip_longest(*parts)):
            if one is not None and one[1].casefold() not in ruled_out:
                found.setdefault(one[1].casefold(), one[0])
    return tuple(found.values())[:limit]


_Found: TypeAlias = tuple[Suggestion, str]
"""A suggestion, and what it is about: the same thing is not suggested twice."""


def _related(around: Surroundings) -> Iterator[_Found]:
    """Yield tags that the last list has more of than the catalogue, and that were not asked for."""
    place = around.snapshot.catalogue.position_of
    rows = np.array([place[item_id] for item_id in around.shown if item_id in place], dtype=np.int64)
    asked = {*around.wish.more, *around.wish.less, *around.wish.without}
    for tag, _ in _most(pair for pair in _lift(around, rows) if pair[0] not in asked):
        yield Suggestion("related", f"more {tag.name}", f"Goes with {_last(around)}.", refines=True), tag.name


def _last(around: Surroundings) -> str:
    return f"your last question, “{around.asked}”" if around.asked else "the last list"


def _lift(around: Surroundings, rows: Ints) -> Iterator[tuple[Tag, float]]:
    """Yield how far above its share of the catalogue each tag of the shown items is; 0 for what all of them have."""
    for facet, column in around.columns.items():
        shown = np.bincount(column.take(rows).codes, minlength=len(column.names))
        shares, usual = shown / max(1, len(rows)), around.totals[facet] / max(1, int(around.known.sum()))
        for code in np.flatnonzero((shown > 1) & (shares > usual)).tolist():
            yield Tag(facet, column.names[code]), float((shares[code] - usual[code]) * (1 - shares[code]))


def _frequent(around: Surroundings) -> Iterator[_Found]:
    """Yield tags that the persona has asked for in several weeks, or several times."""
    said = around.snapshot.log.said
    since = around.now - _WEEKS * _WEEK
    mine = np.flatnonzero((said.personas == around.persona) & (said.at <= around.now) & (said.at > since)).tolist()
    facets = set(around.snapshot.facets)
    times: Counter[Tag] = Counter()
    weeks: dict[Tag, set[int]] = {}
    for row in mine:
        name = said.names[row]
        if said.actions[row] == CHOOSE and name.category in {"query", "taste"} and name.key in facets:
            tag = Tag(name.key, name.value)
            times[tag] += 1
            weeks.setdefault(tag, set()).add(int((around.now - said.at[row]) // _WEEK))
    for tag in sorted(times, key=lambda one: (-len(weeks[one]), -times[one], one)):
        if times[tag] > 1:
            yield Suggestion("frequent", tag.name, _how_often(len(weeks[tag]), times[tag])), tag.name


def _how_often(weeks: int, times: int) -> str:
    if weeks == _WEEKS:
        return "You ask for this weekly."
    if weeks > 1:
        return f"You asked for this in {weeks} of the last {_WEEKS} weeks."
    return f"You asked for this {times} times within a week."


def _new(around: Surroundings) -> Iterator[_Found]:
    """Yield tags that did not exist at the last visit, then items that came since, by the tags they have most of."""
    if around.last_visit is None:
        return
    catalogue, since = around.snapshot.catalogue, f"since your last visit on {_day(around.last_visit)}"
    fresh = around.known & (catalogue.created_at > around.last_visit)
    rows = np.flatnonzero(fresh)
    counts = {facet: _counted(column, fresh) for facet, column in around.columns.items()}
    for facet, column in around.columns.items():
        for code in np.flatnonzero((counts[facet] > 0) & (counts[facet] == around.totals[facet])).tolist():
            yield Suggestion("new", column.names[code], f"The first of this kind came {since}."), column.names[code]
    if len(rows) == 1:
        title = (catalogue.titles[rows[0]] or catalogue.item_ids[rows[0]])[:_TITLE_LIMIT]
        yield Suggestion("new", title, f"It came {since}."), title
    several = (
        (Tag(facet, column.names[code]), float(counts[facet][code]))
        for facet, column in around.columns.items()
        for code in np.flatnonzero(counts[facet] > 1).tolist()
    )
    for tag, count in _most(several):
        yield Suggestion("new", tag.name, f"{count:.0f} new items {since}."), tag.name


def _day(moment: int) -> str:
    return f"{from_micros(moment):%d %B}".lstrip("0")


def _trending(around: Surroundings) -> Iterator[_Found]:
    """Yield tags whose items this workspace's personas took up clearly more this week than in the weeks before."""
    snapshot, at = around.snapshot, around.snapshot.log.at
    near = np.flatnonzero((at <= around.now) & (at > around.now - (1 + _WEEKS) * _WEEK) & snapshot.engaged)
    near = near[snapshot.item_rows[near] >= 0]
    lately = at[near] > around.now - _WEEK
    week, before = (
        np.bincount(snapshot.item_rows[near[which]], minlength=len(snapshot.catalogue)) for which in (lately, ~lately)
    )
    found: list[tuple[float, Tag, int, float]] = []
    for facet, column in around.columns.items():
        now, usual = _counted(column, week), _counted(column, before) / _WEEKS
        for code in np.flatnonzero((now >= _ENOUGH) & (now >= _RISEN * usual)).tolist():
            surprise = float((now[code] - usual[code]) / np.sqrt(usual[code] + 1))
            found.append((-surprise, Tag(facet, column.names[code]), int(now[code]), float(usual[code])))
    for _, tag, count, usually in sorted(found):
        compared = f"usually {usually:.0f}" if usually >= 1 else "hardly any before"
        yield Suggestion("trending", tag.name, f"Taken up {count} times here in the last week, {compared}."), tag.name


_FINDERS: Mapping[SuggestionKind, Callable[[Surroundings], Iterator[_Found]]] = {
    "related": _related,
    "frequent": _frequent,
    "new": _new,
    "trending": _trending,
}


def _counted(column: TagColumn, per_item: Bools | Ints) -> Float:
    """Return the sum over the items that have each tag."""
    weights = np.repeat(per_item, column.counts)
    return np.bincount(column.codes, weights=weights, minlength=len(column.names)).astype(np.float64)


def _most(scored: Iterable[tuple[Tag, float]]) -> list[tuple[Tag, float]]:
    return sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))
