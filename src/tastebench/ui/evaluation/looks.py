"""How the page of evaluation is laid out: its estimates, findings, tables and charts."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from tastebench.evaluation.bootstrap import Estimate
from tastebench.evaluation.report import Method
from tastebench.ui.format import escape_html, score, signed
from tastebench.ui.theme import colour

if TYPE_CHECKING:
    import plotly.graph_objects as go

CSS = """
.tb-measured th:nth-child(n+2), .tb-measured td:nth-child(n+2) { white-space:nowrap }
.tb-measured td:first-child { max-width:16rem; overflow:hidden; text-overflow:ellipsis; white-space:nowrap }
.tb-measured .tb-reference td { font-weight:600 }
.tb-candidates :is(th, td):last-child { text-align:left; white-space:normal; font-size:.85em }
.tb-scroll { overflow-x:auto }
.tb-ahead::before { content:"▲ "; font-size:.75em }
.tb-behind::before { content:"▼ "; font-size:.75em }
.tb-finding { font-weight:600; font-size:1.02rem; margin:.9rem 0 .1rem }
.tb-range { opacity:.75; font-size:.85em }
"""


def estimate(value: Estimate) -> str:
    """Return a mean with its interval, three decimals.

    Examples
    --------
    >>> estimate((0.21, 0.1774, 0.26))
    '.210 [.177, .260]'
    """
    return "unknown" if math.isnan(value[0]) else "{} [{}, {}]".format(*(score(part) for part in value))


def signed_estimate(value: Estimate) -> str:
    """Return a difference with its interval, each with its sign.

    Examples
    --------
    >>> signed_estimate((0.01, -0.002, 0.022))
    '+.010 [−.002, +.022]'
    """
    return "unknown" if math.isnan(value[0]) else "{} [{}, {}]".format(*(signed(part) for part in value))


def finding(sentence: str) -> None:
    """Show what a chart says, as its title."""
    st.html(f'<p class="tb-finding">{escape_html(sentence)}</p>')


def table(head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], *, name: str, kind: str = "") -> None:
    """Show a table that scrolls sideways by itself where it is too wide.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of (str, sequence of str)
        A row's class and its cells, as HTML.
    name : str
        What it shows, for screen readers.
    kind : str
        A class for its own rules.
    """
    titles = "".join(f"<th>{escape_html(title)}</th>" for title in head)
    lines = "".join(f'<tr class="{mark}">{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>' for mark, cells in rows)
    st.html(
        f'<div class="tb-scroll"><table class="tb-table tb-measured {kind}" aria-label="{escape_html(name)}">'
        f"<thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def paint(method: Method) -> str:
    """Return a method's colour: its signal's where it is about one, else grey."""
    return colour(method.name.partition(":")[2]) if method.kind in {"signal", "without"} else _GREYS[method.kind]


_GREYS = {"profile": "#5b7083", "baseline": "#8A8A8A"}
SYMBOLS: Mapping[str, str] = {"profile": "diamond", "baseline": "square", "signal": "circle", "without": "circle-open"}
"""A sign per kind of method, so that colour is never alone."""
KINDS: Mapping[str, str] = {
    "profile": "profile ◆", "baseline": "plain method ■", "signal": "one signal ●", "without": "one signal less ○"
}  # fmt: skip
"""What each kind is called, with its sign."""


def quiet(figure: "go.Figure", height: int) -> "go.Figure":
    """Return the figure without a background or buttons, so that it suits light and dark."""
    figure.update_layout(
        height=height, margin={"l": 8, "r": 16, "t": 8, "b": 8}, dragmode=False, showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    figure.update_xaxes(gridcolor=_FAINT, zerolinecolor=_FAINT)
    figure.update_yaxes(gridcolor=_FAINT, zerolinecolor=_FAINT)
    return figure


_FAINT = "rgba(138,138,138,.25)"


def chart(figure: "go.Figure", key: str, words: str) -> None:
    """Show a figure, with its finding for who cannot see it."""
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=words)
