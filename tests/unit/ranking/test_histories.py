"""What signals recall of the history: read only where it counts, as of the right moment, and carried over with care."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tastebench.domain.columns import LogColumns
from tastebench.domain.evidence import HistoryValue
from tastebench.domain.links import ItemLinks
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.profile import (
    BehaviourSettings,
    CoEngagementSettings,
    DiversitySettings,
    FreshnessSettings,
    NeighbourSettings,
    PopularitySettings,
    ScoringProfile,
)
from tastebench.ranking import Snapshot, explained, gather, rank, recommend
from tastebench.ranking.assemble import cosines
from tests.worlds import ACTIONS, NOW, request, snapshot, sources, with_log, worlds

TOGETHER = ScoringProfile(weights={"co_engagement": 1.0}, hide_after=())
DEFAULT = CoEngagementSettings()
MIDNIGHT = NOW - NOW % MICROSECONDS_PER_DAY


def told(*rows: tuple[int, int, str, float], items: int = 6) -> Snapshot:
    """A world whose log is just this: persona, catalogue row, action, days ago."""
    world = snapshot(1, items=items, events=0)
    catalogue = replace(world.catalogue, available=np.ones(items, dtype=np.bool_))
    log = replace(
        world.log,
        keys=np.arange(len(rows), dtype=np.int64),
        personas=np.array([row[0] for row in rows], dtype=np.int64),
        items=catalogue.keys[[row[1] for row in rows]],
        actions=np.array([ACTIONS.index(row[2]) for row in rows], dtype=np.int64),
        at=np.array([NOW - round(row[3] * MICROSECONDS_PER_DAY) for row in rows], dtype=np.int64),
        weights=np.full(len(rows), np.nan),
    )
    return with_log(replace(world, catalogue=catalogue), log)


def values_of(world: Snapshot, name: str, **fields: object) -> dict[int, float | None]:
    """Each candidate's value of one signal, by catalogue row."""
    profile = ScoringProfile(weights={name: 1.0}, **fields)
    found = recommend(request(profile, limit=100), sources(world)).items
    return {world.catalogue.position_of[item.item_id]: item.signals[name] for item in found}


def moved(log: LogColumns, row: int, at: int) -> LogColumns:
    """Return the log with one event more, the one at `row` once more at another time."""
    more = log.take(np.append(np.arange(len(log)), row))
    return replace(more, keys=np.append(log.keys, log.keys[-1] + 1), at=np.append(log.at, at))


def test_links_are_read_only_where_they_have_weight() -> None:
    def unwanted(_settings: CoEngagementSettings, _now: int) -> tuple[ItemLinks | None, str]:
        raise AssertionError

    evidence = gather(request(), replace(sources(snapshot(1)), item_links=unwanted))
    assert evidence.histories == {}
    assert "engaged together" not in [search.name for search in evidence.searches]


def test_without_links_there_is_no_evidence_and_a_note_says_why() -> None:
    given_sources = replace(sources(snapshot(1)), item_links=lambda _settings, _now: (None, "Still being fitted."))
    ranking = recommend(request(TOGETHER), given_sources)
    assert "Still being fitted." in ranking.notes
    assert all(item.signals["co_engagement"] is None for item in ranking.items)


def test_what_they_speak_for_is_found_by_a_search_of_its_own() -> None:
    evidence = gather(request(TOGETHER), sources(snapshot(4)))
    search = next(search for search in evidence.searches if search.name == "engaged together")
    values = dict(zip(evidence.keys.tolist(), evidence.histories["co_engagement"].values.tolist(), strict=True))
    np.testing.assert_allclose(search.scores, [values[key] for key in search.keys.tolist()], atol=1e-6)
    assert (search.scores > 0).all()


@given(worlds)
@settings(max_examples=30)
def test_links_know_nothing_of_the_day_of_the_list_and_what_came_after(world: Snapshot) -> None:
    links = world.item_links(DEFAULT, NOW)
    cut_off = with_log(world, world.log.until(MIDNIGHT)).item_links(DEFAULT, NOW)
    assert links.until == MIDNIGHT <= NOW
    np.testing.assert_array_equal(links.items, cut_off.items)
    np.testing.assert_array_equal(links.weights, cut_off.weights)


