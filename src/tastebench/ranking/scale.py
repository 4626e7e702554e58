"""Scale: what a weight multiplies, a signal's value as it is or what it differs from the candidates' mean."""

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.ranking import Scale

RAW = Scale(0.0, 1.0)
"""Leaves every value as it is."""

LEAST_DEVIATION = 1e-9
"""A smaller deviation is noise of the arithmetic and counts as 0."""


def standard(values: Float) -> Scale:
    """Return mean and standard deviation of the values that are known.

    Examples
    --------
    >>> standard(np.array([0.25, 0.75, np.nan]))
    Scale(mean=0.5, deviation=0.25)
    >>> standard(np.array([0.5, 0.5])), standard(np.array([np.nan]))
    (Scale(mean=0.5, deviation=0.0), Scale(mean=0.0, deviation=0.0))
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return Scale(0.0, 0.0)
    deviation = float(known.std())
    return Scale(float(known.mean()), deviation if deviation >= LEAST_DEVIATION else 0.0)


def scaled(values: Float, scale: Scale) -> Float:
    """Return what a share is multiplied with: (value − mean) ÷ deviation; 0 for no evidence and a deviation of 0.

    Examples
    --------
    >>> scaled(np.array([0.25, 0.75, np.nan]), Scale(0.5, 0.25)).tolist()
    [-1.0, 1.0, 0.0]
    >>> scaled(np.array([0.2, np.nan]), RAW).tolist()
    [0.2, 0.0]
    """
    if not scale.deviation:
        return np.zeros(len(values))
    return np.nan_to_num((values - scale.mean) / scale.deviation)
