"""Weight search: which shares of the signals, and which settings beside them, would have ranked best.

A replay holds every signal of every candidate, so that a vector of shares is one product and a partial sort. SciPy's
differential evolution chooses the vectors, a generation at a time: the measure has steps, and no slope to follow.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints
from tastebench.domain.errors import InvalidInput
from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation import metrics
from tastebench.evaluation.candidates import POPULATION, Candidates, Objective, SearchSettings
from tastebench.evaluation.evaluating import Tick
from tastebench.evaluation.measuring import Judge
from tastebench.evaluation.ordering import hits_at, places, rows_at, scores
from tastebench.evaluation.replay import Replay, needed, one_thread, replayed
from tastebench.evaluation.world import World
from tastebench.signals import REGISTRY, resolved

OBJECTIVES: Mapping[Objective, Callable[[Bools, Ints], Float]] = MappingProxyType(
    {
        "ndcg": metrics.ndcg,
        "recall": metrics.recall,
        "mrr": metrics.reciprocal_rank,
        "map": metrics.average_precision,
        "hit_rate": metrics.hit_rate,
    }
)
"""What can be searched for: means over lists, higher is better."""

_BATCH = 8
"""Vectors weighed in one matrix product: more would leave the processor's cache."""
_DECIMALS = 3
"""Shares are rounded before they are measured: what is adopted is what was measured, and the smallest vanish."""


@dataclass
class Effort:
    """What a search took: vectors weighed and replays built, and the seconds of each; the largest replay's bytes."""

    vectors: int = 0
    weighing: float = 0.0
    replays: int = 0
    replaying: float = 0.0
    nbytes: int = 0