def test_an_event_of_the_day_leaves_the_links_as_they_are_and_an_older_one_fits_them_anew() -> None:
    world = snapshot(2)
    links = world.item_links(DEFAULT, NOW)
    assert world.relearned(moved(world.log, 0, NOW)).item_links(DEFAULT, NOW) is links
    assert world.relearned(moved(world.log, 0, MIDNIGHT - 1)).item_links(DEFAULT, NOW) is not links
    newest = int(world.log.at.argmax())
    deleted = world.log.take(np.arange(len(world.log)) != newest)
    assert (world.relearned(deleted).item_links(DEFAULT, NOW) is links) == (world.log.at[newest] > MIDNIGHT)


def test_what_only_weighs_the_own_history_fits_nothing_anew() -> None:
    world = snapshot(2)
    other = CoEngagementSettings(decay="position", position_decay=0.5)
    assert world.item_links(other, NOW) is world.item_links(DEFAULT, NOW)
    cautious = CoEngagementSettings(regularisation=500)
    assert world.item_links(cautious, NOW) is not world.item_links(DEFAULT, NOW)


def test_neighbours_are_compared_one_by_one_newest_first_from_the_centre_of_all() -> None:
    world = told((1, 0, "like", 5), (1, 1, "like", 1), (1, 3, "view", 0))
    catalogue = world.catalogue
    found = values_of(world, "neighbours", neighbours=NeighbourSettings(position_decay=0.5, sharpness=2))
    from_centre = catalogue.vectors - catalogue.vectors.astype(np.float64).sum(axis=0) / catalogue.embedded.sum()
    unit = from_centre / np.linalg.norm(from_centre, axis=1, keepdims=True)
    for row, value in found.items():
        if not catalogue.embedded[row]:
            assert value is None
            continue
        cosines = unit[[1, 0]] @ unit[row]  # the newest like first
        assert value == pytest.approx(float((np.sign(cosines) * cosines**2) @ [2 / 3, 1 / 3]))
    assert not {0, 1} & set(found)  # liked, and so hidden


def test_only_so_many_liked_items_are_compared_with() -> None:
    world = told((1, 0, "like", 5), (1, 1, "like", 1), (1, 4, "dislike", 0))
    alone = told((1, 1, "like", 1), (1, 4, "dislike", 0))
    one = NeighbourSettings(recent=1)
    of_two, of_one = (values_of(one_world, "neighbours", neighbours=one) for one_world in (world, alone))
    assert {row: of_one[row] for row in of_two} == pytest.approx(of_two)


def test_an_item_is_no_neighbour_of_itself() -> None:
    world = told((1, 0, "like", 5))
    assert values_of(world, "neighbours", hide_after=())[0] == 0.0


def test_what_was_bought_often_and_lately_leads_and_what_never_was_has_nothing() -> None:
    rows = [(1, 0, "purchase", 60), (1, 0, "purchase", 0), (1, 1, "purchase", 60), (1, 2, "like", 0)]
    found = values_of(told(*rows), "repurchase", repeats=True)
    assert found[0] == 1.0
    assert found[1] == pytest.approx(0.5 / 1.5)
    assert found[3] == 0.0
    assert 2 not in found  # liked, which hides as before


def test_nobody_who_bought_nothing_is_told_to_buy_again() -> None:
    world = told((1, 2, "like", 0), (2, 0, "purchase", 0))
    assert set(values_of(world, "repurchase", repeats=True).values()) == {None}


def test_purchases_hide_and_count_against_an_item_unless_repeats_are_wanted() -> None:
    world = told(
        (1, 0, "purchase", 2), (1, 0, "view", 3), (1, 1, "purchase", 2), (1, 1, "dislike", 1), (1, 3, "view", 0)
    )
    hidden = values_of(world, "behaviour")
    assert not {0, 1} & set(hidden)
    shown = values_of(world, "behaviour", hide_after=(), behaviour=BehaviourSettings(creator_bonus=0))
    again = values_of(world, "behaviour", hide_after=(), behaviour=BehaviourSettings(creator_bonus=0), repeats=True)
    assert [shown[row] for row in (0, 1, 3)] == [-0.8, -0.8, -0.5]
    assert [again[row] for row in (0, 1, 3)] == [0.0, -0.8, -0.5]
    assert 0 in values_of(world, "behaviour", repeats=True)


