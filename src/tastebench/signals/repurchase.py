"""Repurchase: what the persona bought before, often and lately."""

from tastebench.domain.evidence import Evidence, HistoryValue
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal, from_history, relative


def over_history(evidence: Evidence, _profile: ScoringProfile) -> HistoryValue | None:
    """Return each candidate's decayed count of own purchases ÷ the largest of them, in [0, 1], as its own history.

    Examples
    --------
    Candidate 0 was bought twice as much as candidate 2, candidate 1 never.

    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> bought = HistoryValue(("a", "c"), ("A", "C"), np.array([2.0, 1.0]), np.array([[1, 0, 0], [0, 0, 1]]))
    >>> over_history(SimpleNamespace(histories={"repurchase": bought}), ScoringProfile()).values.tolist()
    [1.0, 0.0, 0.5]
    """
    found = evidence.histories.get("repurchase")
    return None if found is None else relative(found)


REPURCHASE = Signal(
    name="repurchase",
    label="Repurchase",
    meaning="This persona bought it before, often and lately.",
    default_weight=0.0,
    colour="#A6761D",
    reads=("histories",),
    parameters=("repurchase", "repeats"),
    compute=from_history(over_history),
    over_history=over_history,
)
