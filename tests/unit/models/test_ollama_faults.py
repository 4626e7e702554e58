"""Faults as tables: HTTP statuses, the server's words, errors of the connection."""

import json
import ssl

import httpx
import pytest

from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_faults as faults


@pytest.mark.parametrize(
    ("status", "error", "state"),
    [
        (404, "model 'tiny' not found", ModelState.MODEL_MISSING),
        (404, "model \"tiny\" not found, try pulling it first", ModelState.MODEL_MISSING),
        (404, "no such page", ModelState.NOT_OLLAMA),
        (404, "", ModelState.NOT_OLLAMA),
        (405, "", ModelState.NOT_OLLAMA),
        (301, "", ModelState.NOT_OLLAMA),
        (400, '"all-minilm" does not support chat', ModelState.WRONG_KIND),
        (400, '"tiny" does not support thinking', ModelState.WRONG_KIND),
        (400, "the input length exceeds the context length", ModelState.PROMPT_TOO_LONG),
        (400, '{"error":{"code":400,"message":"request (351 tokens) exceeds the available context size (256 tokens)"}}',
         ModelState.PROMPT_TOO_LONG),
        (400, "invalid JSON schema in format", ModelState.SERVER_ERROR),
        (413, "", ModelState.PROMPT_TOO_LONG),
        (401, "unauthorized", ModelState.SERVER_ERROR),
        (403, "", ModelState.SERVER_ERROR),
        (429, "", ModelState.BUSY),
        (429, "weekly usage limit reached", ModelState.BUSY),
        (500, "llama runner process has terminated: signal: killed", ModelState.SERVER_ERROR),
        (500, "", ModelState.SERVER_ERROR),
        (502, "", ModelState.SERVER_ERROR),
        (503, "server busy, please try again.  maximum pending requests exceeded", ModelState.BUSY),
        (503, "", ModelState.BUSY),
        (599, "", ModelState.SERVER_ERROR),
    ],
)  # fmt: skip
def test_statuses_and_words(status: int, error: str, state: ModelState) -> None:
    found = faults.of_status(status, json.dumps({"error": error}).encode() if error else b"<html>")
    assert found.state is state
    assert found.detail


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (httpx.ConnectTimeout(""), ModelState.UNREACHABLE),
        (httpx.ConnectError("[Errno -2] Name or service not known"), ModelState.UNREACHABLE),
        (httpx.ProxyError("403 Forbidden"), ModelState.UNREACHABLE),
        (httpx.InvalidURL("Invalid port"), ModelState.BAD_ADDRESS),
        (httpx.UnsupportedProtocol("no protocol"), ModelState.BAD_ADDRESS),
        (httpx.ReadError(""), ModelState.DISCONNECTED),
        (httpx.WriteError(""), ModelState.DISCONNECTED),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), ModelState.DISCONNECTED),
        (httpx.RemoteProtocolError("peer closed connection (incomplete chunked read)"), ModelState.DISCONNECTED),
        (httpx.RemoteProtocolError("illegal status line: b'SSH-2.0-OpenSSH'"), ModelState.NOT_OLLAMA),
        (ConnectionResetError(104, "reset"), ModelState.DISCONNECTED),
        (ssl.SSLError("bad"), ModelState.DISCONNECTED),
        (httpx.StreamConsumed(), ModelState.SERVER_ERROR),
    ],
)
def test_errors_of_the_connection(error: Exception, state: ModelState) -> None:
    found = faults.of_error(error)
    assert found.state is state
    assert found.detail


@pytest.mark.parametrize(
    "body", [b"", b"null", b"7", b'"text"', b"[1]", b"{}", b'{"error": 5}', b'{"error": [1]}', b"\xff"]
)
def test_a_body_without_words(body: bytes) -> None:
    assert faults.said(body) == ""


def test_words_in_json_in_json_are_found() -> None:
    inner = json.dumps({"error": {"code": 400, "message": "too much"}})
    assert faults.said(json.dumps({"error": inner}).encode()) == "too much"
    assert faults.said({"error": "{no json"}) == "{no json"
