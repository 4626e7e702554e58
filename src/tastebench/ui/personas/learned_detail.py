"""An opened preference: its confidence over time, the evidence that made it, and what can be done about it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from tastebench.domain.feedback import DISLIKE, LIKE
from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.services.learned import EvidencePoint, LearnedPreference, PreferenceHistory
from tastebench.ui import undo
from tastebench.ui.format import ago, counted, date, escape, escape_html, score
from tastebench.ui.page import guarded
from tastebench.ui.theme import colour

if TYPE_CHECKING:
    import plotly.graph_objects as go

POINTS_IN_WORDS = 8
_EDITS = {
    "pin": "pinned", "unpin": "pin taken off", "correct": "corrected", "forget": "forgotten",
    "snapshot": "kept of older interactions that were removed",
}  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """Whose preferences are on show, as of when, and from when on an edit holds."""

    workspace: Workspace
    persona: Persona
    moment: datetime
    edited_at: datetime


def place(one: LearnedPreference) -> str:
    """Return a short text for keys of widgets, a different one for each preference."""
    return hashlib.blake2b(str(one.name).encode(), digest_size=6).hexdigest()


def draw(opened: Opened, one: LearnedPreference) -> None:
    """Draw how a preference came about, beside it in words, and the edits there can be."""
    history = opened.workspace.preference_history(opened.persona.persona_id, *one.name, now=opened.moment)
    threshold = opened.workspace.settings.preferences.established
    said = finding(one, threshold)
    st.caption(escape(said))
    st.plotly_chart(figure(history, threshold), key="learned_chart", config={"displayModeBar": False}, alt=said)
    st.html("".join(_line(point) for point in history.points[: -POINTS_IN_WORDS - 1 : -1]))
    if (left := len(history.points) - POINTS_IN_WORDS) > 0:
        st.caption(f"and {counted(left, 'earlier piece')} of evidence")
    with st.container(horizontal=True, key="learned_actions"):
        _actions(opened, one)


def finding(one: LearnedPreference, threshold: float) -> str:
    """Return what there is to say of a preference, in a sentence."""
    sure = f"Confidence {score(one.confidence, 2)} from {counted(one.count, 'piece')} of evidence"
    if one.pinned:
        return f"{sure}. It is pinned there: it counts, and neither fades nor learns."
    if one.state == "established":
        return f"{sure}: established, so it counts."
    return f"{sure}: tracked. It counts from {score(threshold, 2)} on."


def figure(history: PreferenceHistory, threshold: float) -> "go.Figure":
    """Return the confidence as a line over time (UTC), with a dot for each thing that moved it."""
    import plotly.graph_objects as go

    green = colour("preference")
    line = go.Scatter(
        x=[at.replace(tzinfo=None) for at, _ in history.curve], y=[value for _, value in history.curve], mode="lines",
        line={"color": green, "width": 2}, hovertemplate="%{x|%Y-%m-%d}: %{y:.2f}<extra></extra>", showlegend=False,
    )  # fmt: skip
    dots = go.Scatter(
        x=[point.at.replace(tzinfo=None) for point in history.points], y=[point.after for point in history.points],
        mode="markers", marker={"size": 9, "color": green, "line": {"width": 1, "color": "white"}},
        text=[f"{_deed(point)}<br>{date(point.at)}" for point in history.points],
        hovertemplate="%{text}: %{y:.2f}<extra></extra>", showlegend=False,
    )  # fmt: skip
    result = go.Figure([line, dots])
    result.add_hline(
        y=threshold, line={"dash": "dot", "width": 1, "color": "#8A8A8A"}, annotation_text="established from here",
        annotation_position="top left", annotation_font_size=11,
    )  # fmt: skip
    top = max([threshold, *(point.after for point in history.points)])
    result.update_yaxes(title="Confidence", range=[0, min(1.02, top * 1.25)], zeroline=False)
    result.update_xaxes(title="When (UTC)", showgrid=False)
    result.update_layout(
        height=240, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    return result


def _deed(point: EvidencePoint) -> str:
    item = point.title or point.item_id
    action = _EDITS.get(point.action) or (point.action.replace("_", " ") if item else _said(point.action))
    return escape_html(f"{action} {item}".strip())


def _said(action: str) -> str:
    """Return what was said of a preference itself, in words."""
    return {LIKE: "thumbs up", DISLIKE: "thumbs down"}.get(action, action.replace("_", " "))


def _line(point: EvidencePoint) -> str:
    moved = f"{score(point.before, 2)} → {score(point.after, 2)}"
    hint = f"{date(point.at)}; says {score(point.says, 2)}"
    return (
        '<div style="display:flex;justify-content:space-between;gap:.6rem;font-size:.88rem;margin:.2rem 0" '
        f'title="{hint}"><span style="overflow-wrap:anywhere">{_deed(point)}</span>'
        f'<span style="white-space:nowrap;opacity:.8;font-variant-numeric:tabular-nums">{moved} · {ago(point.at)}'
        "</span></div>"
    )


def _actions(opened: Opened, one: LearnedPreference) -> None:
    if one.pinned:
        st.button("Take the pin off", key="learned_unpin", on_click=_pin, args=(opened, one))
    else:
        st.button("Pin", key="learned_pin", icon=":material/keep:", on_click=_pin, args=(opened, one),
                  help="It counts and stays where it is, whatever happens.")  # fmt: skip
    with st.popover("Correct"):
        # A key per persona, preference and confidence: what was set for another must not stand here.
        whose = f"{opened.workspace.key}/{opened.persona.persona_id}"
        slider = f"learned_confidence/{whose}/{place(one)}/{one.confidence:.2f}"
        st.slider("Confidence", 0.0, 1.0, round(one.confidence, 2), 0.01, key=slider)
        st.button("Set it", key="learned_correct", on_click=_correct, args=(opened, one, slider))
    st.button(
        "Forget", key="learned_forget", on_click=_forget, args=(opened, one),
        help="Its evidence so far no longer counts; what is stated stays.",
    )  # fmt: skip


def _pin(opened: Opened, one: LearnedPreference) -> None:
    with guarded():
        act = opened.workspace.unpin if one.pinned else opened.workspace.pin
        key = act(opened.persona.persona_id, *one.name, now=opened.edited_at)
        _offer(opened, key, f"Took the pin off {one.value}." if one.pinned else f"Pinned {one.value}.")


def _correct(opened: Opened, one: LearnedPreference, slider: str) -> None:
    with guarded():
        confidence = float(st.session_state[slider])
        key = opened.workspace.correct(opened.persona.persona_id, *one.name, confidence, now=opened.edited_at)
        _offer(opened, key, f"Set {one.value} to {score(confidence, 2)}.")


def _forget(opened: Opened, one: LearnedPreference) -> None:
    with guarded():
        key = opened.workspace.forget(opened.persona.persona_id, *one.name, now=opened.edited_at)
        _offer(opened, key, f"Forgot {one.value}.")


def _offer(opened: Opened, key: int, sentence: str) -> None:
    undo.offer(sentence, partial(opened.workspace.delete_preference_edits, [key]))
