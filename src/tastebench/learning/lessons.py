"""Lessons: what can be learned from an item, or from the moment something happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from tastebench.domain.columns import CatalogueColumns, Float, Ints, TagColumn
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import (
    CREATOR,
    PRICE,
    TIME_OF_DAY,
    TIMES_OF_DAY,
    WEEKDAY,
    WEEKDAYS,
    Category,
    PreferenceSettings,
)

Part: TypeAlias = Literal["tags", "creator", "price", "moment"]
"""What of an interaction teaches it: a switch of `Teaching`."""

_PRICE_ATTRIBUTES = ("price", "unit_price")
_THURSDAY = WEEKDAYS.index("Thursday")
"""Weekday of the first day of 1970."""


@dataclass(frozen=True)
class Lesson:
    """One key of preferences, and which of its values each item carries.

    Parameters
    ----------
    values : TagColumn
        By catalogue row. For `moment` its names alone count: `of_moments` says which one holds when.
    """

    category: Category
    key: str
    part: Part
    values: TagColumn

    def taught(self, rows: Ints, at: Ints) -> TagColumn:
        """Return what events teach, which happened at `at` with the items at these catalogue rows."""
        return of_moments(self.key, at) if self.part == "moment" else self.values.take(rows)


def tag_lessons(catalogue: CatalogueColumns, facets: Sequence[str], settings: PreferenceSettings) -> list[Lesson]:
    """Return what feeds the list: a lesson for each facet, if taste is learned at all."""
    if "taste" not in settings.categories:
        return []
    return [Lesson("taste", facet, "tags", catalogue.facets[facet]) for facet in facets if facet in catalogue.facets]


def all_lessons(catalogue: CatalogueColumns, facets: Sequence[str], settings: PreferenceSettings) -> list[Lesson]:
    """Return everything that interactions with items teach under these settings."""
    lessons = tag_lessons(catalogue, facets, settings)
    if "taste" in settings.categories:
        lessons.append(Lesson("taste", CREATOR, "creator", _one_each(catalogue.creator_names, catalogue.creators)))
        if (prices := _prices(catalogue, settings)) is not None:
            lessons.append(Lesson("taste", PRICE, "price", price_bands(prices)))
    if "notification" in settings.categories and any(one.moment for one in settings.teaches.values()):
        nothing = np.zeros(0, dtype=np.int64)
        lessons += [
            Lesson("notification", key, "moment", _one_each(names, nothing))
            for key, names in ((WEEKDAY, WEEKDAYS), (TIME_OF_DAY, TIMES_OF_DAY))
        ]
    taken = set(facets)
    return [lesson for lesson in lessons if lesson.part == "tags" or lesson.key not in taken]


def of_moments(key: str, at: Ints) -> TagColumn:
    """Return the weekday or the time of day of each moment (UTC).

    Examples
    --------
    >>> of_moments("weekday", np.array([0])).tags_of(0), of_moments("time of day", np.array([0])).tags_of(0)
    (('Thursday',), ('night',))
    """
    days, rest = np.divmod(at, MICROSECONDS_PER_DAY)
    if key == WEEKDAY:
        return _one_each(WEEKDAYS, (days + _THURSDAY) % len(WEEKDAYS))
    return _one_each(TIMES_OF_DAY, rest * len(TIMES_OF_DAY) // MICROSECONDS_PER_DAY)


def price_bands(prices: Float) -> TagColumn:
    """Return which quarter of the catalogue's prices each item is in, named by its bounds; NaN is in none.

    Examples
    --------
    >>> bands = price_bands(np.array([1.0, 2.0, 3.0, 4.0, np.nan]))
    >>> bands.names, bands.tags_of(1), bands.tags_of(4)
    (('up to 1.75', '1.75 to 2.5', '2.5 to 3.25', 'over 3.25'), ('1.75 to 2.5',), ())
    """
    known = prices[np.isfinite(prices)]
    edges = np.unique(np.quantile(known, [0.25, 0.5, 0.75])) if len(known) else np.zeros(0)
    shown = [f"{edge:.10g}" for edge in edges]
    middle = [f"{low} to {high}" for low, high in pairwise(shown)]
    names = (f"up to {shown[0]}", *middle, f"over {shown[-1]}") if shown else ()
    return _one_each(names, np.where(np.isfinite(prices), np.searchsorted(edges, prices), -1))


def _prices(catalogue: CatalogueColumns, settings: PreferenceSettings) -> Float | None:
    names = (settings.price_attribute,) if settings.price_attribute else _PRICE_ATTRIBUTES
    return next((catalogue.attributes[name] for name in names if name in catalogue.attributes), None)


def _one_each(names: tuple[str, ...], codes: Ints) -> TagColumn:
    """Return a column of at most one tag each; none where the code is negative."""
    there = codes >= 0
    return TagColumn(names, codes[there], np.concatenate([[0], np.cumsum(there)]).astype(np.int64))
