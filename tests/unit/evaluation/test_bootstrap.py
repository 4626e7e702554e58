"""Intervals, against SciPy's and by their laws."""

import numpy as np
import pytest
from scipy import stats

from tastebench.evaluation.bootstrap import bootstrapped


@pytest.fixture
def values() -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.column_stack([rng.random(200), rng.random(200) < 0.1, rng.normal(5, 2, 200)])


def test_intervals_as_scipy_has_them(values: np.ndarray) -> None:
    ours = bootstrapped(values, seed=1, resamples=20_000)
    for column in range(3):
        theirs = stats.bootstrap((values[:, column],), np.mean, n_resamples=20_000, method="percentile", rng=2)
        width = theirs.confidence_interval.high - theirs.confidence_interval.low
        assert ours.low[column] == pytest.approx(theirs.confidence_interval.low, abs=0.04 * width)
        assert ours.high[column] == pytest.approx(theirs.confidence_interval.high, abs=0.04 * width)
        assert ours.mean[column] == pytest.approx(values[:, column].mean(), abs=1e-12)


def test_one_seed_one_answer(values: np.ndarray) -> None:
    np.testing.assert_array_equal(bootstrapped(values, seed=1).low, bootstrapped(values, seed=1).low)
    assert bootstrapped(values, seed=1).low[0] != bootstrapped(values, seed=2).low[0]


def test_what_two_have_in_common_doesnt_blur_their_difference(values: np.ndarray) -> None:
    better = values[:, 0] + 0.01
    pair = bootstrapped(np.column_stack([values[:, 0], better, better - values[:, 0]]), seed=1)
    assert pair.low[1] < pair.high[0]
    assert pair[2] == pytest.approx((0.01, 0.01, 0.01), abs=1e-12)


def test_the_unknown_drops_out_and_nothing_known_gives_nothing() -> None:
    means = bootstrapped(np.array([[1.0, np.nan], [np.nan, np.nan], [1.0, np.nan]]), seed=1)
    assert means[0] == (1.0, 1.0, 1.0)
    assert np.isnan(means[1]).all()
    assert np.isnan(bootstrapped(np.zeros((0, 2)), seed=1).mean).all()


def test_one_persona_has_an_interval_of_no_width() -> None:
    assert bootstrapped(np.array([[0.3]]), seed=1)[0] == (0.3, 0.3, 0.3)
