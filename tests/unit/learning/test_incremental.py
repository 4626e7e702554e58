"""Law 5: learning step by step equals a recomputation from the log, in any order of arrival and any batching."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.profile import TasteSettings
from tastebench.learning.lessons import all_lessons
from tastebench.learning.preferences import Learned, learned
from tastebench.ranking import Snapshot
from tests.worlds import NOW, reordered, seeds, snapshot, with_log

SETTINGS = [TasteSettings(), TasteSettings(half_life_days=0.5, prior=0), TasteSettings(decay="position", recent=3)]


def assert_same_learning(one: Snapshot, other: Snapshot) -> None:
    assert one.standing.personas.tolist() == other.standing.personas.tolist()
    assert one.standing.items.tolist() == other.standing.items.tolist()
    assert one.standing.likes.tolist() == other.standing.likes.tolist()
    assert one.like_counts.tolist() == other.like_counts.tolist()
    np.testing.assert_allclose(one.velocity(7.0).shares, other.velocity(7.0).shares, atol=1e-9)
    for settings in SETTINGS:
        mine, theirs = one.history(settings), other.history(settings)
        np.testing.assert_allclose(mine.sums, theirs.sums, atol=1e-9)
        assert mine.references.tolist() == theirs.references.tolist()
        np.testing.assert_allclose(one.tastes(settings).vectors(NOW), other.tastes(settings).vectors(NOW), atol=1e-9)
    mine, theirs = preferences_of(one), preferences_of(other)
    assert mine.codes.tolist() == theirs.codes.tolist()
    assert mine.counts.tolist() == theirs.counts.tolist()
    np.testing.assert_allclose(mine.as_of(NOW, one.preferences), theirs.as_of(NOW, one.preferences), atol=1e-9)


def preferences_of(world: Snapshot) -> Learned:
    lessons = all_lessons(world.catalogue, world.facets, world.preferences)
    return learned(world.log, world.item_rows, lessons, world.preferences)


@given(seeds, st.integers(1, 119), st.booleans())
def test_appending_equals_learning_from_the_whole_log(seed: int, held: int, warm: bool) -> None:
    whole = snapshot(seed, events=120)
    start = with_log(whole, whole.log.take(np.arange(held)))
    if warm:
        assert_same_learning(start, start)  # so that there is something to bring up to date
    batches = [min(held + 7, 120), 120]
    for length in batches:
        start = start.relearned(whole.log.take(np.arange(length)))
    assert_same_learning(start, with_log(whole, whole.log))


@given(seeds, seeds)
def test_the_order_of_arrival_does_not_matter(seed: int, order_seed: int) -> None:
    world = snapshot(seed)
    order = np.random.default_rng(order_seed).permutation(len(world.log))
    assert_same_learning(world, with_log(world, reordered(world.log, order)))


@given(seeds, st.integers(0, 79))
def test_deleting_an_interaction_restores_what_was(seed: int, row: int) -> None:
    world = snapshot(seed, events=80)
    without = world.log.take(np.delete(np.arange(80), row))
    held = with_log(world, world.log)
    assert_same_learning(held, held)  # so that there is something to bring up to date
    deleted = held.relearned(without)
    assert deleted.item_rows.tolist() == with_log(world, without).item_rows.tolist()
    assert_same_learning(deleted, with_log(world, without))
    assert_same_learning(deleted.relearned(world.log), with_log(world, world.log))


@given(seeds, st.lists(st.integers(0, 119), max_size=60, unique=True), st.lists(st.integers(0, 119), unique=True))
def test_rows_that_go_and_come_at_once_are_all_that_is_learned_anew(
    seed: int, held: list[int], wanted: list[int]
) -> None:
    world = snapshot(seed, events=120)
    start = with_log(world, world.log.take(np.array(sorted(held), dtype=np.int64)))
    assert_same_learning(start, start)
    log = world.log.take(np.array(sorted(wanted), dtype=np.int64))
    end = start.relearned(log)
    assert end.item_rows.tolist() == with_log(world, log).item_rows.tolist()
    assert end.newest_event == with_log(world, log).newest_event
    assert_same_learning(end, with_log(world, log))


@given(seeds)
def test_cosines_of_the_matrix_equal_those_of_its_vectors(seed: int) -> None:
    world = snapshot(seed)
    for settings in SETTINGS:
        matrix = world.tastes(settings)
        direction = np.random.default_rng(seed).standard_normal(world.catalogue.vectors.shape[1])
        direction /= np.linalg.norm(direction)
        vectors = matrix.vectors(NOW)
        expected = np.where(vectors.any(axis=1), vectors @ direction, np.nan)
        np.testing.assert_allclose(matrix.cosines(direction, NOW), expected, atol=1e-9)
