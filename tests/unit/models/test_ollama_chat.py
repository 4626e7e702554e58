"""Questions to a model: one at a time, within their time, broken off at once, tried again where that helps."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tastebench.domain.chat import Budgets, ChatAnswer, ChatProgress, ChatPrompt, LanguageModelSettings
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_chat import OllamaChat
from tests.ollama_double import CLOUD, EMBEDDER, PLAIN, HeldModel, OllamaDouble

MODEL = "qwen3:4b"
BUDGETS = Budgets(connect=10, probe=20, load=20, first_byte=20, between_chunks=20, wall_clock=20)
"""More than anything takes on a busy machine."""
BRIEF = replace(BUDGETS, first_byte=0.4, between_chunks=0.3, wall_clock=1.2)
"""Where time must end a call whose model is loaded."""
SCHEMA = {
    "type": "object",
    "properties": {name: {"type": "integer", "minimum": 0, "maximum": 10} for name in ("c01", "c02")},
    "required": ["c01", "c02"],
    "additionalProperties": False,
}
PROMPT = ChatPrompt("Grade them.", '{"c01": "Stalker"}\n{"c02": "Heat"}', SCHEMA, seed=7, num_predict=500)


def judge(text: str) -> ModelState:
    try:
        return ModelState.OK if set(json.loads(text)) == {"c01", "c02"} else ModelState.PARTIAL
    except ValueError:
        return ModelState.INVALID_OUTPUT


def client(server: OllamaDouble, budgets: Budgets = BUDGETS, *, cloud: bool = False) -> OllamaChat:
    return OllamaChat(lambda: LanguageModelSettings(allow_cloud=cloud), lambda: server.url, budgets)


@contextmanager
def ready(budgets: Budgets = BUDGETS, **given: object) -> Iterator[tuple[OllamaDouble, OllamaChat]]:
    """Yield a double whose model is loaded, and a client that knows it."""
    with OllamaDouble(**{"delay": 30, **given}) as server:  # type: ignore[arg-type]
        chat = client(server, budgets)
        assert client(server).warm_up(MODEL, PROMPT).state is ModelState.OK
        chat.status()
        speed, server.timing.tokens_per_second = server.timing.tokens_per_second, 0
        server.timing.tokens_per_second = speed
        server.seen.clear()
        yield server, chat


def waits(server: OllamaDouble, path: str, count: int = 1) -> Callable[[], bool]:
    """Return what says stop as soon as so many requests came for a path."""
    return lambda: server.asked(path) >= count


class TestAnswer:
    def test_what_was_asked_and_what_came(self) -> None:
        with OllamaDouble() as server:
            progress: list[ChatProgress] = []
            answer = client(server).ask(MODEL, PROMPT, judge, on_progress=progress.append)
            loading, asking = server.chats
        assert (answer.state, answer.detail, answer.attempts) == (ModelState.OK, "", 1)
        assert set(json.loads(answer.text)) == {"c01", "c02"}
        assert (answer.host, answer.model, answer.server_version) == (server.url, MODEL, "0.31.1")
        assert answer.digest == HeldModel(MODEL).digest
        assert asking == {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": PROMPT.system},
                {"role": "user", "content": PROMPT.user},
            ],
            "stream": True,
            "think": False,
            "truncate": False,
            "keep_alive": "10m",
            "format": SCHEMA,
            "options": {"temperature": 0, "seed": 7, "num_ctx": 8192, "num_predict": 500, "repeat_penalty": 1.05},
        }
        assert {**loading, "messages": asking["messages"], "format": SCHEMA} == asking
        assert [one.state for one in progress[:2]] == [ModelState.LOADING, ModelState.RUNNING]
        assert progress[-1] == ChatProgress(ModelState.RUNNING, len(answer.text))

    def test_what_it_cost(self) -> None:
        with ready(tokens_per_second=50) as (_server, chat):
            usage = chat.ask(MODEL, PROMPT, judge).usage
        assert usage.prompt_tokens == -(-len(PROMPT.system + PROMPT.user) // 4)
        assert usage.answer_tokens == 5  # '{"c01": 1, "c02": 2}' in pieces of four
        assert usage.load_ms is not None
        assert usage.load_ms < 5000
        assert usage.first_token_ms is not None
        assert 20 <= usage.first_token_ms < usage.total_ms
        assert 100 <= usage.total_ms < 10_000

    def test_a_verdict_is_passed_on(self) -> None:
        with ready() as (_, chat):
            for state in (ModelState.PARTIAL, ModelState.NO_PREFERENCE):
                assert chat.ask(MODEL, PROMPT, lambda _, state=state: state).state is state

    def test_latest_goes_without_saying(self) -> None:
        with OllamaDouble(models=["tiny:latest"]) as server:
            answer = client(server).ask("Tiny", PROMPT, judge)
        assert (answer.state, answer.model) == (ModelState.OK, "tiny:latest")

    def test_the_window_is_no_larger_than_the_models(self) -> None:
        small = HeldModel("small:1b", context=2048)
        with OllamaDouble(models=[small]) as server:
            client(server).ask("small:1b", PROMPT, judge)
            assert {chat["options"]["num_ctx"] for chat in server.chats} == {2048}

    def test_where_an_event_loop_runs_already(self) -> None:
        async def inside() -> ChatAnswer:
            return chat.ask(MODEL, PROMPT, judge)

        with ready() as (_, chat):
            assert asyncio.run(inside()).state is ModelState.OK


class TestBeforehand:
    """What is known before anything is asked: no attempt is made."""

    @pytest.mark.parametrize("address", ["ftp://host", "host:port"])
    def test_an_address_that_is_none(self, address: str) -> None:
        chat = OllamaChat(LanguageModelSettings, lambda: address, BUDGETS)
        for answer in (chat.ask(MODEL, PROMPT, judge), chat.warm_up(MODEL, PROMPT)):
            assert (answer.state, answer.attempts, answer.host) == (ModelState.BAD_ADDRESS, 0, address)

    def test_a_model_that_is_missing_is_looked_for_anew(self) -> None:
        with ready() as (server, chat):
            answer = chat.ask("new:1b", PROMPT, judge)
            assert (answer.state, answer.model, answer.attempts) == (ModelState.MODEL_MISSING, "new:1b", 0)
            server.ollama.disk["new:1b"] = HeldModel("new:1b")
            assert chat.ask("new:1b", PROMPT, judge).state is ModelState.OK
            assert server.asked("/api/version") == 2

    def test_no_model_chosen(self) -> None:
        with ready() as (_, chat):
            assert chat.ask("", PROMPT, judge).state is ModelState.MODEL_MISSING

    def test_a_model_that_makes_embeddings(self) -> None:
        with OllamaDouble(models=[EMBEDDER]) as server:
            answer = client(server).ask(EMBEDDER.name, PROMPT, judge)
            assert (answer.state, answer.detail) == (ModelState.WRONG_KIND, "it is an embedding model")
            assert server.chats == []

    def test_a_name_of_the_cloud_is_refused_before_anything_is_sent(self) -> None:
        with OllamaDouble(models=[CLOUD]) as server:
            assert client(server).ask(CLOUD.name, PROMPT, judge).state is ModelState.CLOUD_REFUSED
            assert client(server).warm_up(CLOUD.name, PROMPT).state is ModelState.CLOUD_REFUSED
            assert server.seen == []

    def test_a_model_that_runs_elsewhere_is_refused_before_the_question_is_sent(self) -> None:
        with OllamaDouble(models=[replace(CLOUD, name="mine:latest")]) as server:
            assert client(server).ask("mine", PROMPT, judge).state is ModelState.CLOUD_REFUSED
            assert server.chats == []

    def test_the_service_of_ollama_itself_is_refused_before_anything_is_sent(self) -> None:
        chat = OllamaChat(LanguageModelSettings, lambda: "https://ollama.com", BUDGETS)
        answer = chat.ask("llama3.2:3b", PROMPT, judge)
        assert (answer.state, answer.attempts) == (ModelState.CLOUD_REFUSED, 0)

    def test_a_model_of_the_cloud_that_may_be_asked_is_not_loaded(self) -> None:
        with OllamaDouble(models=[CLOUD]) as server:
            chat = client(server, cloud=True)
            assert chat.warm_up(CLOUD.name, PROMPT).state is ModelState.OK
            assert chat.ask(CLOUD.name, PROMPT, judge).state is ModelState.OK
            assert [len(body["messages"]) for body in server.chats] == [2]

    def test_changed_settings_hold_at_once(self) -> None:
        with OllamaDouble(models=[MODEL]) as one, OllamaDouble(models=[MODEL]) as other:
            now = LanguageModelSettings(host=one.url)
            chat = OllamaChat(lambda: now, lambda: now.host)
            assert chat.ask(MODEL, PROMPT, judge).host == one.url
            now = LanguageModelSettings(host=other.url, wall_clock=10)
            assert chat.ask(MODEL, PROMPT, judge).host == other.url
            assert chat._budgets().wall_clock == 10


class TestTime:
    def test_a_connection_that_is_never_made(self) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            waiting = [socket.socket() for _ in range(4)]
            try:
                for one in waiting:
                    one.setblocking(False)
                    one.connect_ex(listener.getsockname())
                time.sleep(0.05)
                url, budgets = f"127.0.0.1:{listener.getsockname()[1]}", replace(BUDGETS, connect=0.3)
                chat = OllamaChat(LanguageModelSettings, lambda: url, budgets)
                began = time.monotonic()
                found = chat.status()
            finally:
                for one in waiting:
                    one.close()
        assert (found.state, found.detail) == (ModelState.UNREACHABLE, "it took too long to connect")
        assert time.monotonic() - began < 5

    @pytest.mark.parametrize(
        ("fault", "seconds", "detail"),
        [
            ("silence", 0.4, "no word within 0.4 seconds"),
            ("slow_headers", 0.4, "no word within 0.4 seconds"),
            ("slow_first_token", 0.4, "no word within 0.4 seconds"),
            ("stall", 0.3, "nothing more within 0.3 seconds"),
            ("drip", 1.2, "not done within 1.2 seconds"),
        ],
    )
    def test_each_phase_has_its_limit(self, fault: str, seconds: float, detail: str) -> None:
        with ready(BRIEF) as (server, chat):
            server.inject(fault)
            began = time.monotonic()
            answer = chat.ask(MODEL, PROMPT, judge)
            assert seconds <= time.monotonic() - began < seconds + 3
            assert (answer.state, answer.detail, answer.attempts) == (ModelState.TIMED_OUT, detail, 1)
            assert server.wait_for(lambda one: one.open_connections == 0)

    def test_another_limit_may_be_meant_for_one_call(self) -> None:
        with ready() as (server, chat):
            server.inject("drip")
            began = time.monotonic()
            answer = chat.ask(MODEL, PROMPT, judge, wall_clock=0.2)
            assert answer.detail == "not done within 0.2 seconds"
            assert time.monotonic() - began < 3

    def test_loading_has_a_time_of_its_own(self) -> None:
        with OllamaDouble(load_seconds=1.2) as server:
            progress: list[ChatProgress] = []
            answer = client(server, replace(BUDGETS, wall_clock=1)).ask(
                MODEL, PROMPT, judge, on_progress=progress.append
            )
            assert answer.state is ModelState.OK
            assert [one.state for one in progress][:2] == [ModelState.LOADING, ModelState.RUNNING]
            assert 1200 <= (answer.usage.load_ms or 0) < 10_000

    def test_loading_that_takes_too_long(self) -> None:
        with OllamaDouble(load_seconds=30) as server:
            answer = client(server, replace(BUDGETS, load=0.2)).ask(MODEL, PROMPT, judge)
            assert (answer.state, answer.detail) == (ModelState.TIMED_OUT, "not loaded within 0.2 seconds")
            assert (answer.attempts, len(server.chats)) == (1, 1)

    def test_what_came_before_a_failure_is_kept(self) -> None:
        with ready(BRIEF) as (server, chat):
            server.inject("stall")
            answer = chat.ask(MODEL, PROMPT, judge)
            assert answer.text.startswith('{"c01"')
            assert answer.usage.first_token_ms is not None


class TestCancel:
    @pytest.mark.parametrize("fault", ["silence", "slow_headers", "slow_first_token", "stall", "drip"])
    def test_in_every_phase_of_the_answer(self, fault: str) -> None:
        with ready() as (server, _):
            server.inject(fault)
            began: list[float] = []

            def cancelled() -> bool:
                if server.struck and not began:
                    began.append(time.monotonic() + 0.1)
                return bool(began) and time.monotonic() > began[0]

            answer = client(server, Budgets()).ask(MODEL, PROMPT, judge, cancelled=cancelled)
            assert answer.state is ModelState.CANCELLED
            assert server.wait_for(lambda one: one.disconnects and one.open_connections == 0)
            assert server.disconnects[-1].at - began[0] < 3

    @pytest.mark.parametrize("path", ["/api/version", "/api/ps"])
    def test_before_it(self, path: str) -> None:
        with OllamaDouble(delay=30) as server:
            server.inject("silence", at=[path])
            answer = client(server, Budgets(probe=20)).ask(MODEL, PROMPT, judge, cancelled=waits(server, path))
            assert (answer.state, answer.attempts) == (ModelState.CANCELLED, 0)
            assert server.wait_for(lambda one: one.disconnects and one.open_connections == 0)
            assert server.chats == []

    def test_while_the_model_is_loaded(self) -> None:
        with OllamaDouble(load_seconds=30) as server:
            for ask in (client(server).warm_up, lambda *given, **more: client(server).ask(*given, judge, **more)):
                seen = server.asked("/api/chat")
                answer = ask(MODEL, PROMPT, cancelled=waits(server, "/api/chat", seen + 1))
                assert answer.state is ModelState.CANCELLED
                assert server.wait_for(lambda one: one.open_connections == 0)

    def test_it_is_no_failure_to_the_breaker(self) -> None:
        with ready() as (_server, chat):
            for _ in range(3):
                assert chat.ask(MODEL, PROMPT, judge, cancelled=lambda: True).state is ModelState.CANCELLED
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.OK

    def test_an_error_of_who_listens_comes_through_and_closes_the_connection(self) -> None:
        def listen(progress: ChatProgress) -> None:
            if progress.characters:
                raise RuntimeError("the page is gone")

        with ready(tokens_per_second=20) as (server, chat):
            with pytest.raises(RuntimeError, match="the page is gone"):
                chat.ask(MODEL, PROMPT, judge, on_progress=listen)
            assert server.wait_for(lambda one: one.open_connections == 0)
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.OK

    def test_closing_breaks_off_what_runs_and_what_waits(self) -> None:
        with ready() as (server, chat), ThreadPoolExecutor(3) as pool:
            server.inject("drip")
            first = pool.submit(chat.ask, MODEL, PROMPT, judge)
            assert server.wait_for(lambda one: one.struck)
            others = [pool.submit(chat.ask, MODEL, PROMPT, judge) for _ in range(2)]
            time.sleep(0.1)
            began = time.monotonic()
            chat.close()
            assert [one.result().state for one in (first, *others)] == [ModelState.CANCELLED] * 3
            assert time.monotonic() - began < 5
            assert server.wait_for(lambda one: one.open_connections == 0)
            server.heal()
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.OK


class TestQueue:
    def test_one_call_at_a_time_and_the_others_in_order(self) -> None:
        with ready(tokens_per_second=15) as (server, chat), ThreadPoolExecutor(3) as pool:
            states: list[ModelState] = []
            asked = [pool.submit(chat.ask, MODEL, PROMPT, judge)]
            assert server.wait_for(lambda one: one.chats)
            asked += [
                pool.submit(chat.ask, MODEL, PROMPT, judge, on_progress=lambda one: states.append(one.state))
                for _ in range(2)
            ]
            most = 0
            while not all(one.done() for one in asked):
                most = max(most, server.ollama.pending)
                time.sleep(0.005)
            assert [one.result().state for one in asked] == [ModelState.OK] * 3
        assert most == 1
        assert states[:2] == [ModelState.QUEUED, ModelState.QUEUED]

    def test_two_models_are_asked_at_once(self) -> None:
        with OllamaDouble(models=[MODEL, PLAIN], tokens_per_second=10) as server, ThreadPoolExecutor(2) as pool:
            chat = client(server)
            asked = [pool.submit(chat.ask, name, PROMPT, judge) for name in (MODEL, PLAIN.name)]
            assert server.wait_for(lambda one: one.ollama.pending == 2)
            assert [one.result().state for one in asked] == [ModelState.OK] * 2

    def test_waiting_ends_with_ones_own_time_and_counts_as_no_failure(self) -> None:
        with ready() as (server, chat), ThreadPoolExecutor(1) as pool:
            server.inject("drip")
            first = pool.submit(chat.ask, MODEL, PROMPT, judge)
            assert server.wait_for(lambda one: one.struck)
            for _ in range(3):
                waited = chat.ask(MODEL, PROMPT, judge, wall_clock=0.1)
                assert (waited.state, waited.attempts) == (ModelState.TIMED_OUT, 0)
            chat.close()
            first.result()
            server.heal()
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.OK

    def test_waiting_can_be_cancelled(self) -> None:
        with ready() as (server, chat), ThreadPoolExecutor(1) as pool:
            server.inject("drip")
            first = pool.submit(chat.ask, MODEL, PROMPT, judge)
            assert server.wait_for(lambda one: one.struck)
            queued = threading.Event()
            answer = chat.ask(MODEL, PROMPT, judge, on_progress=lambda one: queued.set(), cancelled=queued.is_set)
            assert (answer.state, answer.attempts) == (ModelState.CANCELLED, 0)
            chat.close()
            first.result()

    def test_a_call_waits_for_a_warm_up_without_losing_time(self) -> None:
        with OllamaDouble(load_seconds=1.2) as server, ThreadPoolExecutor(1) as pool:
            chat = client(server, replace(BUDGETS, wall_clock=1))
            warming = pool.submit(chat.warm_up, MODEL, PROMPT)
            assert server.wait_for(lambda one: one.chats)
            states: list[ModelState] = []
            answer = chat.ask(MODEL, PROMPT, judge, on_progress=lambda one: states.append(one.state))
            assert warming.result().state is ModelState.OK
            assert answer.state is ModelState.OK
            assert (states[0], states[-1]) == (ModelState.LOADING, ModelState.RUNNING)
            assert [len(body["messages"]) for body in server.chats] == [0, 2]


class TestLoading:
    def test_a_model_that_is_loaded_is_asked_at_once(self) -> None:
        with OllamaDouble() as server:
            chat = client(server)
            answer = chat.warm_up(MODEL, PROMPT)
            assert (answer.state, answer.attempts, answer.text) == (ModelState.OK, 1, "")
            assert answer.usage.load_ms is not None
            chat.ask(MODEL, PROMPT, judge)
            chat.ask(MODEL, PROMPT, judge)
            assert [len(body["messages"]) for body in server.chats] == [0, 2, 2]

    def test_another_window_is_loaded_before_the_question(self) -> None:
        with ready() as (server, chat):
            chat.ask(MODEL, replace(PROMPT, num_ctx=4096), judge)
            assert [len(body["messages"]) for body in server.chats] == [0, 2]

    @pytest.mark.parametrize("fault", ["500", "200_html", "404_model", "silence"])
    def test_a_server_that_does_not_tell_what_is_loaded_is_asked_at_once(self, fault: str) -> None:
        with OllamaDouble(delay=30) as server:
            server.inject(fault, at=["/api/ps"])
            chat = client(server, replace(BUDGETS, probe=0.3))
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.OK
            assert [len(body["messages"]) for body in server.chats] == [2]


class TestTryingAgain:
    @pytest.mark.parametrize(
        ("fault", "state"),
        [("503", ModelState.BUSY), ("clean_end", ModelState.DISCONNECTED), ("prose", ModelState.INVALID_OUTPUT)],
    )
    def test_once_and_no_more(self, fault: str, state: ModelState) -> None:
        with ready() as (server, chat):
            server.inject(fault)
            answer = chat.ask(MODEL, PROMPT, judge)
            assert (answer.state, answer.attempts, len(server.chats)) == (state, 2, 2)

    def test_the_second_answer_counts(self) -> None:
        with ready() as (server, chat):
            server.inject("503_once")
            answer = chat.ask(MODEL, PROMPT, judge)
            assert (answer.state, answer.attempts) == (ModelState.OK, 2)

    def test_loading_may_be_tried_again_too(self) -> None:
        with OllamaDouble("503_once") as server:
            answer = client(server).ask(MODEL, PROMPT, judge)
            assert (answer.state, answer.attempts) == (ModelState.OK, 2)
            assert [len(body["messages"]) for body in server.chats] == [0, 0, 2]

    @pytest.mark.parametrize("fault", ["500", "length", "400_context", "stall", "silent_truncation"])
    def test_not_where_it_would_not_help(self, fault: str) -> None:
        with ready(BRIEF) as (server, chat):
            server.inject(fault)
            longer = replace(PROMPT, user=PROMPT.user + "\nwords" * 400)
            assert chat.ask(MODEL, longer, judge).attempts == 1

    def test_only_with_half_of_the_time_left(self) -> None:
        with ready(tokens_per_second=40) as (server, chat):
            server.inject("prose")
            assert chat.ask(MODEL, PROMPT, judge, wall_clock=10).attempts == 2
            assert chat.ask(MODEL, PROMPT, judge, wall_clock=0.7).attempts == 1


class TestBreaker:
    def test_two_failures_open_it_and_it_closes_by_itself(self) -> None:
        with ready(replace(BUDGETS, breaker_open=1)) as (server, chat):
            server.inject("500")
            assert [chat.ask(MODEL, PROMPT, judge).state for _ in range(3)] == [
                ModelState.SERVER_ERROR, ModelState.SERVER_ERROR, ModelState.BREAKER_OPEN,
            ]  # fmt: skip
            refused = chat.ask(MODEL, PROMPT, judge)
            assert (refused.detail, refused.attempts, len(server.chats)) == ("1 second", 0, 2)
            server.heal()
            time.sleep(1.01)
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.OK

    def test_who_insists_is_let_through_and_an_answer_closes_it(self) -> None:
        with ready() as (server, _):
            chat = client(server, replace(BUDGETS, breaker_open=60))
            server.inject("500")
            for _ in range(2):
                chat.ask(MODEL, PROMPT, judge)
            server.heal()
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.BREAKER_OPEN
            assert chat.ask(MODEL, PROMPT, judge, insist=True).state is ModelState.OK
            assert chat.ask(MODEL, PROMPT, judge).state is ModelState.OK

    def test_who_waited_for_the_call_that_opened_it_is_refused(self) -> None:
        with ready(replace(BRIEF, wall_clock=20)) as (server, chat), ThreadPoolExecutor(3) as pool:
            server.inject("silence")
            asked = [pool.submit(chat.ask, MODEL, PROMPT, judge) for _ in range(3)]
            states = sorted(one.result().state for one in asked)
            assert states == [ModelState.BREAKER_OPEN, ModelState.TIMED_OUT, ModelState.TIMED_OUT]
            assert len(server.chats) == 2

    @pytest.mark.parametrize("fault", ["404_model", "400_chat", "400_context", "refused"])
    def test_what_is_known_at_once_does_not_open_it(self, fault: str) -> None:
        with ready() as (server, chat):
            server.inject(fault)
            states = {chat.ask(MODEL, PROMPT, judge).state for _ in range(4)}
            assert ModelState.BREAKER_OPEN not in states
            assert len(states) == 1

    def test_other_models_are_asked_meanwhile(self) -> None:
        with OllamaDouble("500", models=[MODEL, PLAIN]) as server:
            chat = client(server)
            for _ in range(2):
                chat.ask(MODEL, PROMPT, judge)
            server.heal()
            assert chat.ask(PLAIN.name, PROMPT, judge).state is ModelState.OK


def test_after_a_failure_the_server_is_looked_at_anew() -> None:
    with ready() as (server, chat):
        server.inject("reset")
        chat.ask(MODEL, PROMPT, judge)
        assert server.asked("/api/version") == 0
        chat.status()
        assert server.asked("/api/version") == 1


def test_nothing_is_left_after_many_calls() -> None:
    with ready(BRIEF) as (server, chat):
        before = set(threading.enumerate())
        for fault in ("", "reset", "stall", "503", "flood", "clean_end", ""):
            server.inject(fault) if fault else server.heal()
            chat.ask(MODEL, PROMPT, judge, insist=True)
            assert set(threading.enumerate()) == before
            assert server.wait_for(lambda one: one.open_connections == 0)
