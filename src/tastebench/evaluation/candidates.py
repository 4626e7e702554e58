"""Candidates of a weight search: what is searched for, and what was tried."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from tastebench.domain.columns import Bools, Float, Ints
from tastebench.domain.profile import ScoringProfile

Objective: TypeAlias = Literal["ndcg", "recall", "mrr", "map", "hit_rate"]
POPULATION = 64
"""Fewest weight vectors of a search: one generation."""


class SearchSettings(BaseModel):
    """What is searched for.

    Parameters
    ----------
    objective : str
    signals : tuple of str
        Which may have weight; all of them where none is named.
    vectors : int
        Weight vectors tried for each setting of the axes.
    axes : mapping of str to tuple
        Profile field, such as ``"taste.half_life_days"``, to the values to be tried beside the profile's own. One axis
        after the other is gone through; the best value is kept.
    least_coverage : float, optional
        Share of the items that must stand on some list.
    most_popularity_bias : float, optional
        What the mean popularity bias may be at most, in percentiles as a share.
    seed : int
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    objective: Objective = "ndcg"
    signals: tuple[str, ...] = ()
    vectors: Annotated[int, Field(ge=POPULATION, le=1_000_000)] = 2000
    axes: Mapping[str, tuple[float | str, ...]] = Field(default_factory=dict)
    least_coverage: Annotated[float, Field(ge=0, le=1)] | None = None
    most_popularity_bias: Annotated[float, Field(ge=-1, le=1)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0


@dataclass(frozen=True)
class Candidates:
    """Weight vectors that were tried, the best first; those that break a constraint come last.

    Parameters
    ----------
    names : tuple of str
        Signals, in the order of the columns of `shares`.
    profiles : tuple of ScoringProfile
        The settings of the axes that were tried; their weights count for nothing.
    variants : int array (n,)
        Which of the profiles each candidate is of.
    shares : float array (n, s)
    objective, coverage, popularity_bias : float array (n,)
        Over all lists.
    allowed : bool array (n,)
        Whether it keeps to the constraints.
    """

    names: tuple[str, ...]
    profiles: tuple[ScoringProfile, ...]
    variants: Ints
    shares: Float
    objective: Float
    coverage: Float
    popularity_bias: Float
    allowed: Bools

    def __len__(self) -> int:
        return len(self.variants)

    def profile(self, number: int) -> ScoringProfile:
        """Return a candidate as a profile."""
        weights = dict(zip(self.names, self.shares[number].tolist(), strict=True))
        return self.profiles[int(self.variants[number])].model_copy(update={"weights": weights})

    @property
    def best(self) -> int | None:
        """Number of the best candidate that keeps to the constraints; None where none does."""
        return 0 if len(self) and self.allowed[0] else None

    def take(self, rows: Ints) -> "Candidates":
        """Return just these, in this order."""
        columns = ("variants", "shares", "objective", "coverage", "popularity_bias", "allowed")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})
