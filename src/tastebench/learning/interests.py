"""Interests: the persona's tags with their confidences, and how much of an item they cover."""

from collections.abc import Mapping, Sequence

import numpy as np

from tastebench.domain.columns import Float, TagColumn
from tastebench.domain.preferences import PreferenceSettings
from tastebench.learning.preferences import Learned


def stated(interests: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Return stated tags by facet, each with confidence 1."""
    return {facet: dict.fromkeys(tags, 1.0) for facet, tags in interests.items() if tags}


def learned(found: Learned, now: int, settings: PreferenceSettings) -> dict[str, dict[str, float]]:
    """Return the established tags by facet, each with its confidence at `now`."""
    confidences = found.as_of(now, settings)
    tags: dict[str, dict[str, float]] = {}
    for row in np.flatnonzero(found.established(now, settings)).tolist():
        name = found.vocabulary.name(int(found.codes[row]))
        tags.setdefault(name.key, {})[name.value] = float(confidences[row])
    return tags


def together(*sides: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the tags of all sides by facet, the larger confidence of each; upper and lower case are alike.

    Examples
    --------
    >>> together({"genres": {"Noir": 1.0}}, {"genres": {"noir": 0.6, "crime": 0.4}})
    {'genres': {'Noir': 1.0, 'crime': 0.4}}
    """
    joined: dict[str, dict[str, tuple[str, float]]] = {}
    for facet, tags in (one for side in sides for one in side.items()):
        mine = joined.setdefault(facet, {})
        for tag, confidence in tags.items():
            name, before = mine.get(tag.casefold(), (tag, 0.0))
            mine[tag.casefold()] = (name, max(before, confidence))
    return {facet: dict(tags.values()) for facet, tags in joined.items()}


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
