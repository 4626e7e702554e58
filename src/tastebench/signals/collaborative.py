"""Collaborative: what the most similar personas liked."""

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal


def share_of_largest(counts: Float) -> Float:
    """Return counts over their largest, in [0, 1]; NaN throughout where the largest is 0.

    Examples
    --------
    >>> share_of_largest(np.array([4.0, 1.0, 0.0])).tolist()
    [1.0, 0.25, 0.0]
    >>> share_of_largest(np.zeros(2)).tolist()
    [nan, nan]
    """
    largest = counts.max(initial=0.0)
    return counts / largest if largest > 0 else np.full(len(counts), np.nan)


def compute(evidence: Evidence, _profile: ScoringProfile) -> Float:
    """Return how many similar personas liked each candidate, over the largest such count; NaN where none did."""
    return share_of_largest(evidence.similar.counts)


COLLABORATIVE = Signal(
    name="collaborative",
    label="Collaborative",
    meaning="Personas with a similar taste liked it.",
    default_weight=0.15,
    colour="#CC79A7",
    reads=("similar",),
    parameters=("collaborative",),
    compute=compute,
)