def test_popularity_may_count_the_likes_of_a_window_alone() -> None:
    world = told((2, 0, "like", 40), (3, 0, "like", 39), (2, 1, "like", 3), (4, 2, "like", 3), (4, 2, "dislike", 1))
    likes = {"likes_share": 1.0}
    all_time = values_of(world, "popularity", popularity=PopularitySettings(**likes))
    recent = values_of(world, "popularity", popularity=PopularitySettings(**likes, window_days=7))
    assert [all_time[row] for row in (0, 1, 2, 3)] == [1.0, 0.5, 0.0, 0.0]
    assert [recent[row] for row in (0, 1, 2, 3)] == [0.0, 1.0, 0.0, 0.0]
    nothing = values_of(world, "popularity", popularity=PopularitySettings(**likes, window_days=0.5))
    assert set(nothing.values()) == {None}


def test_freshness_halves_with_age_and_knows_nothing_of_undated_items() -> None:
    world = told()
    found = values_of(world, "freshness", freshness=FreshnessSettings(half_life_days=100))
    for row, value in found.items():
        created = int(world.catalogue.created_at[row])
        age = (NOW - created) / MICROSECONDS_PER_DAY
        assert value == (None if created < 0 else pytest.approx(0.5 ** (age / 100)))
    assert None in found.values()


@pytest.mark.parametrize("name", ["co_engagement", "neighbours", "repurchase"])
@given(worlds)
@settings(max_examples=25)
def test_every_line_from_the_history_is_taken_apart_by_item_largest_first(name: str, world: Snapshot) -> None:
    asked = request(ScoringProfile(weights={name: 1.0}, hide_after=(), repeats=True), limit=100)
    evidence = gather(asked, sources(world))
    own = set(world.log.items[world.log.personas == 1].tolist())
    for item in rank(evidence, asked).items:
        parts = explained(evidence, asked.profile, item.item_id).parts.get(name)
        assert (parts is None) == (item.signals[name] is None)
        if parts is not None:
            keys = [int(world.catalogue.keys[world.catalogue.position_of[cause.item_id]]) for cause in parts.history]
            assert set(keys) <= own
            assert len(set(keys)) == len(keys)
            assert sum(cause.amount for cause in parts.history) == pytest.approx(item.contributions[name], abs=1e-12)


def test_the_reason_names_the_item_that_says_most() -> None:
    world = told((1, 0, "like", 5), (1, 1, "like", 1), (2, 0, "like", 9), (2, 3, "like", 9), (3, 1, "like", 9))
    reasons = {name: _reasons(world, name) for name in ("co_engagement", "neighbours", "freshness")}
    assert reasons["co_engagement"][3] == "Goes with Title 0 in your history"
    catalogue = world.catalogue
    unit = catalogue.vectors - catalogue.centre
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    for row, reason in reasons["neighbours"].items():
        closest = max((0, 1), key=lambda liked, row=row: float(unit[liked] @ unit[row]))
        assert reason == f"Close to Title {closest} that you liked"
    assert set(reasons["freshness"].values()) == {"It is new in the catalogue"}
    bought = told((1, 0, "purchase", 2))
    assert _reasons(bought, "repurchase", repeats=True) == {0: "You bought it before"}


def _reasons(world: Snapshot, name: str, **fields: object) -> dict[int, str]:
    """Why each item with a positive score is there, by catalogue row."""
    profile = ScoringProfile(weights={name: 1.0}, diversity=DiversitySettings(method="none"), **fields)
    found = recommend(request(profile, limit=100), sources(world)).items
    return {world.catalogue.position_of[item.item_id]: item.reason for item in found if item.score > 0}


@pytest.mark.parametrize("seed", range(5))
def test_a_value_does_not_depend_on_which_candidates_stand_beside_it(seed: int) -> None:
    luck = np.random.default_rng(seed)
    vectors = luck.normal(size=(37, 384)).astype(np.float32)
    some = luck.permutation(37)[: luck.integers(1, 37)]
    direction = luck.normal(size=384)
    assert cosines(vectors[some], direction).tolist() == cosines(vectors, direction)[some].tolist()
    amounts, links = luck.normal(size=53), luck.normal(size=(53, 37)).astype(np.float32)
    ids = ("x",) * 53
    whole = HistoryValue(ids, ids, amounts, links).values
    assert HistoryValue(ids, ids, amounts, links[:, some]).values.tolist() == whole[some].tolist()
