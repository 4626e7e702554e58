"""What lists are measured against, by hand and as a contract over every metric."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.evaluation.measuring import METRICS, TOTALS, Judge, measured
from tastebench.evaluation.splits import SplitSettings
from tests import worlds
from tests.unit.evaluation.stage import world
from tests.worlds import snapshot, with_log

RANGES = {"diversity": (0, 2), "novelty": (0, 64), "popularity_bias": (-1, 1)}


@pytest.fixture
def judge() -> Judge:
    """Personas 1 to 3 like item 0; 1 and 2 item 1; 1 item 2. Then persona 1 likes item 3, its last."""
    plain = snapshot(2, items=5, people=3, events=7)
    keys = plain.catalogue.keys
    catalogue = replace(
        plain.catalogue, available=np.ones(5, dtype=np.bool_), created_at=np.full(5, np.iinfo(np.int64).min)
    )
    log = replace(
        plain.log,
        personas=np.array([1, 2, 3, 1, 2, 1, 1]),
        items=keys[[0, 0, 0, 1, 1, 2, 3]],
        actions=np.full(7, plain.log.action_names.index("like")),
        weights=np.full(7, np.nan),
        at=np.array([1, 1, 1, 2, 1, 3, 4]) * 10**12,
    )
    both = with_log(replace(plain, catalogue=catalogue), log)
    rule = SplitSettings(kind="clock", clock=worlds.from_micros(4 * 10**12))
    return Judge(world(both, rule))


def test_popularity_bias_is_the_list_over_what_was_held_out_in_percentiles(judge: Judge) -> None:
    """Likes in the training: 3, 2, 1, 0, 0. The two without any share the lowest places of five."""
    assert judge.percentiles.tolist() == [0.9, 0.7, 0.5, 0.2, 0.2]
    values, _ = measured(judge, np.array([[0, 1, -1]]))
    assert values[list(METRICS).index("popularity_bias"), 0] == pytest.approx((0.9 + 0.7) / 2 - 0.2)


def test_novelty_counts_who_has_met_an_item(judge: Judge) -> None:
    assert judge.bits.round(9).tolist() == [0.0, 0.584962501, 1.584962501, 1.584962501, 1.584962501]


def test_hits_are_what_was_held_out(judge: Judge) -> None:
    assert judge.hits(np.array([[0, 3, -1, 4]])).tolist() == [[False, True, False, False]]
    values, totals = measured(judge, np.array([[0, 3]]))
    by_name = dict(zip(METRICS, values[:, 0].tolist(), strict=True))
    assert (by_name["recall"], by_name["precision"], by_name["mrr"], by_name["hit_rate"]) == (1.0, 0.5, 0.5, 1.0)
    assert by_name["ndcg"] == pytest.approx(1 / np.log2(3))
    assert by_name["map"] == 0.5
    assert dict(zip(TOTALS, totals.tolist(), strict=True))["coverage"] == 0.4


@given(worlds.worlds, st.integers(0, 99), st.integers(1, 12))
def test_every_metric_stays_in_its_range_for_any_lists(snapshot: worlds.Snapshot, seed: int, k: int) -> None:
    tested = world(snapshot, SplitSettings(kind="share"))
    rng, size = np.random.default_rng(seed), len(snapshot.catalogue)
    rows = np.full((len(tested), k), -1)
    for row in range(len(tested)):
        shown = rng.permutation(size)[: rng.integers(0, k + 1)]
        rows[row, : len(shown)] = shown
    values, totals = measured(Judge(tested), rows)
    for metric, of_lists in zip(METRICS.values(), values, strict=True):
        low, high = RANGES.get(metric.name, (0, 1))
        known = of_lists[~np.isnan(of_lists)]
        assert ((known >= low - 1e-6) & (known <= high + 1e-6)).all(), metric.name
        assert metric.name in RANGES or len(known) == len(of_lists)
    assert ((totals >= 0) & (totals <= 1)).all()
