"""An evaluation as a whole: which methods, what they are compared with, how it ends early."""

import numpy as np
import pytest

from tastebench.domain.errors import Cancelled, InvalidInput
from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.baselines import BASELINES
from tastebench.evaluation.evaluating import evaluated
from tastebench.evaluation.measuring import METRICS, Judge, measured
from tastebench.evaluation.report import EvaluationSettings, Method
from tastebench.evaluation.splits import SplitSettings
from tastebench.evaluation.world import World
from tastebench.ranking import recommend
from tastebench.signals import REGISTRY, resolved
from tests.unit.evaluation.stage import REFERENCE, quiet, world
from tests.worlds import snapshot

SHARE = EvaluationSettings(split=SplitSettings(kind="share", share=0.3), k=5)


@pytest.fixture
def tested() -> World:
    return world(snapshot(11, people=8, events=160), SHARE.split)


def rows_by_recommending(tested: World, profile: ScoringProfile) -> np.ndarray:
    rows = np.full((len(tested), 5), -1)
    for row in range(len(tested)):
        ranking = recommend(tested.request(row, profile, limit=5), tested.sources(row))
        shown = [tested.training.catalogue.position_of[item.item_id] for item in ranking.items]
        rows[row, : len(shown)] = shown
    return rows


def test_each_signal_alone_without_each_and_every_baseline_are_in_the_table(tested: World) -> None:
    found = evaluated(tested, [REFERENCE], SHARE, quiet)
    names = [method.name for method in found.methods]
    weighed = resolved(ScoringProfile()).shares()
    assert names == [
        "profile:For You",
        *(f"signal:{name}" for name in REGISTRY),
        *(f"without:{name}" for name in weighed),
        *(f"baseline:{name}" for name in BASELINES),
    ]
    assert found.values.shape == (len(names), len(METRICS), len(tested))
    assert found.personas == tuple(f"p{key}" for key in tested.split.personas)


def test_a_method_comes_to_what_its_recommended_lists_come_to(tested: World) -> None:
    fresh = ScoringProfile(name="Fresh", weights={"popularity": 1, "preference": 2}, hide_after=())
    profiles = [REFERENCE, Method("profile:Fresh", "Fresh", "profile", fresh)]
    found = evaluated(tested, profiles, SHARE, quiet)
    for method in found.methods:
        if method.profile is not None:
            values, totals = measured(Judge(tested), rows_by_recommending(tested, method.profile))
            row = found.methods.index(method)
            np.testing.assert_array_equal(found.values[row], values)
            np.testing.assert_array_equal(found.totals[row], totals)


def test_a_profile_of_one_signal_is_not_left_without_it(tested: World) -> None:
    only = Method("profile:One", "One", "profile", ScoringProfile(weights={"popularity": 1}))
    kinds = [method.kind for method in evaluated(tested, [only], SHARE, quiet).methods]
    assert "without" not in kinds


def test_signals_are_left_out_where_they_are_not_asked_for(tested: World) -> None:
    plain = evaluated(tested, [REFERENCE], SHARE.model_copy(update={"signals": False}), quiet)
    assert {method.kind for method in plain.methods} == {"profile", "baseline"}


def test_history_is_counted_in_the_training(tested: World) -> None:
    found = evaluated(tested, [REFERENCE], SHARE, quiet)
    standing = tested.training.standing
    expected = [int(((standing.personas == key) & standing.likes).sum()) for key in tested.split.personas]
    assert found.history.tolist() == expected
    assert set(found.origins) == {"authored", "simulated"}


def test_categories_are_those_of_what_was_held_out(tested: World) -> None:
    found = evaluated(tested, [REFERENCE], SHARE, quiet)
    column = tested.training.catalogue.facets["genres"]
    for row in range(len(tested)):
        tags = {tag for item in tested.wanted_rows(row) for tag in column.tags_of(int(item))}
        assert {tag for tag, members in found.categories.items() if members[row]} == tags


def test_it_tells_how_far_it_is_and_ends_where_its_listener_wants_it_to(tested: World) -> None:
    heard: list[tuple[str, int, int]] = []

    def listen(phase: str, done: int, total: int) -> None:
        heard.append((phase, done, total))
        if done == 3 and phase.startswith("Replaying"):
            raise Cancelled("Enough.")

    with pytest.raises(Cancelled):
        evaluated(tested, [REFERENCE], SHARE, listen)
    assert heard[-1] == ("Replaying For You", 3, len(tested))


def test_a_split_that_leaves_nobody_to_test_says_so() -> None:
    nobody = world(snapshot(1, events=0), SHARE.split)
    with pytest.raises(InvalidInput, match="Nobody has a like"):
        evaluated(nobody, [REFERENCE], SHARE, quiet)


def test_looking_for_repeats_with_a_profile_that_hides_them_is_told(tested: World) -> None:
    again = SHARE.model_copy(update={"split": SHARE.split.model_copy(update={"repeats": True})})
    hiding = evaluated(world(snapshot(11, people=8, events=160), again.split), [REFERENCE], again, quiet)
    assert any(note.startswith("For You hides items after like, favorite") for note in hiding.notes)
    assert not any("hides items" in note for note in evaluated(tested, [REFERENCE], SHARE, quiet).notes)


def test_a_sample_is_drawn_and_told_of() -> None:
    few = world(snapshot(11, people=8, events=160), SHARE.split, sample=3)
    everybody = world(snapshot(11, people=8, events=160), SHARE.split)
    found = evaluated(few, [REFERENCE], SHARE, quiet)
    assert len(found.personas) == 3 < len(everybody)
    assert any(note.startswith(f"3 of {len(everybody)} personas") for note in found.notes)
    assert len(few.training.log) == len(everybody.training.log)
