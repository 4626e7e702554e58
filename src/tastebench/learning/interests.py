"""Interests: the persona's tags with their confidences, and how much of an item they cover."""

from collections.abc import Mapping, Sequence

import numpy as np

from tastebench.domain.columns import Float, TagColumn


def stated(interests: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Return stated tags by facet, each with confidence 1."""
    return {facet: dict.fromkeys(tags, 1.0) for facet, tags in interests.items() if tags}


def overlap(column: TagColumn, confidences: Mapping[str, float]) -> Float:
    """Return Σ confidence of the persona's tags found on each item ÷ number of the item's tags, in [0, 1].

    NaN where the item has no tag in this facet, or the persona none. Upper and lower case are alike.

    Examples
    --------
    Item 0 is noir and crime, item 1 western, item 2 has no genre.

    >>> genres = TagColumn(("noir", "crime", "western"), np.array([0, 1, 2]), np.array([0, 2, 3, 3]))
    >>> overlap(genres, {"Noir": 1.0}).tolist()
    [0.5, 0.0, nan]
    """
    if not confidences:
        return np.full(len(column.counts), np.nan)
    folded = {tag.casefold(): confidence for tag, confidence in confidences.items()}
    values = np.array([folded.get(name.casefold(), 0.0) for name in column.names], dtype=np.float64)
    found = column.row_sums(values)
    share: Float = np.divide(found, column.counts, out=np.full(len(found), np.nan), where=column.counts > 0)
    return share
