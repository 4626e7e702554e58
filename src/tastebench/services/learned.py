"""What services answer with about preferences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tastebench.domain.preferences import Category, PreferenceName

AGREEMENT = 1e-9
"""So far apart may two ways of learning the same end up."""


@dataclass(frozen=True)
class LearnedPreference:
    """A preference as of a moment.

    Parameters
    ----------
    category, key, value : str
        Such as taste, genres, noir.
    confidence : float
        In [0, 1], faded until that moment.
    state : {"established", "tracked"}
        Only established ones count; pinned ones always do.
    count : int
        Pieces of evidence, contrary ones included.
    last_seen : datetime
        When the last of these happened.
    pinned : bool
        Held where it is by an operator.
    stated : bool
        The persona states it too, so that it counts with confidence 1.
    """

    category: Category
    key: str
    value: str
    confidence: float
    state: Literal["established", "tracked"]
    count: int
    last_seen: datetime
    pinned: bool
    stated: bool

    @property
    def name(self) -> PreferenceName:
        """What it is for."""
        return PreferenceName(self.category, self.key, self.value)


@dataclass(frozen=True)
class EvidencePoint:
    """Something that moved a confidence.

    Parameters
    ----------
    action : str
        An action, an edit (pin, unpin, correct, forget), or snapshot: what removed interactions had come to.
    item_id, title : str
        What it was done with; empty where nothing but the preference itself.
    says : float
        Its confidence in the preference, in [0, 1]; of an edit what it set.
    before, after : float
    """

    at: datetime
    action: str
    item_id: str
    title: str
    says: float
    before: float
    after: float


@dataclass(frozen=True)
class PreferenceHistory:
    """A preference over time: what moved it, and the whole curve until a moment, fading included."""

    name: PreferenceName
    points: tuple[EvidencePoint, ...]
    curve: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True)
class Recomputation:
    """What learning everything anew came to.

    Parameters
    ----------
    preferences, established : int
        Tracked ones of all personas, and how many of them count.
    difference : float
        Largest distance of a confidence from the one that lists went by.
    """

    personas: int
    interactions: int
    preferences: int
    established: int
    difference: float
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether lists went by what comes out anew."""
        return self.difference <= AGREEMENT
