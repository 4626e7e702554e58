"""The stand-in for Ollama: it speaks as Ollama does, answers within the schema, and goes wrong only when told to."""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from ollama import Client

from tests.ollama_double import CLOUD, EMBEDDER, FAULTS, PLAIN, HeldModel, OllamaDouble
from tests.ollama_double.faults import GROUPS
from tests.ollama_double.test_minds import PROMPT, SCHEMA

MODEL = "qwen3:4b"


def chat(**changes: Any) -> dict[str, Any]:
    messages = [{"role": "system", "content": "Grade them."}, {"role": "user", "content": PROMPT}]
    body = {"model": MODEL, "messages": messages, "format": SCHEMA, "think": False, "options": {"num_ctx": 8192}}
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


def lines(response: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line) for line in response.text.splitlines()]


def said(response: httpx.Response) -> str:
    return "".join(line["message"]["content"] for line in lines(response))


@pytest.fixture
def server() -> Iterator[OllamaDouble]:
    with OllamaDouble(models=[MODEL, EMBEDDER, CLOUD, PLAIN], delay=0.2, pace=0.01) as double:
        yield double


@pytest.fixture
def http(server: OllamaDouble) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=5) as client:
        yield client


def test_the_official_client_understands_every_address(server: OllamaDouble) -> None:
    client = Client(server.url, trust_env=False)
    listed = {model.model: model for model in client.list().models}
    assert set(listed) == {MODEL, EMBEDDER.name, CLOUD.name, PLAIN.name}
    assert len(listed[MODEL].digest or "") == 64
    shown = client.show(MODEL)
    assert shown.capabilities == ["completion", "tools", "thinking"]
    assert (shown.modelinfo or {})["qwen3.context_length"] == 40_960
    assert client.ps().models == []
    answered = client.chat(MODEL, [{"role": "user", "content": PROMPT}], format=SCHEMA, think=False)
    assert sorted(json.loads(answered.message.content or "")) == ["c01", "c02", "c03", "summary"]
    assert [(model.model, model.context_length) for model in client.ps().models] == [(MODEL, 4096)]
    steps = [*client.pull("gemma3:270m", stream=True)]
    assert steps[0].status == "pulling manifest"
    assert steps[-1].status == "success"
    bytes_done = [step.completed for step in steps if step.completed]
    assert bytes_done == sorted(bytes_done)
    assert bytes_done[-1] == steps[5].total
    assert "gemma3:270m" in [model.model for model in client.list().models]
    client._client.close()


def test_an_answer_streams_as_lines_and_its_last_one_counts_nanoseconds(http: httpx.Client) -> None:
    response = http.post("/api/chat", json=chat())
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.headers["transfer-encoding"] == "chunked"
    *begun, last = lines(response)
    assert {line["done"] for line in begun} == {False}
    assert [*last][:5] == ["model", "created_at", "message", "done", "done_reason"]
    assert (last["done"], last["done_reason"], last["message"]["content"]) == (True, "stop", "")
    assert last["eval_count"] == len(begun)
    assert last["prompt_eval_count"] == -(-len("Grade them." + PROMPT) // 4)
    assert all(isinstance(last[name], int) for name in last if name.endswith("duration"))
    assert last["total_duration"] >= last["eval_duration"]


def test_metrics_of_zero_are_left_out_and_html_signs_escaped(http: httpx.Client) -> None:
    response = http.post("/api/chat", json=chat(messages=[{"role": "user", "content": "<b>"}], format=...))
    assert "<" not in response.text
    empty = http.post("/api/chat", json=chat(messages=[])).json()
    assert empty["done_reason"] == "load"
    assert not [name for name in empty if name.endswith(("duration", "count"))]


def test_without_streaming_the_answer_is_one_document(http: httpx.Client) -> None:
    whole = http.post("/api/chat", json=chat(stream=False)).json()
    assert whole["message"]["content"] == said(http.post("/api/chat", json=chat()))
    assert whole["done_reason"] == "stop"


REFUSALS: list[tuple[Any, int, str]] = [
    (chat(model=...), 400, "model is required"),
    (chat(model="nobody"), 404, "model 'nobody' not found"),
    (chat(model=7), 400, "cannot unmarshal number into Go struct field ChatRequest.model of type string"),
    (chat(messages="hello"), 400, "cannot unmarshal string into Go struct field ChatRequest.messages"),
    (chat(messages=[{"role": "user", "content": 3}]), 400, "ChatRequest.messages.content of type string"),
    (chat(stream="yes"), 400, "ChatRequest.stream of type bool"),
    (chat(truncate=0), 400, "ChatRequest.truncate of type bool"),
    (chat(options=[1]), 400, "cannot unmarshal array"),
    (chat(options={"num_ctx": "8192"}), 500, 'option "num_ctx" must be of type integer'),
    (chat(keep_alive="soon"), 400, 'time: invalid duration "soon"'),
    (chat(format="yaml"), 400, "invalid format"),
    (chat(format={}), 400, "invalid JSON schema in format"),
    (chat(format={"type": "object", "properties": {"a": {"type": "integr"}}}), 400, "invalid JSON schema in format"),
    (chat(think="maybe"), 400, "invalid think value"),
    (chat(model=PLAIN.name, think=True), 400, '"gemma3:1b" does not support thinking'),
    (chat(model=EMBEDDER.name), 400, "does not support chat"),
    (chat(truncate=False, options={"num_ctx": 16}), 400, "exceeds the available context size (16 tokens)"),
    ([1], 400, "cannot unmarshal array"),
]


@pytest.mark.parametrize(("body", "status", "sentence"), REFUSALS)
def test_requests_are_refused_as_ollama_refuses_them(http: httpx.Client, body: Any, status: int, sentence: str) -> None:
    response = http.post("/api/chat", json=body)
    assert response.status_code == status
    assert sentence in response.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"])
def test_what_is_no_json_is_refused(http: httpx.Client, body: bytes) -> None:
    assert http.post("/api/chat", content=body).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        chat(think=False, model=PLAIN.name),
        chat(options={"unheard_of": "x"}),
        chat(format=None),
        chat(format=""),
        chat(format="json"),
        chat(keep_alive=-1),
        chat(keep_alive="1h30m"),
        chat(model="nomic-embed-text", messages=[], keep_alive=0),
        chat(surprise={"a": 1}),
    ],
)
def test_what_ollama_lets_pass_passes(http: httpx.Client, body: Any) -> None:
    assert http.post("/api/chat", json=body).status_code == 200


