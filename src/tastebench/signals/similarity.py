"""Similarity: closeness of item and taste in the embedding space."""

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal


def closeness(cosines: Float) -> Float:
    """Return max(0, cosine); NaN stays NaN.

    Examples
    --------
    >>> closeness(np.array([0.6, -0.2, np.nan])).tolist()
    [0.6, 0.0, nan]
    """
    return np.maximum(0.0, cosines)


def compute(evidence: Evidence, _profile: ScoringProfile) -> Float:
    """Return each candidate's closeness to the taste vector, in [0, 1]; NaN without taste or item vector."""
    return closeness(evidence.taste_similarity)


SIMILARITY = Signal(
    name="similarity",
    label="Similarity",
    meaning="The item's text is close to what this persona took to.",
    default_weight=0.30,
    colour="#0072B2",
    reads=("taste_similarity",),
    parameters=("taste",),
    compute=compute,
)
