"""Fetching a model: progress in bytes, stalls, and all that may come instead of progress."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.chat import Budgets, LanguageModelSettings, PullProgress
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_chat import OllamaChat
from tastebench.models.ollama_pull import Layers
from tests.ollama_double import OllamaDouble

BUDGETS = Budgets(connect=10, probe=20, pull_stall=0.5, load=0.5)
Lines = list[bytes | float]


@contextmanager
def telling(lines: Lines, *, again: bool = False) -> Iterator[str]:
    """Serve lines, waiting where a number stands, the last one for ever with `again`; yield the address."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(ConnectionError):
                for line in lines:
                    self.tell(line)
                while again and not over.is_set():
                    self.tell(lines[-1])
                    over.wait(0.01)

        def tell(self, line: bytes | float) -> None:
            if isinstance(line, float):
                over.wait(line)
            else:
                self.wfile.write(line + b"\n")

        def log_message(self, *_: object) -> None: ...

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        over.set()
        served.shutdown()
        thread.join()
        served.server_close()


def step(status: str, digest: str = "", total: int = 0, completed: int = 0) -> bytes:
    told = {"status": status, "digest": digest, "total": total, "completed": completed}
    return json.dumps({name: value for name, value in told.items() if value}).encode()


def pulled(url: str, budgets: Budgets = BUDGETS) -> tuple[ModelState, str, list[PullProgress]]:
    steps: list[PullProgress] = []
    answer = OllamaChat(LanguageModelSettings, lambda: url, budgets).pull("tiny:1b", on_progress=steps.append)
    return answer.state, answer.detail, steps


def test_layers_are_added_up_and_nothing_is_taken_back() -> None:
    lines: Lines = [
        step("pulling manifest"),
        step("pulling a", "a", 100),
        step("pulling a", "a", 100, 60),
        step("pulling a", "a", 100, 40),  # what was lost on the way is fetched again
        step("pulling a", "a", 100, 100),
        step("pulling b", "b", 50),
        step("pulling b", "b", 50, 50),
        step("success"),
    ]
    with telling(lines) as url:
        state, detail, steps = pulled(url)
    assert (state, detail) == (ModelState.OK, "")
    assert [(one.done, one.total) for one in steps] == [
        (0, 0), (0, 100), (60, 100), (60, 100), (100, 100), (100, 150), (150, 150), (150, 150),
    ]  # fmt: skip
    assert [one.phase for one in steps[:2]] == ["pulling manifest", "pulling a"]


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(-5, 20), st.integers(-5, 20))))
def test_progress_never_goes_back_nor_beyond_all(told: list[tuple[str, int, int]]) -> None:
    layers, before = Layers(), PullProgress("")
    for digest, done, total in told:
        now = layers.take("", digest, done, total)
        assert before.done <= now.done <= now.total
        assert before.total <= now.total
        before = now


def test_repeating_itself_is_no_progress() -> None:
    with telling([step("pulling a", "a", 100, 60)], again=True) as url:
        began = time.monotonic()
        state, detail, _ = pulled(url)
    assert (state, detail) == (ModelState.TIMED_OUT, "nothing came for 0.5 seconds")
    assert 0.5 <= time.monotonic() - began < 4


def test_slow_progress_is_waited_for() -> None:
    drops = [part for done in range(1, 6) for part in (0.15, step("pulling a", "a", 100, done))]
    with telling([*drops, step("success")]) as url:
        assert pulled(url)[0] is ModelState.OK


