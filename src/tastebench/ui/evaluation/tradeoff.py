"""The trade-off: what is gained in one metric against another, and who is beaten in neither."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from tastebench.domain.columns import Bools, Float
from tastebench.evaluation.measuring import METRICS, TOTALS
from tastebench.evaluation.report import Evaluation, Standing, pareto
from tastebench.services import Workspace
from tastebench.ui.evaluation.looks import SYMBOLS, chart, finding, paint, quiet, table
from tastebench.ui.evaluation.runs import key
from tastebench.ui.format import escape_html

if TYPE_CHECKING:
    import plotly.graph_objects as go

AGAINST: Mapping[str, str] = {
    "coverage": "Coverage",
    "gini": "Gini",
    "diversity": "Diversity",
    "novelty": "Novelty",
    "popularity_bias": "Popularity bias",
}

_BETTER = {name: one.better for name, one in METRICS.items()} | {name: one.better for name, one in TOTALS.items()}


def draw(workspace: Workspace, report: Evaluation, metric: str, standings: Sequence[Standing]) -> None:
    """Draw one metric against another, with the front of those that nothing beats in both."""
    other = st.selectbox(
        "Against", list(AGAINST), key=key(workspace, "against"), format_func=lambda one: AGAINST[one], width=240,
        persist_state="session", help="Higher is better, save for Gini and popularity bias.",
    )  # fmt: skip
    points = np.array([[other_value(report, one, other), one.mean[0]] for one in standings])
    signs = [-1 if _BETTER[name] == "lower" else 1 for name in (other, metric)]
    front = pareto(points * signs)
    best = [one.method.label for one, on in zip(standings, front, strict=True) if on]
    finding(f"Nothing is better in both {METRICS[metric].label} and {AGAINST[other].lower()} than: {', '.join(best)}.")
    picture, words = st.columns([3, 2], gap="medium")
    names = (AGAINST[other], METRICS[metric].label)
    with picture:
        said = f"{names[1]} against {names[0].lower()} of {len(standings)} methods. On the front: {', '.join(best)}."
        chart(figure(standings, points, front, names), "tradeoff", said)
    with words:
        order = np.lexsort((-points[:, 1], ~front))
        rows = [_row(standings[place], points[place], on=bool(front[place])) for place in order.tolist()]
        table(["Method", names[0], names[1], "Front"], rows, name=f"{names[1]} against {names[0]}")


def other_value(report: Evaluation, standing: Standing, name: str) -> float:
    """Return a method's mean or total of this name; NaN where none of its lists has one."""
    if name in report.total_names:
        return report.total(standing.method.name, name)
    values = report.of(standing.method.name, name)
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def figure(standings: Sequence[Standing], points: Float, front: Bools, names: tuple[str, str]) -> "go.Figure":
    """Return the methods as signs; a line joins the front, whose members are named."""
    import plotly.graph_objects as go

    line = points[front][np.argsort(points[front][:, 0])]
    found = go.Figure(
        [
            go.Scatter(x=line[:, 0], y=line[:, 1], mode="lines", line={"color": "#8A8A8A", "dash": "dot", "width": 1.2},
                       hoverinfo="skip"),
            go.Scatter(
                x=points[:, 0], y=points[:, 1], mode="markers+text", textposition="top center",
                text=[escape_html(one.method.label) if on else "" for one, on in zip(standings, front, strict=True)],
                hovertext=[escape_html(one.method.label) for one in standings], hoverinfo="text+x+y", cliponaxis=False,
                marker={"size": 10, "color": [paint(one.method) for one in standings],
                        "symbol": [SYMBOLS[one.method.kind] for one in standings]},
            ),
        ]
    )  # fmt: skip
    found.update_xaxes(title=names[0])
    found.update_yaxes(title=names[1])
    return quiet(found, height=420)


def _row(one: Standing, point: Float, *, on: bool) -> tuple[str, list[str]]:
    numbers = ["unknown" if math.isnan(value) else f"{value:.3f}" for value in point.tolist()]
    return "tb-reference" if on else "", [escape_html(one.method.label), *numbers, "yes" if on else ""]