def test_other_addresses_and_methods(http: httpx.Client) -> None:
    assert http.get("/").text == "Ollama is running"
    assert http.head("/").status_code == 200
    assert http.get("/v2").status_code == 404
    assert http.get("/api/chat").status_code == 405
    assert http.post("/api/show", json={"model": "nobody"}).status_code == 404
    assert http.post("/api/show", json={}).status_code == 400


def test_an_answer_ends_where_its_room_ends(http: httpx.Client) -> None:
    last = lines(http.post("/api/chat", json=chat(options={"num_predict": 5})))[-1]
    assert (last["done_reason"], last["eval_count"]) == ("length", 5)
    window = -(-len("Grade them." + PROMPT) // 4) + 3
    last = lines(http.post("/api/chat", json=chat(options={"num_ctx": window})))[-1]
    assert (last["done_reason"], last["eval_count"]) == ("length", 3)


def post(server: OllamaDouble, **changes: Any) -> httpx.Response:
    return httpx.post(f"{server.url}/api/chat", json=chat(**changes), timeout=10, trust_env=False)


def test_one_model_answers_one_call_at_a_time() -> None:
    with OllamaDouble(models=[MODEL, PLAIN], tokens_per_second=400) as server, ThreadPoolExecutor(3) as pool:
        began = time.monotonic()
        done = [pool.submit(post, server, model=name) for name in (MODEL, MODEL, PLAIN.name)]
        counts = [lines(one.result())[-1]["eval_count"] for one in done]
        assert time.monotonic() - began >= (counts[0] + counts[1]) / 400


def test_a_full_queue_is_busy() -> None:
    with OllamaDouble(queue=1, tokens_per_second=100) as server, ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, server)
        assert server.wait_for(lambda one: one.ollama.pending == 1)
        refused = post(server)
        assert (refused.status_code, first.result().status_code) == (503, 200)
        assert "maximum pending requests exceeded" in refused.json()["error"]


def test_a_client_that_goes_away_is_seen_and_frees_the_slot() -> None:
    with OllamaDouble(tokens_per_second=1) as server:
        with httpx.stream("POST", f"{server.url}/api/chat", json=chat(), timeout=5, trust_env=False) as response:
            next(response.iter_bytes())
        left = time.monotonic()
        assert server.wait_for(lambda one: one.disconnects)
        assert server.disconnects[0].path == "/api/chat"
        assert server.disconnects[0].at - left < 1
        assert server.wait_for(lambda one: one.ollama.pending == 0 and one.open_connections == 0)
        server.timing.tokens_per_second = 0
        assert post(server).status_code == 200


def test_a_model_is_loaded_once_for_a_window_and_a_broken_off_load_is_none() -> None:
    with OllamaDouble(load_seconds=0.5) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{server.url}/api/chat", json=chat(), timeout=httpx.Timeout(5, read=0.05), trust_env=False)
        assert server.wait_for(lambda one: one.open_connections == 0)
        assert server.ollama.running == {}
        loads = [lines(post(server, options={"num_ctx": size}))[-1]["load_duration"] for size in (64, 64, 128)]
        assert [load >= 5e8 for load in loads] == [True, False, True]
        post(server, messages=[], keep_alive=0)
        assert server.ollama.running == {}


