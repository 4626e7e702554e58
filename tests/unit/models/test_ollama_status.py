"""What is found at an address, and how long it is believed."""

import time
from dataclasses import replace

import pytest

from tastebench.domain.chat import Budgets, LanguageModelSettings, ModelInfo
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_documents, ollama_status
from tastebench.models.ollama_chat import OllamaChat
from tests.ollama_double import CLOUD, EMBEDDER, PLAIN, HeldModel, OllamaDouble

BUDGETS = Budgets(connect=10, probe=20)


def client(server: OllamaDouble, budgets: Budgets = BUDGETS, model: str = "") -> OllamaChat:
    return OllamaChat(lambda: LanguageModelSettings(model=model), lambda: server.url, budgets)


def test_models_with_what_they_can_do() -> None:
    held = [HeldModel("qwen3:4b"), EMBEDDER, CLOUD, PLAIN]
    with OllamaDouble(models=held, version="0.12.3") as server:
        found = client(server).status()
    assert (found.state, found.host, found.version, found.detail) == (ModelState.OK, server.url, "0.12.3", "")
    assert found.models == (
        ModelInfo("gemma3:1b", PLAIN.digest, 815_319_791, "999.89M", context=32_768),
        ModelInfo("gpt-oss:120b-cloud", CLOUD.digest, 384, "120B", cloud=True, context=40_960),
        ModelInfo("nomic-embed-text:latest", EMBEDDER.digest, 274_302_450, "137M", chats=False, context=2048),
        ModelInfo("qwen3:4b", held[0].digest, 2_497_293_931, "4.0B", context=40_960),
    )


def test_what_was_found_is_believed_for_some_seconds() -> None:
    with OllamaDouble() as server:
        chat = client(server, replace(BUDGETS, probe_kept=0.6))
        first = chat.status()
        assert chat.status() is first
        assert server.asked("/api/version") == 1
        chat.status(fresh=True)
        assert server.asked("/api/version") == 2
        time.sleep(0.61)
        chat.status()
        assert server.asked("/api/version") == 3


def test_a_server_that_is_gone_is_believed_gone_unless_one_looks_anew() -> None:
    with OllamaDouble("refused") as server:
        chat = client(server)
        assert chat.status().state is ModelState.UNREACHABLE
        server.heal()
        assert chat.status().state is ModelState.UNREACHABLE
        assert chat.status(fresh=True).state is ModelState.OK


def test_changed_settings_hold_at_once() -> None:
    with OllamaDouble(models=["a:1b"]) as one, OllamaDouble(models=["b:1b"]) as other:
        addresses = [one.url, other.url, "host:port"]
        chat = OllamaChat(LanguageModelSettings, lambda: addresses[0], BUDGETS)
        assert [info.name for info in chat.status().models] == ["a:1b"]
        addresses.pop(0)
        assert [info.name for info in chat.status().models] == ["b:1b"]
        addresses.pop(0)
        assert (chat.status().state, chat.status().host) == (ModelState.BAD_ADDRESS, "host:port")


def test_what_a_model_can_do_is_asked_once_for_each_digest() -> None:
    with OllamaDouble(models=["a:1b", "b:1b"]) as server:
        chat = client(server)
        chat.status()
        chat.status(fresh=True)
        assert server.asked("/api/show") == 2
        server.ollama.disk["a:1b"] = HeldModel("a:1b", size=5)
        chat.status(fresh=True)
        assert server.asked("/api/show") == 3


def test_of_many_models_some_are_asked_about_and_the_chosen_one_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama_status, "DESCRIBED_AT_ONCE", 3)
    with OllamaDouble(models=[f"m{n}:1b" for n in range(10)]) as server:
        found = client(server, model="m7:1b").status()
        asked = [seen.body["model"] for seen in server.seen if seen.path == "/api/show"]
    assert asked == ["m7:1b", "m0:1b", "m1:1b"]
    assert [info.name for info in found.models if info.context] == ["m0:1b", "m1:1b", "m7:1b"]
    assert len(found.models) == 10


def test_a_list_that_says_what_models_can_do_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama_documents, "tells_capabilities", lambda _: True)
    with OllamaDouble() as server:
        assert client(server).status().state is ModelState.OK
        assert server.asked("/api/show") == 0


@pytest.mark.parametrize("fault", ["silence", "500", "200_html", "reset"])
def test_models_that_tell_nothing_of_themselves_are_listed_all_the_same(fault: str) -> None:
    with OllamaDouble() as server:
        server.inject(fault, at=["/api/show"])
        began = time.monotonic()
        found = client(server, replace(BUDGETS, probe=1)).status()
        assert time.monotonic() - began < 4
        assert (found.state, [info.name for info in found.models]) == (ModelState.OK, ["qwen3:4b"])
        server.heal()
        assert client(server).status().models[0].context == 40_960


@pytest.mark.parametrize("path", ["/api/version", "/api/tags"])
def test_the_whole_probe_has_one_budget(path: str) -> None:
    with OllamaDouble(delay=5, pace=0.01) as server:
        server.inject("drip_bytes", at=[path])
        began = time.monotonic()
        found = client(server, replace(BUDGETS, probe=0.2)).status()
        assert time.monotonic() - began < 4
        assert found.state in {ModelState.UNREACHABLE, ModelState.NOT_OLLAMA}
        assert server.wait_for(lambda one: one.open_connections == 0)


def test_one_that_is_too_old_is_asked_nothing_more() -> None:
    with OllamaDouble(version="0.8.0") as server:
        found = client(server).status()
        assert (found.state, found.version) == (ModelState.TOO_OLD, "0.8.0")
        assert found.detail == "0.8.0; it takes 0.9.0 or newer"
        assert server.asked("/api/tags") == 0


def test_this_machine_is_never_asked_by_way_of_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with OllamaDouble() as server:
        assert client(server).status().state is ModelState.OK
        local = OllamaChat(LanguageModelSettings, lambda: server.url.replace("127.0.0.1", "localhost"), BUDGETS)
        assert local.status().state is ModelState.OK
        assert local.pull("tiny:1b").state is ModelState.OK