class Search:
    """A search over one world, as far as it has come.

    Parameters
    ----------
    world : World
        What the search may look at; what it finds is to be judged on another one.
    k : int
        Length of the lists.
    """

    def __init__(self, world: World, settings: SearchSettings, k: int, tick: Tick) -> None:
        self.effort = Effort()
        self._world, self._settings, self._k, self._tick = world, settings, k, tick
        self._judge = Judge(world.checked())
        self._free = _free_signals(settings)
        self._held: tuple[str, Replay] | None = None
        self._profiles: list[ScoringProfile] = []
        self._tried: list[Candidates] = []
        self.before = 0.0
        """What the profile that the search started from comes to, in the same measure."""

    def run(self, base: ScoringProfile) -> Candidates:
        """Return all that was tried, the best first: the base's own settings, then one axis after the other."""
        best = resolved(base)
        replay = self._replay(best)  # as it is: what it doesn't demand brings no candidates
        self.before = self._figures(replay, best, scores(replay, replay.shares(best)))[0]
        self._try(best, [best])
        for field, values in self._settings.axes.items():
            for value in values:
                variant = with_value(best, field, value)
                if variant != best:
                    self._try(variant, [best, self._found().profile(0)])
            best = self._found().profile(0)
        return self._found()

    def _try(self, variant: ScoringProfile, starts: Sequence[ScoringProfile]) -> None:
        """Search the shares at these settings, from these starts, from each signal alone and from random ones."""
        from scipy.optimize import Bounds, differential_evolution  # slow to import: only searches pay for it

        replay, tried = self._replay(self._demanding(variant)), []

        def cost(vectors: Float, /) -> Any:
            found = self._weighed(replay, variant, self._rounded(vectors.T))
            tried.append(found)
            return np.where(found.allowed, -found.objective, 1.0 + self._violation(found))

        started = time.perf_counter()
        first = self._first(np.stack([replay.shares(start) for start in starts]))
        generations = max(1, self._settings.vectors // len(first))
        bounds = Bounds(np.zeros(first.shape[1]), np.ones(first.shape[1]))
        with one_thread():
            differential_evolution(
                cost, bounds, init=first, maxiter=generations - 1, vectorized=True, updating="deferred",
                tol=0, atol=-1, polish=False, rng=self._settings.seed,
            )  # fmt: skip
        self.effort.weighing += time.perf_counter() - started
        self._profiles.append(variant)
        self._tried += tried

    def _replay(self, variant: ScoringProfile) -> Replay:
        """Return the replay for these settings: the one held where it will do, else a new one."""
        if self._held is None or self._held[0] != needed(variant):
            self._held, started = None, time.perf_counter()
            replay = replayed(self._world, variant, lambda row: self._tick("Replaying", row, len(self._world)))
            self._held = needed(variant), replay
            self.effort.replays += 1
            self.effort.replaying += time.perf_counter() - started
            self.effort.nbytes = max(self.effort.nbytes, replay.nbytes)
        return self._held[1]

    def _first(self, starts: Float) -> Float:
        """Return the first generation, shape (population, free signals)."""
        alone = np.eye(len(self._free))
        left = POPULATION - len(alone) - len(starts)
        drawn = np.random.default_rng(self._settings.seed).dirichlet(np.ones(len(self._free)), max(left, 0))
        return np.vstack([starts[:, self._free], alone, drawn])[:POPULATION]

    def _demanding(self, variant: ScoringProfile) -> ScoringProfile:
        """Return the variant with weight for just the free signals, so that those on demand are worked out."""
        names = list(REGISTRY)
        return variant.model_copy(update={"weights": {names[place]: 1.0 for place in self._free}})

    def _rounded(self, vectors: Float) -> Float:
        """Return these vectors of the free signals as rounded shares of all signals; equal ones where all are zero.

        A signal on demand keeps at least the smallest share: without any it would bring no candidates, and the
        lists would not be those that were measured.
        """
        sums = vectors.sum(axis=1, keepdims=True)
        shares = np.zeros((len(vectors), len(REGISTRY)))
        equal = np.full(vectors.shape, 1.0 / vectors.shape[1])
        least = np.array([REGISTRY[name].on_demand for name in REGISTRY])[self._free] * 10.0**-_DECIMALS
        rounded = np.divide(vectors, sums, out=equal, where=sums > 0).round(_DECIMALS)
        shares[:, self._free] = np.maximum(rounded, least)
        return shares

    def _weighed(self, replay: Replay, variant: ScoringProfile, shares: Float) -> Candidates:
        figures = []
        for start in range(0, len(shares), _BATCH):
            self._tick("Searching weights", self.effort.vectors, self._total)
            batch = shares[start : start + _BATCH]
            applied = batch / batch.sum(axis=1, keepdims=True)
            figures += [self._figures(replay, variant, base) for base in scores(replay, applied)]
            self.effort.vectors += len(batch)
        objective, coverage, bias = np.array(figures).T
        variants = np.full(len(shares), len(self._profiles))
        found = Candidates(replay.names, (), variants, shares, objective, coverage, bias, np.ones(0, dtype=np.bool_))
        return replace(found, allowed=self._violation(found) == 0)

    def _figures(self, replay: Replay, variant: ScoringProfile, base: Float) -> tuple[float, float, float]:
        """Return objective, coverage and popularity bias of the lists that these scores make."""
        chosen = places(replay, base, variant, self._k)
        hits, rows = hits_at(replay, chosen), rows_at(replay, chosen)
        bias = metrics.list_mean(rows, self._judge.percentiles) - self._judge.wanted_popularity
        objective = OBJECTIVES[self._settings.objective](hits, replay.wanted_count)
        return float(objective.mean()), metrics.coverage(rows, self._judge.items), float(np.nanmean(bias))

    def _violation(self, found: Candidates) -> Float:
        """Return by how much each candidate breaks the constraints; 0 where it keeps to them."""
        least, most = self._settings.least_coverage, self._settings.most_popularity_bias
        missing = np.maximum(0.0, (0.0 if least is None else least) - found.coverage)
        return missing + np.maximum(0.0, found.popularity_bias - (np.inf if most is None else most))

    def _found(self) -> Candidates:
        """Return all that was tried so far, each once, the best first."""
        columns = ("variants", "shares", "objective", "coverage", "popularity_bias", "allowed")
        joined = {name: np.concatenate([getattr(one, name) for one in self._tried]) for name in columns}
        found = Candidates(names=tuple(REGISTRY), profiles=tuple(self._profiles), **joined)
        _, once = np.unique(np.column_stack([found.variants, found.shares]), axis=0, return_index=True)
        order = np.lexsort((once, -found.objective[once], ~found.allowed[once]))
        return found.take(once[order])

    @property
    def _total(self) -> int:
        return self._settings.vectors * (1 + sum(len(values) for values in self._settings.axes.values()))


def with_value(profile: ScoringProfile, field: str, value: float | str) -> ScoringProfile:
    """Return the profile with one field set. Raises `InvalidProfile` where there is no such field, or not that value.

    Examples
    --------
    >>> with_value(ScoringProfile(), "taste.half_life_days", 30).taste.half_life_days
    30.0
    """
    document: dict[str, Any] = profile.model_dump()
    *path, last = field.split(".")
    section = document
    for name in path:
        section = section.setdefault(name, {})
    section[last] = value
    return ScoringProfile.parse(document)


def _free_signals(settings: SearchSettings) -> Ints:
    unknown = sorted(set(settings.signals) - set(REGISTRY))
    if unknown:
        raise InvalidInput(f"There is no signal {unknown[0]!r}.", f"Known signals: {', '.join(REGISTRY)}.")
    return np.flatnonzero([not settings.signals or name in settings.signals for name in REGISTRY])
