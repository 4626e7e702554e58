"""Behaviour: what the persona knows already, and whose work it likes."""

import numpy as np

from tastebench.domain.columns import Bools, Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import BehaviourSettings, ScoringProfile
from tastebench.signals.base import Signal


def familiarity(done: Bools, seen: Bools, creator_likes: Float, follows: Bools, settings: BehaviourSettings) -> Float:
    """Return the penalty for known items plus the bonus for liked creators, in [-1, 1].

    Examples
    --------
    A disliked film; a viewed one whose director made two others that were liked; a new one by a followed director.

    >>> familiarity(np.array([True, False, False]), np.array([True, True, False]),
    ...             np.array([0.0, 2.0, 0.0]), np.array([False, False, True]), BehaviourSettings()).round(6).tolist()
    [-0.8, -0.3, 0.3]
    """
    penalty = np.where(done, settings.done_penalty, np.where(seen, settings.seen_penalty, 0.0))
    worth = creator_likes + settings.follow_counts * follows
    return penalty + np.minimum(settings.creator_cap, settings.creator_bonus * worth)


def compute(evidence: Evidence, profile: ScoringProfile) -> Float:
    """Return each candidate's familiarity, in [-1, 1]; NaN for a persona without history."""
    if not evidence.has_history:
        return np.full(len(evidence), np.nan)
    return familiarity(
        evidence.done, evidence.seen, evidence.creator_likes, evidence.follows_creator, profile.behaviour
    )


BEHAVIOUR = Signal(
    name="behaviour",
    label="Behaviour",
    meaning="New to the persona, and by a creator it likes; negative for what it knows already.",
    default_weight=0.25,
    colour="#D55E00",
    reads=("done", "seen", "creator_likes", "follows_creator", "has_history"),
    parameters=("behaviour",),
    compute=compute,
)
