"""How one preference came to be what it is: every point that moved it, and the curve in between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tastebench.domain.columns import Ints, LogColumns
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import PreferenceName, PreferenceSettings
from tastebench.learning.lessons import Lesson
from tastebench.learning.points import from_items, from_names, joined, line_of
from tastebench.learning.preferences import learnable, with_follows

_SAMPLES = 200
"""Points on the whole curve, beside those where it bends."""


@dataclass(frozen=True)
class Step:
    """One point that moved a confidence.

    Parameters
    ----------
    at : int
    before, after : float
        The confidence at that moment, faded, and what it became.
    amount : float
        s of evidence, or the confidence that an edit set.
    action : str
        An action, or the kind of an edit.
    item : int, optional
        Key of the item that taught it.
    held : bool
        Whether the confidence stays where it is from then on.
    """

    at: int
    before: float
    after: float
    amount: float
    action: str
    item: int | None
    held: bool


def steps(
    log: LogColumns, rows: Ints, lessons: Sequence[Lesson], name: PreferenceName, settings: PreferenceSettings
) -> tuple[Step, ...]:
    """Return what moved one preference of one persona, in event order.

    Parameters
    ----------
    log : LogColumns
        Of the persona, as of the moment that is asked about.
    rows : int array
        Catalogue position of each event's item, -1 where it is missing.
    """
    log, rows = learnable(log, rows)
    said = with_follows(log)
    line = line_of(log, said, settings.history_limit)
    mine = [(lesson, 0) for lesson in lessons if (lesson.category, lesson.key) == name[:2]]
    code = next((lesson.values.code_of.get(name.value, -1) for lesson, _ in mine), -1)
    codes = np.array([code if one == name else code - 1 for one in said.names], dtype=np.int64)
    points = joined([*from_items(log, rows, line, mine, settings), from_names(said, codes, line, settings)])
    points = points.take(np.flatnonzero(points.codes == code))
    points = points.take(np.argsort(points.places))
    sources = {
        place: (log.action_names[log.actions[n]], int(log.items[n])) for n, place in enumerate(line.events.tolist())
    }
    sources |= {place: (said.actions[n], None) for n, place in enumerate(line.statements.tolist())}
    found: list[Step] = []
    for at, place, amount, edit in zip(
        points.at.tolist(), points.places.tolist(), points.amounts.tolist(), points.edits.tolist(), strict=True
    ):
        action, item = sources[place]
        before, held = (confidence_at(found[-1], at, settings), found[-1].held) if found else (0.0, False)
        moved = before if held else (1 - settings.learning_rate) * before + settings.learning_rate * amount
        held = action == "pin" if edit else held
        found.append(Step(at, before, amount if edit else moved, amount, action, item, held))
    return tuple(found)


def confidence_at(step: Step, moment: int, settings: PreferenceSettings) -> float:
    """Return what a step left, as of a later moment."""
    days = max(moment - step.at, 0) / MICROSECONDS_PER_DAY
    return step.after if step.held else step.after * settings.daily_decay**days


def curve(found: Sequence[Step], now: int, settings: PreferenceSettings) -> tuple[tuple[int, float], ...]:
    """Return moments and confidences from the first step until `now`: a jump at each step, fading in between."""
    if not found:
        return ()
    every = max((now - found[0].at) // _SAMPLES, 1)
    points: list[tuple[int, float]] = []
    for step, end in zip(found, [*(later.at for later in found[1:]), now], strict=True):
        moments = [*range(step.at, end, every), end]
        points += [(step.at, step.before), *((at, confidence_at(step, at, settings)) for at in moments)]
    return tuple(points)