def test_checking_what_has_come_may_take_longer_than_a_stall() -> None:
    lines: Lines = [step("pulling a", "a", 9, 9), step("verifying sha256 digest"), 1.5, step("success")]
    with telling(lines) as url:
        assert pulled(url)[0] is ModelState.TIMED_OUT
        assert pulled(url, replace(BUDGETS, load=20))[0] is ModelState.OK


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (b"<html>", ModelState.SERVER_ERROR),
        (b"", ModelState.SERVER_ERROR),
        (b"[1]", ModelState.SERVER_ERROR),
        (b'{"status": 7}', ModelState.SERVER_ERROR),
        (b'{"error": "max retries exceeded: no such host"}', ModelState.SERVER_ERROR),
        (b'{"error": {"message": "what"}}', ModelState.SERVER_ERROR),
        (step("writing manifest"), ModelState.DISCONNECTED),
    ],
)
def test_what_comes_instead_of_success(line: bytes, state: ModelState) -> None:
    with telling([step("pulling a", "a", 9, 3), line]) as url:
        assert pulled(url)[0] is state


def test_words_of_the_server_are_cleaned() -> None:
    with telling([json.dumps({"status": "a\u202eb\n" + "c" * 200}).encode(), step("success")]) as url:
        phase = pulled(url)[2][0].phase
    assert phase.startswith("ab ccc")
    assert len(phase) == 80


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("503", ModelState.BUSY),
        ("redirect", ModelState.NOT_OLLAMA),
        ("500_empty", ModelState.SERVER_ERROR),
        ("error_list", ModelState.SERVER_ERROR),
        ("reset", ModelState.DISCONNECTED),
        ("silence", ModelState.TIMED_OUT),
        ("refused", ModelState.UNREACHABLE),
    ],
)
def test_a_server_that_refuses(fault: str, state: ModelState) -> None:
    with OllamaDouble(fault, delay=5) as server:
        server.inject(fault, at=["/api/pull"])
        assert pulled(server.url)[0] is state


def test_an_address_that_is_none() -> None:
    assert pulled("ftp://host")[0] is ModelState.BAD_ADDRESS


def test_a_model_that_was_fetched_is_listed_at_once() -> None:
    with OllamaDouble(models=[]) as server:
        chat = OllamaChat(LanguageModelSettings, lambda: server.url, BUDGETS)
        assert chat.status().state is ModelState.NO_MODELS
        answer = chat.pull("tiny:1b")
        assert (answer.state, answer.model, answer.host) == (ModelState.OK, "tiny:1b", server.url)
        assert [info.name for info in chat.status().models] == ["tiny:1b"]


@pytest.mark.parametrize("closing", [False, True])
def test_a_pull_that_is_stopped_is_seen_by_the_server_at_once(closing: bool) -> None:
    with OllamaDouble(pull_seconds=6) as server:
        chat = OllamaChat(LanguageModelSettings, lambda: server.url)
        begun = threading.Event()
        stopping = threading.Thread(target=lambda: begun.wait(5) and closing and chat.close())
        stopping.start()
        answer = chat.pull(
            "tiny:1b", on_progress=lambda _: begun.set(), cancelled=lambda: begun.is_set() and not closing
        )
        stopped = time.monotonic()
        stopping.join()
        assert answer.state is ModelState.CANCELLED
        assert server.wait_for(lambda one: one.disconnects and one.open_connections == 0)
        assert server.disconnects[0].at - stopped < 1


def test_an_error_of_who_listens_comes_through() -> None:
    def listen(_: PullProgress) -> None:
        raise ValueError("mine")

    with OllamaDouble() as server:
        with pytest.raises(ValueError, match="mine"):
            OllamaChat(LanguageModelSettings, lambda: server.url, BUDGETS).pull("tiny:1b", on_progress=listen)
        assert server.wait_for(lambda one: one.open_connections == 0)


def test_a_model_of_the_cloud_is_fetched_only_where_it_may_be_asked() -> None:
    with OllamaDouble() as server:
        settings = LanguageModelSettings()
        chat = OllamaChat(lambda: settings, lambda: server.url, BUDGETS)
        assert chat.pull("gpt-oss:120b-cloud").state is ModelState.CLOUD_REFUSED
        assert server.seen == []
        settings = LanguageModelSettings(allow_cloud=True)
        assert chat.pull("gpt-oss:120b-cloud").state is ModelState.OK
