"""Co-engagement: what those engage with who engage with the same items."""

from dataclasses import replace

import numpy as np

from tastebench.domain.evidence import Evidence, HistoryValue
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal, from_history


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


def over_history(evidence: Evidence, _profile: ScoringProfile) -> HistoryValue | None:
    """Return what each engagement of the persona says for each candidate, in units of the signal's value."""
    found = evidence.histories.get("co_engagement")
    return None if found is None else relative(found)


CO_ENGAGEMENT = Signal(
    name="co_engagement",
    label="Co-engagement",
    meaning="Who engages with the same items engages with it too.",
    default_weight=0.0,
    colour="#8C6BB1",
    reads=("histories",),
    parameters=("co_engagement",),
    compute=from_history(over_history),
    over_history=over_history,
)
