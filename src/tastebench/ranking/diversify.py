"""Diversity: an additive line that keeps a list from repeating itself."""

import numpy as np

from tastebench.domain.columns import Float, Ints, TagColumn, Vectors
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import DiversitySettings


def diversity_line(evidence: Evidence, base: Float, order: Ints, settings: DiversitySettings) -> Float:
    """Return each candidate's `diversity` line, at most 0; zeros for the method ``none`` and for strength 0.

    Parameters
    ----------
    base : float array (n,)
        Scores before this stage.
    order : int array (n,)
        Rows in base order.
    """
    if settings.method == "none" or settings.strength == 0 or not len(order):
        return np.zeros(len(order))
    if settings.method == "mmr":
        return _in_rows(order, mmr(evidence.vectors[order], base[order], settings.mmr_lambda))
    repeats = repeats_above(evidence.categories.take(order))
    return _in_rows(order, 0.0 - settings.strength * np.minimum(repeats, settings.cap))  # 0.0 -: never a minus zero


def repeats_above(categories: TagColumn) -> Ints:
    """Return for each place how often its tags occurred on the places above it, summed over its tags.

    Examples
    --------
    noir; noir and crime; crime; noir.

    >>> column = TagColumn(("noir", "crime"), np.array([0, 0, 1, 1, 0]), np.array([0, 1, 3, 4, 5]))
    >>> repeats_above(column).tolist()
    [0, 1, 1, 2]
    """
    by_tag = np.argsort(categories.codes, kind="stable")
    sorted_codes = categories.codes[by_tag]
    first_of_tag = np.searchsorted(sorted_codes, sorted_codes)
    earlier = np.empty(len(by_tag), dtype=np.int64)
    earlier[by_tag] = np.arange(len(by_tag)) - first_of_tag
    places = np.repeat(np.arange(len(categories.counts)), categories.counts)
    return np.bincount(places, weights=earlier, minlength=len(categories.counts)).astype(np.int64)


def mmr(vectors: Vectors, base: Float, relevance: float) -> Float:
    """Return the line that turns a score b into λ·b − (1 − λ)·(largest cosine to any place above), λ = `relevance`.

    Places are chosen greedily, and each choice's value is at most the one before, so sorting by score gives them back.

    Parameters
    ----------
    vectors : float32 array (n, d)
        Unit rows.

    References
    ----------
    Carbonell and Goldstein (1998), The use of MMR, diversity-based reranking.

    Examples
    --------
    The second is a copy of the first; the third is unlike both and overtakes it.

    >>> line = mmr(np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32), np.array([0.9, 0.8, 0.5]), 0.5)
    >>> (np.array([0.9, 0.8, 0.5]) + line).round(6).tolist()
    [0.45, -0.1, 0.25]
    """
    cosines = vectors.astype(np.float64) @ vectors.T
    closest = np.zeros(len(base))
    line, left = np.zeros(len(base)), np.ones(len(base), dtype=np.bool_)
    for _ in range(len(base)):
        values = np.where(left, relevance * base - (1.0 - relevance) * closest, -np.inf)
        chosen = int(values.argmax())
        line[chosen] = values[chosen] - base[chosen]
        left[chosen] = False
        closest = np.maximum(closest, cosines[chosen])
    return line


def _in_rows(order: Ints, values: Float) -> Float:
    rows = np.empty(len(order))
    rows[order] = values
    return rows
