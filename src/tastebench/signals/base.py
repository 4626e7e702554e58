"""What a signal is."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence, HistoryValue
from tastebench.domain.profile import ScoringProfile

Compute = Callable[[Evidence, ScoringProfile], Float]
OverHistory = Callable[[Evidence, ScoringProfile], HistoryValue | None]


@dataclass(frozen=True)
class Signal:
    """A pure scorer, with all that tuning, breakdown, tests and docs need to know of it.

    Parameters
    ----------
    name : str
        Name of its line in a breakdown.
    label : str
        Name for people.
    meaning : str
        One sentence: what a high value says.
    default_weight : float
        Raw weight where a profile gives none. With 0, the signal is worked out only where a profile gives it weight.
    colour : str
        Its fixed colour, the same in light and dark.
    reads : tuple of str
        The Evidence columns it reads.
    parameters : tuple of str
        The profile fields it reads, such as ``"behaviour.creator_cap"``.
    compute : callable
        Candidates to one number in [-1, 1] each, NaN for "no evidence".
    over_history : callable, optional
        Candidates to the same numbers as a sum over the persona's history, for the breakdown to take apart; None where
        there is no history to go by.
    """

    name: str
    label: str
    meaning: str
    default_weight: float
    colour: str
    reads: tuple[str, ...]
    parameters: tuple[str, ...]
    compute: Compute
    over_history: OverHistory | None = None

    @property
    def on_demand(self) -> bool:
        """Whether it is worked out only where a profile gives it weight: it costs no other profile anything."""
        return self.default_weight == 0


def from_history(over_history: OverHistory) -> Compute:
    """Return what computes a signal's values from its sum over the history; NaN where there is none."""

    def compute(evidence: Evidence, profile: ScoringProfile) -> Float:
        found = over_history(evidence, profile)
        if found is None:
            return np.full(len(evidence), np.nan)
        return np.clip(found.values, -1.0, 1.0)  # for the last bit only

    return compute


def relative(found: HistoryValue) -> HistoryValue | None:
    """Return the sum measured by its largest magnitude among the candidates; None where all of it is 0 or unknown.

    Examples
    --------
    Of two films of the history, the first speaks for candidate 0, the second for it and against candidate 1.

    >>> links = np.array([[0.25, 0.0, np.nan], [0.125, -0.25, np.nan]])
    >>> found = HistoryValue(("a", "b"), ("A", "B"), np.array([1.0, 2.0]), links)
    >>> relative(found).values.tolist(), relative(found).parts(0).tolist()
    ([1.0, -1.0, nan], [0.5, 0.5])
    """
    largest = np.nanmax(np.abs(found.values), initial=0.0)
    return replace(found, amounts=found.amounts / largest) if largest > 0 else None


def mean_of_known(values: Float, weights: Float) -> Float:
    """Return each column's weighted mean over the rows that are known; NaN where none with weight is.

    Parameters
    ----------
    values : float array (k, n)
        NaN where not known.
    weights : float array (k,)
        At least 0.

    Examples
    --------
    >>> mean_of_known(np.array([[0.5, np.nan], [0.0, np.nan]]), np.array([3.0, 1.0])).tolist()
    [0.375, nan]
    """
    applied = np.where(np.isnan(values), 0.0, weights[:, None])
    total = applied.sum(axis=0)
    lines = (applied * np.nan_to_num(values)).sum(axis=0)
    mean: Float = np.divide(lines, total, out=np.full(values.shape[1], np.nan), where=total > 0)
    return mean
