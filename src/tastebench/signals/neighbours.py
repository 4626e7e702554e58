"""Neighbours: closeness to single items that the persona liked, not to their mean."""

from dataclasses import replace

import numpy as np

from tastebench.domain.columns import Float, Vectors
from tastebench.domain.evidence import Evidence, HistoryValue
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal, from_history


def sharpened(cosines: Float | Vectors, sharpness: float) -> Float:
    """Return cosines to a power, signs kept: one close neighbour then says more than many that are half as close.

    Examples
    --------
    >>> sharpened(np.array([1.0, 0.5, -0.5, np.nan]), 3.0).tolist()
    [1.0, 0.125, -0.125, nan]
    """
    return np.asarray(np.sign(cosines) * np.abs(cosines) ** sharpness, dtype=np.float64)


def over_history(evidence: Evidence, profile: ScoringProfile) -> HistoryValue | None:
    """Return what each recently liked item says for each candidate: its share × the sharpened cosine."""
    found = evidence.histories.get("neighbours")
    return None if found is None else replace(found, links=sharpened(found.links, profile.neighbours.sharpness))


NEIGHBOURS = Signal(
    name="neighbours",
    label="Neighbours",
    meaning="The item's text is close to single items that this persona liked lately.",
    default_weight=0.0,
    colour="#4DAFAF",
    reads=("histories",),
    parameters=("neighbours",),
    compute=from_history(over_history),
    over_history=over_history,
)
