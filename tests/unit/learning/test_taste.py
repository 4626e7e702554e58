"""The taste vector by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tastebench.domain.columns import CatalogueColumns, LogColumns
from tastebench.domain.interaction import ACTION_WEIGHTS
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.profile import TasteSettings
from tastebench.learning.taste import history_sums, taste_of

DAY = MICROSECONDS_PER_DAY
NOW = 1000 * DAY
AXES = np.eye(3, dtype=np.float32)
NOTHING = np.zeros(3, dtype=np.float32)


def catalogue(vectors: np.ndarray = AXES) -> CatalogueColumns:
    n = len(vectors)
    return CatalogueColumns(
        np.arange(n) + 10, tuple("abc")[:n], tuple("ABC")[:n], vectors, np.zeros(n, np.int64), np.ones(n, np.bool_),
        np.full(n, -1), (), {}, {},
    )  # fmt: skip


def log(*events: tuple[int, str, float, float | None]) -> LogColumns:
    """Events of persona 1 as (item key, action, days ago, weight)."""
    names = tuple(sorted({action for _, action, _, _ in events}))
    return LogColumns(
        np.arange(len(events)), np.ones(len(events), np.int64), np.array([e[0] for e in events]),
        np.array([names.index(e[1]) for e in events]), names,
        np.array([NOW - int(e[2] * DAY) for e in events]), np.array([np.nan if e[3] is None else e[3] for e in events]),
        np.zeros(0, np.int64), np.zeros(0, np.int64), (),
    )  # fmt: skip


def vector(events: LogColumns, prior: np.ndarray = NOTHING, **settings: object) -> np.ndarray:
    columns = catalogue()
    rows = np.searchsorted(columns.keys, events.items)
    rows = np.where((rows < 3) & (columns.keys[np.minimum(rows, 2)] == events.items), rows, -1)
    chosen = TasteSettings(**settings)
    return taste_of(events, rows, columns, prior, NOW, ACTION_WEIGHTS, chosen).vector


def test_a_purchase_weighs_five_and_a_week_old_view_a_half() -> None:
    expected = np.array([5.0, 0.5, 0.0]) / np.hypot(5.0, 0.5)
    np.testing.assert_allclose(vector(log((10, "purchase", 0, None), (11, "view", 7, None))), expected)


def test_an_explicit_weight_replaces_the_action_and_counts_times_the_largest() -> None:
    expected = np.array([-0.4 * 5, 1.0, 0.0]) / np.hypot(2.0, 1.0)
    np.testing.assert_allclose(vector(log((10, "purchase", 0, -0.4), (11, "view", 0, None))), expected)


def test_by_position_the_newest_event_weighs_most_whatever_its_age() -> None:
    expected = np.array([0.5, 1.0, 0.0]) / np.hypot(0.5, 1.0)
    events = log((10, "view", 300, None), (11, "view", 200, None))
    np.testing.assert_allclose(vector(events, decay="position", position_decay=0.5), expected)


@pytest.mark.parametrize("decay", ["age", "position"])
def test_only_the_newest_events_count_where_a_number_is_set(decay: str) -> None:
    events = log((10, "purchase", 300, None), (11, "view", 0, None), (12, "view", 0, None))
    expected = {"age": [0.0, 1.0, 1.0], "position": [0.0, 0.5, 1.0]}[decay]
    taken = vector(events, decay=decay, position_decay=0.5, recent=2)
    np.testing.assert_allclose(taken, expected / np.linalg.norm(expected))
    assert vector(events, decay=decay, recent=3)[0] > 0


def test_a_weight_stays_with_its_own_item_where_another_has_gone_missing() -> None:
    events = log((10, "view", 0, None), (99, "purchase", 0, None), (12, "like", 0, None))
    np.testing.assert_allclose(vector(events), np.array([1.0, 0.0, 2.5]) / np.hypot(1.0, 2.5))


def test_against_a_prior_history_fades_and_without_one_it_does_not() -> None:
    old = log((10, "view", 7, None))
    prior = np.array([0, 0, 1], dtype=np.float32)
    np.testing.assert_allclose(vector(old, prior), np.array([0.5, 0.0, 1.0]) / np.hypot(0.5, 1.0))
    np.testing.assert_allclose(vector(log((10, "view", 900, None))), [1.0, 0.0, 0.0])


def test_no_history_gives_the_prior_and_nothing_at_all_gives_no_taste() -> None:
    np.testing.assert_allclose(vector(log(), np.array([0, 1, 0], dtype=np.float32)), [0.0, 1.0, 0.0])
    assert not vector(log()).any()


def test_like_and_dislike_may_cancel_to_no_taste() -> None:
    events = log((10, "view", 0, 0.5), (10, "view", 0, -0.5))
    assert not vector(events).any()


def test_the_sum_of_all_personas_equals_the_sum_of_each() -> None:
    one = log((10, "like", 3, None), (11, "dislike", 1, None))
    two = replace(one, personas=np.array([1, 2]))
    columns = catalogue()
    sums = history_sums(two, np.array([1, 2, 3]), columns.keys, columns.vectors, ACTION_WEIGHTS, TasteSettings())
    np.testing.assert_allclose(sums.sums, [[2.5, 0, 0], [0, -2.0, 0], [0, 0, 0]])
    assert sums.known.tolist() == [True, True, False]
    assert sums.references[:2].tolist() == [NOW - 3 * DAY, NOW - DAY]


@pytest.mark.parametrize("half_life", [0.5, 3650.0])
def test_very_old_data_does_not_underflow(half_life: float) -> None:
    events = log((10, "view", 900, None), (11, "view", 899.5, None))
    taste = vector(events, half_life_days=half_life)
    assert np.linalg.norm(taste) == pytest.approx(1.0)
    assert taste[1] > taste[0] > 0
