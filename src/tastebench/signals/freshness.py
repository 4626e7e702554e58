"""Freshness: how new the item is."""

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal


def left_of_newness(ages: Float, half_life_days: float) -> Float:
    """Return 0.5^(age ÷ half-life), in [0, 1]; NaN stays NaN.

    Examples
    --------
    Created now, a half-life ago, at an unknown time.

    >>> left_of_newness(np.array([0.0, 30.0, np.nan]), 30.0).tolist()
    [1.0, 0.5, nan]
    """
    return np.exp2(-np.maximum(ages, 0.0) / half_life_days)


def compute(evidence: Evidence, profile: ScoringProfile) -> Float:
    """Return each candidate's freshness, in [0, 1]; NaN where it isn't known when it was created."""
    return left_of_newness(evidence.ages, profile.freshness.half_life_days)


FRESHNESS = Signal(
    name="freshness",
    label="Freshness",
    meaning="It is new in the catalogue.",
    default_weight=0.0,
    colour="#66A61E",
    reads=("ages",),
    parameters=("freshness",),
    compute=compute,
)
