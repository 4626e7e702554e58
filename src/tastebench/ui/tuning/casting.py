"""Whose lists are compared: one persona, two side by side, or a panel. Kept in the URL as ``compare`` and ``with``."""

from collections.abc import Mapping

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui import addresses, identity
from tastebench.ui.components import notes
from tastebench.ui.tuning import state
from tastebench.ui.tuning.link import WITNESS
from tastebench.ui.tuning.live import Cast

MODES = {"one": "This persona", "two": "Two side by side", "panel": "A panel"}
_NAMES = ("compare", "with")
PANEL_LIMIT = 20
_PANEL_START = 6


def draw(workspace: Workspace, persona_id: str) -> Cast:
    """Draw the choice and return whom it comes to."""
    names = {one.persona_id: one.label for one in identity.persona_choices(workspace).values()}
    names.setdefault(persona_id, persona_id)
    notes(_take_url(workspace, names))
    key = state.key(workspace, "mode")
    st.session_state.setdefault(key, "one")
    mode = st.segmented_control(
        "Compare", list(MODES), key=key, required=True,
        format_func=lambda option: MODES[option], persist_state="session",
    ) or "one"  # fmt: skip
    chosen = {"two": _pair, "panel": _panel}.get(mode, _alone)(workspace, persona_id, names)
    _write_url(workspace, mode, [one for one in chosen if mode == "panel" or one != persona_id])
    return Cast({one: names[one] for one in chosen}, mode == "panel")


def _alone(_workspace: Workspace, persona_id: str, _names: Mapping[str, str]) -> list[str]:
    return [persona_id]


def _pair(workspace: Workspace, persona_id: str, names: Mapping[str, str]) -> list[str]:
    others = [one for one in names if one != persona_id]
    if not others:
        return [persona_id]
    key = state.key(workspace, "other")
    if st.session_state.get(key) not in others:
        st.session_state[key] = others[0]
    other = st.selectbox(
        "Beside", others, key=key, format_func=lambda one: names[one], width=260, persist_state="session"
    )
    return [persona_id, other]


def _panel(workspace: Workspace, _persona_id: str, names: Mapping[str, str]) -> list[str]:
    key = state.key(workspace, "panel")
    known = [one for one in st.session_state.get(key, list(names)[:_PANEL_START]) if one in names]
    st.session_state[key] = known
    return st.multiselect(
        f"Panel, up to {PANEL_LIMIT}", list(names), key=key, format_func=lambda one: names[one],
        max_selections=PANEL_LIMIT, persist_state="session", placeholder="choose personas",
    )  # fmt: skip


def _take_url(workspace: Workspace, names: Mapping[str, str]) -> list[str]:
    given = addresses.asked("casting", workspace.name, _NAMES, WITNESS)
    if given is None:
        return []
    mode, others = given.get("compare", ["one"])[-1], given.get("with", [])
    known = [one for one in others if one in names][:PANEL_LIMIT]
    st.session_state[state.key(workspace, "mode")] = mode if mode in MODES else "one"
    if known:
        kept = ("panel", known) if mode == "panel" else ("other", known[0])
        st.session_state[state.key(workspace, kept[0])] = kept[1]
    trouble = [f"The link names the persona {one}, who isn't here." for one in others if one not in names]
    if mode not in MODES:
        trouble.append(f"The link asks to compare “{mode}”, which isn't possible; this persona's list is shown.")
    return trouble


def _write_url(workspace: Workspace, mode: str, others: list[str]) -> None:
    spoken = {} if mode == "one" else {"compare": [mode], "with": others}
    addresses.tell("casting", workspace.name, _NAMES, {name: values for name, values in spoken.items() if values})
