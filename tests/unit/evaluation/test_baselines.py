"""Baselines: what each puts first, and that none shows what it may not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.evaluation import baselines
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


def checkerboard(name: str) -> None:
    """Even personas like even items, odd ones odd items; each one's own hidden item is the one to be found."""
    people, items = 10, 12
    plain = worlds.snapshot(1, items=items, people=people, events=10)
    free = replace(
        plain.catalogue,
        available=np.ones(items, dtype=np.bool_),
        created_at=np.full(items, np.iinfo(np.int64).min),
    )
    pairs = [(p, i) for p in range(people) for i in range(items) if p % 2 == i % 2]
    hidden = {p: next(i for i in range(p, p + items) if i % 2 == p % 2) % items for p in range(people)}
    pairs.sort(key=lambda pair: hidden[pair[0]] == pair[1])
    log = replace(
        plain.log,
        keys=np.arange(len(pairs)),
        personas=np.array([p + 1 for p, _ in pairs]),
        items=free.keys[[i for _, i in pairs]],
        actions=np.full(len(pairs), plain.log.action_names.index("like")),
        at=np.arange(len(pairs)) * 10**6,
        weights=np.full(len(pairs), np.nan),
    )
    tested = world(worlds.with_log(replace(plain, catalogue=free), log), SplitSettings(kind="last"))
    assert len(tested) == people
    first = best_rows(tested, BASELINES[name], 1, seed=0)[:, 0]
    assert first.tolist() == [int(tested.wanted_rows(row)[0]) for row in range(people)]


@pytest.mark.parametrize("name", ["item-knn", "ease"])
def test_a_checkerboard_is_completed(name: str) -> None:
    checkerboard(name)


def test_ease_beyond_its_limit_scores_the_most_liked(
    snapshot: worlds.Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines, "EASE_LIMIT", 5)
    tested = world(snapshot, SplitSettings(kind="clock"))
    scores = BASELINES["ease"].learned(tested, 0, lambda: None)(np.arange(len(tested)))
    counts = tested.training.like_counts
    scored = np.flatnonzero(scores.any(axis=0))
    assert 0 < len(scored) <= 5
    assert counts[scored].min() >= np.sort(counts)[-5]
