"""Preferences: c ← (1 − r)·c·δ^days + r·s, folded over what a persona did, in event order.

The fold never forgets: what is under the threshold of tracking is only not shown, so that the order of arrival does
not matter. An operator's edit, or a snapshot of evidence that is gone, sets c. As the fold is linear, c = Σ_j a_j ·
(1 − r)^(points after j) · δ^(days after j) from the last edit on, with a_j = r·s_j of evidence and the confidence set
by an edit: one sum, no loop.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, LogColumns
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import CREATOR, PreferenceName, PreferenceSettings
from tastebench.domain.statements import Statements
from tastebench.learning.lessons import Lesson
from tastebench.learning.points import Line, Points, from_items, from_names, joined, line_of

_EVENTS_AT_ONCE = 100_000
"""Every event teaches several things: all of a million at once would take gigabytes."""


@dataclass(frozen=True)
class Vocabulary:
    """The preferences there can be, numbered: those of the lessons, then what was named beside them."""

    lessons: tuple[tuple[Lesson, int], ...]
    size: int
    others: tuple[PreferenceName, ...] = ()

    def __len__(self) -> int:
        return self.size + len(self.others)

    def name(self, code: int) -> PreferenceName:
        """Return the preference of a number."""
        if code >= self.size:
            return self.others[code - self.size]
        lesson, start = next(one for one in reversed(self.lessons) if one[1] <= code)
        return PreferenceName(lesson.category, lesson.key, lesson.values.names[code - start])

    def code(self, name: PreferenceName) -> int:
        """Return the number of a preference, -1 where it has none."""
        for lesson, start in self.lessons:
            if (lesson.category, lesson.key) == name[:2] and name.value in lesson.values.code_of:
                return start + lesson.values.code_of[name.value]
        return self.size + self.others.index(name) if name in self.others else -1


@dataclass(frozen=True)
class Learned:
    """What personas were found to prefer: one entry per persona and preference.

    Parameters
    ----------
    personas, codes : int array (n,)
        Keys of personas, numbers of the vocabulary.
    confidences : float array (n,)
        c as the last point left it, which was at `at`.
    at : int array (n,)
    counts : int array (n,)
        Pieces of evidence since the preference was last forgotten, if ever, those of a snapshot included.
    seen : int array (n,)
        When the last of these happened; `at` where there is none.
    pinned : bool array (n,)
        Whether an operator holds it where it is.
    """

    vocabulary: Vocabulary
    personas: Ints
    codes: Ints
    confidences: Float
    at: Ints
    counts: Ints
    seen: Ints
    pinned: Bools

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: slice) -> "Learned":
        """Return just these entries."""
        return Learned(
            self.vocabulary, self.personas[rows], self.codes[rows], self.confidences[rows], self.at[rows],
            self.counts[rows], self.seen[rows], self.pinned[rows],
        )  # fmt: skip

    def as_of(self, now: int, settings: PreferenceSettings) -> Float:
        """Return each confidence at `now`: what isn't pinned has faded since it last moved."""
        days = np.maximum(now - self.at, 0) / MICROSECONDS_PER_DAY
        return np.where(self.pinned, self.confidences, self.confidences * settings.daily_decay**days)

    def established(self, now: int, settings: PreferenceSettings) -> Bools:
        """Return which of them count at `now`: those that are sure enough, and pinned ones."""
        return self.pinned | (self.as_of(now, settings) >= settings.established)


def learned(
    log: LogColumns, rows: Ints, lessons: Sequence[Lesson], settings: PreferenceSettings, *, named: bool = True
) -> Learned:
    """Return what the personas of a log are found to prefer.

    Parameters
    ----------
    log : LogColumns
        As of the moment that is asked about.
    rows : int array
        Catalogue position of each event's item, -1 where it is missing: such an event teaches no tags.
    named : bool
        Whether to tell also of what only choices, follows and edits name, and no lesson.
    """
    log, rows = learnable(log, rows)
    said = with_follows(log)
    vocabulary = vocabulary_of(lessons, said, settings, named=named)
    parts = [folded(part.points, len(vocabulary), settings) for part in some(log, rows, said, vocabulary, settings)]
    return Learned(vocabulary, *(np.concatenate(column) for column in zip(*parts, strict=True)))


class Some(NamedTuple):
    """All of some personas: which rows of the log and of what was said, where they stand, what they come to."""

    events: Ints
    statements: Ints
    line: Line
    points: Points


def some(
    log: LogColumns, rows: Ints, said: Statements, vocabulary: Vocabulary, settings: PreferenceSettings
) -> Iterator[Some]:
    """Yield the points of all personas, some personas at a time; what has no number in the vocabulary is left out."""
    codes = np.fromiter(map(vocabulary.code, said.names), dtype=np.int64, count=len(said))
    numbered = np.flatnonzero(codes >= 0)
    said, codes = said.take(numbered), codes[numbered]
    for mine, theirs in _some_personas(log, said):
        few, spoken = log.take(mine), said.take(theirs)
        line = line_of(few, spoken, settings.history_limit)
        taught = from_items(few, rows[mine], line, vocabulary.lessons, settings)
        points = joined([*taught, from_names(spoken, codes[theirs], line, settings)])
        yield Some(mine, numbered[theirs], line, points)


