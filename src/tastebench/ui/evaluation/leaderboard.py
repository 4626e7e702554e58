"""The leaderboard: every method's mean with its interval, as a picture and as a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from tastebench.evaluation.bootstrap import Estimate
from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import Evaluation, Method, Standing
from tastebench.ui.evaluation.looks import KINDS, SYMBOLS, chart, estimate, paint, quiet, signed_estimate, table
from tastebench.ui.format import escape_html, percent

if TYPE_CHECKING:
    import plotly.graph_objects as go

_ROW = 24


def draw(report: Evaluation, metric: str, standings: Sequence[Standing]) -> None:
    """Draw the leaderboard in one metric."""
    ranked = ordered(metric, standings)
    name = f"{METRICS[metric].label}@{report.settings.k}"
    picture, words = st.columns([2, 3], gap="medium")
    with picture:
        best = ranked[0]
        chart(
            figure(ranked, name), "leaderboard",
            f"{name} of {len(ranked)} methods with 95 % intervals; the first is {best.method.label} with "
            f"{estimate(best.mean)}. The table beside it has them all.",
        )  # fmt: skip
    with words:
        rows = [(_kind(report, one.method), _cells(report, one)) for one in ranked]
        table(["Method", name, "Against the default", "Coverage"], rows, name=f"Leaderboard by {name}")
    st.caption(" · ".join(KINDS.values()) + " · ▲ higher, ▼ lower: the whole interval of the difference says so")


def ordered(metric: str, standings: Sequence[Standing]) -> list[Standing]:
    """Return the standings, best first; unknown ones last."""
    sign = 1 if METRICS[metric].better == "lower" else -1
    return sorted(standings, key=lambda one: (one.mean[0] != one.mean[0], sign * one.mean[0]))


def figure(ranked: Sequence[Standing], name: str) -> "go.Figure":
    """Return the means as signs with their intervals as lines, best on top."""
    import plotly.graph_objects as go

    means = [one.mean for one in ranked]
    found = go.Figure(
        go.Scatter(
            x=[mean for mean, _, _ in means], y=[escape_html(one.method.label) for one in ranked], mode="markers",
            marker={"color": [paint(one.method) for one in ranked], "size": 9,
                    "symbol": [SYMBOLS[one.method.kind] for one in ranked]},
            error_x={"type": "data", "array": [high - mean for mean, _, high in means],
                     "arrayminus": [mean - low for mean, low, _ in means], "thickness": 1.2, "width": 0,
                     "color": "#8A8A8A"},
            hovertext=[f"{escape_html(one.method.label)}: {estimate(one.mean)}" for one in ranked], hoverinfo="text",
        )
    )  # fmt: skip
    found.update_yaxes(autorange="reversed", automargin=True)
    found.update_xaxes(title=name)
    return quiet(found, height=_ROW * len(ranked) + 70)


def _kind(report: Evaluation, method: Method) -> str:
    return "tb-reference" if method == report.reference else ""


def _cells(report: Evaluation, one: Standing) -> list[str]:
    difference = "" if one.method == report.reference else compared(one.difference)
    label, coverage = escape_html(one.method.label), percent(report.total(one.method.name, "coverage"))
    return [f'<span title="{label}">{label}</span>', _mean(one), difference, coverage]


def _mean(one: Standing) -> str:
    mean, _, rest = estimate(one.mean).partition(" ")
    return f'{mean} <span class="tb-range">{rest}</span>'


def compared(difference: Estimate) -> str:
    """Return a difference as HTML, marked where its whole interval lies on one side of none."""
    _, low, high = difference
    side = "tb-ahead" if low > 0 else "tb-behind" if high < 0 else ""
    mean, _, rest = signed_estimate(difference).partition(" ")
    return f'<span class="{side}">{mean}</span> <span class="tb-range">{rest}</span>'
