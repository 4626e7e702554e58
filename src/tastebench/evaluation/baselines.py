"""Baselines: plain methods that any profile has to beat, each a number per item of the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, positions
from tastebench.domain.profile import CoEngagementSettings
from tastebench.evaluation.world import World
from tastebench.learning.co_engagement import EASE_LIMIT, ease, nearest
from tastebench.ranking.permitted import known_by

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    Matrix = csr_array[np.float32, tuple[int, int]]

_CHUNK = 200
RECENT_DAYS = 7.0
NEIGHBOURS = 20
"""Of item-kNN, as implicit has it by default."""

Scorer: TypeAlias = Callable[[Ints], Float]
"""Personas' positions in the split to a number per persona and item, (q, n), or (n,) where it is the same for all."""


@dataclass(frozen=True)
class Baseline:
    """One plain method.

    Parameters
    ----------
    name, label, meaning : str
    learned : callable
        World, seed and a tick, called now and then while it learns, to what then scores its items. Equal numbers are
        decided by likes, then newer, then id.
    """

    name: str
    label: str
    meaning: str
    learned: Callable[[World, int, Callable[[], None]], Scorer]


def _random(world: World, seed: int, _tick: Callable[[], None]) -> Scorer:
    size = len(world.training.catalogue)
    return lambda rows: np.stack([np.random.default_rng([seed, row]).random(size) for row in rows.tolist()])


def _popular(world: World, _seed: int, _tick: Callable[[], None]) -> Scorer:
    return lambda _rows: world.training.like_counts.astype(np.float64)


def _recent(world: World, _seed: int, _tick: Callable[[], None]) -> Scorer:
    return lambda _rows: world.training.velocity(RECENT_DAYS).values


def _newest(world: World, _seed: int, _tick: Callable[[], None]) -> Scorer:
    return lambda _rows: world.training.recency


def _item_knn(world: World, _seed: int, tick: Callable[[], None]) -> Scorer:
    likes = _likes(world)
    links = nearest(likes, 0.0, tick, NEIGHBOURS)
    mine = positions(world.training.personas.keys, world.split.personas)
    return lambda rows: np.asarray((likes[mine[rows]] @ links).toarray(), dtype=np.float64)


def _ease(world: World, _seed: int, tick: Callable[[], None]) -> Scorer:
    """Score the items that anybody likes; of more than its closed form can be solved for, the most liked ones."""
    likes = _likes(world)
    counts = world.training.like_counts
    items = np.sort(np.argsort(-counts, kind="stable")[: min(EASE_LIMIT, int(np.count_nonzero(counts)))])
    known = likes[:, items]
    links = ease(known, CoEngagementSettings().regularisation, tick)
    mine = positions(world.training.personas.keys, world.split.personas)

    def scored(rows: Ints) -> Float:
        found = np.zeros((len(rows), len(counts)))
        found[:, items] = known[mine[rows]] @ links
        return found

    return scored


def _likes(world: World) -> "Matrix":
    """Return who likes what in the training: personas by catalogue position, ones and zeros."""
    from scipy.sparse import csr_array  # 0.2 s to import: only evaluations pay for it

    training, standing = world.training, world.training.standing
    who = positions(training.personas.keys, standing.personas)
    what = positions(training.catalogue.keys, standing.items)
    kept = standing.likes & (who >= 0) & (what >= 0)
    ones = np.ones(np.count_nonzero(kept), dtype=np.float32)
    return csr_array((ones, (who[kept], what[kept])), shape=(len(training.personas), len(training.catalogue)))


_BASELINES = (
    Baseline("random", "Random", "Any item that may be shown, drawn with the evaluation's seed.", _random),
    Baseline("popular", "Popular", "The items most personas like, the same for everybody.", _popular),
    Baseline("recent popular", "Recent popular", "What is taken to most, at a half-life of a week.", _recent),
    Baseline("newest", "Newest", "The newest items of the catalogue.", _newest),
    Baseline("item-knn", "Item-kNN", "What the same personas like, from each item's 20 nearest by cosine.", _item_knn),
    Baseline("ease", "EASE", "What the same personas like, by a linear model in closed form (Steck 2019).", _ease),
)
BASELINES: Mapping[str, Baseline] = MappingProxyType({one.name: one for one in _BASELINES})
"""Every baseline by name, in the order of the leaderboard."""


def best_rows(world: World, baseline: Baseline, k: int, seed: int, tick: Callable[[], None] = lambda: None) -> Ints:
    """Return the catalogue positions of each persona's first k, shape (p, k), -1 where a list is shorter.

    Of all items that the persona may be shown at its moment: no search chooses candidates for a baseline.
    """
    catalogue = world.training.catalogue
    score = baseline.learned(world, seed, tick)
    order = np.lexsort((catalogue.id_order, ~catalogue.created_at, -world.training.like_counts))
    found = np.full((len(world), k), -1, dtype=np.int64)
    for start in range(0, len(world), _CHUNK):
        tick()
        personas = np.arange(start, min(start + _CHUNK, len(world)))
        scores = np.broadcast_to(score(personas), (len(personas), len(catalogue)))
        permitted = np.where(_permitted(world, personas), scores, -np.inf)[:, order]
        first = np.argsort(-permitted, axis=1, kind="stable")[:, :k]
        shown = np.take_along_axis(permitted, first, axis=1) > -np.inf
        found[personas, : first.shape[1]] = np.where(shown, order[first], -1)
    return found


def _permitted(world: World, personas: Ints) -> Bools:
    catalogue, moments = world.training.catalogue, world.split.moments
    permitted = np.stack([known_by(catalogue, int(moments[persona])) for persona in personas.tolist()])
    for row, persona in enumerate(personas.tolist()):
        permitted[row, world.barred_rows(persona)] = False
    return permitted
