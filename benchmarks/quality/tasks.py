"""The tasks: real data through the real import, its splits, and what peers and profiles may try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from tastebench import ScoringProfile, Workbench, Workspace
from tastebench.domain.profile import DiversitySettings
from tastebench.evaluation.candidates import SearchSettings
from tastebench.evaluation.splits import SplitSettings
from tastebench.evaluation.world import World, world_of

EVERYBODY = 5000
K = 10


@dataclass(frozen=True)
class Task:
    """One question of the comparison.

    Parameters
    ----------
    target : float
        By how much of the best peer's NDCG the profile found should be ahead.
    """

    name: str
    workspace: str
    split: SplitSettings
    target: float


_RETAIL_CLOCK = datetime(2011, 11, 9, tzinfo=UTC)
TASKS = (
    Task("ml-latest-small, last like", "lens", SplitSettings(kind="last"), 0.40),
    Task("the same, ties reversed", "lens", SplitSettings(kind="last", reverse_ties=True), 0.40),
    Task("ml-latest-small, last 20 %", "lens", SplitSettings(kind="share"), 0.03),
    Task("Online Retail, new items", "retail", SplitSettings(kind="clock", clock=_RETAIL_CLOCK), 0.20),
)

GRIDS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "popular": {"days": (0, 7, 30)},
    "item-kNN": {"weighting": ("cosine", "tf-idf", "bm25"), "neighbours": (20, 50, 100, 200)},
    "ALS": {"factors": (32, 64, 128), "regularisation": (0.01, 0.1), "alpha": (1.0, 10.0)},
    "EASE": {"regularisation": (10.0, 20.0, 50.0, 100.0, 200.0, 500.0)},
}
"""What each peer may try on the validation part."""

START = ScoringProfile(name="Found", scale="standardised", diversity=DiversitySettings(method="none"))
AXES: Mapping[str, tuple[float | str, ...]] = {
    "co_engagement.decay": ("position",),
    "taste.decay": ("position",),
    "co_engagement.learned_half_life_days": (60.0,),
    "popularity.window_days": (7.0,),
}
"""What the search may try beside the weights: the same for every task."""


def search_settings(vectors: int) -> SearchSettings:
    """Return what is searched for."""
    return SearchSettings(vectors=vectors, axes=AXES)


def grid() -> list[tuple[str, dict[str, Any]]]:
    """Return every setting of every peer."""
    return [
        (name, dict(zip(axes, values, strict=True)))
        for name, axes in GRIDS.items()
        for values in product(*axes.values())
    ]


def imported(bench: Workbench, shared: Path) -> None:
    """Bring the real data in as anybody would, where it isn't there yet."""
    if "lens" not in bench.workspace_names():
        lens = bench.workspace("lens", create=True)
        lens.import_items(shared / "ml-latest-small" / "movies.csv")
        lens.import_interactions(shared / "ml-latest-small" / "ratings.csv")
    if "retail" not in bench.workspace_names():
        bench.workspace("retail", create=True).import_invoices(shared / "online-retail" / "online_retail.csv.gz")


def worlds(workspace: Workspace, split: SplitSettings) -> tuple[World, World]:
    """Return the world that is searched and tuned on, and the later one that everything is measured on."""
    snapshot, people, encoder = workspace._snapshot(), workspace._people(), workspace._parts.encoder
    test = world_of(snapshot, people, encoder, split, EVERYBODY)
    return world_of(test.training, people, encoder, split.within(snapshot.log), EVERYBODY), test
