"""Asking, as properties over random worlds: the laws of a ranking, and what alpha and strength mean at their ends."""

import json
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.errors import EncoderUnavailable, InvalidInput
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import DiversitySettings, ScoringProfile
from tastebench.domain.query import QUESTION_LIMIT, Query
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Filters, Request
from tastebench.ranking import Snapshot, Sources, explained, gather, rank, recommend
from tastebench.ranking.asking import answers, scaled
from tastebench.ranking.searches import Field
from tastebench.stores.word_index import WordHits
from tests.worlds import profiles, request, seeds, snapshot, sources, with_log, worlds

shares = st.sampled_from([0.0, 0.25, 0.5, 0.7, 1.0])


def asked(profile: ScoringProfile | None = None, limit: int = 10_000, **query: object) -> Request:
    fields = {name: query.pop(name) for name in ("filters", "exclude_items", "offset", "days_ago") if name in query}
    text = str(query.pop("text", "a quiet western"))
    return request(profile, limit=limit, query=Query(text, **query), **fields)  # type: ignore[arg-type]


def given_to(world: Snapshot, words: int = 7) -> Sources:
    """Sources in whose index of words every third item has a word of the question; some score alike."""

    def word_search(_question: str) -> WordHits:
        keys = world.catalogue.keys[::3]
        return WordHits(keys, 0.5 + (np.arange(len(keys)) * 5 % words).astype(np.float64))

    return replace(sources(world, genres=["noir"]), word_search=word_search)


def ids(ranking: Ranking) -> list[str]:
    return [item.item_id for item in ranking.items]


def moderate(evidence: Evidence, profile: ScoringProfile) -> bool:
    return not (evidence.cold and profile.fallback == "newest_first")


@given(worlds, profiles(), shares, shares)
def test_law_1_lines_sum_to_the_score_and_scale_by_strength(
    world: Snapshot, profile: ScoringProfile, alpha: float, strength: float
) -> None:
    whole = asked(profile, alpha=alpha, strength=strength)
    evidence = gather(whole, given_to(world))
    alone = {item.item_id: item for item in rank(evidence, replace(whole, query=None)).items}
    for item in rank(evidence, whole).items:
        assert item.score == math.fsum(item.contributions.values())
        assert all(math.isfinite(line) for line in item.contributions.values())
        value = item.signals["query"]
        assert value is not None
        assert 0 <= value <= 1
        assert item.contributions.get("query", 0.0) == (1 - strength) * value
        for name, line in alone[item.item_id].contributions.items():
            if name not in {"diversity", "llm"}:
                assert item.contributions.get(name, 0.0) == strength * line
        assert ("query" in item.contributions) == (strength < 1)


@given(worlds, profiles(), shares, shares)
def test_law_2_equal_requests_give_equal_decisions_in_falling_scores(
    world: Snapshot, profile: ScoringProfile, alpha: float, strength: float
) -> None:
    whole = asked(profile, alpha=alpha, strength=strength)
    evidence = gather(whole, given_to(world))
    first, second = rank(evidence, whole), recommend(whole, given_to(with_log(world, world.log)))
    assert json.dumps(first.decision()) == json.dumps(second.decision())
    assert len(set(ids(first))) == len(ids(first)) == first.total <= 150
    scores = [round(item.score, 12) for item in first.items]
    assert scores == sorted(scores, reverse=True) or (strength == 1 and not moderate(evidence, profile))


@given(worlds, profiles(), st.integers(1, 15), shares, st.integers(1, 30))
def test_law_3_pages_of_an_answer_join_up(
    world: Snapshot, profile: ScoringProfile, size: int, strength: float, depth: int
) -> None:
    pages = [(2 * size, 0), (size, 0), (size, size)]
    given_sources = given_to(world)
    both, first, second = (
        recommend(asked(profile, limit, offset=offset, strength=strength, depth=depth), given_sources)
        for limit, offset in pages
    )
    assert first.decision()["items"] + second.decision()["items"] == both.decision()["items"]


@given(worlds, profiles(), shares)
def test_law_4_scaling_all_weights_changes_nothing(world: Snapshot, profile: ScoringProfile, strength: float) -> None:
    scaled_profile = profile.model_copy(update={"weights": {name: 3 * w for name, w in profile.weights.items()}})
    before, after = (recommend(asked(p, strength=strength), given_to(world)).items for p in (profile, scaled_profile))
    scores = {item.item_id: item.score for item in before}
    assert all(abs(scores[item.item_id] - item.score) <= 1e-12 for item in after)


