"""The report of an evaluation: what every list of every method came to, and the tables read from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from tastebench.domain.columns import Bools, Float, Ints
from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.bootstrap import Estimate, bootstrapped
from tastebench.evaluation.lift import Lift, LiftEstimate
from tastebench.evaluation.measuring import METRICS, TOTALS
from tastebench.evaluation.splits import SplitSettings

MethodKind: TypeAlias = Literal["profile", "baseline", "signal", "without"]

HISTORY_EDGES = (0, 1, 6, 21, 51)
"""Where the slices by likes in the training begin."""
_MOST_CATEGORIES = 8


class EvaluationSettings(BaseModel):
    """What is asked of an evaluation.

    Parameters
    ----------
    split : SplitSettings
    k : int
        Length of the lists.
    sample : int
        So many personas at most, drawn with `seed`.
    seed : int
        Of the sample, the random baseline and the intervals.
    signals : bool
        Also each signal alone, and the reference without each of its signals.
    rerank : int
        So many personas' lists are put before the language model too, drawn with `seed`; 0: none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    split: SplitSettings = SplitSettings()
    k: Annotated[int, Field(ge=1, le=100)] = 10
    sample: Annotated[int, Field(ge=1, le=5000)] = 500
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    signals: bool = True
    rerank: Annotated[int, Field(ge=0, le=5000)] = 0

    @property
    def label(self) -> str:
        """What is measured, in a few words."""
        return f"Top {self.k} of {self.split.label}"


@dataclass(frozen=True)
class Method:
    """One way to make lists.

    Parameters
    ----------
    name : str
        Unique in its evaluation.
    label : str
        For people.
    profile : ScoringProfile, optional
        None for a baseline.
    """

    name: str
    label: str
    kind: MethodKind
    profile: ScoringProfile | None = None


@dataclass(frozen=True)
class Standing:
    """One method's place in a table: its mean, and the paired difference to the reference."""

    method: Method
    mean: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Change:
    """What became of a method between two evaluations: both means and their paired difference."""

    method: Method
    then: Estimate
    now: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Slice:
    """Some of the personas: what they have in common, which they are."""

    by: str
    label: str
    members: Bools


