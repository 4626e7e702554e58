"""Work that can be broken off: by the clock, by whoever waits, in any thread."""

import asyncio
import socket
import threading
import time

import pytest

from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_running import Clock, run, watched


async def forever(ended: list[str]) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        ended.append("ended")


def never() -> bool:
    return False


def test_what_is_done_in_time_is_returned() -> None:
    async def work() -> int:
        await asyncio.sleep(0.01)
        return 7

    assert run(watched(work(), Clock(5), never)) == 7


def test_time_that_is_over_ends_the_work_before_it_is_told() -> None:
    ended: list[str] = []
    began = time.monotonic()
    with pytest.raises(Failed) as raised:
        run(watched(forever(ended), Clock(0.03, "no answer within"), never))
    assert (raised.value.state, raised.value.detail) == (ModelState.TIMED_OUT, "no answer within 0.03 seconds")
    assert ended == ["ended"]
    assert time.monotonic() - began < 5


def test_who_waits_no_longer_is_heard_within_a_moment() -> None:
    ended: list[str] = []
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Failed) as raised:
        run(watched(forever(ended), Clock(60), stop.is_set))
    assert raised.value.state is ModelState.CANCELLED
    assert ended == ["ended"]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt, SystemExit])
def test_an_error_of_the_work_comes_through_and_leaves_nothing(error: type[BaseException]) -> None:
    ended: list[str] = []

    async def work() -> None:
        beside = asyncio.ensure_future(forever(ended))
        await asyncio.sleep(0.01)
        assert not beside.done()
        raise error

    with pytest.raises(error):
        run(watched(work(), Clock(5), never))
    assert ended == ["ended"]


def test_a_clock_can_be_given_more_and_begin_again() -> None:
    clock = Clock(10)
    clock.grant(5)
    assert 14 < clock.left() <= 15
    clock.restart()
    assert 9 < clock.left() <= 10
    Clock(10).check()
    with pytest.raises(Failed):
        Clock(0).check()


def test_where_an_event_loop_runs_already_the_work_runs_beside_it() -> None:
    async def inner() -> str:
        return threading.current_thread().name

    async def outer() -> str:
        return run(inner())

    assert asyncio.run(outer()) != threading.current_thread().name
    assert run(inner()) == threading.current_thread().name


def test_a_name_that_is_looked_up_for_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(20) and [])
    began = time.monotonic()

    async def work() -> None:
        await asyncio.get_running_loop().getaddrinfo("somewhere", 80)

    with pytest.raises(Failed):
        run(watched(work(), Clock(0.05), never))
    assert time.monotonic() - began < 5
    done.set()


def test_a_name_that_was_looked_up_leaves_no_thread() -> None:
    async def work() -> None:
        await asyncio.get_running_loop().getaddrinfo("localhost", 80)

    before = set(threading.enumerate())
    for _ in range(20):
        run(work())
        assert set(threading.enumerate()) <= before
