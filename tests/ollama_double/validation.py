"""Requests refused as Ollama refuses them, in its words."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.ollama_double.values import HeldModel

FULL = "server busy, please try again.  maximum pending requests exceeded"
_GO_NAMES = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
_CHAT: Mapping[str, tuple[tuple[type, ...], str]] = {
    "model": ((str,), "string"),
    "messages": ((list,), "[]api.Message"),
    "stream": ((bool,), "bool"),
    "truncate": ((bool,), "bool"),
    "shift": ((bool,), "bool"),
    "logprobs": ((bool,), "bool"),
    "top_logprobs": ((int,), "int"),
    "options": ((dict,), "map[string]interface {}"),
    "tools": ((list,), "api.Tools"),
}
_MESSAGE: Mapping[str, tuple[tuple[type, ...], str]] = {
    "role": ((str,), "string"),
    "content": ((str,), "string"),
    "thinking": ((str,), "string"),
    "images": ((list,), "[]api.ImageData"),
}
_OPTIONS: Mapping[str, tuple[tuple[type, ...], str]] = {
    **dict.fromkeys(
        ("num_ctx", "num_predict", "seed", "top_k", "num_keep", "repeat_last_n", "num_batch", "num_gpu", "num_thread"),
        ((int, float), "integer"),
    ),
    **dict.fromkeys(
        ("temperature", "top_p", "min_p", "repeat_penalty", "presence_penalty", "frequency_penalty", "typical_p"),
        ((int, float), "float32"),
    ),
    "stop": ((list,), "array"),
}
_TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class Refused(Exception):
    """A request that Ollama would refuse with this status and sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def document(raw: bytes) -> dict[str, Any]:
    """Return a request's JSON object."""
    if not raw.strip():
        raise Refused(400, "missing request body")
    try:
        found = json.loads(raw)
    except ValueError:
        raise Refused(
            400, f"invalid character {raw.strip()[:1].decode('latin-1')!r} looking for beginning of value"
        ) from None
    if not isinstance(found, dict):
        raise Refused(400, f"json: cannot unmarshal {_kind(found)} into Go value of type api.ChatRequest")
    return found


def check_chat(body: Mapping[str, Any]) -> None:
    """Refuse a chat request whose fields are of the wrong kind."""
    _check_fields(body, _CHAT, "ChatRequest.")
    for message in body.get("messages") or ():
        if not isinstance(message, dict):
            raise _unfit(message, "ChatRequest.messages", "api.Message")
        _check_fields(message, _MESSAGE, "ChatRequest.messages.")
    if not 0 <= (body.get("top_logprobs") or 0) <= 20:
        raise Refused(400, "top_logprobs must be between 0 and 20")
    think = body.get("think")
    if not (think is None or isinstance(think, bool) or think in ("high", "medium", "low", "max")):
        raise Refused(
            400, f'invalid think value: {json.dumps(think)} (must be "high", "medium", "low", true, or false)'
        )
    seconds(body.get("keep_alive"))


def check_model(body: Mapping[str, Any], model: HeldModel) -> None:
    """Refuse what this model can't do."""
    name = body["model"]
    if body.get("think") not in (None, False) and "thinking" not in model.capabilities:
        raise Refused(400, f'"{name}" does not support thinking')
    if "completion" not in model.capabilities:
        raise Refused(400, f'"{name}" does not support chat')
    if body.get("tools") and "tools" not in model.capabilities:
        raise Refused(400, f"registry.ollama.ai/library/{name} does not support tools")
    for option, given in (body.get("options") or {}).items():
        kinds, word = _OPTIONS.get(option, ((object,), ""))
        if given is not None and (not isinstance(given, kinds) or (isinstance(given, bool) and word != "")):
            raise Refused(500, f'option "{option}" must be of type {word}')


def schema(asked: Any) -> dict[str, Any] | None:
    """Return the schema of a request's `format`, None for free text; refuse what is no schema."""
    if asked in (None, ""):
        return None
    if asked == "json":
        return {"type": "object", "properties": {"answer": {"type": "string"}}}
    if not isinstance(asked, dict):
        raise Refused(400, f'invalid format: {json.dumps(asked)}; expected "json" or a valid JSON Schema object')
    if not asked or not _is_schema(asked):
        raise Refused(400, "invalid JSON schema in format")
    return asked


def seconds(keep_alive: Any) -> float:
    """Return how long a model stays after a request: five minutes where nothing is said, for ever below zero."""
    if keep_alive is None:
        return 300.0
    if isinstance(keep_alive, int | float) and not isinstance(keep_alive, bool):
        return float("inf") if keep_alive < 0 else float(keep_alive)
    if not isinstance(keep_alive, str):
        raise Refused(400, f"Unsupported type: '{_kind(keep_alive)}'")
    parts = re.findall(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)", keep_alive)
    if keep_alive.lstrip("-") != "".join(map("".join, parts)) or not parts:
        raise Refused(400, f'time: invalid duration "{keep_alive}"')
    return float("inf") if keep_alive.startswith("-") else sum(float(count) * _UNITS[unit] for count, unit in parts)


def _is_schema(node: Any) -> bool:
    if not isinstance(node, dict):
        return False
    kinds = node.get("type", "object")
    properties, required = node.get("properties", {}), node.get("required", [])
    return (
        set(kinds if isinstance(kinds, list) else [kinds]) <= _TYPES
        and isinstance(properties, dict)
        and isinstance(required, list)
        and all(map(_is_schema, properties.values()))
        and ("items" not in node or _is_schema(node["items"]))
    )


def _check_fields(body: Mapping[str, Any], fields: Mapping[str, tuple[tuple[type, ...], str]], prefix: str) -> None:
    for field, (kinds, word) in fields.items():
        given = body.get(field)
        if given is not None and (not isinstance(given, kinds) or (isinstance(given, bool) and bool not in kinds)):
            raise _unfit(given, prefix + field, word)


def _unfit(given: Any, field: str, word: str) -> Refused:
    return Refused(400, f"json: cannot unmarshal {_kind(given)} into Go struct field {field} of type {word}")


def _kind(given: Any) -> str:
    return _GO_NAMES.get(type(given), "null")
