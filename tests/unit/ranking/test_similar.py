"""Similar personas: looked up in an index of an earlier day, compared as of now; and when all are compared instead."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tastebench.domain.columns import Ints, PersonaColumns, Vectors
from tastebench.domain.errors import IndexUnavailable
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.ports import Hits
from tastebench.domain.profile import CollaborativeSettings, ScoringProfile, TasteSettings
from tastebench.ranking import PersonaIndex, Snapshot, Sources, gather, recommend, taste_batches
from tastebench.stores.exact_index import ExactIndex
from tests.worlds import DIMENSION, NOW, request, snapshot, sources, with_log

PEOPLE = 300
YESTERDAY = NOW - MICROSECONDS_PER_DAY
NOTE = "Similar personas were looked up in the index of 13 November 2023."


def built(world: Snapshot, settings: TasteSettings | None = None, moment: int = YESTERDAY) -> PersonaIndex:
    index = ExactIndex(DIMENSION)
    for keys, tastes in taste_batches(world, settings or TasteSettings(), moment):
        index.upsert(keys, tastes)
    return PersonaIndex(index, settings or TasteSettings(), moment, date(2023, 11, 13))


@pytest.fixture(scope="module")
def crowd() -> Snapshot:
    """Three hundred personas with thirty events each, about items of one of ten clusters; some of them are of today."""
    world = snapshot(5, items=200, people=PEOPLE, events=9000)
    luck = np.random.default_rng(1)
    centres = luck.standard_normal((10, DIMENSION))
    vectors = centres[np.arange(200) % 10] + 0.4 * luck.standard_normal((200, DIMENSION))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    positions = luck.integers(0, 20, 9000) * 10 + world.log.personas % 10
    log = replace(world.log, items=world.catalogue.keys[positions])
    return with_log(replace(world, catalogue=replace(world.catalogue, vectors=vectors), _kept={}), log)


def asked_by(world: Snapshot, key: int, index: PersonaIndex | None) -> Sources:
    return replace(sources(world, key), persona_index=index)


def test_the_index_finds_the_ten_that_comparing_all_finds(crowd: Snapshot) -> None:
    index = built(crowd)
    shared = 0
    for key in range(1, PEOPLE + 1):
        looked_up = gather(request(), asked_by(crowd, key, index)).similar
        compared = gather(request(), asked_by(crowd, key, None)).similar
        assert len(looked_up.persona_ids) == len(compared.persona_ids) == 10
        assert f"p{key}" not in looked_up.persona_ids
        shared += len(set(looked_up.persona_ids) & set(compared.persona_ids))
        same = looked_up.persona_ids == compared.persona_ids
        assert not same or np.allclose(looked_up.similarities, compared.similarities, rtol=0, atol=1e-12)
    assert shared / (10 * PEOPLE) >= 0.99


def test_a_list_says_that_and_of_when_the_index_was(crowd: Snapshot) -> None:
    looked_up = recommend(request(), asked_by(crowd, 1, built(crowd)))
    compared = recommend(request(), asked_by(crowd, 1, None))
    assert NOTE in looked_up.notes
    assert NOTE not in compared.notes
    assert looked_up.decision() == compared.decision()


class Watched(ExactIndex):
    """Counts its searches, and fails where it is told to."""

    def __init__(self, held: ExactIndex, fails: bool = False) -> None:
        super().__init__(held.dimension, held.keys(), held._rows[1])
        self.asked: list[int] = []
        self.fails = fails

    def search(self, queries: Vectors, limit: int) -> list[Hits]:
        self.asked.append(limit)
        if self.fails:
            raise IndexUnavailable("The index is torn.", "Rebuild it.")
        return super().search(queries, limit)


@pytest.fixture
def watched(crowd: Snapshot) -> PersonaIndex:
    index = built(crowd)
    return replace(index, index=Watched(index.index))


def test_as_of_an_earlier_moment_all_are_compared(crowd: Snapshot, watched: PersonaIndex) -> None:
    early = request(days_ago=1.001)
    assert not watched.serves(early.profile.taste, YESTERDAY - 1)
    ranking = recommend(early, asked_by(crowd, 1, watched))
    assert watched.index.asked == []
    assert NOTE not in ranking.notes
    assert ranking.decision() == recommend(early, asked_by(crowd, 1, None)).decision()


def test_nothing_that_happened_after_its_moment_is_in_the_index(crowd: Snapshot) -> None:
    cut = built(with_log(crowd, crowd.log.until(YESTERDAY)))
    whole = built(crowd)
    assert whole.index.keys().tolist() == cut.index.keys().tolist()
    assert np.array_equal(whole.index._rows[1], cut.index._rows[1])


def test_with_other_taste_settings_all_are_compared(crowd: Snapshot, watched: PersonaIndex) -> None:
    other = ScoringProfile(taste=TasteSettings(half_life_days=30))
    recommend(request(other), asked_by(crowd, 1, watched))
    assert watched.index.asked == []
    recommend(request(ScoringProfile(weights={"popularity": 1})), asked_by(crowd, 1, watched))
    assert watched.index.asked == [100]  # five times the ten wanted, and fifty more


def test_an_index_that_fails_is_passed_over_and_said_so(crowd: Snapshot, watched: PersonaIndex) -> None:
    failing = replace(watched, index=Watched(watched.index, fails=True))
    ranking = recommend(request(), asked_by(crowd, 1, failing))
    assert any("index of personas doesn't answer" in note for note in ranking.notes)
    assert ranking.decision() == recommend(request(), asked_by(crowd, 1, None)).decision()


def only(world: Snapshot, rows: Ints) -> Snapshot:
    people = world.personas
    kept = PersonaColumns(people.keys[rows], tuple(people.persona_ids[row] for row in rows), people.priors[rows])
    log = world.log.take(np.isin(world.log.personas, kept.keys))
    return with_log(replace(world, personas=kept, _kept={}), log)


def test_who_was_deleted_since_is_not_found(crowd: Snapshot) -> None:
    index = built(crowd)
    found = gather(request(), asked_by(crowd, 1, index)).similar.persona_ids
    gone = {int(persona_id[1:]) - 1 for persona_id in found}
    fewer = only(crowd, np.array([row for row in range(PEOPLE) if row not in gone]))
    left = gather(request(), asked_by(fewer, 1, index)).similar.persona_ids
    assert len(left) == 10
    assert not set(left) & set(found)
    assert left == gather(request(), asked_by(fewer, 1, None)).similar.persona_ids


def test_where_too_few_are_left_of_those_found_all_are_compared(crowd: Snapshot) -> None:
    index = built(crowd)
    fewer = only(crowd, np.array([0, *range(1, PEOPLE, 10)]))  # only one is of its own kind
    assert NOTE not in gather(request(), asked_by(fewer, 1, index)).notes
    assert len(gather(request(), asked_by(fewer, 1, index)).similar.persona_ids) == 10


def test_more_neighbours_are_looked_up_where_more_are_wanted(crowd: Snapshot, watched: PersonaIndex) -> None:
    wanted = ScoringProfile(collaborative=CollaborativeSettings(neighbours=20))
    assert len(gather(request(wanted), asked_by(crowd, 1, watched)).similar.persona_ids) == 20
    assert watched.index.asked == [150]


def test_a_persona_without_a_taste_is_not_in_the_index_and_is_told_nothing_of_it() -> None:
    world = snapshot(3, people=30, events=0)
    index = built(world)
    stated = world.personas.keys[world.personas.priors.any(axis=1)]
    assert index.index.keys().tolist() == stated.tolist()
    stranger = next(key for key in world.personas.keys.tolist() if key not in stated)
    assert NOTE not in gather(request(), asked_by(world, stranger, index)).notes
