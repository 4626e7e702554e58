"""The probe: an Ollama that answers, and all that is none."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tastebench.models.ollama import OllamaState, probe

VERSION = {"version": "0.12.3"}
TAGS = {"models": [{"name": "qwen3:8b", "size": 1}, {"name": "gemma3:4b", "size": 2}]}


@contextmanager
def server(answers: dict[str, bytes], status: int = 200, delay: float = 0.0) -> Iterator[str]:
    """Serve fixed answers on a free port of this machine and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(delay)
            self.send_response(status)
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked may have lost patience
                self.wfile.write(answers.get(self.path, b""))

        def log_message(self, *_: object) -> None: ...

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        thread.join()
        served.server_close()


def answers(version: object = VERSION, tags: object = TAGS) -> dict[str, bytes]:
    return {"/api/version": json.dumps(version).encode(), "/api/tags": json.dumps(tags).encode()}


def test_one_that_answers():
    with server(answers()) as address:
        assert probe(address, 5) == OllamaState(True, "0.12.3", ("gemma3:4b", "qwen3:8b"))


@pytest.mark.parametrize("models", [[], None])
def test_one_without_models(models):
    with server(answers(tags={"models": models})) as address:
        assert probe(address, 5) == OllamaState(True, "0.12.3", ())


def test_nobody_there():
    with server(answers()) as address:
        pass
    assert probe(address) == OllamaState(False, reason="nothing listens there")


@pytest.mark.parametrize(
    "served",
    [
        {"/api/version": b"<html>"},
        answers(version=[]),
        answers(version={}),
        answers(tags={"models": [1]}),
        {"/api/version": b"[" * 100_000},
        {"/api/version": b'"' + b"x" * 2_000_000 + b'"'},
    ],
    ids=["no json", "a list", "no version", "odd models", "deep", "long"],
)
def test_something_else_there(served):
    with server(served) as address:
        assert probe(address, 5) == OllamaState(False, reason="what listens there is no Ollama")


def test_one_that_refuses():
    with server(answers(), status=500) as address:
        assert probe(address, 5).reason == "what listens there is no Ollama"


def test_one_that_is_slow_costs_no_more_than_the_budget():
    with server(answers(), delay=1.0) as address:
        started = time.monotonic()
        found = probe(address, 0.2)
        assert time.monotonic() - started < 0.8
    assert found == OllamaState(False, reason="no answer within 0.2 seconds")


@pytest.mark.parametrize("address", ["", "no address", "http://", "ftp://127.0.0.1", "http://[::1", "http://a:b"])
def test_an_address_that_is_none(address):
    assert not probe(address).reachable


def test_this_machine_is_never_asked_by_way_of_a_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with server(answers()) as address:
        assert probe(address, 5).reachable
        assert probe(address.replace("127.0.0.1", "localhost"), 5).reachable
