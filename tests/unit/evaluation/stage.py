"""Worlds of splits for the tests of evaluation."""

from tastebench.domain.persona import Persona
from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.report import Method
from tastebench.evaluation.splits import SplitSettings
from tastebench.evaluation.world import World, world_of
from tastebench.ranking import Snapshot
from tests.doubles import HashingEncoder
from tests.worlds import DIMENSION

REFERENCE = Method("profile:For You", "For You", "profile", ScoringProfile())


def people(snapshot: Snapshot) -> dict[int, Persona]:
    tastes = [{}, {"genres": ["noir"]}, {"genres": ["western", "crime"], "themes": ["heist"]}]
    origins = ["authored", "simulated"]
    pairs = zip(snapshot.personas.keys.tolist(), snapshot.personas.persona_ids, strict=True)
    return {key: Persona(one, interests=tastes[key % 3], persona_id=one, origin=origins[key % 2]) for key, one in pairs}


def world(snapshot: Snapshot, split: SplitSettings, sample: int | None = None) -> World:
    return world_of(snapshot, people(snapshot), HashingEncoder(DIMENSION), split, sample)


def quiet(_phase: str, _done: int, _total: int) -> None:
    """Hear of progress, and let it be."""
