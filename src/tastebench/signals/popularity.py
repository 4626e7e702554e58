"""Popularity: how many like it, and how fast that grows."""

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal, mean_of_known


def mixed(likes: Float, velocity: Float, likes_share: float) -> Float:
    """Return likes_share · likes + (1 − likes_share) · velocity; a part that is NaN drops out, both: NaN.

    Parameters
    ----------
    likes, velocity : float array (n,)
        Shares of the workspace's largest, in [0, 1].

    Examples
    --------
    >>> mixed(np.array([1.0, 0.5]), np.array([0.0, 0.25]), 0.5).tolist()
    [0.5, 0.375]
    >>> mixed(np.array([np.nan]), np.array([0.25]), 0.5).tolist()
    [0.25]
    """
    return mean_of_known(np.vstack([likes, velocity]), np.array([likes_share, 1.0 - likes_share]))


def compute(evidence: Evidence, profile: ScoringProfile) -> Float:
    """Return each candidate's popularity in its workspace, in [0, 1]; NaN where nobody engaged with anything."""
    return mixed(evidence.likes, evidence.velocity, profile.popularity.likes_share)


POPULARITY = Signal(
    name="popularity",
    label="Popularity",
    meaning="Many like it, or take to it right now.",
    default_weight=0.05,
    colour="#E69F00",
    reads=("likes", "velocity"),
    parameters=("popularity",),
    compute=compute,
)
