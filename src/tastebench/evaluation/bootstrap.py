"""Intervals: how sure a mean over personas is."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tastebench.domain.columns import Float

RESAMPLES = 2000
LEVEL = 0.95

Estimate: TypeAlias = tuple[float, float, float]
"""A mean with the low and the high end of its 95 % interval; NaN where nothing is known."""


@dataclass(frozen=True)
class Means:
    """Means over personas with percentile bootstrap intervals of 95 %, one per column; NaN where nothing is known.

    Parameters
    ----------
    mean, low, high : float array (m,)
    """

    mean: Float
    low: Float
    high: Float

    def __getitem__(self, column: int) -> Estimate:
        return float(self.mean[column]), float(self.low[column]), float(self.high[column])


def bootstrapped(values: Float, seed: int, resamples: int = RESAMPLES) -> Means:
    """Return each column's mean with the interval that drawing personas anew gives it.

    All columns are drawn for together, so that differences of columns are paired. SciPy's `bootstrap` gives the same
    intervals for one column in about the time that this takes for a hundred: a drawing is a row of counts, and all
    means one matrix product.

    Parameters
    ----------
    values : float array (n, m)
        One row per persona; NaN drops out of its column's mean.

    References
    ----------
    Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13.

    Examples
    --------
    Where all personas agree nothing varies.

    >>> bootstrapped(np.array([[0.25], [0.25], [0.25]]), seed=1)[0]
    (0.25, 0.25, 0.25)
    """
    personas = len(values)
    if not personas:
        nothing = np.full(values.shape[1], np.nan)
        return Means(nothing, nothing, nothing)
    drawn = np.random.default_rng(seed).multinomial(personas, np.full(personas, 1.0 / personas), size=resamples)
    means = _weighted_means(drawn.astype(np.float64), values)
    known = ~np.isnan(means).all(axis=0)
    edges = np.full((2, values.shape[1]), np.nan)
    edges[:, known] = np.nanquantile(means[:, known], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    mean = _weighted_means(np.ones((1, personas)), values)[0]
    # Summed in another order, a mean that doesn't vary may miss its own interval by a rounding.
    return Means(mean, np.minimum(edges[0], mean), np.maximum(edges[1], mean))


def _weighted_means(weights: Float, values: Float) -> Float:
    known = ~np.isnan(values)
    totals = weights @ known
    means: Float = np.divide(
        weights @ np.nan_to_num(values), totals, out=np.full(totals.shape, np.nan), where=totals > 0
    )
    return means
