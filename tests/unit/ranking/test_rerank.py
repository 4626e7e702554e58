"""The language model's line: a list on paper, its laws over random worlds, and what three kinds of model can do."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.domain.profile import DiversitySettings, RerankSettings, ScoringProfile
from tastebench.domain.ranking import Ranking
from tastebench.ranking import Snapshot, gather, rank
from tastebench.ranking.rerank import DEFAULT_INFLUENCE, llm_line, movement
from tests.worlds import profiles, request, seeds, snapshot, sources, worlds

EVERYTHING = 10_000
IDS = ("a", "b", "c", "d", "e")
TOTALS = np.array([0.9, 0.7, 0.6, 0.2, 0.1])
ORDER = np.arange(5)


def line(grades: dict[str, float], influence: float, head: Sequence[str] = IDS[:4]) -> list[float]:
    judgement = Judgement(tuple(head), grades)
    return llm_line(TOTALS, ORDER, IDS, judgement, influence).round(9).tolist()


def test_four_items_on_paper() -> None:
    # The model's order is d, b, a, c; their places are worth .9, .7, .6, .2.
    #   d: .9 − .2 = .7    b: .7 − .7 = 0    a: .6 − .9 = −.3    c: .2 − .6 = −.4     and a fifth of each:
    assert line({"a": 5, "b": 8, "c": 1, "d": 9}, 0.2) == [-0.06, 0.0, -0.08, 0.14, 0.0]


def test_equal_grades_keep_the_order_of_the_list() -> None:
    # d is liked best; a, b and c are equal, so they move down one place each, in their order.
    assert line({"a": 5, "b": 5, "c": 5, "d": 9}, 0.5) == [-0.1, -0.05, -0.2, 0.35, 0.0]


def test_an_item_without_a_grade_keeps_its_score_and_the_others_trade_theirs() -> None:
    # Without b the places of a, c and d are worth .9, .6, .2; the model turns them round.
    assert line({"a": 1, "c": 2, "d": 3}, 0.5) == [-0.35, 0.0, 0.0, 0.35, 0.0]


def test_agreement_and_no_influence_leave_exact_zeros() -> None:
    agreed = llm_line(TOTALS, ORDER, IDS, Judgement(IDS, dict(zip(IDS, (9, 8, 8, 2, 0), strict=True))), 0.5)
    assert [str(value) for value in agreed] == ["0.0"] * 5
    assert line({"d": 9, "a": 1, "b": 2, "c": 3}, 0.0) == [0.0] * 5


@pytest.mark.parametrize(
    "judgement",
    [
        None,
        Judgement(("b", "a"), {"a": 1, "b": 9}),
        Judgement(("a", "b", "x"), {"a": 1, "b": 9}),
        Judgement((*IDS, "f"), {"a": 1, "b": 9}),
        Judgement(("a", "b"), {}),
        Judgement((), {}),
        *(
            Judgement(("a", "b"), {"a": 1, "b": 9}, state=state)
            for state in ModelState
            if state not in {ModelState.OK, ModelState.PARTIAL}
        ),
    ],
)
def test_a_judgement_of_another_head_or_without_an_answer_changes_nothing(judgement: Judgement | None) -> None:
    assert llm_line(TOTALS, ORDER, IDS, judgement, 0.5).tolist() == [0.0] * 5


# Laws over random worlds, through the whole pipeline.


def whole(world: Snapshot, profile: ScoringProfile, judgement: Judgement | None = None, rerank: bool = True) -> Ranking:
    asked = request(profile, limit=EVERYTHING, rerank=rerank)
    return rank(gather(asked, sources(world, genres=["noir"])), asked, judgement=judgement)


@st.composite
def judged(draw: st.DrawFn) -> tuple[Snapshot, ScoringProfile, Judgement, float]:
    """A world, a profile with its influence, and some judgement of the head of its list."""
    world, profile = draw(worlds), draw(profiles())
    influence = draw(st.sampled_from([0.05, 0.2, 0.5]))
    profile = profile.model_copy(update={"rerank": RerankSettings(influence=influence)})
    size = draw(st.integers(2, 20))
    head = tuple(item.item_id for item in whole(world, profile, rerank=False).items[:size])
    grades = {item_id: draw(st.one_of(st.none(), st.integers(0, 10))) for item_id in head}
    kept = {item_id: float(grade) for item_id, grade in grades.items() if grade is not None}
    return world, profile, Judgement(head, kept), influence


def by_date(world: Snapshot, profile: ScoringProfile) -> bool:
    return profile.fallback == "newest_first" and gather(request(profile), sources(world, genres=["noir"])).cold


@given(judged())
def test_the_line_is_zero_sum_bounded_and_moves_nothing_outside_the_head(
    case: tuple[Snapshot, ScoringProfile, Judgement, float],
) -> None:
    world, profile, judgement, influence = case
    before = whole(world, profile, rerank=False)
    after = whole(world, profile, judgement)
    lines = {item.item_id: item.contributions["llm"] for item in after.items}
    held = {item.item_id: item.score for item in before.items}
    graded = [held[item_id] for item_id in judgement.grades]
    assert abs(math.fsum(lines.values())) <= 1e-12
    bound = influence * (max(graded) - min(graded)) if graded else 0.0
    assert max(map(abs, lines.values()), default=0.0) <= bound + 1e-12
    assert {item_id for item_id, value in lines.items() if value} <= judgement.grades.keys()
    outside = [item.item_id for item in before.items if item.item_id not in judgement.item_ids]
    assert [item.item_id for item in after.items if item.item_id in set(outside)] == outside
    for item in after.items:
        assert item.score == math.fsum(item.contributions.values())
        assert before.items[item.ranks["diversity"] - 1].item_id == item.item_id
    assert {item.item_id for item in after.items} == held.keys()
    assert [item.ranks["llm"] for item in after.items] == list(range(1, len(after.items) + 1))


@given(worlds, profiles())
def test_a_model_that_agrees_changes_no_byte(world: Snapshot, profile: ScoringProfile) -> None:
    before = whole(world, profile, rerank=False)
    if by_date(world, profile):
        return  # there places follow dates and not scores: what agrees with the one may not agree with the other
    head = before.items[:10]
    agreed = Judgement(tuple(item.item_id for item in head), {item.item_id: 10.0 - item.rank for item in head})
    assert json.dumps(whole(world, profile, agreed).decision()) == json.dumps(before.decision())


@given(judged())
def test_law_9_not_asked_or_not_answered_the_decision_is_byte_equal(
    case: tuple[Snapshot, ScoringProfile, Judgement, float],
) -> None:
    world, profile, judgement, _ = case
    base = json.dumps(whole(world, profile, rerank=False).decision())
    assert json.dumps(whole(world, profile, judgement, rerank=False).decision()) == base
    assert json.dumps(whole(world, profile, None).decision()) == base
    failed = replace(judgement, state=ModelState.INVALID_OUTPUT)
    assert json.dumps(whole(world, profile, failed).decision()) == base
    elsewhere = replace(judgement, item_ids=(*judgement.item_ids[::-1], "gone"))
    assert json.dumps(whole(world, profile, elsewhere).decision()) == base


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=20, unique=True), st.randoms(use_true_random=False))
def test_at_full_influence_the_order_is_the_models(points: list[int], luck: object) -> None:
    totals = np.sort(np.array(points) / 10**6)[::-1]
    ids = tuple(f"i{number}" for number in range(len(points)))
    wanted = list(ids)
    luck.shuffle(wanted)  # type: ignore[attr-defined]
    grades = {item_id: -float(place) for place, item_id in enumerate(wanted)}
    moved = totals + llm_line(totals, np.arange(len(ids)), ids, Judgement(ids, grades), 1.0)
    assert [ids[row] for row in np.argsort(-moved, kind="stable")] == wanted


@given(seeds)
def test_pages_join_up_after_the_model_too(seed: int) -> None:
    world, profile = snapshot(seed), ScoringProfile(rerank=RerankSettings(influence=0.5))
    head = tuple(item.item_id for item in whole(world, profile, rerank=False).items[:8])
    judgement = Judgement(head, {item_id: float(grade) for grade, item_id in enumerate(head)})
    whole_list = [item.item_id for item in whole(world, profile, judgement).items]
    evidence = gather(request(profile), sources(world, genres=["noir"]))
    pages = [
        [
            i.item_id
            for i in rank(evidence, request(profile, limit=4, offset=offset, rerank=True), None, judgement).items
        ]
        for offset in range(0, len(whole_list), 4)
    ]
    assert [item_id for page in pages for item_id in page] == whole_list


def test_without_an_influence_in_the_profile_the_default_holds_and_movement_is_counted() -> None:
    world, profile = snapshot(5), ScoringProfile(diversity=DiversitySettings(method="none"))
    before = whole(world, profile, rerank=False)
    head = before.items[:4]
    turned = Judgement(tuple(i.item_id for i in head), {i.item_id: float(i.rank) for i in head})
    after = whole(world, profile, turned)
    first, last = head[0], head[3]
    moved = {item.item_id: item.contributions["llm"] for item in after.items}
    assert moved[last.item_id] == pytest.approx(DEFAULT_INFLUENCE * (first.score - last.score))
    assert movement(before, 4) == movement(whole(world, profile), 4)
    assert (movement(before, 4).moved, movement(before, 4).tau, movement(before, 4).of) == (0, 1.0, 4)
    pushed = whole(world, profile.model_copy(update={"rerank": RerankSettings(influence=0.5)}), turned)
    assert movement(pushed, 4).moved > 0
    assert movement(pushed, 4).tau < 1
    assert movement(pushed, 1).tau == 1.0


# What a model can do for a list, and to it: six items whose worth is known.


def gain(order: Sequence[int], worth: Sequence[float]) -> float:
    """Return the discounted gain of an order over the best there is: graded NDCG."""
    discounts = 1 / np.log2(np.arange(2, len(order) + 2))
    best = np.sort(worth)[::-1] @ discounts
    return float(np.asarray(worth)[list(order)] @ discounts / best)


def after_model(base: np.ndarray, grades: Sequence[float], influence: float) -> list[int]:
    ids = tuple(str(number) for number in range(len(base)))
    order = np.argsort(-base, kind="stable")
    judgement = Judgement(tuple(ids[row] for row in order), dict(zip(ids, map(float, grades), strict=True)))
    moved = base + llm_line(base, order, ids, judgement, influence)
    return np.argsort(-np.round(moved, 12), kind="stable").tolist()


def worst_allowed(base: np.ndarray, worth: Sequence[float], influence: float) -> float:
    """Return the least gain of any order the bound permits.

    A score is (1 − a) of its own and a of some other of the head's, so no two that are further apart than
    a ÷ (1 − a) × the range change places, whatever a model says.
    """
    safe = influence / (1 - influence) * np.ptp(base) + 1e-12
    pairs = [(i, j) for i in range(len(base)) for j in range(len(base)) if base[i] - base[j] > safe]
    return min(
        gain(order, worth)
        for order in permutations(range(len(base)))
        if all(order.index(i) < order.index(j) for i, j in pairs)
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_random_model_loses_no_more_than_the_bound_allows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    worth = rng.integers(0, 11, 6).astype(float)
    worth[0] = 10.0
    base = worth / 10 + rng.normal(0, 0.15, 6)
    floor = worst_allowed(base, worth, 0.2)
    gains = [gain(after_model(base, rng.integers(0, 11, 6), 0.2), worth) for _ in range(200)]
    assert min(gains) >= floor - 1e-12
    assert floor > min(gain(order, worth) for order in permutations(range(6)))  # the bound does hold something back


@given(seeds, st.sampled_from([0.05, 0.2, 0.5]))
def test_a_model_that_knows_never_makes_a_list_worse(seed: int, influence: float) -> None:
    rng = np.random.default_rng(seed)
    worth = rng.integers(0, 11, 10).astype(float) + 0.01
    base = worth / 10 + rng.normal(0, 0.5, 10)
    before = gain(np.argsort(-base, kind="stable").tolist(), worth)
    assert gain(after_model(base, worth.round(), influence), worth) >= before - 1e-12


def test_a_model_that_knows_lifts_the_gain_and_more_influence_lifts_it_more() -> None:
    rng = np.random.default_rng(11)
    lists = []
    for _ in range(100):
        worth = rng.integers(0, 11, 10).astype(float) + 0.01
        lists.append((worth, worth / 10 + rng.normal(0, 0.5, 10)))
    means = [
        float(np.mean([gain(after_model(base, worth.round(), influence), worth) for worth, base in lists]))
        for influence in (0.0, 0.2, 0.5, 1.0)
    ]
    assert means == sorted(means)
    assert means[1] > means[0] + 0.01
    assert means[3] == pytest.approx(1.0)


def test_a_list_ordered_by_date_keeps_its_dates() -> None:
    world = snapshot(3, people=3, events=60)
    profile = ScoringProfile(fallback="newest_first", rerank=RerankSettings(influence=0.5))
    asked = request(profile, limit=EVERYTHING, rerank=True)
    evidence = gather(asked, replace(sources(world), persona_key=77))
    assert evidence.cold
    before = rank(evidence, asked)
    head = tuple(item.item_id for item in before.items[:6])
    turned = Judgement(head, {item_id: float(grade) for grade, item_id in enumerate(head)})
    dates = dict(zip(evidence.item_ids, evidence.created_at.tolist(), strict=True))
    shown = [dates[item.item_id] for item in rank(evidence, asked, judgement=turned).items]
    assert shown == sorted(shown, reverse=True)
