"""The array search ranks as `recommend` does, and nothing held out is known to it."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tastebench.domain.columns import LogColumns
from tastebench.domain.profile import ScoringProfile, SearchSettings
from tastebench.evaluation.ordering import lists
from tastebench.evaluation.replay import replayed
from tastebench.evaluation.splits import SplitSettings
from tastebench.evaluation.world import World
from tastebench.ranking import recommend
from tests import worlds
from tests.unit.evaluation.stage import world
from tests.worlds import NOW, profiles, with_log

splits = st.builds(SplitSettings, kind=st.sampled_from(["last", "share", "clock"]), repeats=st.booleans())


def by_recommending(world: World, profile: ScoringProfile, k: int) -> list[list[str]]:
    rankings = [recommend(world.request(row, profile, limit=k), world.sources(row)) for row in range(len(world))]
    return [[item.item_id for item in ranking.items] for ranking in rankings]


def by_array(world: World, profile: ScoringProfile, k: int) -> list[list[str]]:
    rows = lists(replayed(world, profile), profile, k)
    return [[world.training.catalogue.item_ids[row] for row in one if row >= 0] for one in rows.tolist()]


@given(worlds.worlds, splits, profiles(), st.sampled_from([1, 10, 100]))
@settings(max_examples=100)
def test_the_array_ranks_exactly_as_recommend_does(
    snapshot: worlds.Snapshot, split: SplitSettings, profile: ScoringProfile, k: int
) -> None:
    tested = world(snapshot, split)
    assert by_array(tested, profile, k) == by_recommending(tested, profile, k)


@given(st.integers(0, 9), profiles())
@settings(max_examples=20)
def test_also_where_lists_are_long_and_diversity_lifts_from_below(seed: int, profile: ScoringProfile) -> None:
    snapshot = worlds.snapshot(seed, items=400, people=4, events=200)
    tested = world(snapshot, SplitSettings(kind="last"))
    for limits in (SearchSettings(), SearchSettings(results=20, candidate_limit=60)):
        narrowed = profile.model_copy(update={"search": limits})
        assert by_array(tested, narrowed, 10) == by_recommending(tested, narrowed, 10)


@given(worlds.worlds, splits, profiles())
def test_new_items_only_means_that_nothing_met_before_is_shown(
    snapshot: worlds.Snapshot, split: SplitSettings, profile: ScoringProfile
) -> None:
    tested = world(snapshot, split)
    for row, shown in enumerate(by_array(tested, profile, 100)):
        mine = tested.training.log.personas == tested.split.personas[row]
        met = set(tested.training.log.items[mine].tolist())
        keys = {int(tested.training.catalogue.keys[tested.training.catalogue.position_of[one]]) for one in shown}
        assert split.repeats or not (met & keys)


def told(log: LogColumns, held: np.ndarray, items: np.ndarray) -> LogColumns:
    """The log with other items, actions and weights in the events held out."""
    rng = np.random.default_rng(1)
    return replace(
        log,
        items=np.where(held, rng.choice(items, len(log)), log.items),
        weights=np.where(held, 1.0, log.weights),
    )


@given(worlds.worlds, profiles())
def test_what_happens_after_the_clock_leaves_no_trace(snapshot: worlds.Snapshot, profile: ScoringProfile) -> None:
    """Everything after it rewritten, and a crowd that likes one item: every number of every candidate stays."""
    rule = SplitSettings(kind="clock", share=0.5)
    before = world(snapshot, rule)
    if not len(before) or not len(snapshot.catalogue):
        return
    clock = int(before.split.moments[0]) + 1
    rewritten = told(snapshot.log, snapshot.log.at >= clock, snapshot.catalogue.keys)
    crowd = snapshot.log.take(np.zeros(30, dtype=np.int64))
    crowd = replace(crowd, keys=np.arange(30) + 10_000, items=np.full(30, snapshot.catalogue.keys[0]))
    crowd = replace(crowd, at=np.full(30, NOW), weights=np.ones(30), personas=np.arange(30) % 5 + 1)
    telling = joined(rewritten, crowd)
    after = world(with_log(snapshot, telling), rule.model_copy(update={"clock": worlds.from_micros(clock)}))
    assert_same_knowledge(before, after, profile)


@given(worlds.worlds, profiles())
def test_what_is_held_out_of_anybody_leaves_no_trace(snapshot: worlds.Snapshot, profile: ScoringProfile) -> None:
    """The last fifth of everybody's events told anew, other items and all of them likes: no number changes."""
    rule = SplitSettings(kind="share", repeats=True)
    before = world(snapshot, rule)
    if len(snapshot.catalogue):
        held = ~np.isin(snapshot.log.keys, before.training.log.keys)
        after = world(with_log(snapshot, told(snapshot.log, held, snapshot.catalogue.keys)), rule)
        assert_same_knowledge(before, after, profile)


def assert_same_knowledge(before: World, after: World, profile: ScoringProfile) -> None:
    np.testing.assert_array_equal(before.training.log.keys, after.training.log.keys)
    one, other = replayed(before, profile), replayed(after, profile)
    for row, persona in enumerate(before.split.personas):
        if persona in after.split.personas:
            twin = int(np.searchsorted(after.split.personas, persona))
            width = min(one.rows.shape[1], other.rows.shape[1])
            np.testing.assert_array_equal(one.rows[row, :width], other.rows[twin, :width])
            np.testing.assert_array_equal(one.values[:, row, :width], other.values[:, twin, :width])


def joined(log: LogColumns, more: LogColumns) -> LogColumns:
    columns = ("keys", "personas", "items", "actions", "at", "weights")
    return replace(log, **{name: np.concatenate([getattr(log, name), getattr(more, name)]) for name in columns})
