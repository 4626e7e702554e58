"""The draft: where the knobs stand in the session, what they started from, and what was set aside."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from tastebench.domain.presets import Preset
from tastebench.domain.profile import ScoringProfile
from tastebench.services import Workspace
from tastebench.ui.tuning import knobs
from tastebench.ui.tuning.knobs import Knob, Value


@dataclass(frozen=True)
class Start:
    """What a draft starts from: a profile, what it is called, and the saved version or preset it is (empty: none)."""

    profile: ScoringProfile
    label: str
    saved: str = ""


def key(workspace: Workspace, name: str) -> str:
    """Return the session's key of a knob or choice; every workspace has its own."""
    return f"tuning/{workspace.key}/{name}"


def all_knobs(workspace: Workspace) -> tuple[Knob, ...]:
    """Return every knob that this workspace has."""
    return (*knobs.weights(), *knobs.facet_weights(workspace.settings.facets), *knobs.REST)


def start(workspace: Workspace) -> Start:
    """Return what the draft starts from: the workspace's default until another is chosen."""
    known = st.session_state.get(key(workspace, "start"))
    if not isinstance(known, Start):
        known = default_start(workspace)
        begin(workspace, known)
    return known


def default_start(workspace: Workspace) -> Start:
    """Return the workspace's default profile as a start."""
    for row in workspace.profiles():
        if row.is_default:
            return saved_start(workspace, row.name, row.version)
    return Start(workspace.profile(), "For You (default)")


def saved_start(workspace: Workspace, name: str, version: int) -> Start:
    """Return a saved version as a start."""
    return Start(workspace.profile(name, version), f"{name} v{version}", f"{name}@{version}")


def preset_start(preset: Preset) -> Start:
    """Return a preset as a start."""
    return Start(preset.profile, f"the preset {preset.name}", f"preset:{preset.name}")


def begin(workspace: Workspace, new: Start, changes: Mapping[str, Value] | None = None) -> None:
    """Start from a profile, every knob as it says but for `changes`. Before the knobs are drawn, or in a callback."""
    st.session_state[key(workspace, "start")] = new
    st.session_state[key(workspace, "picked")] = new.saved
    for knob in all_knobs(workspace):
        st.session_state[key(workspace, knob.path)] = _widget_value(
            (changes or {}).get(knob.path, knobs.value(new.profile, knob.path))
        )


def changes(workspace: Workspace) -> dict[str, Value]:
    """Return the knobs that stand elsewhere than at the start, by path."""
    profile = start(workspace).profile
    now = {knob.path: position(workspace, knob.path) for knob in all_knobs(workspace)}
    return {path: value for path, value in now.items() if value != knobs.value(profile, path)}


def position(workspace: Workspace, path: str) -> Value:
    """Return where a knob stands."""
    known = st.session_state.get(key(workspace, path))
    if known is None and not (path in knobs.OPTIONAL and key(workspace, path) in st.session_state):
        return knobs.value(start(workspace).profile, path)
    return tuple(known) if isinstance(known, list) else known


def refusal(workspace: Workspace) -> str:
    """Return why the knobs make no profile as they stand; empty where they do."""
    groups = {"signals": knobs.weights(), "facets": knobs.facet_weights(workspace.settings.facets)}
    for what, group in groups.items():
        if group and not any(position(workspace, knob.path) for knob in group):
            return f"All weights of {what} are zero, so nothing can be ranked."
    return ""


def draft(workspace: Workspace) -> ScoringProfile:
    """Return the profile as the knobs stand. Raises `InvalidProfile` where all weights are zero."""
    return knobs.turned(start(workspace).profile, changes(workspace), workspace.settings.facets)


def set_aside(workspace: Workspace) -> tuple[Start, dict[str, Value]]:
    """Return the draft as it stands, for `begin` to bring back."""
    return start(workspace), changes(workspace)


def _widget_value(value: Value) -> Value | list[str]:
    return list(value) if isinstance(value, tuple) else value
