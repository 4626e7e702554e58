"""What one persona did, over time: a dot per interaction, a row per action, the latest in words beside it."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.services.views import LogPage
from tastebench.stores.interactions import LogRow
from tastebench.ui import page
from tastebench.ui.format import ago, counted, date, escape, escape_html
from tastebench.ui.personas import simulating

if TYPE_CHECKING:
    import plotly.graph_objects as go

EVENTS_SHOWN = 1000
_IN_WORDS = 8
_DOT = "#7C8896"


def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw the history of one persona, or what to do where there is none."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("History", anchor=False, width="stretch")
        simulating.history(workspace, persona)
    log = workspace.interactions(persona_id=persona.persona_id, limit=EVENTS_SHOWN)
    if not log.total:
        st.caption(f"{escape(persona.name)} hasn't done anything yet.")
        page.link("Interactions", "Record an interaction", tab="Record")
        return
    st.caption(escape(finding(log)))
    chart, words = st.columns(2, gap="medium")
    with chart:
        st.plotly_chart(timeline(log.rows), key="persona_history", config={"displayModeBar": False}, alt=finding(log))
    with words:
        st.html("".join(_line(row) for row in log.rows[:_IN_WORDS]))
        page.link("Interactions", f"All {counted(log.total, 'interaction')}", tab="Log")


def finding(log: LogPage) -> str:
    """Return what a history shows, in a sentence: how much, from when to when, mostly what."""
    newest, oldest = log.rows[0], log.rows[-1]
    action, times = Counter(row.action for row in log.rows).most_common(1)[0]
    part = f"The newest {len(log.rows):,} of {counted(log.total, 'interaction')}"
    whole = part if log.total > len(log.rows) else counted(log.total, "interaction")
    if len(log.rows) == 1:
        return f"{whole}: {action}, {ago(newest.at)}."
    return f"{whole} from {ago(oldest.at)} to {ago(newest.at)}, most often {action} ({times:,})."


def timeline(rows: Sequence[LogRow]) -> "go.Figure":
    """Return the interactions as dots over time (UTC), a row per action, the most frequent on top."""
    import plotly.graph_objects as go

    actions = [action for action, _ in Counter(row.action for row in rows).most_common()]
    dots = go.Scatter(
        x=[row.at.replace(tzinfo=None) for row in rows], y=[_shown(row.action) for row in rows], mode="markers",
        marker={"size": 11, "color": _DOT, "opacity": 0.55, "line": {"width": 1, "color": _DOT}},
        text=[f"{escape_html(row.words)}<br>{date(row.at)}" for row in rows],
        hovertemplate="%{y}: %{text}<extra></extra>", showlegend=False,
    )  # fmt: skip
    figure = go.Figure(dots)
    figure.update_yaxes(categoryorder="array", categoryarray=[_shown(a) for a in actions][::-1], title=None)
    figure.update_xaxes(title="When (UTC)", showgrid=False)
    figure.update_layout(
        height=90 + 34 * len(actions), margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    return figure


def _shown(action: str) -> str:
    return escape_html(action.replace("_", " "))


def _line(row: LogRow) -> str:
    return (
        '<div style="display:flex;justify-content:space-between;gap:.6rem;font-size:.9rem;margin:.2rem 0">'
        f'<span style="overflow-wrap:anywhere"><span style="opacity:.75">{_shown(row.action)}</span> '
        f'{escape_html(row.words)}</span><span style="white-space:nowrap;opacity:.75" '
        f'title="{date(row.at)}">{ago(row.at)}</span></div>'
    )
