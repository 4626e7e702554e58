"""Every knob reads and writes the profile where it says."""

import pytest

from tastebench.domain.errors import InvalidProfile
from tastebench.domain.profile import ScoringProfile
from tastebench.signals import REGISTRY, resolved
from tastebench.ui.tuning import knobs
from tastebench.ui.tuning.link import setting

FACETS = ("genres", "themes")
ALL = (*knobs.weights(), *knobs.facet_weights(FACETS), *knobs.REST)


def other(knob: knobs.Knob) -> knobs.Value:
    now = knobs.value(ScoringProfile(), knob.path)
    if knob.kind == "actions":
        return ("like",)
    if knob.kind == "choice":
        return next(option for option in knob.options if option != now)
    if knob.kind == "switch":
        return not now
    high = 1.0 if knob.kind == "weight" else knob.bounds[1]
    value = high if now != high else knob.bounds[0] if knob.kind != "weight" else 0.5
    return int(value) if knob.kind == "whole" else value


@pytest.mark.parametrize("knob", ALL, ids=lambda knob: knob.path)
def test_a_turned_knob_changes_its_own_value_and_no_other(knob: knobs.Knob) -> None:
    before = ScoringProfile()
    after = knobs.turned(before, {knob.path: other(knob)}, FACETS)
    changed = [one.path for one in ALL if knobs.value(after, one.path) != knobs.value(before, one.path)]
    assert changed == [knob.path]
    assert knobs.value(after, knob.path) == other(knob)


def test_every_field_of_a_profile_has_a_knob() -> None:
    # Action weights are settled on the Interactions page; the name is given on saving.
    fields = {
        f"{section}.{name}"
        for section, settings in ScoringProfile().model_dump().items()
        if isinstance(settings, dict) and section not in {"weights", "facet_weights"}
        for name in settings
    }
    assert fields - {knob.path for knob in knobs.REST} == {"taste.action_weights"}
    assert {knob.path for knob in knobs.weights()} == {f"weights.{name}" for name in REGISTRY}


def test_nothing_turned_is_the_very_profile() -> None:
    profile = ScoringProfile(weights={"similarity": 0.123456789})
    assert knobs.turned(profile, {}, FACETS) is profile
    assert knobs.turned(profile, {"diversity.cap": 3}, FACETS).weights == resolved(profile).weights


def test_all_zero_is_refused() -> None:
    with pytest.raises(InvalidProfile, match="all weights are zero"):
        knobs.turned(ScoringProfile(), {f"weights.{name}": 0.0 for name in REGISTRY}, FACETS)


def test_one_facet_of_equal_ones_keeps_the_others() -> None:
    assert knobs.turned(ScoringProfile(), {"facet_weights.genres": 0.5}, FACETS).facet_weights == {
        "genres": 0.5, "themes": 1.0,
    }  # fmt: skip


def test_an_influence_may_be_left_to_the_settings() -> None:
    settled = ScoringProfile.model_validate({"rerank": {"influence": 0.3}})
    assert knobs.turned(settled, {"rerank.influence": None}, FACETS).rerank.influence is None
    assert setting("rerank.influence:null", knobs.REST) == ("rerank.influence", None)
    assert setting("rerank.influence:0", knobs.REST) == ("rerank.influence", 0.0)
