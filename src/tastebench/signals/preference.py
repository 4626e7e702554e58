"""Preference: overlap of the persona's tags with the item's."""

from collections.abc import Mapping

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.signals.base import Signal, mean_of_known


def weighted_overlap(overlaps: Mapping[str, Float], weights: Mapping[str, float]) -> Float:
    """Return Σ α_f · overlap_f, α renormalised over the facets that have a value; NaN where none has.

    Parameters
    ----------
    overlaps : mapping of str to float array (n,)
        Facet to overlap in [0, 1], NaN where item or persona lacks the facet. At least one facet.
    weights : mapping of str to float
        Raw facet weights; an empty mapping weighs all alike, a missing facet counts 0.

    Examples
    --------
    >>> genres, themes = np.array([0.5, 0.5, np.nan]), np.array([0.0, np.nan, np.nan])
    >>> weighted_overlap({"genres": genres, "themes": themes}, {"genres": 3, "themes": 1}).tolist()
    [0.375, 0.5, nan]
    """
    raw = [weights.get(facet, 0.0) if weights else 1.0 for facet in overlaps]
    return mean_of_known(np.vstack(list(overlaps.values())), np.array(raw))


def compute(evidence: Evidence, profile: ScoringProfile) -> Float:
    """Return each candidate's weighted tag overlap, in [0, 1]; NaN where item and persona share no facet."""
    if not evidence.overlaps:
        return np.full(len(evidence), np.nan)
    return weighted_overlap(evidence.overlaps, profile.facet_weights)


PREFERENCE = Signal(
    name="preference",
    label="Preference",
    meaning="The item's tags are among the persona's interests.",
    default_weight=0.25,
    colour="#009E73",
    reads=("overlaps",),
    parameters=("facet_weights",),
    compute=compute,
)
