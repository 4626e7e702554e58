"""Lists put before a model: what is asked, what the pipeline makes of it, what is possible at most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.domain.profile import RerankSettings, ScoringProfile
from tastebench.evaluation.ordering import lists
from tastebench.evaluation.replay import replayed
from tastebench.evaluation.reranked import GIVE_UP_AFTER, Head, Opinion, _extremes, lifted
from tastebench.evaluation.splits import SplitSettings
from tastebench.evaluation.world import World
from tastebench.ranking.rerank import llm_line
from tastebench.signals import resolved
from tests.unit.evaluation.stage import world
from tests.worlds import snapshot

K = 5
PROFILE = resolved(ScoringProfile(rerank=RerankSettings(influence=0.5, candidates=8)))


@pytest.fixture(scope="module")
def some() -> World:
    return world(snapshot(7, 40, 12, 300), SplitSettings(kind="share", share=0.3))


def graded(head: Head, grades: dict[str, float]) -> Opinion:
    return Opinion(ModelState.OK, Judgement(head.item_ids, grades), 2.0, "mind:1b")


def wanted_of(some: World) -> dict[str, set[str]]:
    ids = some.training.catalogue.item_ids
    return {some.person(row).persona_id: {ids[at] for at in some.wanted_rows(row)} for row in range(len(some))}


def test_the_lists_without_are_those_of_the_evaluation_and_the_heads_their_beginnings(some: World) -> None:
    heads: list[Head] = []

    def ask(head: Head) -> Opinion:
        heads.append(head)
        return Opinion(ModelState.OFF)

    lift = lifted(some, PROFILE, K, 100, 0, ask)
    rows = lists(replayed(some, PROFILE), PROFILE, 8)
    ids = some.training.catalogue.item_ids
    assert [head.item_ids for head in heads] == [tuple(ids[at] for at in row if at >= 0) for row in rows]
    assert all(head.request.rerank for head in heads)
    np.testing.assert_array_equal(lift.values[0], lift.values[1])
    assert lift.unanswered == {ModelState.OFF: len(some)}


def test_who_knows_comes_up_to_the_best_that_is_possible_and_never_beyond(some: World) -> None:
    truth = wanted_of(some)

    def ask(head: Head) -> Opinion:
        mine = truth[head.request.persona_id]
        return graded(head, {one: 10.0 * (one in mine) for one in head.item_ids})

    lift = lifted(some, PROFILE, K, 100, 0, ask)
    without, judged, worst, best = lift.values[:, 0]
    assert judged.mean() > without.mean()
    assert (judged <= best + 1e-12).all()
    assert (judged >= without - 1e-12).all()
    assert lift.estimate("ndcg").most == pytest.approx((best - without).mean())
    assert lift.estimate("ndcg").least == pytest.approx((worst - without).mean())
    assert (lift.model, lift.seconds_per_list) == ("mind:1b", 2.0)


def test_a_sample_is_drawn_with_the_seed_and_told_by_position(some: World) -> None:
    def drawn(seed: int) -> list[int]:
        return lifted(some, PROFILE, K, 4, seed, lambda _: Opinion(ModelState.OFF)).rows.tolist()

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(drawn(1)) == 4 < len(some)
    lift = lifted(some, PROFILE, K, 4, 1, lambda _: Opinion(ModelState.OFF))
    members = np.zeros(len(some), dtype=np.bool_)
    members[lift.rows[:2]] = True
    assert lift.estimate("ndcg", members).lists == 2


def test_what_is_told_of_a_persona_is_its_training_alone_newest_last(some: World) -> None:
    log, catalogue = some.training.log, some.training.catalogue
    for row in range(len(some)):
        deeds = some.deeds(row, 4)
        mine = np.flatnonzero((log.personas == some.split.personas[row]) & (some.training.item_rows >= 0))
        times = sorted(log.at[mine].tolist())[-4:]
        assert [round(deed.at.timestamp() * 1e6) for deed in deeds] == times
        known = {catalogue.titles[at] for at in some.training.item_rows[mine]}
        assert {deed.title for deed in deeds} <= known


def test_a_failure_in_between_is_forgotten_several_in_a_row_end_it(some: World) -> None:
    fail, answer = Opinion(ModelState.TIMED_OUT, sentence="It took too long."), Opinion(ModelState.NO_PREFERENCE)
    given_up = [fail] * (GIVE_UP_AFTER - 1) + [answer] + [fail] * GIVE_UP_AFTER
    assert len(given_up) < len(some)
    coming, asked = iter(given_up), []

    def ask(head: Head) -> Opinion:
        asked.append(head)
        return next(coming)

    lift = lifted(some, PROFILE, K, 100, 0, ask)
    assert len(asked) == len(given_up)
    failures = 2 * GIVE_UP_AFTER - 1
    assert lift.unanswered == {ModelState.TIMED_OUT: failures, ModelState.OFF: len(some) - failures - 1}
    assert any(f"{failures} of {len(some)} lists" in note and "took too long" in note for note in lift.notes)


@given(st.data(), st.integers(1, 9), st.floats(0, 0.5))
def test_no_judgement_goes_beyond_the_extremes(data: st.DataObject, size: int, influence: float) -> None:
    scores = np.array(sorted(data.draw(st.lists(st.floats(-1, 1), min_size=size, max_size=size)), reverse=True))
    wanted = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    grades = data.draw(st.lists(st.none() | st.integers(0, 10), min_size=size, max_size=size))
    ids = tuple(f"i{place}" for place in range(size))
    said = Judgement(ids, {one: float(grade) for one, grade in zip(ids, grades, strict=True) if grade is not None})
    after = scores + llm_line(scores, np.arange(size), ids, said, influence)
    order = np.lexsort((np.arange(size), -np.round(after, 12)))
    worst, best = _extremes(scores, wanted, influence)
    found, at_worst, at_best = (np.flatnonzero(wanted[one]) for one in (order, worst, best))
    assert (found <= at_worst).all()
    assert (found >= at_best).all()
