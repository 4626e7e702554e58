"""Splits, against a plain reading of their rules, event by event."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.columns import LogColumns
from tastebench.domain.interaction import is_disliked, is_liked
from tastebench.domain.moments import MICROSECONDS_PER_DAY, from_micros
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.statements import Statements
from tastebench.evaluation.splits import Split, SplitSettings, split
from tests import worlds
from tests.worlds import ACTIONS, NOW

DAY = MICROSECONDS_PER_DAY


def log_of(*events: tuple[int, int, str, int], follows: tuple[tuple[int, int], ...] = ()) -> LogColumns:
    """A log of (persona, item, action, day) in file order, and of (persona, day) follows."""
    personas, items, actions, days = (list(column) for column in zip(*events, strict=True))
    names = tuple(dict.fromkeys(actions))
    return LogColumns(
        keys=np.arange(1, len(events) + 1),
        personas=np.array(personas),
        items=np.array(items),
        actions=np.array([names.index(action) for action in actions]),
        action_names=names,
        at=np.array(days) * DAY,
        weights=np.full(len(events), np.nan),
        follow_personas=np.array([who for who, _ in follows], dtype=np.int64),
        follow_at=np.array([day for _, day in follows], dtype=np.int64) * DAY,
        follow_creators=tuple(f"creator {n}" for n, _ in enumerate(follows)),
    )


def found(parts: Split) -> dict[int, list[int]]:
    return {
        int(persona): parts.items[parts.starts[row] : parts.starts[row + 1]].tolist()
        for row, persona in enumerate(parts.personas)
    }


def test_last_holds_out_the_last_like_and_what_came_after_it() -> None:
    log = log_of((1, 10, "like", 1), (1, 11, "like", 2), (1, 12, "view", 3), (2, 10, "view", 1))
    parts = split(log, SplitSettings(kind="last"))
    assert found(parts) == {1: [11]}
    assert parts.training.keys.tolist() == [1, 4]
    assert parts.moments.tolist() == [2 * DAY]


def test_a_view_that_led_to_the_like_goes_with_it_unless_repeats_are_looked_for() -> None:
    log = log_of((1, 10, "like", 1), (1, 11, "view", 2), (1, 12, "view", 3), (1, 11, "like", 4))
    new, again = split(log, SplitSettings(kind="last")), split(log, SplitSettings(kind="last", repeats=True))
    assert (found(new), new.training.keys.tolist()) == ({1: [11]}, [1])
    assert (found(again), again.training.keys.tolist()) == ({1: [11]}, [1, 2, 3])


def test_what_was_bought_before_is_looked_for_only_where_repeats_are() -> None:
    log = log_of((1, 10, "purchase", 1), (1, 11, "purchase", 2), (1, 12, "view", 3), (1, 10, "purchase", 9))
    assert found(split(log, SplitSettings(kind="last"))) == {1: [11]}
    assert found(split(log, SplitSettings(kind="last", repeats=True))) == {1: [10]}
    clock = SplitSettings(kind="clock", clock=from_micros(9 * DAY))
    assert found(split(log, clock)) == {}
    assert found(split(log, clock.model_copy(update={"repeats": True}))) == {1: [10]}


def test_share_holds_out_a_fifth_rounded_up() -> None:
    log = log_of(*((1, item, "like", item) for item in range(1, 11)), *((2, item, "like", item) for item in (1, 2)))
    parts = split(log, SplitSettings(kind="share", share=0.2))
    assert found(parts) == {1: [9, 10], 2: [2]}
    assert len(parts.training) == 9


def test_the_clock_cuts_everybody_at_one_moment_and_lists_are_made_just_before_it() -> None:
    log = log_of((1, 10, "like", 1), (1, 11, "like", 5), (2, 11, "view", 4), (2, 12, "like", 5), (2, 13, "like", 6))
    parts = split(log, SplitSettings(kind="clock", clock=from_micros(5 * DAY)))
    assert found(parts) == {1: [11], 2: [12, 13]}
    assert parts.training.at.tolist() == [1 * DAY, 4 * DAY]
    assert parts.moments.tolist() == [5 * DAY - 1] * 2


def test_the_clock_unless_named_leaves_the_last_share_of_all_events() -> None:
    log = log_of(*((item % 3, item, "like", item) for item in range(10)))
    parts = split(log, SplitSettings(kind="clock", share=0.2))
    assert len(parts.training) == 8
    assert sorted(parts.items.tolist()) == [8, 9]


@pytest.mark.parametrize(("reverse", "expected"), [(False, 12), (True, 11)])
def test_at_one_moment_the_order_of_the_log_decides(reverse: bool, expected: int) -> None:
    log = log_of((1, 10, "like", 1), (1, 11, "like", 2), (1, 12, "like", 2))
    parts = split(log, SplitSettings(kind="last", reverse_ties=reverse))
    assert found(parts) == {1: [expected]}
    assert len(parts.training) == 2


def test_a_like_taken_back_is_not_looked_for() -> None:
    log = log_of((1, 10, "like", 1), (1, 11, "like", 2), (1, 11, "dislike", 3))
    assert found(split(log, SplitSettings(kind="last"))) == {1: [10]}
    assert found(split(log, SplitSettings(kind="share", share=0.6))) == {}


def test_follows_after_the_split_are_not_known() -> None:
    log = log_of((1, 10, "like", 3), (2, 10, "like", 5), follows=((1, 2), (1, 4), (2, 4), (3, 9)))
    assert split(log, SplitSettings(kind="last")).training.follow_at.tolist() == [2 * DAY, 4 * DAY, 9 * DAY]
    clock = SplitSettings(kind="clock", clock=from_micros(3 * DAY))
    assert split(log, clock).training.follow_at.tolist() == [2 * DAY]


def test_what_was_said_after_the_split_is_not_known() -> None:
    log = log_of((1, 10, "like", 3), (2, 10, "like", 5))
    names = tuple(PreferenceName("taste", "genres", tag) for tag in ("noir", "crime", "noir", "crime"))
    who, days = np.array([1, 1, 2, 3]), np.array([2, 4, 4, 9])
    said = Statements(who, days * DAY, ("choose",) * 4, names, np.full(4, np.nan), np.zeros(4, np.int64))
    known = split(replace(log, said=said), SplitSettings(kind="last")).training.said
    assert list(zip(known.personas.tolist(), (known.at // DAY).tolist(), strict=True)) == [(1, 2), (2, 4), (3, 9)]


def test_a_log_without_events_has_nobody_to_test() -> None:
    empty = worlds.log(np.random.default_rng(1), np.array([1]), 1, 0)
    for kind in ("last", "share", "clock"):
        parts = split(empty, SplitSettings(kind=kind))
        assert len(parts) == len(parts.training) == 0


def test_what_no_list_could_show_is_not_looked_for() -> None:
    world = worlds.snapshot(1, items=4)
    catalogue = replace(
        world.catalogue,
        available=np.array([True, False, True, True]),
        created_at=np.array([NOW - 9 * DAY, NOW - 9 * DAY, NOW, NOW - 9 * DAY]),
    )
    keys = [*catalogue.keys.tolist(), 999_999]
    log = log_of(*((persona, key, "like", 1) for persona, key in enumerate(keys, start=1)))
    log = replace(log, at=np.full(len(log), NOW - 5 * DAY))
    assert found(split(log, SplitSettings(kind="last")).reachable(catalogue)) == {1: [keys[0]], 4: [keys[3]]}


settings = st.builds(
    SplitSettings,
    kind=st.sampled_from(["last", "share", "clock"]),
    share=st.sampled_from([0.1, 0.2, 0.5, 0.9]),
    clock=st.sampled_from([None, from_micros(NOW - 20 * DAY), from_micros(NOW + DAY)]),
    repeats=st.booleans(),
    reverse_ties=st.booleans(),
)


@given(worlds.worlds, settings)
def test_a_split_is_what_reading_the_events_one_by_one_gives(world: worlds.Snapshot, rule: SplitSettings) -> None:
    parts = split(world.log, rule)
    expected, kept = by_hand(world.log, rule)
    assert found(parts) == expected
    assert parts.training.keys.tolist() == kept


def by_hand(log: LogColumns, rule: SplitSettings) -> tuple[dict[int, list[int]], list[int]]:
    expected, kept = {}, []
    for persona in np.unique(log.personas).tolist():
        rows = [row for row in range(len(log)) if log.personas[row] == persona]
        rows.sort(key=lambda row: (log.at[row], -log.keys[row] if rule.reverse_ties else log.keys[row]))
        cut = cut_by_hand(log, rows, rule)
        before, after = rows[:cut], rows[cut:]
        kept += [int(log.keys[row]) for row in before]
        met = {int(log.items[row]) for row in before}
        likes = {item for item in liked_by_hand(log, rows) if item in liked_by_hand(log, after)}
        if not rule.repeats:
            likes -= met
        if rule.kind == "last":
            likes &= {int(log.items[row]) for row in after[:1]}
        if likes:
            expected[persona] = sorted(likes)
    return expected, sorted(kept)


def liked_by_hand(log: LogColumns, rows: list[int]) -> set[int]:
    liked: set[int] = set()
    for row in rows:
        action, weight = ACTIONS[log.actions[row]], float(log.weights[row])
        given_weight = None if np.isnan(weight) else weight
        if is_liked(action, given_weight):
            liked.add(int(log.items[row]))
        if is_disliked(action, given_weight):
            liked.discard(int(log.items[row]))
    return liked


def cut_by_hand(log: LogColumns, rows: list[int], rule: SplitSettings) -> int:
    if rule.kind == "share":
        return len(rows) - int(np.ceil(round(rule.share * len(rows), 9)))
    if rule.kind == "clock":
        times = sorted(log.at.tolist())
        clock = times[len(times) - int(np.ceil(round(rule.share * len(times), 9)))] if times else 0
        if rule.clock is not None:
            clock = round(rule.clock.timestamp() * 1e6)
        return sum(log.at[row] < clock for row in rows)
    liked, first, last = liked_by_hand(log, rows), {}, {}
    for place, row in enumerate(rows):
        item = int(log.items[row])
        first.setdefault(item, place)
        if is_liked(ACTIONS[log.actions[row]], None if np.isnan(log.weights[row]) else float(log.weights[row])):
            last[item] = place
    places = [(last if rule.repeats else first)[item] for item in liked]
    return max(places, default=len(rows))


@given(worlds.worlds, settings)
def test_nothing_held_out_leaves_a_trace_in_the_training(world: worlds.Snapshot, rule: SplitSettings) -> None:
    """Other items, at later moments, in the part held out: the training part stays as it was."""
    parts = split(world.log, rule)
    held = ~np.isin(world.log.keys, parts.training.keys)
    assert not np.isin(parts.training.keys, world.log.keys[held]).any()
    for row, persona in enumerate(parts.personas):
        mine = parts.training.personas == persona
        assert (parts.training.at[mine] <= parts.moments[row]).all()
        if not rule.repeats:
            wanted = parts.items[parts.starts[row] : parts.starts[row + 1]]
            assert not np.isin(parts.training.items[mine], wanted).any()
