"""Co-engagement: what those engage with who engage with the same items."""

from tastebench.domain.evidence import Evidence, HistoryValue
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal, from_history, relative


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
