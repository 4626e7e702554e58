"""The knobs beside the weights, as widgets. A moved one runs the page again: it may need new reading."""

from collections.abc import Callable, Mapping

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui.format import escape
from tastebench.ui.tuning import knobs, state
from tastebench.ui.tuning.knobs import Knob


def draw(workspace: Workspace) -> None:
    """Draw every section of knobs, folded; a heading says how many of its knobs were turned."""
    turned = state.changes(workspace)
    for title, section in sections(workspace).items():
        moved = sum(knob.path in turned for knob in section)
        with st.expander(f"{title} · {moved} changed" if moved else title, key=f"section_{title}"):
            for knob in section:
                _DRAWN[knob.kind](workspace, knob)


def sections(workspace: Workspace) -> Mapping[str, tuple[Knob, ...]]:
    """Return the sections of knobs that this workspace has."""
    facets = knobs.facet_weights(workspace.settings.facets)
    return ({"Facets within preference": facets} if len(facets) > 1 else {}) | dict(knobs.SECTIONS)


def weight(workspace: Workspace, knob: Knob, label: str) -> None:
    """Draw a raw weight as a slider that reaches as far as the start profile's weights do, at least to 1."""
    st.slider(
        label, 0.0, _reach(workspace, knob), step=0.01, key=state.key(workspace, knob.path), help=knob.hint,
        persist_state="session", disabled=_idle(workspace, knob),
    )  # fmt: skip


def _reach(workspace: Workspace, knob: Knob) -> float:
    profile = state.start(workspace).profile
    raw = profile.weights if knob.path.startswith("weights.") else profile.facet_weights
    return float(max(1.0, *raw.values(), float(str(state.position(workspace, knob.path))))) if raw else 2.0


def _idle(workspace: Workspace, knob: Knob) -> bool:
    return knob.only_with is not None and state.position(workspace, knob.only_with[0]) != knob.only_with[1]


def _facet(workspace: Workspace, knob: Knob) -> None:
    weight(workspace, knob, escape(knob.label.capitalize()))


def _share(workspace: Workspace, knob: Knob) -> None:
    low, high = knob.bounds
    st.slider(
        knob.label, low, high, step=knob.step, key=state.key(workspace, knob.path), help=knob.hint,
        persist_state="session", disabled=_idle(workspace, knob),
    )  # fmt: skip


def _number(workspace: Workspace, knob: Knob) -> None:
    low, high = knob.bounds
    least = min(low, float(str(state.position(workspace, knob.path))))
    st.number_input(
        knob.label, least, high, step=knob.step,
        format="%.15g", key=state.key(workspace, knob.path), help=knob.hint, persist_state="session",
        disabled=_idle(workspace, knob),
    )  # fmt: skip


def _whole(workspace: Workspace, knob: Knob) -> None:
    low, high = knob.bounds
    st.number_input(
        knob.label, int(low), int(high), step=int(knob.step), key=state.key(workspace, knob.path), help=knob.hint,
        persist_state="session", disabled=_idle(workspace, knob),
    )  # fmt: skip


def _optional(workspace: Workspace, knob: Knob) -> None:
    low, high = knob.bounds
    st.number_input(
        knob.label, low, high, None, step=knob.step, key=state.key(workspace, knob.path), help=knob.hint,
        persist_state="session", placeholder="as set on Home",
    )  # fmt: skip


def _choice(workspace: Workspace, knob: Knob) -> None:
    st.selectbox(
        knob.label, list(knob.options), key=state.key(workspace, knob.path), help=knob.hint,
        format_func=lambda option: knob.options[option], persist_state="session",
    )  # fmt: skip


def _switch(workspace: Workspace, knob: Knob) -> None:
    st.toggle(knob.label, key=state.key(workspace, knob.path), help=knob.hint, persist_state="session")


def _actions(workspace: Workspace, knob: Knob) -> None:
    known = [*workspace.settings.actions, *state.position(workspace, knob.path)]  # type: ignore[misc]
    st.multiselect(
        knob.label, list(dict.fromkeys(known)), key=state.key(workspace, knob.path), help=knob.hint,
        placeholder="nothing hides an item", format_func=lambda action: action.replace("_", " "),
        persist_state="session",
    )  # fmt: skip


_DRAWN: Mapping[str, Callable[[Workspace, Knob], None]] = {
    "weight": _facet, "share": _share, "number": _number, "whole": _whole, "choice": _choice, "actions": _actions,
    "switch": _switch, "optional": _optional,
}  # fmt: skip
