"""Metrics, against trec_eval and scikit-learn on 1,000 random lists, and by hand where no library has them."""

import math
from itertools import combinations

import numpy as np
import pytest
import pytrec_eval
from sklearn.metrics import ndcg_score

from tastebench.evaluation import metrics

LISTS, ITEMS = 1000, 60
TREC = {
    "ndcg_cut_{k}": metrics.ndcg,
    "recall_{k}": metrics.recall,
    "P_{k}": metrics.precision,
    "recip_rank": metrics.reciprocal_rank,
    "success_{k}": metrics.hit_rate,
    "map_cut_{k}": metrics.average_precision,
}


@pytest.fixture(scope="module")
def scores() -> np.ndarray:
    """Scores with many ties; NaN where an item isn't on the list at all; every tenth list is empty."""
    rng = np.random.default_rng(5)
    drawn = rng.integers(0, 12, (LISTS, ITEMS)) / 10
    drawn[rng.random((LISTS, ITEMS)) < rng.random((LISTS, 1))] = np.nan
    drawn[::10] = np.nan
    return drawn


@pytest.fixture(scope="module")
def wanted() -> np.ndarray:
    """Which items were to be found; none at all by every seventh persona, more than k by some."""
    rng = np.random.default_rng(6)
    drawn = rng.random((LISTS, ITEMS)) < rng.choice([0.02, 0.1, 0.5], (LISTS, 1))
    drawn[::7] = False
    return drawn


def best(scores: np.ndarray, k: int) -> np.ndarray:
    """The first k of each list; among equals the larger position stands first, as trec_eval has it."""
    order = np.lexsort((-np.arange(ITEMS) * np.ones((LISTS, 1)), -np.nan_to_num(scores, nan=-1.0)), axis=1)[:, :k]
    return np.where(np.isnan(np.take_along_axis(scores, order, axis=1)), -1, order)


def hits(rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.take_along_axis(wanted, rows, axis=1) & (rows >= 0)


@pytest.mark.parametrize("k", [1, 10, 20])
@pytest.mark.parametrize("name", TREC)
def test_as_trec_eval_has_it(scores: np.ndarray, wanted: np.ndarray, name: str, k: int) -> None:
    rows = best(scores, k)
    ours = TREC[name](hits(rows, wanted), wanted.sum(axis=1))
    measure = name.format(k=k)
    qrel = {str(p): {f"i{i:02d}": int(wanted[p, i]) for i in range(ITEMS)} for p in range(LISTS)}
    # recip_rank knows no k: only the first k are handed over, and every measure sees the same list.
    run = {str(p): {f"i{i:02d}": float(scores[p, i]) for i in rows[p] if i >= 0} for p in range(LISTS)}
    asked = pytrec_eval.RelevanceEvaluator(qrel, {measure.replace("_", ".", 1) if name == "P_{k}" else measure})
    theirs = asked.evaluate(run)
    for p in range(LISTS):
        assert ours[p] == pytest.approx(theirs.get(str(p), {}).get(measure, 0.0), abs=1e-9)


@pytest.mark.parametrize("k", [1, 10, 20])
def test_ndcg_as_scikit_learn_has_it(scores: np.ndarray, wanted: np.ndarray, k: int) -> None:
    complete = np.nan_to_num(scores, nan=0.05)  # scikit-learn knows no shorter lists
    ours = metrics.ndcg(hits(best(complete, k), wanted), wanted.sum(axis=1))
    untied = complete + np.arange(ITEMS) / 1e6
    for p in range(LISTS):
        theirs = ndcg_score([wanted[p]], [untied[p]], k=k, ignore_ties=True) if wanted[p].any() else 0.0
        assert ours[p] == pytest.approx(theirs, abs=1e-9)


def test_diversity_is_the_mean_over_pairs() -> None:
    rng = np.random.default_rng(7)
    vectors = rng.standard_normal((30, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[4] = 0
    rows = np.array([[0, 1, 2, 3], [4, 5, 6, -1], [4, 7, -1, -1]])
    expected = [
        np.mean([1 - float(vectors[a].astype(np.float64) @ vectors[b]) for a, b in combinations(shown, 2)])
        for shown in ([0, 1, 2, 3], [5, 6])
    ]
    ours = metrics.intra_list_diversity(rows, vectors)
    np.testing.assert_allclose(ours[:2], expected, atol=1e-6)
    assert math.isnan(ours[2])


def test_gini_is_half_the_mean_absolute_difference_over_the_mean() -> None:
    rng = np.random.default_rng(8)
    rows = np.minimum(rng.geometric(0.1, (50, 10)) - 1, 39)
    counts = np.bincount(rows.ravel(), minlength=40).astype(float)
    expected = np.abs(counts[:, None] - counts[None, :]).mean() / (2 * counts.mean())
    assert metrics.gini(rows, 40) == pytest.approx(expected, abs=1e-12)


def test_lists_that_are_empty_cover_nothing() -> None:
    nothing = np.full((3, 5), -1)
    assert metrics.coverage(nothing, 10) == metrics.gini(nothing, 10) == metrics.coverage(nothing, 0) == 0
    assert np.isnan(metrics.list_mean(nothing, np.ones(10))).all()