@given(worlds, profiles(), st.floats(0, 70), shares)
def test_law_6_as_of_a_moment_equals_a_log_cut_off_there(
    world: Snapshot, profile: ScoringProfile, days_ago: float, strength: float
) -> None:
    moment = asked(profile, strength=strength, days_ago=days_ago)
    cut = int(moment.now.timestamp() * 1_000_000)
    cut_off = recommend(moment, given_to(with_log(world, world.log.until(cut))))
    assert recommend(moment, given_to(world)).decision() == cut_off.decision()


@given(worlds, profiles(), shares)
def test_law_8_nothing_that_filters_or_exclusions_rule_out_is_an_answer(
    world: Snapshot, profile: ScoringProfile, alpha: float
) -> None:
    filters = Filters(facets={"genres": ("noir", "crime")}, ranges={"year": (1940, 2010)})
    ruled_out = world.catalogue.item_ids[:3]
    narrow = asked(profile, alpha=alpha, filters=filters, exclude_items=ruled_out)
    plain = recommend(request(profile, limit=10_000, filters=filters, exclude_items=ruled_out), given_to(world))
    assert set(ids(recommend(narrow, given_to(world)))) <= set(ids(plain))
    if alpha == 1:  # every permitted item that has a vector is close to the question, more or less
        embedded = {world.catalogue.item_ids[row] for row in np.flatnonzero(world.catalogue.embedded)}
        assert set(ids(recommend(narrow, given_to(world)))) == set(ids(plain)) & embedded or not embedded & set(
            ids(plain)
        )


@given(worlds, profiles(), shares)
def test_alpha_at_its_ends_is_the_pure_method(world: Snapshot, profile: ScoringProfile, strength: float) -> None:
    for method, alpha in (("near_text", 1.0), ("bm25", 0.0)):
        pure = recommend(asked(profile, method=method, alpha=0.3, strength=strength), given_to(world))
        end = recommend(asked(profile, method="hybrid", alpha=alpha, strength=strength), given_to(world))
        assert json.dumps(pure.decision()) == json.dumps(end.decision())


@given(seeds)
def test_the_pure_methods_order_by_cosine_and_by_bm25(seed: int) -> None:
    world = snapshot(seed)
    given_sources = given_to(world)
    for method, search in (("near_text", "meaning"), ("bm25", "words")):
        ranking = recommend(asked(method=method, strength=0.0), given_sources)
        (found,) = ranking.searches
        assert found.name == search
        scores = dict(zip(found.item_ids, found.scores, strict=True))
        by_search = [scores[item_id] for item_id in ids(ranking)]
        assert by_search == pytest.approx(sorted(by_search, reverse=True), abs=1e-9)
        assert set(scores) == set(ids(ranking))


@given(worlds, profiles(), shares)
def test_strength_0_is_the_order_of_the_question_whoever_asks(
    world: Snapshot, profile: ScoringProfile, alpha: float
) -> None:
    alone = recommend(asked(profile, alpha=alpha, strength=0.0), given_to(world))
    assert all(set(item.contributions) == {"query", "diversity", "llm"} for item in alone.items)
    assert all(item.contributions["diversity"] == 0 for item in alone.items)
    assert [item.ranks["query"] for item in alone.items] == list(range(1, alone.total + 1))
    bent = recommend(asked(profile, alpha=alpha, strength=0.6), given_to(world))
    assert sorted((item.ranks["query"], item.item_id) for item in bent.items) == [
        (item.rank, item.item_id) for item in alone.items
    ]


@given(worlds, profiles(), shares)
def test_strength_1_is_the_order_that_recommend_gives_the_same_candidates(
    world: Snapshot, profile: ScoringProfile, alpha: float
) -> None:
    bent = recommend(asked(profile, alpha=alpha, strength=1.0), given_to(world))
    only = Filters(only_items=tuple(ids(bent)))
    plain = recommend(request(profile, limit=10_000, filters=only), given_to(world))
    assert ids(bent) == ids(plain)
    for one, other in zip(bent.items, plain.items, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-12)
        assert [*one.contributions] == [*other.contributions]


@given(worlds, shares)
def test_more_strength_never_moves_the_order_away_from_the_persona(world: Snapshot, alpha: float) -> None:
    """Between two candidates that the question likes alike, the persona decides, at any strength above 0."""
    profile = ScoringProfile(diversity=DiversitySettings(method="none"))
    evidence = gather(asked(profile, alpha=alpha), given_to(world))
    base = {item.item_id: item.score for item in rank(evidence, asked(profile, strength=1.0)).items}
    items = rank(evidence, asked(profile, strength=0.3)).items
    for above, below in pairwise(items):
        if above.signals["query"] == below.signals["query"]:
            assert base[above.item_id] >= base[below.item_id] - 1e-9


