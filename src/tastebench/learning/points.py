"""Points: what moves confidences, and in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, LogColumns
from tastebench.domain.preferences import PreferenceSettings
from tastebench.domain.statements import Statements
from tastebench.learning import events
from tastebench.learning.lessons import Lesson, Part

_AFTER_ITEMS = np.iinfo(np.int64).max
"""Sorts what was said of preferences behind what was done with items at the same moment."""


@dataclass(frozen=True)
class Points:
    """One entry per interaction and preference it teaches, per edit and snapshot.

    Parameters
    ----------
    personas, codes : int array (n,)
        Keys of personas, numbers of preferences.
    at : int array (n,)
    places : int array (n,)
        Of their interactions and edits in event order; one interaction's points share it.
    amounts : float array (n,)
        s of evidence; the confidence that an edit or a snapshot sets.
    counts : int array (n,)
        Pieces of evidence: 1, of a snapshot as many as it stands for, of an edit 0.
    edits, pins, forgets : bool array (n,)
        Whether it sets the confidence, and how.
    """

    personas: Ints
    codes: Ints
    at: Ints
    places: Ints
    amounts: Float
    counts: Ints
    edits: Bools
    pins: Bools
    forgets: Bools

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Ints) -> "Points":
        """Return just these, in this order."""
        return Points(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True)
class Line:
    """Where events and statements stand in event order.

    Parameters
    ----------
    events, statements : int array
        Their places; -1 where newer ones fill the history.
    """

    events: Ints
    statements: Ints


def line_of(log: LogColumns, said: Statements, limit: int) -> Line:
    """Return the event order (time, item, action, weight) of what happened; of each persona the newest `limit`.

    Edits stand behind everything of their moment, in the order in which they were made, and outside the limit. Thumbs
    on what was shown go with what is older than the limit, but take no place of it: what is learned of items is the
    same without them.
    """
    events_before = np.zeros(len(log), dtype=np.bool_)
    edits, thumbs = (np.concatenate([events_before, which]) for which in (said.edits, said.thumbs))
    personas = np.concatenate([log.personas, said.personas])
    order = np.lexsort(
        (
            np.concatenate([np.nan_to_num(log.weights), np.zeros(len(said))]),
            np.concatenate([events.action_ranks(log), _ranks(said)]),
            np.concatenate([log.items, np.full(len(said), _AFTER_ITEMS)]),
            np.concatenate([log.at, said.at]),
            personas,
        )
    )
    owners = personas[order]
    passed = np.cumsum(~(edits | thumbs)[order])
    newer = passed[np.searchsorted(owners, owners, side="right") - 1] - passed if len(order) else passed
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.where(edits[order] | (newer < limit), np.arange(len(order)), -1)
    return Line(places[: len(log)], places[len(log) :])


def _ranks(said: Statements) -> Ints:
    """Rank what was said by content, whatever the order of arrival; edits come last and keep theirs."""
    edits, amounts = said.edits.tolist(), np.nan_to_num(said.amounts).tolist()
    contents = [
        (True, place, "", 0.0) if edits[place] else (False, 0, f"{said.names[place]} {said.actions[place]}", amount)
        for place, amount in enumerate(amounts)
    ]
    ranks = np.empty(len(said), dtype=np.int64)
    ranks[sorted(range(len(said)), key=contents.__getitem__)] = np.arange(len(said))
    return ranks


def from_items(
    log: LogColumns, rows: Ints, line: Line, lessons: Sequence[tuple[Lesson, int]], settings: PreferenceSettings
) -> Iterator[Points]:
    """Yield what events teach through their items and moments.

    Parameters
    ----------
    lessons : sequence of (Lesson, int)
        Each with the number of its first value.
    """
    confidences = _confidences(log.action_names, log.actions, log.weights, settings)
    taught = (line.events >= 0) & ~np.isnan(confidences)
    for part, group in groupby(lessons, key=lambda one: one[0].part):
        mine = np.flatnonzero(taught & _wanted(log, part, settings) & ((rows >= 0) | (part == "moment")))
        for lesson, start in group:
            values = lesson.taught(rows[mine], log.at[mine])
            whose = np.repeat(mine, values.counts)
            nothing = np.zeros(len(whose), dtype=np.bool_)
            yield Points(
                log.personas[whose], values.codes + start, log.at[whose], line.events[whose], confidences[whose],
                np.ones(len(whose), dtype=np.int64), nothing, nothing, nothing,
            )  # fmt: skip


def from_names(said: Statements, codes: Ints, line: Line, settings: PreferenceSettings) -> Points:
    """Return what was said of preferences by name: evidence, and edits."""
    names = tuple(dict.fromkeys(said.actions))
    kinds = np.array([names.index(action) for action in said.actions], dtype=np.int64)
    amounts = np.where(said.edits, said.amounts, _confidences(names, kinds, said.amounts, settings))
    pins = np.array([action == "pin" for action in said.actions], dtype=np.bool_)
    forgets = np.array([action == "forget" for action in said.actions], dtype=np.bool_)
    counts = np.where(said.edits, said.counts, 1)
    points = Points(said.personas, codes, said.at, line.statements, amounts, counts, said.edits, pins, forgets)
    return points.take(np.flatnonzero((line.statements >= 0) & ~np.isnan(amounts)))


def joined(parts: Sequence[Points]) -> Points:
    """Return the points of all parts."""
    return Points(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Points)))


def _wanted(log: LogColumns, part: Part, settings: PreferenceSettings) -> Bools:
    teaches = settings.teaches
    by_action = [name in teaches and bool(getattr(teaches[name], part)) for name in log.action_names]
    return np.array([*by_action, False], dtype=np.bool_)[log.actions]


def _confidences(names: tuple[str, ...], actions: Ints, weights: Float, settings: PreferenceSettings) -> Float:
    """Return s of each: its action's, or its own weight, negative ones as 0; NaN where the action teaches nothing."""
    table = [settings.teaches[name].confidence if name in settings.teaches else np.nan for name in names]
    own = np.array([*table, np.nan])[actions]
    return np.where(np.isnan(weights) | np.isnan(own), own, np.maximum(weights, 0.0))
