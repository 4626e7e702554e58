"""Nested: what is found on one part of the past is judged on another."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tastebench.domain.profile import DiversitySettings, ScoringProfile
from tastebench.evaluation import tuning
from tastebench.evaluation.candidates import SearchSettings
from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import EvaluationSettings
from tastebench.evaluation.splits import SplitSettings, split
from tastebench.evaluation.tuning import FOUND, Tuned, tuned
from tests.doubles import HashingEncoder
from tests.unit.evaluation.stage import people, quiet
from tests.worlds import DIMENSION, NOW, from_micros, snapshot

BASE = ScoringProfile(diversity=DiversitySettings(method="none"), hide_after=())
SETTINGS = EvaluationSettings(split=SplitSettings(kind="share", share=0.3), k=5)


def run(search: SearchSettings, settings: EvaluationSettings = SETTINGS) -> Tuned:
    world = snapshot(21, items=60, people=12, events=400)
    return tuned(world, people(world), HashingEncoder(DIMENSION), BASE, settings, search, quiet)


@pytest.fixture(scope="module")
def found() -> Tuned:
    return run(SearchSettings(vectors=128))


def test_what_was_found_is_judged_beside_the_reference_and_the_baselines(found: Tuned) -> None:
    methods = found.evaluation.methods
    assert [method.name for method in methods[:2]] == ["profile:reference", FOUND]
    assert methods[1].profile == found.best
    assert {method.kind for method in methods[2:]} == {"baseline"}
    ours, theirs = (found.evaluation.of(method.name, "ndcg") for method in methods[:2])
    assert found.gain is not None
    assert found.gain[0] == pytest.approx(float((theirs - ours).mean()), abs=1e-12)
    assert found.candidates.objective[0] >= found.before


def test_the_search_never_sees_what_it_is_judged_on() -> None:
    """The likes held out first are told anew: the candidates stay as they were."""
    world = snapshot(21, items=60, people=12, events=400)
    known = split(world.log, SETTINGS.split).training.keys
    held = ~np.isin(world.log.keys, known)
    other = np.random.default_rng(2).choice(world.catalogue.keys, len(world.log))
    told = replace(
        world.log, items=np.where(held, other, world.log.items), weights=np.where(held, 1, world.log.weights)
    )
    search = SearchSettings(vectors=64)
    one = run(search)
    two = tuned(
        replace(world, log=told, _kept={}), people(world), HashingEncoder(DIMENSION), BASE, SETTINGS, search, quiet
    )
    np.testing.assert_array_equal(one.candidates.shares, two.candidates.shares)
    assert one.before == two.before
    assert not np.array_equal(one.evaluation.values[0], two.evaluation.values[0])


def with_values(found: Tuned, difference: float) -> Tuned:
    values = found.evaluation.values.copy()
    row = list(METRICS).index("ndcg")
    values[1, row] = values[0, row] + difference
    return replace(found, evaluation=replace(found.evaluation, values=values))


def test_the_verdict_says_whether_the_gain_is_borne_out(found: Tuned) -> None:
    better, same = with_values(found, 0.02), with_values(found, 0.0)
    assert better.holds
    assert "the gain is +0.020, between +0.020 and +0.020" in better.verdict
    assert not same.holds
    assert "is not borne out" in same.verdict


def test_nothing_is_found_where_nothing_is_allowed() -> None:
    nothing = run(SearchSettings(vectors=64, most_popularity_bias=-1.0))
    assert nothing.best is nothing.gain is None
    assert "Loosen them" in nothing.verdict
    assert FOUND not in [method.name for method in nothing.evaluation.methods]


def test_a_clock_goes_back_by_as_long_as_the_log_goes_on_after_it() -> None:
    world = snapshot(21, events=400)
    clock = from_micros(NOW) - timedelta(days=10)
    rule = SplitSettings(kind="clock", clock=clock)
    end = from_micros(int(world.log.at.max()))
    assert rule.within(world.log).clock == clock - (end - clock)
    assert SplitSettings(kind="last").within(world.log) == SplitSettings(kind="last")


def test_only_the_best_candidates_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "_KEPT", 10)
    assert len(run(SearchSettings(vectors=64)).candidates) == 10