@dataclass(frozen=True)
class Evaluation:
    """What every list came to.

    Parameters
    ----------
    settings : EvaluationSettings
    methods : tuple of Method
        The first one is the reference: the current default.
    personas : tuple of str, length p
        Ids.
    history : int array (p,)
        Likes of each in the training.
    origins : tuple of str, length p
    categories : mapping of str to bool array (p,)
        Category tag to whether something with it was to be found.
    values : float array (methods, metrics, p)
        In the order of `metrics`.
    totals : float array (methods, totals)
    metrics, total_names : tuple of str
    notes : tuple of str
    seconds : float
    lift : Lift, optional
        What the language model made of the reference's lists; None where it wasn't asked.
    """

    settings: EvaluationSettings
    methods: tuple[Method, ...]
    personas: tuple[str, ...]
    history: Ints
    origins: tuple[str, ...]
    categories: Mapping[str, Bools]
    values: Float
    totals: Float
    metrics: tuple[str, ...] = tuple(METRICS)
    total_names: tuple[str, ...] = tuple(TOTALS)
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    lift: Lift | None = None

    @property
    def reference(self) -> Method:
        """What the others are compared with."""
        return self.methods[0]

    def of(self, method: str, metric: str) -> Float:
        """Return every persona's value of a metric under a method, shape (p,); NaN where a list has none."""
        values: Float = self.values[self._row(method), self.metrics.index(metric)]
        return values

    def total(self, method: str, name: str) -> float:
        """Return a metric of all of a method's lists together."""
        return float(self.totals[self._row(method), self.total_names.index(name)])

    def standings(self, metric: str, members: Bools | None = None) -> list[Standing]:
        """Return every method's mean and its difference to the reference, over all personas or these, methods' order.

        All are drawn for together, so that the differences are paired. The reference's own is 0.
        """
        return self.all_standings(members, (metric,))[metric]

    def all_standings(self, members: Bools | None = None, metrics: Sequence[str] = ()) -> dict[str, list[Standing]]:
        """Return the standings in several metrics, all of them where none is named, from the same drawings."""
        names, chosen = metrics or self.metrics, slice(None) if members is None else members
        values = self.values[:, [self.metrics.index(name) for name in names], :][:, :, chosen]
        columns = np.concatenate([values, values - values[:1]]).reshape(-1, values.shape[2]).T
        means, size = bootstrapped(columns, self.settings.seed), len(names)
        differences = size * len(self.methods)
        return {
            name: [
                Standing(method, means[row * size + place], means[differences + row * size + place])
                for row, method in enumerate(self.methods)
            ]
            for place, name in enumerate(names)
        }

    def since(self, before: "Evaluation", metric: str) -> list["Change"]:
        """Return what became of every method that an earlier evaluation had too, over the personas that both tested."""
        _, mine, theirs = np.intersect1d(self.personas, before.personas, return_indices=True)
        shared = [one for one in self.methods if one.name in {other.name for other in before.methods}]
        now = np.stack([self.of(one.name, metric)[mine] for one in shared], axis=1)
        then = np.stack([before.of(one.name, metric)[theirs] for one in shared], axis=1)
        means, size = bootstrapped(np.hstack([then, now, now - then]), self.settings.seed), len(shared)
        return [
            Change(one, means[place], means[size + place], means[2 * size + place]) for place, one in enumerate(shared)
        ]

    def slices(self) -> list[Slice]:
        """Return the personas by length of history, by origin, by category of what was held out; empty ones left out.

        A persona counts in each category that something it was to find has; the eight most frequent are given.
        """
        found = [*self._by_history(), *self._by_origin()]
        largest = sorted(self.categories, key=lambda tag: (-int(self.categories[tag].sum()), tag))[:_MOST_CATEGORIES]
        found += [Slice("category", tag, self.categories[tag]) for tag in largest]
        return [one for one in found if one.members.any()]

    def lift_by(self, by: str, metric: str) -> list[tuple[Slice, LiftEstimate]]:
        """Return what the language model lifts a metric by, for each slice of this kind with any of its lists."""
        if self.lift is None:
            return []
        slices = [one for one in self.slices() if one.by == by and one.members[self.lift.rows].any()]
        return [(one, self.lift.estimate(metric, one.members)) for one in slices]

    def _by_history(self) -> list[Slice]:
        spans = zip(HISTORY_EDGES, (*HISTORY_EDGES[1:], _NO_END), strict=True)
        return [Slice("history", _span(low, end), (self.history >= low) & (self.history < end)) for low, end in spans]

    def _by_origin(self) -> list[Slice]:
        origins = np.array(self.origins, dtype=np.str_)
        return [Slice("origin", str(origin), origins == origin) for origin in np.unique(origins)]

    def _row(self, method: str) -> int:
        return [one.name for one in self.methods].index(method)


_NO_END = int(np.iinfo(np.int64).max)


def _span(low: int, end: int) -> str:
    if end == _NO_END:
        return f"{low:,} or more likes"
    return "no likes" if end == 1 else f"{low:,} to {end - 1:,} likes"


def pareto(points: Float) -> Bools:
    """Tell which points no other point equals or beats in both coordinates while beating it in one; higher is better.

    A point with an unknown coordinate is on no front.

    Parameters
    ----------
    points : float array (n, 2)

    Examples
    --------
    >>> pareto(np.array([[0.3, 0.1], [0.2, 0.5], [0.2, 0.4], [0.1, np.nan]])).tolist()
    [True, True, False, False]
    """
    no_less = (points[:, None, :] >= points[None, :, :]).all(axis=2)
    more = (points[:, None, :] > points[None, :, :]).any(axis=2)
    return np.asarray(~(no_less & more).any(axis=0) & ~np.isnan(points).any(axis=1))
