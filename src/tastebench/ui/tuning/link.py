"""A draft in the URL: the version it starts from as ``profile``, each turned knob as ``set=path:value``."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from tastebench.domain.errors import InvalidProfile
from tastebench.domain.presets import PRESETS
from tastebench.services import Workspace
from tastebench.ui import addresses
from tastebench.ui.tuning import knobs, state
from tastebench.ui.tuning.knobs import Knob, Value
from tastebench.ui.tuning.toolbar import replace_draft

NAMES = ("profile", "set")
WITNESS = "reset"
"""Key of a widget that this page always draws."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "weight": (int, float), "share": (int, float), "number": (int, float), "whole": (int,), "choice": (str,),
    "actions": (list,), "switch": (bool,), "optional": (int, float, type(None)),
}  # fmt: skip


def parameters(start: str, changes: Mapping[str, Value]) -> dict[str, list[str]]:
    """Return the URL parameters of a draft; a draft without changes of the default needs none."""
    spoken = {"profile": [start] if start else [], "set": [f"{path}:{_text(value)}" for path, value in changes.items()]}
    return {name: values for name, values in spoken.items() if values}


def setting(text: str, known: Sequence[Knob]) -> tuple[str, Value]:
    """Return the path and value of one ``path:value``. Raises `ValueError` where it is none.

    Examples
    --------
    >>> setting("taste.prior:2", knobs.REST), setting('hide_after:["like"]', knobs.REST)
    (('taste.prior', 2.0), ('hide_after', ('like',)))
    """
    knob = next((knob for knob in known if text.startswith(f"{knob.path}:")), None)
    if knob is None:
        raise ValueError(text)
    value: Any = json.loads(text.removeprefix(f"{knob.path}:"))
    if isinstance(value, bool) != (knob.kind == "switch") or not isinstance(value, _TYPES[knob.kind]):
        raise ValueError(text)
    return knob.path, _as_kind(value, knob.kind)


def _as_kind(value: Any, kind: str) -> Value:
    if kind == "actions":
        return tuple(map(str, value))
    return float(value) if float in _TYPES[kind] and value is not None else cast("Value", value)


def take_url(workspace: Workspace) -> list[str]:
    """Start from the draft that the URL asks for; return a sentence for each part of it that cannot be."""
    given = addresses.asked("tuning", workspace.name, NAMES, WITNESS)
    if given is None:
        return []
    trouble: list[str] = []
    start = _start(workspace, given.get("profile", [""])[-1], trouble)
    changes = dict(_settings(workspace, start, given.get("set", []), trouble))
    if changes or trouble:
        state.begin(workspace, start, changes)
    else:
        replace_draft(workspace, start, f"Back at {start.label}.")
    return trouble


def write_url(workspace: Workspace) -> None:
    """Make the URL describe the draft."""
    spoken = parameters(state.start(workspace).saved, state.changes(workspace))
    addresses.tell("tuning", workspace.name, NAMES, spoken)


def _text(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _start(workspace: Workspace, saved: str, trouble: list[str]) -> state.Start:
    for row in workspace.profiles():
        if saved == f"{row.name}@{row.version}":
            return state.saved_start(workspace, row.name, row.version)
    for start in map(state.preset_start, PRESETS):
        if saved == start.saved:
            return start
    if saved:
        trouble.append(f"The link starts from the profile {saved}, which isn't here; the default takes its place.")
    return state.default_start(workspace)


def _settings(
    workspace: Workspace, start: state.Start, texts: Sequence[str], trouble: list[str]
) -> list[tuple[str, Value]]:
    found = []
    for text in texts:
        try:
            path, value = setting(text, state.all_knobs(workspace))
            knobs.turned(start.profile, {path: value}, workspace.settings.facets)
        except (ValueError, RecursionError, InvalidProfile):
            trouble.append(f"The link sets {text[:80]}, which no knob here can be set to; it is left as it was.")
        else:
            found.append((path, value))
    return found
