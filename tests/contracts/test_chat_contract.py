"""One suite over every server of language models: the stand-in, and a real Ollama for who asks for it.

The real one: ``OLLAMA_REAL=1 OLLAMA_MODEL=qwen3:4b pytest tests/contracts/test_chat_contract.py``, with OLLAMA_HOST
where it listens elsewhere than usual.
"""

import os
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tastebench.domain.chat import ChatProgress, LanguageModelSettings, PullProgress
from tastebench.domain.model_state import ModelState
from tastebench.domain.ports import ChatModel
from tastebench.models.ollama_chat import OllamaChat
from tastebench.ranking.reading import verdict
from tests.faults.table import MODEL, question
from tests.ollama_double import OllamaDouble

REAL, HOST, REAL_MODEL = (os.environ.get(name, "") for name in ("OLLAMA_REAL", "OLLAMA_HOST", "OLLAMA_MODEL"))
ASKED = question()
VERDICT = verdict(ASKED, "short")


class Peer(NamedTuple):
    """A server, a model it holds, and a model that may be fetched from it."""

    chat: ChatModel
    model: str


@pytest.fixture(params=["stand-in", "real"])
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    if request.param == "real":
        if REAL != "1":
            pytest.skip("asks a real Ollama only with OLLAMA_REAL=1 and a model in OLLAMA_MODEL")
        assert REAL_MODEL, "set OLLAMA_MODEL to a model that Ollama holds"
        yield Peer(OllamaChat(lambda: LanguageModelSettings(wall_clock=300), lambda: HOST), REAL_MODEL)
        return
    with OllamaDouble(models=[MODEL], tokens_per_second=1000, load_seconds=0.05, pull_seconds=0.1) as server:
        yield Peer(OllamaChat(LanguageModelSettings, lambda: server.url), MODEL)


def test_it_says_what_is_there(peer: Peer) -> None:
    found = peer.chat.status(fresh=True)
    assert found.state is ModelState.OK
    assert found.version
    model = next(one for one in found.models if one.name in {peer.model, f"{peer.model}:latest"})
    assert model.chats
    assert len(model.digest) == 64
    assert model.size_bytes > 0
    assert (model.context or 0) > 0


def test_a_model_is_loaded_and_answers_within_the_schema(peer: Peer) -> None:
    warm = peer.chat.warm_up(peer.model, ASKED.prompt)
    assert warm.state is ModelState.OK
    progress: list[ChatProgress] = []
    answer = peer.chat.ask(peer.model, ASKED.prompt, VERDICT, on_progress=progress.append)
    assert answer.state in {ModelState.OK, ModelState.NO_PREFERENCE}
    assert VERDICT(answer.text) is answer.state
    assert answer.attempts == 1
    assert (answer.usage.prompt_tokens or 0) > 100
    assert (answer.usage.answer_tokens or 0) > 50
    assert 0 < (answer.usage.first_token_ms or 0) <= answer.usage.total_ms
    assert answer.model.startswith(peer.model)
    assert answer.digest
    assert answer.server_version
    assert progress[-1].state is ModelState.RUNNING
    grown = [one.characters for one in progress]
    assert grown == sorted(grown)
    assert grown[-1] >= len(answer.text)


def test_the_same_question_gets_the_same_answer(peer: Peer) -> None:
    first, second = (peer.chat.ask(peer.model, ASKED.prompt, VERDICT).text for _ in range(2))
    assert first == second


def test_a_call_can_be_stopped_in_the_midst_of_it_and_the_next_one_answers(peer: Peer) -> None:
    come: list[int] = []
    stopped_at: list[float] = []

    def cancelled() -> bool:
        if come and come[-1] > 0 and not stopped_at:
            stopped_at.append(time.monotonic())
        return bool(stopped_at)

    answer = peer.chat.ask(
        peer.model, ASKED.prompt, VERDICT, on_progress=lambda one: come.append(one.characters), cancelled=cancelled
    )
    assert answer.state is ModelState.CANCELLED
    assert time.monotonic() - stopped_at[0] < 1
    assert peer.chat.ask(peer.model, ASKED.prompt, VERDICT).state.answered


def test_closing_breaks_off_what_runs(peer: Peer) -> None:
    started = threading.Event()

    def close() -> None:
        started.wait(30)
        peer.chat.close()

    closer = threading.Thread(target=close)
    closer.start()
    answer = peer.chat.ask(peer.model, ASKED.prompt, VERDICT, on_progress=lambda one: started.set())
    closer.join()
    assert answer.state is ModelState.CANCELLED


def test_a_model_that_is_not_there_is_said_so(peer: Peer) -> None:
    answer = peer.chat.ask("tastebench-no-such-model:0b", ASKED.prompt, VERDICT)
    assert (answer.state, answer.text) == (ModelState.MODEL_MISSING, "")
    assert peer.chat.warm_up("tastebench-no-such-model:0b", ASKED.prompt).state is ModelState.MODEL_MISSING


def test_a_model_is_pulled_with_progress_in_bytes(peer: Peer) -> None:
    steps: list[PullProgress] = []
    assert peer.chat.pull(peer.model, on_progress=steps.append).state is ModelState.OK
    assert steps[-1].phase == "success"
    assert steps[-1].done == steps[-1].total > 0
    assert [one.done for one in steps] == sorted(one.done for one in steps)
    assert peer.chat.status(fresh=True).state is ModelState.OK


def test_a_pull_can_be_stopped(peer: Peer) -> None:
    answer = peer.chat.pull(peer.model, cancelled=lambda: True)
    assert answer.state is ModelState.CANCELLED


def test_a_model_fetched_from_the_stand_in_can_be_asked() -> None:
    with OllamaDouble(models=[]) as server:
        chat = OllamaChat(LanguageModelSettings, lambda: server.url)
        assert chat.status().state is ModelState.NO_MODELS
        assert chat.pull("gemma3:270m").state is ModelState.OK
        assert chat.ask("gemma3:270m", ASKED.prompt, VERDICT).state is ModelState.OK
        assert server.wait_for(lambda one: one.open_connections == 0)
