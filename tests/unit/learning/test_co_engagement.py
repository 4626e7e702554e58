"""Links between items: the closed form against its definition, the nearest against brute force, logs by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastebench.domain.columns import LogColumns
from tastebench.domain.links import ItemLinks
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.profile import CoEngagementSettings
from tastebench.learning.co_engagement import ease, fit, invert, nearest, own_history, strengths

WEIGHTS = {"view": 1.0, "like": 2.5, "purchase": 5.0, "dislike": -2.0}
ACTIONS = tuple(WEIGHTS)
DEFAULT = CoEngagementSettings()
NOW = 100 * MICROSECONDS_PER_DAY


def log_of(*rows: tuple[int, int, str, float]) -> LogColumns:
    """Persona, item, action, days ago."""
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return LogColumns(
        keys=np.arange(len(rows), dtype=np.int64),
        personas=np.array(columns[0], dtype=np.int64),
        items=np.array(columns[1], dtype=np.int64),
        actions=np.array([ACTIONS.index(name) for name in columns[2]], dtype=np.int64),
        action_names=ACTIONS,
        at=np.array([NOW - round(days * MICROSECONDS_PER_DAY) for days in columns[3]], dtype=np.int64),
        weights=np.full(len(rows), np.nan),
        follow_personas=np.zeros(0, dtype=np.int64),
        follow_at=np.zeros(0, dtype=np.int64),
        follow_creators=(),
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 25), st.sampled_from([1.0, 20.0]))
def test_each_item_is_rebuilt_best_by_the_others_with_the_penalty(seed: int, items: int, penalty: float) -> None:
    matrix = np.random.default_rng(seed).integers(0, 3, (12, items)) / 2
    links = ease(csr_array(matrix.astype(np.float32)), penalty)
    assert not np.diag(links).any()
    for item in range(items):
        others = np.delete(matrix, item, axis=1)
        gram = others.T @ others + penalty * np.eye(items - 1)
        np.testing.assert_allclose(
            np.delete(links[:, item], item), np.linalg.solve(gram, others.T @ matrix[:, item]), atol=1e-5
        )


@pytest.mark.parametrize("size", [0, 1, 512, 513, 1100])
def test_a_matrix_is_inverted_in_its_place(size: int) -> None:
    data = np.random.default_rng(size).standard_normal((size, size + 3))
    square = data @ data.T + 5.0 * np.eye(size)
    expected = np.linalg.inv(square)
    invert(square)
    np.testing.assert_allclose(square, expected, atol=1e-10)


@given(st.integers(0, 2**32 - 1), st.integers(1, 150), st.integers(1, 5))
def test_the_nearest_items_are_those_of_a_full_comparison(seed: int, items: int, kept: int) -> None:
    matrix = (np.random.default_rng(seed).random((20, items)) < 0.2).astype(np.float32)
    norms = np.linalg.norm(matrix, axis=0)
    full = matrix.T @ matrix / (np.outer(norms, norms) + 3.0)
    np.fill_diagonal(full, 0.0)
    found = nearest(csr_array(matrix), 3.0, kept=kept).toarray()
    assert found.shape == full.shape
    np.testing.assert_allclose(found[found > 0], full[found > 0], rtol=1e-5)
    np.testing.assert_allclose(np.sort(found, axis=1)[:, -kept:], np.sort(full, axis=1)[:, -kept:], rtol=1e-5)


def test_an_event_is_as_strong_as_its_action_and_never_below_nothing() -> None:
    log = log_of((1, 7, "view", 0), (1, 7, "like", 0), (1, 7, "purchase", 0), (1, 7, "dislike", 0))
    assert strengths(log, WEIGHTS).tolist() == [0.2, 0.5, 1.0, 0.0]
    assert strengths(log, {}).tolist() == [0.0] * 4


def test_the_strongest_engagement_counts_and_what_is_disliked_in_the_end_does_not() -> None:
    rows = [
        (1, 10, "view", 3), (1, 10, "purchase", 2), (1, 20, "purchase", 1),
        (2, 10, "purchase", 3), (2, 20, "purchase", 2),
        (3, 10, "purchase", 3), (3, 30, "like", 2), (3, 30, "dislike", 1),
    ]  # fmt: skip
    links = fit(log_of(*rows), WEIGHTS, CoEngagementSettings(regularisation=1), NOW)
    assert links.items.tolist() == [10, 20]
    assert (links.until, links.events) == (NOW, 8)
    # XᵀX + 1 = [[4, 2], [2, 3]], its inverse [[3, −2], [−2, 4]] ÷ 8.
    np.testing.assert_allclose(links.weights, [[0.0, 0.5], [2 / 3, 0.0]], atol=1e-6)


def test_what_is_learned_from_fades_where_it_shall() -> None:
    log = log_of((1, 10, "purchase", 0), (1, 20, "purchase", 30))
    kept = fit(log, WEIGHTS, CoEngagementSettings(regularisation=1), NOW)
    faded = fit(log, WEIGHTS, CoEngagementSettings(regularisation=1, learned_half_life_days=30), NOW)
    np.testing.assert_allclose(kept.weights, [[0.0, 0.5], [0.5, 0.0]], atol=1e-6)
    # XᵀX + 1 = [[2, ½], [½, 1¼]], its inverse [[1¼, −½], [−½, 2]] ÷ 2¼.
    np.testing.assert_allclose(faded.weights, [[0.0, 0.25], [0.4, 0.0]], atol=1e-6)


def test_with_too_many_items_the_nearest_take_their_place() -> None:
    log = log_of(*((persona, item, "purchase", 0) for persona in (1, 2) for item in (10, 20, 30)))
    links = fit(log, WEIGHTS, CoEngagementSettings(regularisation=2), NOW, limit=2)
    np.testing.assert_allclose(links.weights.toarray(), 0.5 * (1 - np.eye(3)), atol=1e-6)


def test_a_log_without_engagements_links_nothing() -> None:
    for limit in (0, 10):
        links = fit(log_of((1, 10, "dislike", 0)), WEIGHTS, DEFAULT, NOW, limit=limit)
        assert len(links.items) == 0
        nothing = links.of(np.zeros(0, dtype=np.int64))
        assert not links.known(np.array([10])).any()
        assert nothing.to(np.array([10, 20])).shape == (0, 2)
        assert nothing.summed(np.zeros(0), np.array([10, 20])).tolist() == [0.0, 0.0]


def test_own_history_is_newest_first_and_fades_by_age_from_its_newest_item() -> None:
    own = log_of((1, 10, "purchase", 160), (1, 20, "like", 100), (1, 10, "view", 101), (1, 30, "dislike", 0))
    items, amounts = own_history(own, WEIGHTS, DEFAULT)
    assert items.tolist() == [20, 10]
    np.testing.assert_allclose(amounts, [0.5, 0.5])  # item 10: the purchase, one half-life of 60 days older


def test_own_history_fades_by_position_where_it_shall() -> None:
    own = log_of((1, 10, "purchase", 900), (1, 20, "like", 100), (1, 5, "like", 100))
    items, amounts = own_history(own, WEIGHTS, CoEngagementSettings(decay="position", position_decay=0.5))
    assert items.tolist() == [5, 20, 10]
    np.testing.assert_allclose(amounts, [0.5, 0.25, 0.25])


@pytest.mark.parametrize("sparse", [False, True])
def test_links_are_read_by_key_and_what_is_unknown_is_told_nothing(sparse: bool) -> None:
    weights = np.array([[0, 0.5, 0.25], [0.5, 0, 0], [0, -0.5, 0]], dtype=np.float32)
    links = ItemLinks(np.array([10, 20, 30]), csr_array(weights) if sparse else weights, NOW, 5)
    assert links.known(np.array([30, 99])).tolist() == [True, False]
    rows = links.of(np.array([30, 10]))
    np.testing.assert_array_equal(rows.to(np.array([20, 77, 10])), [[-0.5, np.nan, 0.0], [0.5, np.nan, 0.0]])
    assert rows.summed(np.array([1.0, 2.0]), np.array([20, 77, 30])).tolist() == [0.5, 0.0, 0.5]


def test_work_that_is_not_wanted_any_more_ends_between_two_pieces() -> None:
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    matrix = csr_array(np.ones((2, 3), dtype=np.float32))
    for solve in (ease, nearest):
        with pytest.raises(Stopped):
            solve(matrix, 1.0, stop)
