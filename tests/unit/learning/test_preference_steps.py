"""How a preference came about: its steps end where the fold ends, and the curve passes through them."""

import pytest
from hypothesis import given

from tastebench.domain.columns import positions
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import EDIT_KINDS, PreferenceName, PreferenceSettings
from tastebench.learning.lessons import all_lessons
from tastebench.learning.preference_steps import Step, confidence_at, curve, steps
from tastebench.learning.preferences import learned
from tests.worlds import NOW, seeds, snapshot

DAY = MICROSECONDS_PER_DAY
SETTINGS = PreferenceSettings(history_limit=15)


@given(seeds)
def test_steps_end_where_the_fold_ends(seed: int) -> None:
    world = snapshot(seed, items=15, people=3, events=60)
    log = world.log.of(1)
    rows = positions(world.catalogue.keys, log.items)
    lessons = all_lessons(world.catalogue, world.facets, SETTINGS)
    found = learned(log, rows, lessons, SETTINGS)
    confidences = found.as_of(NOW, SETTINGS)
    for row, code in enumerate(found.codes.tolist()):
        taken = steps(log, rows, lessons, found.vocabulary.name(code), SETTINGS)
        assert confidence_at(taken[-1], NOW, SETTINGS) == pytest.approx(confidences[row], abs=1e-9)
        since = max((n for n, step in enumerate(taken) if step.action == "forget"), default=-1)
        assert sum(step.action not in EDIT_KINDS for step in taken[since + 1 :]) == found.counts[row]
        assert taken[-1].held == found.pinned[row]
        line = curve(taken, NOW, SETTINGS)
        assert line[-1] == (NOW, pytest.approx(confidences[row], abs=1e-9))
        assert [at for at, _ in line] == sorted(at for at, _ in line)
        assert {(step.at, step.after) for step in taken} <= set(line)


def test_the_curve_fades_between_two_steps() -> None:
    settings = PreferenceSettings(daily_decay=0.5)
    first = Step(NOW - 2 * DAY, 0.0, 0.08, 0.8, "like", 1, False)
    line = curve([first, Step(NOW - DAY, 0.04, 0.1, 0.8, "like", 1, False)], NOW, settings)
    at = dict(reversed(line))
    assert (at[NOW - 2 * DAY], at[NOW - DAY], at[NOW]) == (0.0, pytest.approx(0.04), pytest.approx(0.05))
    half = min(line, key=lambda point: abs(point[0] - (NOW - 3 * DAY // 2)))
    assert half[1] == pytest.approx(0.08 * 0.5**0.5, rel=0.02)


def test_of_what_was_never_seen_there_is_nothing() -> None:
    world = snapshot(3)
    log = world.log.of(1)
    rows = positions(world.catalogue.keys, log.items)
    lessons = all_lessons(world.catalogue, world.facets, SETTINGS)
    name = PreferenceName("taste", "genres", "giallo")
    assert steps(log, rows, lessons, name, SETTINGS) == ()
    assert curve((), NOW, SETTINGS) == ()
