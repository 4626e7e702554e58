"""How fast the search is, and whether the array ranks as `recommend` does, at full size on real data."""

import resource
import time
from dataclasses import replace
from typing import Any

import numpy as np

from tastebench import ScoringProfile
from tastebench.domain.profile import DiversitySettings
from tastebench.evaluation.candidates import SearchSettings
from tastebench.evaluation.ordering import lists
from tastebench.evaluation.replay import replayed
from tastebench.evaluation.search import Search
from tastebench.evaluation.world import World
from tastebench.ranking import recommend
from tastebench.signals import REGISTRY

PERSONAS = 500
PROFILES = 100
VECTORS = 1920


def figures(world: World) -> dict[str, Any]:
    """Return weight vectors a minute, the optimiser's own time counted, without and with diversity; and the rest."""
    some = replace(world, split=world.split.take(np.arange(PERSONAS)))
    found: dict[str, Any] = {"personas": len(some), "signals": len(REGISTRY)}
    for method in ("none", "repeat"):
        profile = ScoringProfile(scale="standardised", diversity=DiversitySettings(method=method))
        search = Search(some, SearchSettings(vectors=VECTORS), 10, lambda *_: None)
        cpu = time.process_time()
        search.run(profile)
        effort = search.effort
        found[method] = {
            "per_minute": 60 * effort.vectors / effort.weighing,
            "rebuilding": effort.replaying / effort.replays,
            "processor": time.process_time() - cpu,
            "megabytes": effort.nbytes / 1e6,
        }
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["equal"], found["lists"] = equal_lists(world)
    return found


def equal_lists(world: World) -> tuple[int, int]:
    """Return how many lists of random profiles the array orders as `recommend` does, and how many there were."""
    rng = np.random.default_rng(0)
    equal = 0
    for _ in range(PROFILES):
        profile = random_profile(rng)
        few = replace(world, split=world.split.take(np.sort(rng.choice(len(world), 2, replace=False))))
        rows = lists(replayed(few, profile), profile, 10)
        for row in range(len(few)):
            shown = recommend(few.request(row, profile), few.sources(row)).items
            ids = [few.training.catalogue.item_ids[at] for at in rows[row]]
            equal += ids == [item.item_id for item in shown]
    return equal, 2 * PROFILES


def random_profile(rng: np.random.Generator) -> ScoringProfile:
    """Return a profile with random weights, scale and diversity."""
    weights = dict(zip(REGISTRY, rng.integers(0, 100, len(REGISTRY)) / 100, strict=True))
    diversity = DiversitySettings(method=rng.choice(["none", "repeat"]), strength=float(rng.choice([0.01, 0.02, 0.1])))
    scale = rng.choice(["raw", "standardised"])
    return ScoringProfile(weights={**weights, "similarity": 0.5}, scale=scale, diversity=diversity)