def test_speed_is_what_it_was_told_to_be() -> None:
    with OllamaDouble(tokens_per_second=200) as server:
        last = lines(post(server))[-1]
        assert last["eval_duration"] >= last["eval_count"] / 200 * 1e9


def test_it_records_what_it_saw(server: OllamaDouble, http: httpx.Client) -> None:
    http.get("/api/version")
    http.post("/api/chat", json=chat())
    assert [(one.method, one.path) for one in server.seen] == [("GET", "/api/version"), ("POST", "/api/chat")]
    assert server.chats == [chat()]
    assert server.seen[1].headers["content-type"] == "application/json"
    assert server.open_connections == 1
    assert (server.asked("/api/chat"), server.asked("/api/tags")) == (1, 0)


def test_every_fault_has_a_group_and_a_meaning() -> None:
    assert [*FAULTS] == [one.name for one in FAULTS.values()]
    assert [one.group for one in FAULTS.values()] == sorted([one.group for one in FAULTS.values()], key=GROUPS.index)
    assert all(one.meaning for one in FAULTS.values())
    with pytest.raises(KeyError):
        OllamaDouble("no such fault")


@pytest.mark.parametrize("name", FAULTS)
def test_after_any_fault_the_double_is_as_it_was(name: str) -> None:
    with OllamaDouble(name, delay=0.05, pace=0.01) as server:
        for method, path in (
            ("GET", "/api/version"),
            ("GET", "/api/tags"),
            ("POST", "/api/chat"),
            ("POST", "/api/pull"),
        ):
            body = chat() if method == "POST" else None
            with (
                contextlib.suppress(httpx.TransportError),  # some are meant to do that
                httpx.stream(method, server.url + path, json=body, timeout=0.3, trust_env=False) as response,
            ):
                assert response.status_code in range(200, 600)
                for _ in zip(range(20), response.iter_raw(), strict=False):
                    pass
        assert server.fault == FAULTS[name]
        assert server.struck > 0 or name == "refused"
        server.heal()
        assert said(post(server))[:1] == "{"


def test_a_refused_connection_is_one_and_the_port_comes_back(server: OllamaDouble, http: httpx.Client) -> None:
    http.get("/api/version")
    server.inject("refused")
    assert server.open_connections == 0
    with pytest.raises(httpx.ConnectError):
        http.get("/api/version")
    server.heal()
    assert http.get("/api/version").json() == {"version": "0.31.1"}


def test_a_fault_can_strike_everywhere_and_some_only_once(server: OllamaDouble, http: httpx.Client) -> None:
    server.inject("500", at=())
    assert http.get("/api/tags").status_code == 500
    server.inject("503_once")
    assert [http.post("/api/chat", json=chat()).status_code for _ in range(3)] == [503, 200, 200]


def test_faults_are_driven_over_http_too(server: OllamaDouble, http: httpx.Client) -> None:
    assert http.post("/_double/fault", json={"name": "unheard of"}).status_code == 404
    http.post("/_double/fault", json={"name": "no_models", "seconds": 0.3})
    assert server.wait_for(lambda one: one.fault == FAULTS["no_models"])
    told = http.get("/_double").json()
    assert told["fault"] == "no_models"
    assert {"name": "stall", "group": "transport", "meaning": FAULTS["stall"].meaning} in told["faults"]
    assert server.wait_for(lambda one: one.fault is None)
    assert server.seen == []


def test_nothing_is_left_when_it_ends() -> None:
    before = threading.active_count()
    with OllamaDouble(tokens_per_second=1) as server:
        raw = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))
        raw.sendall(b"POST /api/chat HTTP/1.1\r\nContent-Length: 500\r\n\r\n{")
        assert server.wait_for(lambda one: one.open_connections == 1)
    assert raw.recv(10) == b""
    raw.close()
    assert threading.active_count() == before
    with OllamaDouble(models=[HeldModel("a:latest")], port=int(server.url.rpartition(":")[2])) as again:
        assert again.url == server.url


def test_a_port_that_is_taken_is_said_so(server: OllamaDouble) -> None:
    with pytest.raises(OSError, match="in use"), OllamaDouble(port=int(server.url.rpartition(":")[2])):
        pass


def test_it_runs_by_hand(project: Path) -> None:
    command = [sys.executable, "-m", "tests.ollama_double", "--port", "0", "--models", "a:1b,nomic-embed-text:latest"]
    with subprocess.Popen(command, cwd=project, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        url = process.stdout.readline().split()[0]
        process.stdin.write("nonsense\nno_models\n")
        process.stdin.flush()
        assert "nonsense" in process.stdout.readline()
        assert process.stdout.readline() == "now: no_models\n"
        assert httpx.get(f"{url}/api/tags", trust_env=False).json() == {"models": []}
        process.terminate()
