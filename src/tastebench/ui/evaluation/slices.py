"""For whom: the same metric by length of history, by origin, by category."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import Evaluation, Slice, Standing
from tastebench.services import Workspace
from tastebench.ui import held
from tastebench.ui.evaluation.leaderboard import compared
from tastebench.ui.evaluation.looks import SYMBOLS, chart, estimate, finding, paint, quiet, table
from tastebench.ui.evaluation.runs import key
from tastebench.ui.format import count, escape_html

if TYPE_CHECKING:
    import plotly.graph_objects as go

BY: Mapping[str, str] = {
    "history": "Length of history",
    "origin": "Origin",
    "category": "Category held out",
}
_SHOWN = 3

Part = tuple[Slice, list[Standing]]
"""Some of the personas, and how the methods stand with them."""


def draw(workspace: Workspace, run: int, report: Evaluation, metric: str, standings: Sequence[Standing]) -> None:
    """Draw the metric for parts of the personas, the default beside the others chosen; `standings` are those of all."""
    finding("For whom?")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by = st.segmented_control(
            "By", list(BY), default="history", key=key(workspace, "by"), format_func=lambda one: BY[one],
            persist_state="session", required=True,
        ) or "history"  # fmt: skip
        others = _others(workspace, report, standings)
    parts = held.once("slices", (workspace.key, run, metric, by), lambda: of(report, metric, by), 9)
    if not parts:
        st.caption("There is nothing to tell these personas apart by.")
        return
    shown = [report.reference.name, *others]
    picture, words = st.columns([2, 3], gap="medium")
    with picture:
        said = "; ".join(f"{part.label}: {estimate(standings[0].mean)}" for part, standings in parts)
        chart(figure(parts, shown, METRICS[metric].label), "slices", f"{report.reference.label} by {BY[by]}: {said}.")
    with words:
        rows = [("", _cells(part, standings, shown)) for part, standings in parts]
        labels = [one.label for one in report.methods if one.name in shown]
        table([BY[by], "Personas", *labels], rows, name=f"{METRICS[metric].label} by {BY[by].lower()}")


def of(report: Evaluation, metric: str, by: str) -> list[Part]:
    """Return the parts of the personas and how the methods stand with each."""
    return [(part, report.standings(metric, part.members)) for part in report.slices() if part.by == by]


def _others(workspace: Workspace, report: Evaluation, standings: Sequence[Standing]) -> list[str]:
    names = {one.name: one.label for one in report.methods[1:]}
    means = {one.method.name: one.mean[0] for one in standings}
    first = sorted(names, key=lambda name: -means[name])[:1]
    chosen = key(workspace, "sliced")
    known = [name for name in st.session_state.get(chosen, first) if name in names]
    st.session_state[chosen] = known
    return st.multiselect(
        "Beside the default", list(names), key=chosen, format_func=lambda name: names[name], max_selections=_SHOWN,
        persist_state="session", placeholder="methods", width=420,
    )  # fmt: skip


def figure(parts: Sequence[Part], shown: Sequence[str], name: str) -> "go.Figure":
    """Return a sign with its interval per part and method; the methods of a part stand beside each other."""
    import plotly.graph_objects as go

    found = go.Figure()
    for place, method in enumerate(shown):
        standings = [next(one for one in part[1] if one.method.name == method) for part in parts]
        means, first = [one.mean for one in standings], standings[0].method
        found.add_trace(
            go.Scatter(
                x=[part + 0.16 * (place - (len(shown) - 1) / 2) for part in range(len(parts))],
                y=[mean for mean, _, _ in means], mode="markers", hoverinfo="text",
                hovertext=[f"{escape_html(first.label)}: {estimate(mean)}" for mean in means],
                marker={"color": paint(first), "symbol": SYMBOLS[first.kind], "size": 9},
                error_y={"type": "data", "array": [high - mean for mean, _, high in means], "width": 0,
                         "arrayminus": [mean - low for mean, low, _ in means], "thickness": 1.2, "color": "#8A8A8A"},
            )
        )  # fmt: skip
    found.update_xaxes(tickvals=list(range(len(parts))), ticktext=[escape_html(part.label) for part, _ in parts])
    found.update_yaxes(title=name)
    return quiet(found, height=320)


def _cells(part: Slice, standings: Sequence[Standing], shown: Sequence[str]) -> list[str]:
    cells = [escape_html(part.label), count(int(part.members.sum()))]
    for one in standings:
        if one.method.name == shown[0]:
            cells.append(estimate(one.mean))
        elif one.method.name in shown:
            cells.append(compared(one.difference))
    return cells
