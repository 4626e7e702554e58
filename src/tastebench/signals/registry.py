"""The ordered registry: a new signal is one file and one entry here."""

from collections.abc import Mapping
from types import MappingProxyType

from tastebench.domain.errors import InvalidProfile
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal
from tastebench.signals.behaviour import BEHAVIOUR
from tastebench.signals.co_engagement import CO_ENGAGEMENT
from tastebench.signals.collaborative import COLLABORATIVE
from tastebench.signals.freshness import FRESHNESS
from tastebench.signals.neighbours import NEIGHBOURS
from tastebench.signals.popularity import POPULARITY
from tastebench.signals.preference import PREFERENCE
from tastebench.signals.repurchase import REPURCHASE
from tastebench.signals.similarity import SIMILARITY

_SIGNALS = (
    SIMILARITY, PREFERENCE, BEHAVIOUR, COLLABORATIVE, POPULARITY, CO_ENGAGEMENT, NEIGHBOURS, REPURCHASE, FRESHNESS,
)  # fmt: skip
REGISTRY: Mapping[str, Signal] = MappingProxyType({signal.name: signal for signal in _SIGNALS})
"""Every signal by name, in the order of breakdowns and of the tuning page."""


def on_demand(profile: ScoringProfile) -> frozenset[str]:
    """Return the signals that are worked out only because this profile gives them weight.

    Examples
    --------
    >>> on_demand(ScoringProfile()), on_demand(ScoringProfile(weights={"similarity": 1, "co_engagement": 1}))
    (frozenset(), frozenset({'co_engagement'}))
    """
    return frozenset(name for name, weight in profile.weights.items() if weight and REGISTRY[name].on_demand)


def resolved(profile: ScoringProfile) -> ScoringProfile:
    """Return the profile with every signal's weight written out: what is missing weighs 0, none at all the defaults.

    Raises
    ------
    InvalidProfile
        Where it names a signal that does not exist.

    Examples
    --------
    >>> resolved(ScoringProfile()).weights["similarity"]
    0.3
    >>> resolved(ScoringProfile(weights={"popularity": 1})).weights["similarity"]
    0.0
    """
    unknown = sorted(set(profile.weights) - set(REGISTRY))
    if unknown:
        raise InvalidProfile(f"There is no signal {unknown[0]!r}.", f"Known signals: {', '.join(REGISTRY)}.")
    defaults = {name: signal.default_weight for name, signal in REGISTRY.items()}
    weights = {name: profile.weights.get(name, 0.0) for name in REGISTRY} if profile.weights else defaults
    return profile.model_copy(update={"weights": weights})
