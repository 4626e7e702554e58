"""One scale for the bars of a list."""

from collections.abc import Iterable

from tastebench.domain.ranking import ScoredItem
from tastebench.ui.charts import Scale, bar_scale

_CELL = 0.055
"""Part of a bar's width that the cell of one signal without evidence takes, in the narrowest lists."""


def roomy_scale(items: Iterable[ScoredItem]) -> Scale:
    """Return the scale of these items' bars, with room after the longest for the cells of missing evidence."""
    shown = list(items)
    low, high = bar_scale(item.contributions for item in shown)
    silent = max((sum(value is None for value in item.signals.values()) for item in shown), default=0)
    return low, high + silent * _CELL * (high - low) / (1 - silent * _CELL)
