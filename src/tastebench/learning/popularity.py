"""Popularity counters of a workspace: likes, and the velocity of engagement."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints
from tastebench.learning.decay import half_life_factor
from tastebench.learning.likes import Standing


@dataclass(frozen=True)
class Velocity:
    """Σ 0.5^(age ÷ half-life) of each item's engagements, ages counted from `reference`.

    Only ratios matter, so any reference will do as long as it is near the newest event.
    """

    values: Float
    reference: int

    @cached_property
    def shares(self) -> Float:
        """Each item's share of the highest velocity, in [0, 1]; NaN throughout where that is 0."""
        return _shares(self.values)


def like_counts(standing: Standing, rows: Ints, n: int) -> Ints:
    """Return how many personas like each of n items.

    Parameters
    ----------
    rows : int array
        Catalogue position of each entry of `standing`, -1 where the item is missing.
    """
    return np.bincount(rows[standing.likes & (rows >= 0)], minlength=n)


def recent_like_counts(standing: Standing, rows: Ints, n: int, since: int) -> Ints:
    """Return how many personas came to like each of n items after `since`, and still do."""
    return like_counts(standing.take(standing.at > since), rows[standing.at > since], n)


def like_shares(counts: Ints) -> Float:
    """Return each item's share of the largest like count, in [0, 1]; NaN throughout where that is 0."""
    return _shares(counts.astype(np.float64))


def velocity(rows: Ints, at: Ints, engaged: Bools, n: int, half_life_days: float, reference: int) -> Velocity:
    """Return the velocity of n items over all engagements (events of a positive weight).

    Parameters
    ----------
    rows : int array (m,)
        Catalogue position of each event's item, -1 where it is missing.
    """
    counted = engaged & (rows >= 0)
    left = half_life_factor(reference - at[counted], half_life_days)
    return Velocity(np.bincount(rows[counted], weights=left, minlength=n).astype(np.float64), reference)


def _shares(values: Float) -> Float:
    largest = values.max(initial=0.0)
    return values / largest if largest > 0 else np.full(len(values), np.nan)
