"""Every fault of the stand-in for Ollama: the exact state, within its budget, and nothing left behind."""

import gc
import logging
import time
from collections.abc import Callable

import pytest

from tastebench.domain.chat import Budgets
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_chat import OllamaChat
from tests.faults.table import (
    ASKED,
    GRACE,
    LOOKING,
    PROBED,
    PULLED,
    Row,
    asked,
    budgets_for,
    client,
    double,
    probed,
    pulled,
    question,
)
from tests.ollama_double import FAULTS, OllamaDouble


def held(row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """Assert what holds under every fault."""
    gc.collect()
    assert row.seconds <= row.budget + GRACE
    assert row.left == ()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_no_fault_is_forgotten() -> None:
    assert {*ASKED, *PULLED} == {*FAULTS}


@pytest.mark.parametrize("name", ASKED)
def test_a_question_under_a_fault(name: str, caplog: pytest.LogCaptureFixture) -> None:
    row = asked(name)
    assert (row.state, row.attempts) == ASKED[name], row.detail
    held(row, caplog)


@pytest.mark.parametrize("name", PULLED)
def test_a_pull_under_a_fault(name: str, caplog: pytest.LogCaptureFixture) -> None:
    row = pulled(name)
    assert row.state is PULLED[name], row.detail
    held(row, caplog)


@pytest.mark.parametrize("name", PROBED)
def test_a_server_that_fails_at_every_address(name: str, caplog: pytest.LogCaptureFixture) -> None:
    row = probed(name)
    assert row.state is PROBED[name], row.detail
    held(row, caplog)


def test_a_redirect_is_not_followed() -> None:
    with double("redirect") as server:
        client(server).warm_up("qwen3:4b", question().prompt)
        client(server).ask("qwen3:4b", question().prompt, lambda _: ModelState.OK)
        assert not [seen.path for seen in server.seen if seen.path.startswith("/elsewhere")]


@pytest.mark.parametrize("name", ["silence", "500", "503", "200_html", "404_model", "redirect", "reset"])
def test_a_model_that_cannot_be_loaded_is_not_asked_for_ever(name: str) -> None:
    expected = ASKED[name][0]
    with double(name) as server:
        budgets = budgets_for(name)
        answer = client(server, budgets).ask("qwen3:4b", question().prompt, lambda _: ModelState.OK)
        assert answer.state is expected
        assert answer.usage.total_ms <= 1000 * (LOOKING + budgets.load + GRACE)
        assert server.asked("/api/chat") <= 2


@pytest.mark.parametrize("name", ["silence", "slow_headers", "slow_first_token", "drip", "drip_bytes", "stall"])
def test_a_call_that_is_stopped_is_seen_by_the_server_at_once(name: str) -> None:
    with double() as server:
        chat = client(server, Budgets())
        chat.warm_up("qwen3:4b", question().prompt)
        server.inject(name)
        assert within_a_second(lambda: stopped(server, chat))


def test_a_load_that_is_stopped_is_seen_by_the_server_at_once() -> None:
    with OllamaDouble(load_seconds=30) as server:
        chat = client(server, Budgets())
        assert within_a_second(lambda: stopped(server, chat))
        assert not server.ollama.running


def stopped(server: OllamaDouble, chat: OllamaChat) -> float:
    """Return the seconds from stopping a call that has reached the server until both sides are done with it."""
    began: list[float] = []
    asked, before = server.asked("/api/chat"), len(server.disconnects)

    def cancelled() -> bool:
        if server.asked("/api/chat") > asked and not began:
            began.append(time.monotonic())
        return bool(began)

    answer = chat.ask("qwen3:4b", question().prompt, lambda _: ModelState.OK, cancelled=cancelled)
    assert answer.state is ModelState.CANCELLED
    ended = time.monotonic()
    assert server.wait_for(lambda one: len(one.disconnects) > before and one.open_connections == 0)
    return max(ended, server.disconnects[-1].at) - began[0]


def within_a_second(measured: Callable[[], float]) -> bool:
    """Return whether a second suffices, once in three times: a neighbour may take the machine for longer than that."""
    return any(measured() < 1 for _ in range(3))


def test_a_server_that_is_mended_answers_at_once() -> None:
    with double("500") as server:
        chat = client(server)
        assert chat.ask("qwen3:4b", question().prompt, lambda _: ModelState.OK).state is ModelState.SERVER_ERROR
        server.heal()
        assert chat.ask("qwen3:4b", question().prompt, lambda _: ModelState.OK).state is ModelState.OK
