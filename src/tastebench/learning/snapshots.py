"""Snapshots: what is left of preferences when the evidence for them is removed.

A snapshot stands where the last piece of evidence that goes stood, and sets the confidence that all evidence until then
came to. From that moment on the fold therefore gives what it gave before: only what led there can no longer be seen.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, LogColumns
from tastebench.domain.preferences import SNAPSHOT, PreferenceSettings
from tastebench.domain.statements import Statements
from tastebench.learning.lessons import Lesson
from tastebench.learning.points import Points
from tastebench.learning.preferences import Learned, Some, Vocabulary, folded, some, vocabulary_of, with_follows


class Leaving(NamedTuple):
    """Which rows of a log are removed.

    Parameters
    ----------
    events : bool array (m,)
    follows : bool array (f,)
    said : bool array (s,)
    """

    events: Bools
    follows: Bools
    said: Bools


class Kept(NamedTuple):
    """What becomes of preferences that lose evidence.

    Parameters
    ----------
    snapshots : Statements
        One of each, in place of an earlier one.
    matters : bool array
        Whether it makes a difference: the preference is tracked at the moment of removal, or some evidence stays that
        would make more of it alone.
    """

    snapshots: Statements
    matters: Bools


def snapshots_of(
    log: LogColumns, rows: Ints, leaving: Leaving, lessons: Sequence[Lesson], settings: PreferenceSettings, now: int
) -> Kept:
    """Return a snapshot of every preference that loses evidence at `now`, but for pinned ones: it doesn't move these.

    Parameters
    ----------
    rows : int array
        Catalogue position of each event's item, -1 where it is missing.
    """
    said = with_follows(log)
    goes = np.concatenate([leaving.follows, leaving.said])
    vocabulary = vocabulary_of(lessons, said, settings, named=True)
    fold = partial(_snapshots, events=leaving.events, said=goes, size=len(vocabulary), settings=settings, now=now)
    parts = map(fold, some(log, rows, said, vocabulary, settings))
    people, codes, confidences, at, counts, matters = (np.concatenate(one) for one in zip(*parts, strict=True))
    names = tuple(map(vocabulary.name, codes.tolist()))
    return Kept(Statements(people, at, (SNAPSHOT,) * len(at), names, confidences, counts), matters)


def _snapshots(
    part: Some, *, events: Bools, said: Bools, size: int, settings: PreferenceSettings, now: int
) -> tuple[Ints, Ints, Float, Ints, Ints, Bools]:
    """Return persona, code, confidence, moment and count of each snapshot of some personas, and whether it matters."""
    going = np.concatenate([part.line.events[events[part.events]], part.line.statements[said[part.statements]]])
    points = part.points
    leaves = np.isin(points.places, going[going >= 0]) & ~points.edits
    groups = points.personas * size + points.codes
    touched = np.isin(groups, groups[leaves])
    # An earlier snapshot goes into the new one, which stands where the later of the two would.
    leaves |= points.edits & (points.counts > 0)
    points, leaves = points.take(np.flatnonzero(touched)), leaves[touched]
    before = points.at <= _last(groups[touched], points.at, leaves)
    whole = _folded(points, np.ones(len(points), np.bool_), size, settings)
    until = _folded(points, before, size, settings)
    gone = _folded(points, before & (leaves | points.edits), size, settings)
    matters = (whole.as_of(now, settings) >= settings.tracked) | (whole.counts > gone.counts)
    kept = ~until.pinned
    columns = (until.personas, until.codes, until.confidences, until.at, gone.counts, matters)
    return tuple(column[kept] for column in columns)  # type: ignore[return-value]


def _last(groups: Ints, at: Ints, which: Bools) -> Ints:
    """Return for each entry the latest moment of its group among those of `which`."""
    _, group = np.unique(groups, return_inverse=True)
    last = np.full(len(groups), np.iinfo(np.int64).min)
    np.maximum.at(last, group[which], at[which])
    return last[group]


def _folded(points: Points, which: Bools, size: int, settings: PreferenceSettings) -> Learned:
    return Learned(Vocabulary((), 0), *folded(points.take(np.flatnonzero(which)), size, settings))
