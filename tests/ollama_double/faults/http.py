"""Faults of the answer as a whole: statuses and bodies that are not what was asked for."""

from functools import partial
from typing import Any

from tests.ollama_double.documents import overflow
from tests.ollama_double.faults.register import EVERYWHERE, fault
from tests.ollama_double.validation import FULL
from tests.ollama_double.wire import JSON, Reply

_http = partial(fault, "http", "reply")
HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


def _html(status: int, title: str) -> Reply:
    return Reply.text(HTML.format(title), status, "text/html; charset=utf-8")


@_http("says the model is not there", name="404_model")
def _missing(server: Any) -> Reply:
    return Reply.error(404, f"model '{_model(server)}' not found")


@_http("says the model can't think", name="400_thinking")
def _thinking(server: Any) -> Reply:
    return Reply.error(400, f'"{_model(server)}" does not support thinking')


@_http("says the model can't chat", name="400_chat")
def _chat(server: Any) -> Reply:
    return Reply.error(400, f'"{_model(server)}" does not support chat')


@_http("says the prompt is too long, as the runner says it", name="400_context")
def _context(server: Any) -> Reply:
    return Reply.error(400, overflow(9000, 8192))


@_http("says the prompt is too long, as older servers say it", name="400_context_plain")
def _context_plain(server: Any) -> Reply:
    return Reply.error(400, "the input length exceeds the context length")


@_http("says the schema is none", name="400_schema")
def _schema(server: Any) -> Reply:
    return Reply.error(400, "invalid JSON schema in format")


@_http("answers 500 with a sentence", name="500")
def _error(server: Any) -> Reply:
    return Reply.error(500, "llama runner process has terminated: signal: killed")


@_http("answers 500 with nothing", name="500_empty")
def _empty(server: Any) -> Reply:
    return Reply(500)


@_http("answers 502 with a page, as a proxy does", name="502_html")
def _gateway(server: Any) -> Reply:
    return _html(502, "502 Bad Gateway")


@_http("says its queue is full", name="503")
def _busy(server: Any) -> Reply:
    return Reply.error(503, FULL)


@_http("says its queue is full, the first time", name="503_once")
def _busy_once(server: Any) -> Reply | None:
    return _busy(server) if server.struck == 1 else None


@_http("forbids the request", name="403")
def _forbidden(server: Any) -> Reply:
    return Reply(403)


@_http("says it is asked too often", name="429")
def _often(server: Any) -> Reply:
    return Reply.error(429, "too many requests")


@_http("answers 500 with a list", name="error_list")
def _list(server: Any) -> Reply:
    return Reply.of(["something", "went", "wrong"], 500)


@_http("answers 200 with a page", name="200_html")
def _page(server: Any) -> Reply:
    return _html(200, "Sign in to the network")


@_http("is another service", at=EVERYWHERE, name="other_service")
def _other(server: Any) -> Reply:
    return Reply.of({"detail": "Not Found"}, 404)


@_http("is another service, and friendly to everybody", at=EVERYWHERE, name="other_service_ok")
def _friendly(server: Any) -> Reply:
    return Reply(200, b'{"status":"ok"}', headers={"Content-Type": JSON})


def _model(server: Any) -> str:
    return server.chats[-1]["model"] if server.chats else "qwen3:4b"
