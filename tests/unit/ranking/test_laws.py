"""The laws of a ranking, as properties over random worlds."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import DiversitySettings, ScoringProfile
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Filters
from tastebench.ranking import Snapshot, explained, gather, rank, recommend
from tastebench.ranking.blend import blended, order_of
from tastebench.ranking.explain import LEADING
from tastebench.ranking.permitted import permitted
from tastebench.ranking.scale import RAW, scaled, standard
from tastebench.signals import REGISTRY, on_demand
from tests.worlds import NOW, profiles, request, seeds, snapshot, sources, with_log, worlds

EVERYTHING = 10_000


def whole(world: Snapshot, profile: ScoringProfile, **fields: object) -> Ranking:
    return recommend(request(profile, limit=EVERYTHING, **fields), sources(world, genres=["noir"]))


def ids(ranking: Ranking) -> list[str]:
    return [item.item_id for item in ranking.items]


@given(worlds, profiles())
def test_law_1_a_score_is_the_sum_of_its_contributions_and_finite(world: Snapshot, profile: ScoringProfile) -> None:
    for item in whole(world, profile).items:
        assert item.score == math.fsum(item.contributions.values())
        assert all(math.isfinite(line) for line in item.contributions.values())
        assert all(value is None or abs(value) <= 1 + 1e-12 for value in item.signals.values())


@given(worlds, profiles())
def test_law_2_a_ranking_is_a_permutation_and_equal_requests_give_equal_decisions(
    world: Snapshot, profile: ScoringProfile
) -> None:
    first, second = whole(world, profile), whole(with_log(world, world.log), profile)
    assert len(set(ids(first))) == len(ids(first)) == first.total
    assert json.dumps(first.decision()) == json.dumps(second.decision())
    scores = [round(item.score, 12) for item in first.items]
    if not (profile.fallback == "newest_first" and any("Nothing is known" in note for note in first.notes)):
        assert scores == sorted(scores, reverse=True)
    assert [item.rank for item in first.items] == list(range(1, first.total + 1))


@given(worlds, profiles(), st.integers(1, 15))
def test_law_3_pages_join_up(world: Snapshot, profile: ScoringProfile, size: int) -> None:
    both = recommend(request(profile, limit=2 * size), sources(world)).decision()["items"]
    first = recommend(request(profile, limit=size), sources(world)).decision()["items"]
    second = recommend(request(profile, limit=size, offset=size), sources(world)).decision()["items"]
    assert first + second == both


@given(worlds, profiles(), st.sampled_from([0.5, 3.0, 1000.0 / 1024]))
def test_law_4_scaling_all_weights_changes_nothing(world: Snapshot, profile: ScoringProfile, factor: float) -> None:
    scaled = profile.model_copy(update={"weights": {name: w * factor for name, w in profile.weights.items()}})
    before = {item.item_id: item.score for item in whole(world, profile).items}
    after = {item.item_id: item.score for item in whole(world, scaled).items}
    assert before.keys() == after.keys()
    assert all(abs(before[item_id] - after[item_id]) <= 1e-12 for item_id in before)


@given(worlds, profiles(), st.sampled_from(sorted(REGISTRY)))
def test_law_4_weight_zero_drops_the_line_and_nothing_else(world: Snapshot, profile: ScoringProfile, name: str) -> None:
    weights = {**profile.weights, name: 0.0}
    assume(any(weights.values()))
    muted = profile.model_copy(update={"weights": weights})
    with_line, without = whole(world, profile), whole(world, muted)
    assert {i.item_id: i.signals for i in without.items} == {
        i.item_id: {key: value for key, value in i.signals.items() if key in without.items[0].signals}
        for i in with_line.items
    }
    lines = [key for key, weight in weights.items() if weight > 0]
    assert all([*item.contributions] == [*lines, "diversity", "llm"] for item in without.items)


@given(worlds, profiles(), st.sampled_from(sorted(REGISTRY)), st.sampled_from([0.01, 0.5, 20.0]))
def test_law_4_raising_a_weight_keeps_who_stands_above_and_is_at_least_equal_in_it(
    world: Snapshot, profile: ScoringProfile, name: str, more: float
) -> None:
    plain = profile.model_copy(update={"diversity": DiversitySettings(method="none"), "fallback": "popular_first"})
    raised = plain.model_copy(update={"weights": {**plain.weights, name: plain.weights[name] + more}})
    evidence = gather(request(plain), sources(world, genres=["noir"]))
    values = _scaled(REGISTRY[name].compute(evidence, plain), plain)
    before, after = _places(evidence, plain), _places(evidence, raised)
    scores = blended(evidence, plain).base
    above = (scores[:, None] > scores[None, :] + 1e-9) & (values[:, None] >= values[None, :])
    assert (before[:, None] < before[None, :])[above].all()
    assert (after[:, None] < after[None, :])[above].all()


def _scaled(values: np.ndarray, profile: ScoringProfile) -> np.ndarray:
    return scaled(values, standard(values) if profile.scale == "standardised" else RAW)


def _places(evidence: Evidence, profile: ScoringProfile) -> np.ndarray:
    base = blended(evidence, profile).base
    return np.argsort(order_of(evidence, profile, base, base))


@given(worlds, profiles(), st.floats(0, 70))
def test_law_6_as_of_a_moment_equals_a_log_cut_off_there(
    world: Snapshot, profile: ScoringProfile, days_ago: float
) -> None:
    moment = request(profile, days_ago=days_ago, limit=EVERYTHING)
    cut = int(moment.now.timestamp() * 1_000_000)
    as_of = recommend(moment, sources(world, genres=["noir"]))
    cut_off = recommend(moment, sources(with_log(world, world.log.until(cut)), genres=["noir"]))
    assert as_of.decision() == cut_off.decision()


@given(worlds, profiles())
def test_law_8_filtered_results_equal_the_exact_search_over_permitted_items(
    world: Snapshot, profile: ScoringProfile
) -> None:
    filters = Filters(facets={"genres": ("noir", "crime")}, ranges={"year": (1940, 2010)}, text="x")
    asked = request(profile, limit=EVERYTHING, filters=filters, exclude_items=world.catalogue.item_ids[:3])
    given_sources = sources(world, genres=["noir"])
    own = world.log.take(world.log.personas == 1)
    allowed = permitted(world.catalogue, own, asked, NOW, world.catalogue.keys[::2])
    ranking = recommend(asked, given_sources)
    assert set(ids(ranking)) == {world.catalogue.item_ids[row] for row in np.flatnonzero(allowed)}
    for search in ranking.searches:
        if search.name == "taste":
            taste = gather(asked, given_sources).taste.vector
            rows = np.flatnonzero(allowed & world.catalogue.embedded)
            cosines = world.catalogue.vectors[rows].astype(np.float64) @ taste
            best = rows[np.lexsort((world.catalogue.keys[rows], -cosines))][: profile.search.results]
            expected = np.sort(cosines)[::-1][: len(best)]
            np.testing.assert_allclose(search.scores, expected, atol=2e-6)
            assert set(search.item_ids) == {world.catalogue.item_ids[row] for row in best}


@given(seeds, profiles())
def test_strength_zero_and_method_none_give_the_base_order(seed: int, profile: ScoringProfile) -> None:
    world = snapshot(seed)
    still = [DiversitySettings(method="none"), DiversitySettings(method="repeat", strength=0)]
    for diversity in still:
        ranking = whole(world, profile.model_copy(update={"diversity": diversity}))
        assert all(item.ranks["base"] == item.rank for item in ranking.items)
        assert all(item.contributions["diversity"] == 0 for item in ranking.items)


@given(worlds, profiles())
@settings(max_examples=50)
def test_re_scoring_held_evidence_equals_gathering_anew(world: Snapshot, profile: ScoringProfile) -> None:
    same = dict.fromkeys(on_demand(profile), 1.0)
    other_weights = profile.model_copy(update={"weights": {"similarity": 0.5} | same})
    held = gather(request(other_weights), sources(world))
    asked = request(profile, limit=EVERYTHING)
    assert rank(held, asked).decision() == recommend(asked, sources(world)).decision()


@given(worlds, profiles())
@settings(max_examples=50)
def test_the_parts_of_a_line_sum_to_it_whatever_the_scale(world: Snapshot, profile: ScoringProfile) -> None:
    asked = request(profile, limit=EVERYTHING)
    evidence = gather(asked, sources(world, genres=["noir"]))
    for item in rank(evidence, asked).items:
        why = explained(evidence, asked.profile, item.item_id)
        row = evidence.item_ids.index(item.item_id)
        if item.reason.startswith("Close to Title") and item.reason.endswith("in your history"):
            causes = [cause for cause in why.parts["similarity"].history if cause.item_id != item.item_id]
            leading = sorted((cause.amount for cause in causes), reverse=True)[:LEADING]
            named = [cause.amount for cause in causes if item.reason == f"Close to {cause.title} in your history"]
            assert max(named) >= leading[-1] - 1e-9, "what the line says is said first in the breakdown"
        assert (why.known == "done", why.known == "") == (
            evidence.done[row],
            not evidence.done[row] | evidence.seen[row],
        )
        for name, parts in why.parts.items():
            of_history = math.fsum([cause.amount for cause in parts.history] + [parts.prior or 0.0])
            counted = 0.0 if parts.clipped else of_history
            assert not (parts.clipped and of_history > 0)
            tolerance = 1e-12 / min(1.0, why.scales[name].deviation or 1.0) if name in why.scales else 1e-12
            assert abs(counted + (parts.mean or 0.0) - item.contributions.get(name, 0.0)) <= tolerance
            amounts = [cause.amount for cause in parts.history]
            assert amounts == sorted(amounts, reverse=True)


@given(worlds, profiles())
def test_a_standardised_line_is_its_share_times_the_distance_from_the_mean_in_deviations(
    world: Snapshot, profile: ScoringProfile
) -> None:
    ranking = whole(world, profile.model_copy(update={"scale": "standardised"}))
    shares = profile.shares()
    assert [*ranking.scales] == [*shares]
    for name, (mean, deviation) in ranking.scales.items():
        known = [item.signals[name] for item in ranking.items if item.signals[name] is not None]
        assert mean == pytest.approx(math.fsum(known) / max(len(known), 1))
        for item in ranking.items:
            value = item.signals[name]
            counts_as = (value - mean) / deviation if value is not None and deviation else 0.0
            assert item.contributions[name] == pytest.approx(shares[name] * counts_as, abs=1e-12)


@given(worlds, profiles())
def test_influence_sums_to_one_and_is_none_where_all_score_alike(world: Snapshot, profile: ScoringProfile) -> None:
    ranking = whole(world, profile)
    scores = [item.score for item in ranking.items]
    if ranking.influence:
        assert [*ranking.influence] == [*ranking.items[0].contributions]
        assert math.fsum(ranking.influence.values()) == pytest.approx(1.0)
    else:
        assert max(scores, default=0.0) - min(scores, default=0.0) <= 1e-9


def test_raw_values_count_as_they_are_and_leave_no_trace_of_scales_in_a_decision() -> None:
    ranking = whole(snapshot(5), ScoringProfile())
    assert "scales" not in ranking.decision()
    assert ranking.scales == {}
    standardised = whole(snapshot(5), ScoringProfile(scale="standardised"))
    assert standardised.decision()["scales"]["similarity"].keys() == {"mean", "deviation"}


def test_an_empty_catalogue_gives_an_empty_ranking_with_a_note() -> None:
    ranking = recommend(request(), sources(snapshot(1, items=0, events=0)))
    assert ranking.items == ()
    assert "No item matches" in ranking.notes[0]


def test_a_persona_of_whom_nothing_is_known_gets_popular_then_newest_and_is_told_so() -> None:
    world = snapshot(3, people=3, events=60)
    stranger = replace(sources(world), persona_key=77)
    popular = recommend(request(limit=EVERYTHING), stranger)
    assert any(note.startswith("Nothing is known of this persona yet, so popular") for note in popular.notes)
    assert all(item.signals["similarity"] is None for item in popular.items)
    lines = [item.signals["popularity"] for item in popular.items]
    assert lines[:5] == sorted(lines[:5], reverse=True)
    newest = recommend(request(ScoringProfile(fallback="newest_first"), limit=EVERYTHING), stranger)
    dates = dict(zip(world.catalogue.item_ids, world.catalogue.created_at.tolist(), strict=True))
    shown = [dates[item.item_id] for item in newest.items]
    assert shown == sorted(shown, reverse=True)
