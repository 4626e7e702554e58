"""Measuring: lists to numbers, one per persona and metric, and those that only all lists together have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints
from tastebench.evaluation import metrics
from tastebench.evaluation.world import World

Better: TypeAlias = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Judge:
    """What lists are measured against.

    Parameters
    ----------
    world : World
    """

    world: World

    @cached_property
    def items(self) -> int:
        """How many items could be shown at all."""
        return int(np.count_nonzero(self.world.training.catalogue.available))

    @cached_property
    def percentiles(self) -> Float:
        """Each item's place by likes in the training, in [0, 1]: the share of the items with fewer, equals halved."""
        counts = self.world.training.like_counts
        ordered = np.sort(counts)
        below, upto = np.searchsorted(ordered, counts, "left"), np.searchsorted(ordered, counts, "right")
        return np.asarray((below + upto) / (2 * max(len(counts), 1)))

    @cached_property
    def bits(self) -> Float:
        """Each item's novelty, from how many personas have met it in the training."""
        training = self.world.training
        met = training.item_rows >= 0
        pairs = np.unique(np.stack([training.log.personas[met], training.item_rows[met]]), axis=1)
        known_by = np.bincount(pairs[1], minlength=len(training.catalogue))
        return metrics.self_information(known_by, len(np.unique(training.log.personas)))

    @cached_property
    def wanted_count(self) -> Ints:
        """How many items are to be found, shape (p,)."""
        return np.diff(self.world.split.starts)

    @cached_property
    def _wanted(self) -> Ints:
        """Persona and item to be found as one number, ascending."""
        rows = [self.world.wanted_rows(row) for row in range(len(self.world))]
        return np.sort(self.world.split.owners * self._size + np.concatenate([np.zeros(0, dtype=np.int64), *rows]))

    @cached_property
    def wanted_popularity(self) -> Float:
        """Mean percentile of what each persona is to find, shape (p,)."""
        sums = np.bincount(
            self._wanted // self._size, weights=self.percentiles[self._wanted % self._size], minlength=len(self.world)
        )
        return np.asarray(sums / self.wanted_count)

    @property
    def _size(self) -> int:
        return max(len(self.world.training.catalogue), 1)

    def hits(self, rows: Ints) -> Bools:
        """Tell which places of the lists (p, k) hold something to be found."""
        owned = np.arange(len(rows))[:, None] * self._size + rows
        return np.asarray(np.isin(owned, self._wanted) & (rows >= 0))


@dataclass(frozen=True)
class Metric:
    """One number per list.

    Parameters
    ----------
    name, label, meaning : str
    better : {"higher", "lower", "neither"}
    compute : callable
        Judge, lists (p, k) and their hits (p, k) to one number per list, NaN where a list has none.
    """

    name: str
    label: str
    meaning: str
    better: Better
    compute: Callable[[Judge, Ints, Bools], Float]


@dataclass(frozen=True)
class Total:
    """One number of all lists together, from the lists and how many items could be shown."""

    name: str
    label: str
    meaning: str
    better: Better
    compute: Callable[[Ints, int], float]


def _of_hits(measure: Callable[[Bools, Ints], Float]) -> Callable[[Judge, Ints, Bools], Float]:
    return lambda judge, _rows, hits: measure(hits, judge.wanted_count)


def _diversity(judge: Judge, rows: Ints, _hits: Bools) -> Float:
    return metrics.intra_list_diversity(rows, judge.world.training.catalogue.vectors)


def _novelty(judge: Judge, rows: Ints, _hits: Bools) -> Float:
    return metrics.list_mean(rows, judge.bits)


def _popularity_bias(judge: Judge, rows: Ints, _hits: Bools) -> Float:
    """Return how much more popular a list is than what its persona went on to like, in percentiles, in [-1, 1]."""
    return metrics.list_mean(rows, judge.percentiles) - judge.wanted_popularity


_METRICS = (
    Metric("ndcg", "NDCG", "How near the top what was held out stands.", "higher", _of_hits(metrics.ndcg)),
    Metric("recall", "Recall", "Share of what was held out that is found.", "higher", _of_hits(metrics.recall)),
    Metric("precision", "Precision", "Share of the places that hold a find.", "higher", _of_hits(metrics.precision)),
    Metric("mrr", "MRR", "1 ÷ the place of the first find.", "higher", _of_hits(metrics.reciprocal_rank)),
    Metric("hit_rate", "Hit rate", "Share of the lists with any find.", "higher", _of_hits(metrics.hit_rate)),
    Metric("map", "MAP", "Precision at each find, of all held out.", "higher", _of_hits(metrics.average_precision)),
    Metric("diversity", "Diversity", "How unlike a list's items are: mean 1 − cosine.", "neither", _diversity),
    Metric("novelty", "Novelty", "How few know the items shown, in bits.", "neither", _novelty),
    Metric(
        "popularity_bias",
        "Popularity bias",
        "How far lists stand above what was held out in popularity, in percentiles; 0 is none.",
        "lower",
        _popularity_bias,
    ),
)
METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _METRICS})
"""Every metric per list by name, in the order of the tables."""

_TOTALS = (
    Total("coverage", "Coverage", "Share of the items that stand on any list.", "higher", metrics.coverage),
    Total("gini", "Gini", "How unevenly items are shown: 0 alike, 1 only one.", "lower", metrics.gini),
)
TOTALS: Mapping[str, Total] = MappingProxyType({total.name: total for total in _TOTALS})
"""Every metric of all lists together by name."""


def measured(judge: Judge, rows: Ints) -> tuple[Float, Float]:
    """Return the metrics of these lists, shape (metrics, p), and the totals, shape (totals,), in registry order."""
    hits = judge.hits(rows)
    values = np.stack([metric.compute(judge, rows, hits) for metric in METRICS.values()])
    return values, np.array([total.compute(rows, judge.items) for total in TOTALS.values()])
