"""Lift: what the language model made of lists whose outcome is known, and what it could have made of them at most."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints
from tastebench.domain.model_state import ModelState
from tastebench.evaluation.bootstrap import Estimate, bootstrapped
from tastebench.evaluation.measuring import METRICS


class LiftEstimate(NamedTuple):
    """Means over lists with their intervals.

    Parameters
    ----------
    lists : int
    without, judged : Estimate
        The metric of the lists as they are, and as the model leaves them; unanswered ones are the same in both.
    lift : Estimate
        The paired difference.
    least, most : float
        What the lift could be at worst and at best at this influence, whatever the model says.
    """

    lists: int
    without: Estimate
    judged: Estimate
    lift: Estimate
    least: float
    most: float


@dataclass(frozen=True)
class Lift:
    """What the language model made of a sample of the lists of one profile.

    Parameters
    ----------
    model : str
        Who was asked; empty where nobody was found.
    influence : float
    candidates : int
        Items put before it, from the top.
    rows : int array (n,)
        Positions of the personas in the evaluation.
    states : tuple of str, length n
        What became of each question; ``off`` where none was asked.
    seconds : float array (n,)
        What each answer took; NaN without one.
    values : float array (4, metrics, n)
        Of the lists without the model, with it, and in the worst and the best order that it could bring about.
    seed : int
        Of the sample and the intervals.
    reasons : mapping of str to str
        A sentence for each state without an answer.
    metrics : tuple of str
    """

    model: str
    influence: float
    candidates: int
    rows: Ints
    states: tuple[str, ...]
    seconds: Float
    values: Float
    seed: int
    reasons: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[str, ...] = tuple(METRICS)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def answered(self) -> int:
        """How many lists the model had a say in."""
        return int(np.count_nonzero(~np.isnan(self.seconds)))

    @property
    def unanswered(self) -> Mapping[ModelState, int]:
        """How many lists stand as they were, by what became of the question, most frequent first."""
        states = Counter(map(ModelState, self.states)).most_common()
        return {state: times for state, times in states if not state.answered}

    @property
    def notes(self) -> tuple[str, ...]:
        """Why lists stand as they were, one sentence per reason."""
        return tuple(
            f"{times:,} of {len(self):,} lists stand as they were, and count as such: {self.reasons[state.value]}"
            for state, times in self.unanswered.items()
        )

    def verdict(self, metric: str) -> str:
        """Return in one sentence what the figures say."""
        if not self.answered:
            return "The language model gave no answer that could be used, so nothing is known of its worth."
        name, (_, low, high) = METRICS[metric].label, self.estimate(metric).lift
        if low > 0 or high < 0:
            return f"{self.model} {'raises' if low > 0 else 'lowers'} {name} of these lists."
        return f"What {self.model} does to {name} cannot be told from nothing with these lists."

    @property
    def seconds_per_list(self) -> float:
        """The mean time of an answer; NaN without any."""
        return float(np.nanmean(self.seconds)) if self.answered else np.nan

    def estimate(self, metric: str, members: Bools | None = None) -> LiftEstimate:
        """Return what the model lifts a metric by, over all its lists or those of these personas of the evaluation."""
        chosen = np.ones(len(self), dtype=np.bool_) if members is None else members[self.rows]
        without, judged, worst, best = self.values[:, self.metrics.index(metric), chosen]
        columns = np.column_stack([without, judged, judged - without, worst - without, best - without])
        means = bootstrapped(columns, self.seed)
        return LiftEstimate(len(columns), means[0], means[1], means[2], means[3][0], means[4][0])
