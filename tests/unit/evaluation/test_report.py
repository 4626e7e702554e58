"""Tables read from an evaluation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tastebench.evaluation.report import Evaluation, EvaluationSettings, Method, pareto

METHODS = (Method("profile:A", "A", "profile"), Method("profile:B", "B", "profile"))


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation(
        settings=EvaluationSettings(seed=4),
        methods=METHODS,
        personas=("ada", "ben", "cy", "dee"),
        history=np.array([0, 5, 6, 80]),
        origins=("authored", "imported", "imported", "imported"),
        categories={"noir": np.array([True, True, False, False]), "crime": np.array([False, True, True, True])},
        values=np.array([[[0.0, 0.5, 1.0, np.nan]], [[0.5, 0.75, 1.0, 1.0]]]),
        totals=np.array([[0.25], [0.5]]),
        metrics=("ndcg",),
        total_names=("coverage",),
    )


def test_means_and_paired_differences(evaluation: Evaluation) -> None:
    ours, theirs = evaluation.standings("ndcg")
    assert (ours.mean[0], theirs.mean[0]) == (0.5, 0.8125)
    assert ours.difference == (0.0, 0.0, 0.0)
    assert theirs.difference[0] == 0.25  # of the three that both have
    assert 0 <= theirs.difference[1] < 0.25 < theirs.difference[2] <= 0.5


def test_over_some_personas(evaluation: Evaluation) -> None:
    ours, theirs = evaluation.standings("ndcg", np.array([True, True, False, False]))
    assert (ours.mean[0], theirs.mean[0], theirs.difference[0]) == (0.25, 0.625, 0.375)


def test_slices(evaluation: Evaluation) -> None:
    found = {(one.by, one.label): one.members.tolist() for one in evaluation.slices()}
    assert found == {
        ("history", "no likes"): [True, False, False, False],
        ("history", "1 to 5 likes"): [False, True, False, False],
        ("history", "6 to 20 likes"): [False, False, True, False],
        ("history", "51 or more likes"): [False, False, False, True],
        ("origin", "authored"): [True, False, False, False],
        ("origin", "imported"): [False, True, True, True],
        ("category", "crime"): [False, True, True, True],
        ("category", "noir"): [True, True, False, False],
    }


def test_one_value(evaluation: Evaluation) -> None:
    assert evaluation.of("profile:B", "ndcg").tolist() == [0.5, 0.75, 1.0, 1.0]
    assert evaluation.total("profile:B", "coverage") == 0.5


def test_since_an_earlier_one_the_personas_that_both_tested_are_compared(evaluation: Evaluation) -> None:
    before = replace(
        evaluation,
        methods=(METHODS[1], Method("profile:C", "C", "profile")),
        personas=("cy", "ada", "eve"),
        values=np.array([[[0.5, 0.0, 0.25]], [[1.0, 1.0, 1.0]]]),
        totals=np.array([[0.1], [0.1]]),
    )
    (change,) = evaluation.since(before, "ndcg")
    assert change.method == METHODS[1]
    assert (change.then[0], change.now[0], change.difference[0]) == (0.25, 0.75, 0.5)
    assert change.difference[1] <= 0.5 <= change.difference[2]


@given(arrays(np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.sampled_from([0, 1, 2, 3, np.nan])))
def test_the_front_is_what_nothing_dominates(points: np.ndarray) -> None:
    expected = []
    for mine in points:
        beaten = any((other >= mine).all() and (other > mine).any() for other in points)
        expected.append(not beaten and not np.isnan(mine).any())
    assert pareto(points).tolist() == expected
