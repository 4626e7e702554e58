"""Preferences: what they are called, what teaches them, and how a workspace wants them learned."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput

Category: TypeAlias = Literal["taste", "query", "data", "presentation", "notification"]
EditKind: TypeAlias = Literal["pin", "unpin", "correct", "forget"]
Updates: TypeAlias = Literal["real time", "batch", "hybrid"]

CATEGORIES: tuple[Category, ...] = get_args(Category)
EDIT_KINDS: tuple[EditKind, ...] = get_args(EditKind)

CHOOSE, REFINE = "choose", "refine"
"""Actions with a preference itself: it was chosen in so many words; the search was refined away from it."""

SNAPSHOT = "snapshot"
"""What is kept of evidence that is no longer held: like an edit, it sets the confidence."""

DECAYS: Mapping[str, float] = MappingProxyType({"slow": 0.98, "fast": 0.95})
"""What a day leaves of a confidence, by preset."""

CREATOR, PRICE, WEEKDAY, TIME_OF_DAY = "creator", "price", "weekday", "time of day"
"""Keys beside the workspace's facets. A facet of such a name takes its place."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIMES_OF_DAY = ("night", "morning", "afternoon", "evening")
"""Six hours each, from midnight UTC on."""


class PreferenceName(NamedTuple):
    """What a preference is for, such as taste: genres = noir.

    Parameters
    ----------
    key : str
        A facet, ``creator``, ``price`` …; for choices whatever was chosen, such as ``chart``.
    """

    category: Category
    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.category}:{self.key}={self.value}"

    @classmethod
    def read(cls, written: str) -> Self | None:
        """Return the preference that `written` names; None where it names none.

        Examples
        --------
        >>> PreferenceName.read("presentation:chart=bar")
        PreferenceName(category='presentation', key='chart', value='bar')
        >>> PreferenceName.read("a comment") is None
        True
        """
        category, colon, rest = written.partition(":")
        key, equals, value = rest.partition("=")
        known = next((one for one in CATEGORIES if one == category), None)
        return cls(known, key, value) if known and colon and equals and key and value else None

    @classmethod
    def checked(cls, category: str, key: str, value: str) -> Self:
        """Return the name, cleaned. Raises `InvalidInput` where a part of it cannot be used."""
        known = next((one for one in CATEGORIES if one == category), None)
        if known is None:
            raise InvalidInput(f"There is no category {category!r}.", f"Choose one of {', '.join(CATEGORIES)}.")
        cleaned = text.checked(key, "the preference's key", text.TAG_LIMIT, required=True)
        if "=" in cleaned:
            raise InvalidInput("The preference's key holds an equals sign.", "Choose another key.")
        # A creator's name may be longer than a tag, but no longer than an item's id.
        return cls(known, cleaned, text.checked(value, "the preference's value", text.ID_LIMIT, required=True))


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Teaching(_Section):
    """What one action teaches, and how surely.

    Parameters
    ----------
    confidence : float
        s, in [0, 1]; 0 is contrary evidence. An explicit weight on an interaction takes its place, negative ones as 0.
    tags, creator, price, moment : bool
        What of the item is learned; `moment` is the weekday and the time of day it happened.
    """

    confidence: float = Field(ge=0, le=1)
    tags: bool = True
    creator: bool = True
    price: bool = True
    moment: bool = False


def _default_lessons() -> dict[str, Teaching]:
    surely = {
        "view": 0.1, "click": 0.2, "add_to_cart": 0.6, "like": 0.8, "favorite": 0.8, "purchase": 1.0, "follow": 1.0,
        CHOOSE: 1.0, "dislike": 0.0, REFINE: 0.0,
    }  # fmt: skip
    return {action: Teaching(confidence=confidence) for action, confidence in surely.items()}


class PreferenceSettings(_Section):
    """How preferences are learned.

    Parameters
    ----------
    teaches : mapping of str to Teaching
        By action; one that is missing teaches nothing.
    learning_rate : float
        r in c ← (1 − r)·c·δ^days + r·s.
    daily_decay : float
        δ: what a day leaves of a confidence.
    established, tracked : float
        From the first confidence on a preference counts; under the second it is gone.
    history_limit : int
        So many of a persona's newest interactions, by event time, are learned from.
    categories : tuple of str
        Those that are learned.
    price_attribute : str
        The numeric attribute whose quarters are the price bands; empty: ``price``, else ``unit_price``.
    updates : {"real time", "batch", "hybrid"}
        When an interaction is learned from: at once; with the next recomputation; at once, and a recomputation checks.
    """

    teaches: Mapping[str, Teaching] = Field(default_factory=_default_lessons, max_length=100)
    learning_rate: float = Field(default=0.1, ge=0.001, le=0.9)
    daily_decay: float = Field(default=DECAYS["slow"], ge=0.01, le=1)
    established: float = Field(default=0.3, gt=0, le=1)
    tracked: float = Field(default=0.01, ge=0, lt=1)
    history_limit: int = Field(default=1000, ge=1, le=100_000)
    categories: tuple[Category, ...] = CATEGORIES
    price_attribute: str = Field(default="", max_length=text.TAG_LIMIT)
    updates: Updates = "real time"

    @field_validator("teaches")
    @classmethod
    def _check_actions(cls, teaches: Mapping[str, Teaching]) -> dict[str, Teaching]:
        return {text.checked(name, "an action's name", 50, required=True): one for name, one in teaches.items()}

    @model_validator(mode="after")
    def _tracked_before_established(self) -> Self:
        if self.tracked >= self.established:
            raise ValueError("the threshold of tracking must lie under that of being established")
        return self
