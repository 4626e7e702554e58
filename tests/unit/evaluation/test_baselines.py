"""Baselines: what each puts first, and that none shows what it may not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.evaluation.baselines import BASELINES, best_rows
from tastebench.evaluation.splits import SplitSettings
from tastebench.ranking.permitted import known_by
from tests import worlds
from tests.unit.evaluation.stage import world


@given(worlds.worlds, st.sampled_from(sorted(BASELINES)), st.booleans(), st.sampled_from([1, 7, 100]))
def test_only_items_that_may_be_shown_each_once_and_as_many_as_there_are(
    snapshot: worlds.Snapshot, name: str, repeats: bool, k: int
) -> None:
    tested = world(snapshot, SplitSettings(kind="last", repeats=repeats))
    rows = best_rows(tested, BASELINES[name], k, seed=3)
    assert rows.shape == (len(tested), k)
    for row in range(len(tested)):
        shown = rows[row][rows[row] >= 0].tolist()
        allowed = np.flatnonzero(known_by(snapshot.catalogue, int(tested.split.moments[row])))
        permitted = set(allowed.tolist()) - set(tested.barred_rows(row).tolist())
        assert len(set(shown)) == len(shown) == min(k, len(permitted))
        assert set(shown) <= permitted
        assert rows[row, len(shown) :].tolist() == [-1] * (k - len(shown))


@pytest.fixture
def snapshot() -> worlds.Snapshot:
    plain = worlds.snapshot(4, items=30, people=6, events=150)
    return replace(plain, catalogue=replace(plain.catalogue, available=np.ones(30, dtype=np.bool_)))


def test_popular_and_newest_are_in_order(snapshot: worlds.Snapshot) -> None:
    tested = world(snapshot, SplitSettings(kind="clock"))
    counts, dates = tested.training.like_counts, snapshot.catalogue.created_at
    for name, numbers in (("popular", counts), ("newest", dates)):
        for shown in best_rows(tested, BASELINES[name], 12, seed=0):
            ranked = numbers[shown[shown >= 0]]
            assert (np.diff(ranked) <= 0).all()


def test_random_follows_its_seed_and_the_persona(snapshot: worlds.Snapshot) -> None:
    tested = world(snapshot, SplitSettings(kind="share", repeats=True))
    first, again, other = (best_rows(tested, BASELINES["random"], 10, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert len({tuple(shown) for shown in first.tolist()}) == len(tested)
