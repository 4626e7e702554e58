"""Every signal of the registry keeps the contract; a new one is enrolled by being registered."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given

from tastebench.domain.errors import InvalidProfile
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.ranking import Snapshot, gather
from tastebench.signals import REGISTRY, Signal, resolved
from tests.worlds import profiles, request, sources, worlds

SIGNALS = list(REGISTRY.values())


@pytest.mark.parametrize("signal", SIGNALS, ids=REGISTRY)
@given(worlds, profiles())
def test_values_are_one_number_per_candidate_in_range_or_no_evidence(
    signal: Signal, world: Snapshot, profile: ScoringProfile
) -> None:
    evidence = gather(request(profile), sources(world, genres=["noir"]))
    values = signal.compute(evidence, profile)
    assert values.shape == (len(evidence),)
    assert values.dtype == np.float64
    assert (np.isnan(values) | ((values >= -1) & (values <= 1))).all()


@pytest.mark.parametrize("signal", SIGNALS, ids=REGISTRY)
def test_the_entry_tells_all_that_pages_need(signal: Signal) -> None:
    assert signal.meaning.endswith(".")
    assert signal.label
    assert re.fullmatch("#[0-9A-F]{6}", signal.colour)
    assert set(signal.reads) <= {field.name for field in dataclasses.fields(Evidence)}
    for parameter in signal.parameters:
        value: object = ScoringProfile()
        for part in parameter.split("."):
            value = getattr(value, part)


def test_default_weights_are_the_design_s() -> None:
    assert {name: signal.default_weight for name, signal in REGISTRY.items()} == {
        "similarity": 0.30, "preference": 0.25, "behaviour": 0.25, "collaborative": 0.15, "popularity": 0.05,
        "co_engagement": 0.0, "neighbours": 0.0, "repurchase": 0.0, "freshness": 0.0,
    }  # fmt: skip


def test_an_unknown_signal_is_named() -> None:
    with pytest.raises(InvalidProfile, match="charm"):
        resolved(ScoringProfile(weights={"charm": 1}))
