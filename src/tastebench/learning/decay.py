"""Decay: how much of an event is left."""

import numpy as np

from tastebench.domain.columns import Float, Ints
from tastebench.domain.moments import MICROSECONDS_PER_DAY


def half_life_factor(age: Ints | Float, half_life_days: float) -> Float:
    """Return 0.5^(age ÷ half-life), ages in microseconds.

    Examples
    --------
    Of an event a week old, half is left at a half-life of seven days.

    >>> half_life_factor(np.array([0, 7, 14]) * MICROSECONDS_PER_DAY, 7.0).tolist()
    [1.0, 0.5, 0.25]
    """
    return np.exp2(-np.asarray(age, dtype=np.float64) / (half_life_days * MICROSECONDS_PER_DAY))
