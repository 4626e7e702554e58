"""One recommendation, from request to ranking."""

from tastebench.ranking.explain import Explanation, FoundBy, explained
from tastebench.ranking.gather import Sources, gather
from tastebench.ranking.parts import Cause, Parts
from tastebench.ranking.pipeline import rank, recommend
from tastebench.ranking.similar import PersonaIndex, taste_batches
from tastebench.ranking.snapshot import Snapshot

__all__ = [
    "Cause",
    "Explanation",
    "FoundBy",
    "Parts",
    "PersonaIndex",
    "Snapshot",
    "Sources",
    "explained",
    "gather",
    "rank",
    "recommend",
    "taste_batches",
]
