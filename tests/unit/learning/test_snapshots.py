"""Snapshots: when evidence is removed, what it taught stays, to the ninth decimal."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tastebench.domain.columns import LogColumns, positions
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.preferences import SNAPSHOT, PreferenceName, PreferenceSettings
from tastebench.domain.statements import Statements
from tastebench.learning.lessons import all_lessons
from tastebench.learning.preference_steps import steps
from tastebench.learning.preferences import learned
from tastebench.learning.snapshots import Leaving, snapshots_of
from tastebench.ranking import Snapshot
from tests.worlds import NOW, seeds, snapshot, with_log

DAY = MICROSECONDS_PER_DAY
NOIR = PreferenceName("taste", "genres", "noir")
SETTINGS = PreferenceSettings()


def preferences(world: Snapshot, now: int = NOW) -> dict[tuple[int, PreferenceName], tuple[float, int, int, bool]]:
    """Confidence, count, last seen and whether it is pinned of everything that is tracked, by persona and name."""
    lessons = all_lessons(world.catalogue, world.facets, SETTINGS)
    found = learned(
        world.log.until(now), positions(world.catalogue.keys, world.log.until(now).items), lessons, SETTINGS
    )
    columns = found.personas, found.codes, found.as_of(now, SETTINGS), found.counts, found.seen, found.pinned
    return {
        (person, found.vocabulary.name(code)): (confidence, count, seen, pinned)
        for person, code, confidence, count, seen, pinned in zip(*(column.tolist() for column in columns), strict=True)
        if pinned or confidence >= SETTINGS.tracked
    }


def nothing_leaves(log: LogColumns) -> Leaving:
    return Leaving(*(np.zeros(n, np.bool_) for n in (len(log), len(log.follow_creators), len(log.said))))


def without(world: Snapshot, leaving: Leaving) -> Snapshot:
    """Return the world as it is once these rows are removed and snapshots stand in their place."""
    log = world.log
    lessons = all_lessons(world.catalogue, world.facets, SETTINGS)
    fresh, matters = snapshots_of(log, world.item_rows, leaving, lessons, SETTINGS, NOW)
    said = log.said.take(~leaving.said)
    touched = set(zip(fresh.personas.tolist(), fresh.names, strict=True))
    stays = [key not in touched for key in zip(said.personas.tolist(), said.names, strict=True)]
    old = said.take(said.snapshots & np.array(stays, dtype=np.bool_))
    said = (
        said.take(~said.edits).joined(old).joined(fresh.take(matters)).joined(said.take(said.edits & ~said.snapshots))
    )
    left = log.take(~leaving.events).with_follows(~leaving.follows)
    return with_log(world, replace(left, said=said))


def some_leave(log: LogColumns, rng: np.random.Generator) -> Leaving:
    follows, said = len(log.follow_creators), log.said
    return Leaving(rng.random(len(log)) < 0.4, rng.random(follows) < 0.4, (rng.random(len(said)) < 0.5) & ~said.edits)


def assert_the_same(before: Snapshot, after: Snapshot, now: int) -> None:
    mine, theirs = preferences(before, now), preferences(after, now)
    assert set(mine) == set(theirs)
    said = before.log.said
    # Evidence doesn't move what is pinned, so there is no snapshot to count it.
    pinned_once = {(who, name) for who, name, what in zip(said.personas.tolist(), said.names, said.actions, strict=True)
                   if what == "pin"}  # fmt: skip
    for key, (confidence, *rest, pinned) in mine.items():
        assert theirs[key][0] == pytest.approx(confidence, abs=1e-9)
        assert key in pinned_once or [*theirs[key][1:]] == [*rest, pinned], key


@given(seeds, seeds)
def test_what_was_learned_survives_that_its_evidence_is_removed(seed: int, other: int) -> None:
    world, rng = snapshot(seed), np.random.default_rng(other)
    once = without(world, some_leave(world.log, rng))
    assert_the_same(world, once, NOW)
    twice = without(once, some_leave(once.log, rng))
    assert_the_same(world, twice, NOW)
    none = without(twice, Leaving(*(np.ones(n, np.bool_) for n in (len(twice.log), len(twice.log.follow_creators))),
                                  ~twice.log.said.edits))  # fmt: skip
    assert len(none.log) == 0
    assert_the_same(world, none, NOW)


@given(seeds)
def test_where_nothing_leaves_there_is_no_snapshot(seed: int) -> None:
    world = snapshot(seed)
    lessons = all_lessons(world.catalogue, world.facets, SETTINGS)
    assert len(snapshots_of(world.log, world.item_rows, nothing_leaves(world.log), lessons, SETTINGS, NOW)[1]) == 0


def three_views_and_a_like() -> Snapshot:
    """Persona 1 views the first item ten, eight and six days ago and likes it two days ago."""
    world = snapshot(1, items=4, people=1, events=0)
    nothing, item = np.zeros(0, np.int64), world.catalogue.keys[0]
    facets = {"genres": replace(world.catalogue.facets["genres"], names=("noir",), codes=np.array([0]),
                                starts=np.array([0, 1, 1, 1, 1]))}  # fmt: skip
    log = LogColumns(
        np.arange(1, 5), np.ones(4, np.int64), np.full(4, item), np.array([0, 0, 0, 1]), ("view", "like"),
        NOW - np.array([10, 8, 6, 2]) * DAY, np.full(4, np.nan), nothing, nothing, (),
    )  # fmt: skip
    return with_log(replace(world, catalogue=replace(world.catalogue, facets=facets)), log)


def test_by_hand() -> None:
    """A view is worth .1 · .1; two days leave .9 · .98². Three views: .01, then .01864…, then .0261…"""
    world = three_views_and_a_like()
    views = Leaving(np.array([True, True, True, False]), np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    lessons = all_lessons(world.catalogue, ("genres",), SETTINGS)
    made, matters = snapshots_of(world.log, world.item_rows, views, lessons, SETTINGS, NOW)
    assert matters.all()
    row = made.names.index(NOIR)
    step = 0.9 * 0.98**2
    assert made.amounts[row] == pytest.approx(0.01 * (1 + step + step**2), abs=1e-15)
    assert (made.at[row], made.counts[row], made.actions[row]) == (NOW - 6 * DAY, 3, SNAPSHOT)
    after = without(world, views)
    assert len(after.log) == 1
    assert preferences(after)[1, NOIR][1:] == (4, NOW - 2 * DAY, False)
    found = steps(after.log, after.item_rows, all_lessons(after.catalogue, ("genres",), SETTINGS), NOIR, SETTINGS)
    assert [(step.action, step.at) for step in found] == [(SNAPSHOT, NOW - 6 * DAY), ("like", NOW - 2 * DAY)]
    assert found[1].after == pytest.approx(preferences(world, NOW - 2 * DAY)[1, NOIR][0], abs=1e-12)


def test_before_it_stands_only_what_is_left_is_known() -> None:
    world = three_views_and_a_like()
    views = Leaving(np.array([True, True, True, False]), np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    assert preferences(without(world, views), NOW - 7 * DAY) == {}


def edit(kind: str, days_ago: float) -> Statements:
    one, amount = np.ones(1, np.int64), np.array([0.0 if kind == "forget" else 0.5])
    return Statements(one, np.array([NOW - round(days_ago * DAY)]), (kind,), (NOIR,), amount, np.zeros(1, np.int64))


def test_a_pin_holds_and_a_forgetting_stays_one() -> None:
    plain = three_views_and_a_like()
    everything = np.ones(4, np.bool_)
    for kind, days_ago, expected in (("pin", 7, 0.5), ("pin", 1, 0.5), ("forget", 1, None), ("correct", 1, 0.5 * 0.98)):
        world = with_log(plain, replace(plain.log, said=edit(kind, days_ago)))
        after = without(world, Leaving(everything, np.zeros(0, np.bool_), np.zeros(1, np.bool_)))
        found = preferences(after).get((1, NOIR))
        assert (None if found is None else found[0]) == (None if expected is None else pytest.approx(expected))