@given(seeds, shares, shares)
def test_the_query_line_comes_apart(seed: int, alpha: float, strength: float) -> None:
    whole = asked(alpha=alpha, strength=strength)
    evidence = gather(whole, given_to(snapshot(seed)))
    for item in rank(evidence, whole.page(5, 0)).items:
        found = explained(evidence, whole.profile, item.item_id, strength)
        assert math.fsum(found.query.values()) == pytest.approx(item.contributions.get("query", 0.0), abs=1e-12)
        for name, parts in found.parts.items():
            total = math.fsum(cause.amount for cause in parts.history) + (parts.prior or 0.0) + (parts.mean or 0.0)
            if name in item.contributions and not parts.clipped:
                assert total == pytest.approx(item.contributions[name], abs=1e-9)


def test_the_fusion_by_hand() -> None:
    """Cosines .9, .5, .1 become 1, .5, 0; BM25 of 4 and 1, with no other word hit, 1 and .25. Alpha is .6."""
    world = snapshot(1, items=4)
    catalogue = replace(world.catalogue, created_at=np.zeros(4, np.int64))
    field = Field(catalogue, np.ones(4, dtype=np.bool_), None, False)
    meaning = field.trace("meaning", "", np.array([0, 1, 2]), np.array([0.9, 0.5, 0.1]))
    words = field.trace("words", "", np.array([3, 1]), np.array([4.0, 1.0]))
    rows, scores = answers(field, Query("?", alpha=0.6, depth=100), meaning, words, most=300)
    assert rows.tolist() == [0, 1, 3, 2]  # fused: .6, .3 + .1, .4, 0
    assert scores.values.tolist() == pytest.approx([1.0, 4 / 6, 4 / 6, 0.0])
    assert (scores.meaning + scores.words - scores.least).tolist() == pytest.approx(scores.values.tolist())
    cut, _ = answers(field, Query("?", alpha=0.6, depth=1, overfetch=2), meaning, words, most=300)
    assert cut.tolist() == [0, 1]


def test_where_all_answer_alike_each_counts_in_full() -> None:
    assert scaled(np.array([2.0, 2.0]), 2.0).tolist() == [1.0, 1.0]


def test_no_word_of_the_question_leaves_it_to_meaning_and_says_so() -> None:
    given_sources = sources(snapshot(3))
    by_meaning = recommend(asked(method="near_text"), given_sources)
    for method in ("bm25", "hybrid"):
        ranking = recommend(asked(method=method), given_sources)
        assert ranking.decision() == by_meaning.decision()
        assert [note for note in ranking.notes if "goes by meaning" in note] != []
    assert not any("goes by meaning" in note for note in by_meaning.notes)


class NoEncoder:
    name, dimension = "none", 8

    def encode(self, texts: object) -> np.ndarray:
        raise EncoderUnavailable("It cannot be loaded.", "Install it.")


@pytest.mark.parametrize("method", ["hybrid", "near_text"])
def test_without_the_embedding_model_it_goes_by_words_and_says_so(method: str) -> None:
    given_sources = replace(given_to(snapshot(3)), encoder=NoEncoder())
    by_words = recommend(asked(method="bm25"), given_sources)
    ranking = recommend(asked(method=method), given_sources)
    assert ranking.decision() == by_words.decision()
    assert "The embedding model is not available. Install it." in ranking.notes
    assert any("words alone" in note for note in ranking.notes)


def test_where_nothing_answers_there_is_a_sentence_and_no_item() -> None:
    given_sources = replace(sources(snapshot(3)), encoder=NoEncoder())
    ranking = recommend(asked(), given_sources)
    assert (ranking.items, ranking.total) == ((), 0)
    assert "Nothing here answers the question. Ask in other words." in ranking.notes


def test_a_question_that_is_too_large_for_its_depth_says_how_to_get_more() -> None:
    ranking = recommend(asked(depth=4, limit=20), given_to(snapshot(3)))
    assert ranking.total == 6
    assert any("6 best answers" in note for note in ranking.notes)


@pytest.mark.parametrize(
    "fields",
    [{"text": " \u200b\x00 "}, {"text": "a" * (QUESTION_LIMIT + 1)}, {"alpha": -0.1}, {"alpha": math.nan},
     {"strength": 1.5}, {"overfetch": 0.5}, {"overfetch": math.inf}, {"depth": 0}, {"depth": 5000},
     {"method": "guess"}],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_a_sentence(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Query(**{"text": "noir", **fields})  # type: ignore[arg-type]
    assert refused.value.message.endswith(".")
