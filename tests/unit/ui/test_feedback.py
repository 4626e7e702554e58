"""When feedback is said to have happened."""

from datetime import UTC, datetime, timedelta

from tastebench.ui.recommendations.feedback import moment, remark, thumb_moment

CLOCK = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD = datetime(2011, 12, 9, tzinfo=UTC)


def test_it_happens_now() -> None:
    assert moment(CLOCK - timedelta(minutes=4), None, CLOCK) == CLOCK
    assert remark(CLOCK, None, CLOCK) == ""


def test_in_a_workspace_of_the_past_it_happens_just_after_its_newest_event() -> None:
    assert moment(OLD, None, CLOCK) == OLD + timedelta(microseconds=1)
    assert remark(OLD, None, CLOCK) == "What you record here is recorded as of 2011-12-09 00:00 UTC."


def test_it_never_happens_after_the_day_that_is_looked_at_nor_in_the_future() -> None:
    assert moment(CLOCK, OLD, CLOCK) == OLD
    assert moment(CLOCK, CLOCK + timedelta(hours=11), CLOCK) == CLOCK


def test_a_persona_ahead_of_the_clock_stays_in_order() -> None:
    assert moment(CLOCK + timedelta(days=2), None, CLOCK) == CLOCK + timedelta(days=2)


def test_a_thumb_never_lies_after_the_now_of_a_workspace_of_the_past() -> None:
    assert thumb_moment(OLD, None, CLOCK) == OLD
    assert thumb_moment(CLOCK - timedelta(minutes=4), None, CLOCK) == CLOCK
    assert thumb_moment(CLOCK, OLD, CLOCK) == OLD
