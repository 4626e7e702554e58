"""What a signal is."""

from collections.abc import Callable
from dataclasses import dataclass

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile


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
        Raw weight where a profile gives none.
    colour : str
        Its fixed colour, the same in light and dark.
    reads : tuple of str
        The Evidence columns it reads.
    parameters : tuple of str
        The profile fields it reads, such as ``"behaviour.creator_cap"``.
    compute : callable
        Candidates to one number in [-1, 1] each, NaN for "no evidence".
    """

    name: str
    label: str
    meaning: str
    default_weight: float
    colour: str
    reads: tuple[str, ...]
    parameters: tuple[str, ...]
    compute: Callable[[Evidence, ScoringProfile], Float]