def learnable(log: LogColumns, rows: Ints) -> tuple[LogColumns, Ints]:
    """Return the events that the last recomputation knew, where only those are learned from, with their rows."""
    if log.learned_until is None or (known := log.keys <= log.learned_until).all():
        return log, rows
    return log.take(known), rows[known]


def with_follows(log: LogColumns) -> Statements:
    """Return what was said, to follow a creator included; edits keep their order."""
    if not log.follow_creators:
        return log.said
    return Statements(
        np.concatenate([log.follow_personas, log.said.personas]),
        np.concatenate([log.follow_at, log.said.at]),
        ("follow",) * len(log.follow_creators) + log.said.actions,
        tuple(PreferenceName("taste", CREATOR, creator) for creator in log.follow_creators) + log.said.names,
        np.concatenate([np.full(len(log.follow_creators), np.nan), log.said.amounts]),
        np.concatenate([np.zeros(len(log.follow_creators), np.int64), log.said.counts]),
    )


def vocabulary_of(
    lessons: Sequence[Lesson], said: Statements, settings: PreferenceSettings, *, named: bool
) -> Vocabulary:
    """Return the preferences that the lessons teach and, with `named`, those that were only said."""
    ends = np.cumsum([0, *(len(lesson.values.names) for lesson in lessons)]).tolist()
    plain = Vocabulary(tuple(zip(lessons, ends[:-1], strict=True)), ends[-1])
    if not named:
        return plain
    mentioned = sorted({name for name in said.names if name.category in settings.categories})
    return replace(plain, others=tuple(name for name in mentioned if plain.code(name) < 0))


def _some_personas(log: LogColumns, said: Statements) -> Iterator[tuple[Ints, Ints]]:
    """Yield rows of a log and of what was said: all of some personas, and not too many at once."""
    order, spoken = np.argsort(log.personas, kind="stable"), np.argsort(said.personas, kind="stable")
    owners, speakers = log.personas[order], said.personas[spoken]
    start = begin = 0
    while start + _EVENTS_AT_ONCE < len(order):
        last = owners[start + _EVENTS_AT_ONCE - 1]
        end, stop = (int(np.searchsorted(those, last, side="right")) for those in (owners, speakers))
        yield order[start:end], spoken[begin:stop]
        start, begin = end, stop
    yield order[start:], spoken[begin:]


Columns: TypeAlias = tuple[Ints, Ints, Float, Ints, Ints, Ints, Bools]
"""Those of `Learned`, from personas to pinned."""


def folded(points: Points, size: int, settings: PreferenceSettings) -> Columns:
    """Return what these points come to; `size` is the vocabulary's."""
    people, person = np.unique(points.personas, return_inverse=True)
    groups = person * size + points.codes
    order = np.argsort(groups * (points.places.max(initial=0) + 1) + points.places)
    groups, points = groups[order], points.take(order)
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(starts, append=len(order))
    ends = starts + sizes - 1
    later = np.repeat(ends, sizes) - np.arange(len(order))
    days = (points.at[np.repeat(ends, sizes)] - points.at) / MICROSECONDS_PER_DAY
    # One exponential of a sum takes a fifth of the time of two powers.
    left = np.exp(later * np.log(1 - settings.learning_rate) + days * np.log(settings.daily_decay))
    moved = left * points.amounts * np.where(points.edits, 1.0, settings.learning_rate)
    columns = (people[groups[starts] // size], groups[starts] % size)
    if not points.edits.any():
        seen, pinned = points.at[ends], np.zeros(len(starts), dtype=np.bool_)
        return *columns, np.add.reduceat(moved, starts), points.at[ends], sizes, seen, pinned
    return *columns, *_edited(points, starts, sizes, moved)


def _edited(points: Points, starts: Ints, sizes: Ints, moved: Float) -> tuple[Float, Ints, Ints, Ints, Bools]:
    """Return the columns from confidences on, for points that have edits among them."""
    places, ends = np.arange(len(points)), starts + sizes - 1
    edited, forgotten, evidence = (
        np.maximum.reduceat(np.where(which, places, -1), starts)
        for which in (points.edits, points.forgets, points.counts > 0)
    )
    sums = np.add.reduceat(np.where(places >= np.repeat(edited, sizes), moved, 0.0), starts)
    counts = np.add.reduceat(np.where(places > np.repeat(forgotten, sizes), points.counts, 0), starts)
    pinned = (edited >= 0) & points.pins[edited]
    seen = np.where(evidence > forgotten, points.at[evidence], points.at[ends])
    return np.where(pinned, points.amounts[edited], sums), points.at[ends], counts, seen, pinned
