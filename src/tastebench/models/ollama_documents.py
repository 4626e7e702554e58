"""What Ollama tells about itself and its models, read with tolerance: any JSON in, plain values out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tastebench.domain.chat import ModelInfo
from tastebench.domain.model_state import ModelState
from tastebench.domain.text import clean
from tastebench.models.ollama_faults import Failed

OLDEST = (0, 9, 0)
"""The first version that knows ``think``. Older ones ignore ``"think": false``, so that models which can think do, in
the midst of their answer. (Answers by schema came with 0.5.0; ``truncate`` with 0.12.6, before which a cut prompt is
known by its count of tokens.)"""

_LONGEST_NAME = 200
_CHATS = ("completion", "chat")


def version(document: Mapping[str, Any]) -> str:
    """Return the server's version, empty where it tells none that can be read. Raises `Failed` where it isn't Ollama.

    Examples
    --------
    >>> version({"version": "0.31.1"}), version({"version": "built at home"})
    ('0.31.1', '')
    """
    told = document.get("version")
    if not isinstance(told, str):
        raise Failed(ModelState.NOT_OLLAMA, "it tells no version")
    return clean(told)[:40] if numbers(told) else ""


def numbers(version: str) -> tuple[int, ...] | None:
    """Return a version as numbers; None where it is none. One built at home calls itself 0.0.0.

    Examples
    --------
    >>> numbers("v0.12.6-rc1"), numbers("0.0.0"), numbers("built at home")
    ((0, 12, 6), (0, 0, 0), None)
    """
    found = re.match(r"\s*v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?", version)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def is_too_old(version: str) -> bool:
    """Return whether a server can't do what is needed; one whose version isn't known is given the chance."""
    found = numbers(version)
    return found is not None and (0, 0, 0) < found < OLDEST


def models(document: Mapping[str, Any], *, all_cloud: bool = False) -> tuple[ModelInfo, ...]:
    """Return the models of ``/api/tags``, by name. Raises `Failed` where that isn't Ollama's answer."""
    listed = document.get("models", 0)
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise Failed(ModelState.NOT_OLLAMA, "it lists no models")
    found = {info.name: info for entry in listed if (info := _listed(entry, all_cloud))}
    if listed and not found:
        raise Failed(ModelState.NOT_OLLAMA, "its list of models can't be read")
    return tuple(found[name] for name in sorted(found))


def tells_capabilities(document: Mapping[str, Any]) -> bool:
    """Return whether ``/api/tags`` says what models can do: servers before 0.32 don't."""
    return any(entry.get("capabilities") for entry in _entries(document))


def described(info: ModelInfo, document: Mapping[str, Any]) -> ModelInfo:
    """Return what is known of a model with what ``/api/show`` adds."""
    told = _mapping(document.get("model_info"))
    lengths = [value for key, value in told.items() if str(key).endswith(".context_length")]
    return ModelInfo(
        info.name,
        info.digest,
        info.size_bytes,
        info.parameters,
        chats=_chats(document.get("capabilities"), info.chats),
        cloud=info.cloud or _is_remote(document),
        context=next(filter(None, map(_positive, lengths)), info.context),
    )


def is_loaded(document: Mapping[str, Any], model: str, window: int) -> bool:
    """Return whether ``/api/ps`` lists a model with this window; with another one it would be loaded anew."""
    for told in _entries(document):
        if is_same(model, str(told.get("name") or told.get("model") or "")):
            return (_positive(told.get("context_length")) or window) == window
    return False


def is_same(wanted: str, name: str) -> bool:
    """Return whether two names mean one model: ``latest`` goes without saying, and case doesn't matter.

    Examples
    --------
    >>> is_same("Llama3.2", "llama3.2:latest"), is_same("llama3.2", "llama3.2:1b")
    (True, False)
    """
    return _full(wanted) == _full(name)


def is_cloud_name(name: str) -> bool:
    """Return whether a name is one of the cloud's: ``…:cloud``, ``…-cloud``."""
    return re.search(r"[-:]cloud$", name.strip().lower()) is not None


def _full(name: str) -> str:
    lowered = name.strip().lower()
    return lowered if ":" in lowered.rpartition("/")[2] else f"{lowered}:latest"


def _listed(entry: object, all_cloud: bool) -> ModelInfo | None:
    """Return one model of a list; None for a name that can't be called by."""
    told = _mapping(entry)
    name, details = told.get("name") or told.get("model"), _mapping(told.get("details"))
    if not isinstance(name, str) or clean(name) != name or not 0 < len(name) <= _LONGEST_NAME:
        return None
    families = details.get("families")
    family = " ".join(map(str, families if isinstance(families, list) else [])) + f" {details.get('family')}"
    return ModelInfo(
        name,
        digest=_text(told.get("digest"), 100),
        size_bytes=_positive(told.get("size")) or 0,
        parameters=_text(details.get("parameter_size"), 20),
        chats=_chats(told.get("capabilities"), not re.search(r"bert|embed", f"{family} {name}".lower())),
        cloud=all_cloud or is_cloud_name(name) or _is_remote(told),
        context=_positive(details.get("context_length")),
    )


def _chats(capabilities: object, default: bool) -> bool:
    if not isinstance(capabilities, Sequence) or isinstance(capabilities, str) or not capabilities:
        return default
    return any(one in _CHATS for one in capabilities)


def _is_remote(document: Mapping[str, Any]) -> bool:
    return bool(document.get("remote_host") or document.get("remote_model"))


def _entries(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = document.get("models")
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _positive(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _text(value: object, limit: int) -> str:
    return clean(value)[:limit] if isinstance(value, str) else ""
