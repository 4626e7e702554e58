"""Figures in words: estimates, and what the language model made of the lists."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tastebench.evaluation.bootstrap import Estimate
    from tastebench.evaluation.lift import LiftEstimate
    from tastebench.evaluation.report import Evaluation


def estimated(estimate: "Estimate", sign: str = "") -> str:
    """Return a mean with its interval.

    Examples
    --------
    >>> estimated((0.21, 0.1774, 0.26)), estimated((0.01, -0.002, 0.022), "+")
    ('0.210 [0.177, 0.260]', '+0.010 [-0.002, +0.022]')
    """
    if math.isnan(estimate[0]):
        return "unknown"
    mean, low, high = (f"{number:{sign}.3f}" for number in estimate)
    return f"{mean} [{low}, {high}]"


def lift_lines(report: "Evaluation", metric: str) -> Iterator[str]:
    """Yield what the language model made of the reference's lists, by length of history too; nothing without it."""
    lift = report.lift
    if lift is None:
        return
    seconds = f", {lift.seconds_per_list:.1f} s a list" if lift.answered else ""
    yield ""
    yield (
        f"With the language model ({lift.model or 'none'}, influence {lift.influence:.2f}, the first "
        f"{lift.candidates}): {lift.answered:,} of {len(lift):,} lists ranked by it{seconds}"
    )
    parts = {"all": lift.estimate(metric)} | {part.label: found for part, found in report.lift_by("history", metric)}
    width = max(map(len, parts))
    yield f"{'':{width}}  lists  {'without':22}  {'with':22}  lift"
    yield from (f"{label:{width}}  {_cells(one)}" for label, one in parts.items())
    whole = parts["all"]
    yield f"Whatever a model says, at this influence the lift lies between {whole.least:+.3f} and {whole.most:+.3f}."
    yield lift.verdict(metric)
    yield from lift.notes


def _cells(one: "LiftEstimate") -> str:
    return f"{one.lists:5,}  {estimated(one.without):22}  {estimated(one.judged):22}  {estimated(one.lift, '+')}"
