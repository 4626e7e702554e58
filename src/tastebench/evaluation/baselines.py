"""Baselines: plain methods that any profile has to beat, each a number per item of the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tastebench.domain.columns import Float, Ints
from tastebench.evaluation.world import World
from tastebench.ranking.permitted import known_by

_CHUNK = 200
RECENT_DAYS = 7.0


@dataclass(frozen=True)
class Baseline:
    """One plain method.

    Parameters
    ----------
    name, label, meaning : str
    scores : callable
        World, personas' positions in its split and a seed to a float array (q, n): a number per persona and item, or
        (n,) where it is the same for all. Equal numbers are decided by likes, then newer, then id.
    """

    name: str
    label: str
    meaning: str
    scores: Callable[[World, Ints, int], Float]


def _random(world: World, personas: Ints, seed: int) -> Float:
    size = len(world.training.catalogue)
    return np.stack([np.random.default_rng([seed, persona]).random(size) for persona in personas.tolist()])


def _popular(world: World, _personas: Ints, _seed: int) -> Float:
    return world.training.like_counts.astype(np.float64)


def _recent(world: World, _personas: Ints, _seed: int) -> Float:
    return world.training.velocity(RECENT_DAYS).values


def _newest(world: World, _personas: Ints, _seed: int) -> Float:
    return world.training.recency


_BASELINES = (
    Baseline("random", "Random", "Any item that may be shown, drawn with the evaluation's seed.", _random),
    Baseline("popular", "Popular", "The items most personas like, the same for everybody.", _popular),
    Baseline("recent popular", "Recent popular", "What is taken to most, at a half-life of a week.", _recent),
    Baseline("newest", "Newest", "The newest items of the catalogue.", _newest),
)
BASELINES: Mapping[str, Baseline] = MappingProxyType({one.name: one for one in _BASELINES})
"""Every baseline by name, in the order of the leaderboard."""


def best_rows(world: World, baseline: Baseline, k: int, seed: int) -> Ints:
    """Return the catalogue positions of each persona's first k, shape (p, k), -1 where a list is shorter.

    Of all items that the persona may be shown at its moment: no search chooses candidates for a baseline.
    """
    catalogue = world.training.catalogue
    order = np.lexsort((catalogue.id_order, ~catalogue.created_at, -world.training.like_counts))
    found = np.full((len(world), k), -1, dtype=np.int64)
    for start in range(0, len(world), _CHUNK):
        personas = np.arange(start, min(start + _CHUNK, len(world)))
        scores = np.broadcast_to(baseline.scores(world, personas, seed), (len(personas), len(catalogue)))
        permitted = np.where(_permitted(world, personas), scores, -np.inf)[:, order]
        first = np.argsort(-permitted, axis=1, kind="stable")[:, :k]
        shown = np.take_along_axis(permitted, first, axis=1) > -np.inf
        found[personas, : first.shape[1]] = np.where(shown, order[first], -1)
    return found


def _permitted(world: World, personas: Ints) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    catalogue, moments = world.training.catalogue, world.split.moments
    permitted = np.stack([known_by(catalogue, int(moments[persona])) for persona in personas.tolist()])
    for row, persona in enumerate(personas.tolist()):
        permitted[row, world.barred_rows(persona)] = False
    return permitted
