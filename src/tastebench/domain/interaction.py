"""Interactions: what personas did, and what counts as liking."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from pydantic import ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass

from tastebench.domain import text
from tastebench.domain.moments import as_utc
from tastebench.domain.persona import Origin

TargetKind: TypeAlias = Literal["item", "creator", "list", "comment", "suggestion", "view", "preference"]

ACTION_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "view": 1.0,
        "click": 1.5,
        "like": 2.5,
        "favorite": 2.5,
        "add_to_cart": 3.0,
        "purchase": 5.0,
        "dislike": -2.0,
        "follow": 2.0,
    }
)
"""Default signed weight of each action in the taste vector; a workspace may change or add to them."""

LIKED_ACTIONS = frozenset({"like", "favorite", "purchase"})
LIKED_WEIGHT = 0.5
"""An explicit weight at or above this is a like; at or below its negative, a dislike."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class Interaction:
    """Something a persona did.

    Parameters
    ----------
    target : str
        The item's id, or what `target_kind` says.
    action : str
        One of the workspace's actions.
    at : datetime, optional
        Naive times are UTC; the moment of recording when missing.
    weight : float, optional
        Signed, in [-1, 1]; replaces the action's weight as w × the largest action weight.
    origin : {"authored", "imported", "simulated"}
    impression : str, optional
        The shown ranking this answers.
    """

    target: str
    action: str
    at: datetime | None = None
    weight: float | None = Field(default=None, ge=-1, le=1)
    origin: Origin = "authored"
    target_kind: TargetKind = "item"
    impression: str | None = None

    @field_validator("target")
    @classmethod
    def _check_target(cls, value: str) -> str:
        return text.checked(value, "the target", text.ID_LIMIT, required=True)

    @field_validator("action")
    @classmethod
    def _check_action(cls, value: str) -> str:
        return text.checked(value, "the action", 50, required=True)

    @field_validator("at")
    @classmethod
    def _check_at(cls, value: datetime | None) -> datetime | None:
        return None if value is None else as_utc(value)


def is_liked(action: str, weight: float | None) -> bool:
    """Tell whether one interaction is a like: like, favorite, purchase, or an explicit weight of at least .5.

    A negative explicit weight overrules the action.

    Examples
    --------
    >>> is_liked("purchase", None), is_liked("view", 0.5), is_liked("like", -0.4)
    (True, True, False)
    """
    if weight is not None and (weight >= LIKED_WEIGHT or weight < 0):
        return weight > 0
    return action in LIKED_ACTIONS


def is_disliked(action: str, weight: float | None) -> bool:
    """Tell whether one interaction is a dislike: the action, or an explicit weight of at most -.5.

    Examples
    --------
    >>> is_disliked("dislike", None), is_disliked("view", -0.5), is_disliked("view", None)
    (True, True, False)
    """
    return weight <= -LIKED_WEIGHT if weight is not None else action == "dislike"
