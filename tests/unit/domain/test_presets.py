"""Presets: each can be ranked by, is told apart by name, and says when and at what cost."""

import pytest

from tastebench.domain.presets import PRESETS, Preset
from tastebench.domain.profile import ScoringProfile
from tastebench.signals import REGISTRY, resolved

BY_NAME = {preset.name: preset for preset in PRESETS}


@pytest.mark.parametrize("preset", PRESETS, ids=BY_NAME)
def test_each_is_a_profile_that_can_be_saved_and_says_what_it_is_for(preset: Preset) -> None:
    assert ScoringProfile.parse(preset.profile.model_dump(mode="json")) == preset.profile
    assert set(resolved(preset.profile).weights) == set(REGISTRY)
    assert sum(preset.profile.weights.values()) == pytest.approx(1.0 if preset.profile.weights else 0.0)
    for sentence in (preset.use, preset.cost):
        assert sentence.endswith(".")
        assert len(sentence) < 160


def test_names_are_unique_and_the_first_is_the_default() -> None:
    assert len(BY_NAME) == len(PRESETS)
    assert PRESETS[0].profile == ScoringProfile()


def test_what_they_are_named_for_is_what_they_do() -> None:
    assert BY_NAME["Shop with repeats"].profile.repeats
    assert max(BY_NAME["Shop with repeats"].profile.weights.items(), key=lambda one: one[1])[0] == "repurchase"
    assert max(BY_NAME["Content feed"].profile.weights.items(), key=lambda one: one[1])[0] == "freshness"
    assert max(BY_NAME["Jobs"].profile.weights.items(), key=lambda one: one[1])[0] == "preference"
    assert "popularity" not in BY_NAME["Jobs"].profile.weights
    assert "popularity" not in BY_NAME["Discovery"].profile.weights
