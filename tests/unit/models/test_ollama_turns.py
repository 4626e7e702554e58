"""One call at a time, in order; and nobody for a while after failures."""

import threading
import time
from contextlib import ExitStack

import pytest

from tastebench.domain.chat import Budgets
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_turns import WASTEFUL, Breaker, Turns
from tests.unit.models.failing import failure


def patient(seconds: float, for_loading: bool) -> None:
    pass


def impatient(seconds: float, for_loading: bool) -> None:
    raise Failed(ModelState.CANCELLED)


def test_turns_come_in_the_order_they_were_asked_for() -> None:
    turns, order = Turns(), []
    waiting = [threading.Event() for _ in range(4)]

    def work(number: int) -> None:
        with turns.turn("a", lambda *_: waiting[number].set()):
            order.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    with turns.turn("a", patient):
        for number, thread in enumerate(threads):
            thread.start()
            assert waiting[number].wait(5)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3]
    assert turns._lines == {}


def test_other_models_are_not_waited_for() -> None:
    turns = Turns()
    with turns.turn("a", impatient), turns.turn("b", impatient):
        pass


def test_who_gives_up_waiting_is_not_waited_for() -> None:
    turns = Turns()
    with ExitStack() as stack:
        stack.enter_context(turns.turn("a", patient))
        with pytest.raises(Failed), turns.turn("a", impatient):
            raise AssertionError
    with turns.turn("a", impatient):
        pass


def test_a_call_that_fails_gives_up_its_turn() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns.turn("a", patient):
        raise KeyError
    with turns.turn("a", impatient):
        pass


def test_who_waits_is_told_how_long_and_whether_the_model_is_being_loaded() -> None:
    turns = Turns()
    told: list[tuple[float, bool]] = []

    def waiting(seconds: float, for_loading: bool) -> None:
        told.append((seconds, for_loading))
        if len(told) == 2:
            raise Failed(ModelState.CANCELLED)

    with turns.turn("a", patient), turns.loading("a"), pytest.raises(Failed), turns.turn("a", waiting):
        raise AssertionError
    assert [for_loading for _, for_loading in told] == [True, True]
    assert 0.04 < sum(seconds for seconds, _ in told) < 10
    told.clear()
    with turns.turn("a", patient), turns.loading("b"), pytest.raises(Failed), turns.turn("a", waiting):
        raise AssertionError
    assert [for_loading for _, for_loading in told] == [False, False]


BUDGETS = Budgets(breaker_open=0.5)


def is_open(breaker: Breaker, key: str = "a", budgets: Budgets = BUDGETS) -> bool:
    failed = failure(lambda: breaker.check(key, budgets))
    assert failed is None or failed.state is ModelState.BREAKER_OPEN
    return failed is not None


def test_two_failures_in_a_row_open_it_for_a_while_and_for_one_model() -> None:
    breaker = Breaker()
    breaker.note("a", ModelState.TIMED_OUT)
    assert not is_open(breaker)
    breaker.note("a", ModelState.INVALID_OUTPUT)
    assert is_open(breaker)
    assert not is_open(breaker, "b")
    time.sleep(0.51)
    assert not is_open(breaker)
    breaker.note("a", ModelState.BUSY)  # the trial after the pause failed too
    assert is_open(breaker)


@pytest.mark.parametrize("state", [ModelState.OK, ModelState.PARTIAL, ModelState.NO_PREFERENCE])
def test_an_answer_closes_it(state: ModelState) -> None:
    breaker = Breaker()
    for one in (ModelState.TIMED_OUT, state, ModelState.TIMED_OUT):
        breaker.note("a", one)
    assert not is_open(breaker)


@pytest.mark.parametrize("state", sorted({*ModelState} - WASTEFUL - {"ok", "partial", "no_preference"}))
def test_what_costs_no_time_or_is_mended_elsewhere_changes_nothing(state: ModelState) -> None:
    breaker = Breaker()
    for one in (state, ModelState.TIMED_OUT, state):
        breaker.note("a", one)
    assert not is_open(breaker)
    breaker.note("a", ModelState.TIMED_OUT)
    assert is_open(breaker)


@pytest.mark.parametrize(("seconds", "told"), [(30, "30 seconds"), (0.9, "1 second")])
def test_it_tells_how_long(seconds: float, told: str) -> None:
    breaker = Breaker()
    breaker.note("a", ModelState.BUSY)
    with pytest.raises(Failed) as raised:
        breaker.check("a", Budgets(breaker_open=seconds, breaker_opens_after=1))
    assert raised.value.detail == told
