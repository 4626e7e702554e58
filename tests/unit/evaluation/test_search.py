"""The weight search: what it finds is what was measured, within what was allowed, the same for the same seed."""

import numpy as np
import pytest

from tastebench.domain.errors import Cancelled, InvalidInput, InvalidProfile
from tastebench.domain.profile import DiversitySettings, ScoringProfile
from tastebench.domain.profile import SearchSettings as SearchSection
from tastebench.evaluation import metrics
from tastebench.evaluation.candidates import Candidates, SearchSettings
from tastebench.evaluation.measuring import METRICS, Judge, measured
from tastebench.evaluation.ordering import lists
from tastebench.evaluation.replay import replayed
from tastebench.evaluation.search import Search, with_value
from tastebench.evaluation.splits import SplitSettings
from tastebench.evaluation.world import World
from tastebench.signals import REGISTRY, resolved
from tests.unit.evaluation.stage import quiet, world
from tests.worlds import snapshot

NARROW = SearchSection(results=10, candidate_limit=30)
"""Of sixty items: what a signal brings along decides what can be shown."""
BASE = ScoringProfile(diversity=DiversitySettings(method="none"), hide_after=(), search=NARROW)
FEW = SearchSettings(vectors=192)


@pytest.fixture(scope="module")
def tested() -> World:
    return world(snapshot(21, items=60, people=12, events=400), SplitSettings(kind="share", share=0.3))


@pytest.fixture(scope="module")
def found(tested: World) -> Candidates:
    return Search(tested, FEW, 5, quiet).run(BASE)


def objective(tested: World, profile: ScoringProfile, name: str = "ndcg") -> float:
    values, _ = measured(Judge(tested), lists(replayed(tested, profile), profile, 5))
    return float(values[list(METRICS).index(name)].mean())


def test_the_best_is_no_worse_than_the_profile_it_started_from_and_any_signal_alone(
    tested: World, found: Candidates
) -> None:
    starts = [BASE, *(BASE.model_copy(update={"weights": {name: 1.0}}) for name in REGISTRY)]
    assert found.objective[0] >= max(objective(tested, start) for start in starts) - 1e-12
    assert found.objective[0] > objective(tested, BASE)


def test_what_is_said_of_a_candidate_is_what_its_profile_comes_to(tested: World, found: Candidates) -> None:
    judge = Judge(tested)
    for number in (0, len(found) // 2, len(found) - 1):
        profile = found.profile(number)
        rows = lists(replayed(tested, profile), profile, 5)
        assert objective(tested, profile) == pytest.approx(found.objective[number], abs=1e-12)
        assert metrics.coverage(rows, judge.items) == found.coverage[number]
        assert resolved(profile).weights == profile.weights


def test_candidates_are_different_ordered_and_sum_to_one(found: Candidates) -> None:
    assert (np.diff(found.objective) <= 0).all()
    assert len(np.unique(found.shares, axis=0)) == len(found) > 100
    np.testing.assert_allclose(found.shares.sum(axis=1), 1.0, atol=0.005)


def test_one_seed_one_answer(tested: World, found: Candidates) -> None:
    again = Search(tested, FEW, 5, quiet).run(BASE)
    np.testing.assert_array_equal(again.shares, found.shares)
    other = Search(tested, FEW.model_copy(update={"seed": 1}), 5, quiet).run(BASE)
    assert other.shares.shape != found.shares.shape or (other.shares != found.shares).any()


def test_constraints_hold_for_what_is_allowed_and_put_the_rest_last(tested: World, found: Candidates) -> None:
    least, most = float(np.quantile(found.coverage, 0.7)), float(np.quantile(found.popularity_bias, 0.5))
    settings = FEW.model_copy(update={"least_coverage": least, "most_popularity_bias": most})
    bound = Search(tested, settings, 5, quiet).run(BASE)
    keeps = (bound.coverage >= least) & (bound.popularity_bias <= most)
    np.testing.assert_array_equal(bound.allowed, keeps)
    assert bound.allowed[0]
    assert (np.diff(bound.allowed.astype(int)) <= 0).all()
    assert bound.objective[0] <= found.objective[0] + 1e-12


def test_nothing_is_best_where_nothing_keeps_to_the_constraints(tested: World) -> None:
    bound = Search(tested, FEW.model_copy(update={"most_popularity_bias": -1.0}), 5, quiet).run(BASE)
    assert bound.best is None


def test_only_the_named_signals_get_weight(tested: World) -> None:
    settings = FEW.model_copy(update={"signals": ("similarity", "popularity")})
    few = Search(tested, settings, 5, quiet).run(BASE)
    free = [name in settings.signals for name in REGISTRY]
    assert not few.shares[:, ~np.array(free)].any()
    with pytest.raises(InvalidInput, match="no signal 'luck'"):
        Search(tested, FEW.model_copy(update={"signals": ("luck",)}), 5, quiet)


def test_axes_are_gone_through_and_the_replay_is_shared_where_it_will_do(tested: World) -> None:
    settings = SearchSettings(
        vectors=64, axes={"diversity.method": ("repeat",), "taste.half_life_days": (1.0, 7.0, 90.0)}
    )
    search = Search(tested, settings, 5, quiet)
    found = search.run(BASE)
    tried = [(one.diversity.method, one.taste.half_life_days) for one in found.profiles]
    method = tried[2][0]
    assert tried == [("none", 7.0), ("repeat", 7.0), (method, 1.0), (method, 90.0)]
    # One for the profile as it is, one more with what is on demand, and two half-lives.
    assert (search.effort.replays, search.effort.vectors) == (4, 4 * 64)
    best = found.profile(0)
    assert objective(tested, best) == pytest.approx(found.objective[0], abs=1e-12)


def test_other_objectives_can_be_searched_for(tested: World) -> None:
    found = Search(tested, FEW.model_copy(update={"objective": "hit_rate"}), 5, quiet).run(BASE)
    assert found.objective[0] == pytest.approx(objective(tested, found.profile(0), "hit_rate"), abs=1e-12)


def test_it_ends_where_its_listener_wants_it_to(tested: World) -> None:
    def listen(phase: str, done: int, _total: int) -> None:
        if phase == "Searching weights" and done >= 64:
            raise Cancelled("Enough.")

    search = Search(tested, FEW, 5, listen)
    with pytest.raises(Cancelled):
        search.run(BASE)
    assert search.effort.vectors == 64


def test_a_field_that_is_not_there_or_a_value_it_cannot_have_is_refused() -> None:
    with pytest.raises(InvalidProfile, match=r"taste\.mood"):
        with_value(ScoringProfile(), "taste.mood", 1.0)
    with pytest.raises(InvalidProfile, match=r"taste\.half_life_days"):
        with_value(ScoringProfile(), "taste.half_life_days", -1.0)
