"""What may go wrong with Ollama, and the state each fault means, as tables.

Where a fault could be read in more than one way, it is read like this:

- Whatever answers the probe with anything but Ollama's own JSON is not Ollama, a refusal (401, 403), a redirect and a
  gateway's 502 included; who accepts a connection and says nothing, or drops it, is unreachable.
- A call that is redirected, or answered with something that is no stream of JSON, met something that is not Ollama;
  what can't be read after a good beginning is a fault of the server.
- A model that lacks something the call needs (chat, thinking) is of the wrong kind.
- Another refusal of the request (400 for the schema, 401, 403) is a fault of the server, told in its words.
- An answer that ends with ``length`` ran out of room; with any other reason than ``stop`` it can't be used.
- An answer that is too large, or runs on in white space, can't be used.
- What comes after ``done: true`` isn't read.
"""

import json
import re
from collections.abc import Mapping
from http.client import responses
from typing import Any

from tastebench.domain.model_state import ModelState
from tastebench.domain.text import clean

LONGEST_DETAIL = 200

_STATUSES: Mapping[int, ModelState] = {
    404: ModelState.NOT_OLLAMA,  # a missing model says so in words
    405: ModelState.NOT_OLLAMA,
    413: ModelState.PROMPT_TOO_LONG,
    429: ModelState.BUSY,
    503: ModelState.BUSY,
}
_WORDS: tuple[tuple[str, ModelState], ...] = (
    (
        r"exceed_context|exceeds? the (available |maximum )?context|context (size|length|window)",
        ModelState.PROMPT_TOO_LONG,
    ),
    (r"prompt (is )?too long|input length", ModelState.PROMPT_TOO_LONG),
    (r"does not support|embedding models? (only|can)", ModelState.WRONG_KIND),
    (r"model .{0,220}not found|try pulling it", ModelState.MODEL_MISSING),
    (r"server busy|maximum pending requests|too many requests|overloaded", ModelState.BUSY),
)
# By name: httpx is loaded only when something is asked.
_ERRORS: Mapping[str, tuple[ModelState, str]] = {
    "ConnectTimeout": (ModelState.UNREACHABLE, "it took too long to connect"),
    "ConnectError": (ModelState.UNREACHABLE, ""),
    "ProxyError": (ModelState.UNREACHABLE, ""),
    "InvalidURL": (ModelState.BAD_ADDRESS, ""),
    "UnsupportedProtocol": (ModelState.BAD_ADDRESS, ""),
    "TransportError": (ModelState.DISCONNECTED, "the connection broke off"),
    "OSError": (ModelState.DISCONNECTED, "the connection broke off"),
}


class Failed(Exception):
    """What ends a call: a state, and why in a few clean words."""

    def __init__(self, state: ModelState, detail: str = "") -> None:
        super().__init__(f"{state}: {detail}")
        self.state, self.detail = state, detail


def of_status(status: int, body: bytes) -> Failed:
    """Return what an HTTP answer other than 200 means.

    Examples
    --------
    >>> of_status(404, b'{"error": "model `tiny` not found"}').state.name
    'MODEL_MISSING'
    >>> of_status(502, b"<html>Bad Gateway</html>").args
    ('server_error: 502 Bad Gateway',)
    """
    told = said(body)
    phrase = responses.get(status, "")
    default = ModelState.NOT_OLLAMA if 300 <= status < 400 else _STATUSES.get(status, ModelState.SERVER_ERROR)
    return Failed(default, f"{status} {phrase}".strip()) if not told else of_words(told, default)


def of_words(told: str, default: ModelState = ModelState.SERVER_ERROR) -> Failed:
    """Return what the server's own words mean."""
    state = next((state for pattern, state in _WORDS if re.search(pattern, told, re.IGNORECASE)), default)
    return Failed(state, told)


def of_error(error: Exception) -> Failed:
    """Return what an error of the connection means."""
    name, told = type(error).__name__, shortened(str(error))
    if name == "RemoteProtocolError" and not re.search("disconnect|closed|incomplete", told):
        return Failed(ModelState.NOT_OLLAMA, "it doesn't speak HTTP")
    names = [kind.__name__ for kind in type(error).__mro__]
    state, words = next((_ERRORS[name] for name in names if name in _ERRORS), (ModelState.SERVER_ERROR, ""))
    return Failed(state, words or told.replace("All connection attempts failed", "nothing listens there") or name)


def said(body: bytes | Mapping[str, Any]) -> str:
    r"""Return the server's words in an error, which may lie in JSON within JSON; empty where there are none.

    Examples
    --------
    >>> said(b'{"error": "{\\"error\\":{\\"code\\":400,\\"message\\":\\"request (351 tokens) is too long\\"}}"}')
    'request (351 tokens) is too long'
    >>> said(b"<html>"), said(b'["a list"]')
    ('', '')
    """
    found: object = body
    for _ in range(4):
        document = found if isinstance(found, Mapping) else parsed(found) if isinstance(found, bytes | str) else None
        if not isinstance(document, Mapping):
            break
        found = document.get("error") or document.get("message")
    return shortened(found) if isinstance(found, str) else ""


def parsed(text: bytes | str) -> Any:
    """Return a JSON document, None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def shortened(text: str, limit: int = LONGEST_DETAIL) -> str:
    """Return untrusted words on one clean line of at most `limit` characters."""
    line = clean(text[: 8 * limit])
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
