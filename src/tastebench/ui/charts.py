"""Pictures of a score: the stacked bar of a list's row, the legend, the map."""

from collections.abc import Iterable, Mapping
from math import fsum
from typing import TYPE_CHECKING

from tastebench.ui.format import counted, escape_html, percent, rounded_together, score
from tastebench.ui.theme import SIGNAL_COLOURS, SIGNAL_MEANINGS, colour, label

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

Scale = tuple[float, float]
"""Most negative and most positive sum of lines that a list's bars must hold."""

_GREY = "#8A8A8A"
_SVG_LIMIT = 3000
_HATCH = "repeating-linear-gradient(45deg,{0} 0 3px,transparent 3px 6px)"
_CELL = "height:100%;flex:none;box-sizing:border-box;"
_SHADE = "rgba(138,138,138,.55)"


def bar_scale(rows: Iterable[Mapping[str, float]]) -> Scale:
    """Return the scale on which the bars of these rows' contributions can be compared; zero always lies on it."""
    low, high = 0.0, 0.0
    for contributions in rows:
        low = min(low, fsum(value for value in contributions.values() if value < 0))
        high = max(high, fsum(value for value in contributions.values() if value > 0))
    return (low, high) if high > low else (0.0, 1.0)


def contribution_bar(
    contributions: Mapping[str, float],
    signals: Mapping[str, float | None] | None = None,
    scale: Scale | None = None,
    height: int = 14,
) -> str:
    """Return one item's score as a stacked bar, in HTML for `st.html`.

    Positive lines stand right of zero, negative ones hatched left of it, and a signal without evidence is an outlined
    cell after the last line. Each part names itself in its hint; the whole is one image for screen readers.

    Parameters
    ----------
    contributions : mapping of str to float
        Lines of the score.
    signals : mapping of str to float or None, optional
        Raw values; None marks "no evidence".
    scale : (float, float), optional
        From `bar_scale`, so that the bars of a list have one zero and one unit; the item's own by default.
    height : int
        Pixels.
    """
    low, high = scale or bar_scale([contributions])
    unit = 100 / (high - low)
    texts = rounded_together(contributions)
    silent = [name for name, value in (signals or {}).items() if value is None]
    lines = [(name, texts[name], value * unit) for name, value in contributions.items()]
    below = [_cell(name, text, -width, hatched=True) for name, text, width in lines if width < 0]
    above = [_cell(name, text, width, hatched=False) for name, text, width in lines if width > 0]
    gap = -low * unit + sum(width for _, _, width in lines if width < 0)
    zero = f'<span style="{_CELL}width:0;border-left:1px solid currentColor;opacity:.6"></span>'
    cells = [f'<span style="{_CELL}width:{gap:.2f}%"></span>', *below, zero, *above, *map(_empty_cell, silent)]
    alt = escape_html(breakdown_text(contributions, signals))
    style = f"display:flex;height:{height}px;width:100%;overflow:hidden;align-items:stretch"
    return f'<div role="img" aria-label="{alt}" style="{style}">{"".join(cells)}</div>'


def breakdown_text(contributions: Mapping[str, float], signals: Mapping[str, float | None] | None = None) -> str:
    """Return a breakdown as one sentence whose numbers add up, for screen readers and hints.

    Where `signals` are given, an adjustment that did nothing is left out, and what has no evidence has no number.
    """
    values = contributions if signals is None else signals
    texts = rounded_together(contributions)
    lines = [
        f"{label(name)} {text}" for name, text in texts.items() if contributions[name] or values.get(name) is not None
    ]
    lines += [f"{label(name)}: no evidence" for name, value in (signals or {}).items() if value is None]
    return f"Score {score(fsum(contributions.values()))}: {', '.join(lines) or 'no lines'}."


def legend(lines: Iterable[str] = (), moves: str = "") -> str:
    """Return the colour, sign and name of each line (all by default), with the two patterns, in HTML for `st.html`.

    `moves` says what the arrows beside places mean; empty where there are none.
    """
    names = list(lines) or list(SIGNAL_COLOURS)
    entries = [_entry(_swatch(colour(name)), label(name), SIGNAL_MEANINGS.get(name, "")) for name in names]
    entries.append(_entry(_swatch(_GREY, hatched=True), "takes away", "A hatched part lies left of zero."))
    entries.append(_entry(_swatch(""), "no evidence", "The signal had nothing to go by and adds nothing."))
    if moves:
        entries.append(_entry('<span aria-hidden="true">▲▼</span> ', moves, "How far from the place by the weights."))
    return f'<div style="display:flex;flex-wrap:wrap;gap:.25rem 1rem;font-size:.85rem">{"".join(entries)}</div>'


def scatter_map(
    frame: "pd.DataFrame", taste: tuple[float, float] | None, explained: tuple[float, float], highlight: str = ""
) -> "go.Figure":
    """Return the map of items with the persona's taste on it.

    Parameters
    ----------
    frame : data frame
        Columns ``title, x, y, tags`` (a tuple each); one point per row.
    taste : (float, float), optional
        Where the persona's taste lies.
    explained : (float, float)
        Share of the vectors' variance that each axis shows.
    highlight : str
        Tag to bring out; items without it stay faint.
    """
    import plotly.graph_objects as go

    chosen = frame["tags"].map(lambda tags: highlight in tags) if highlight else frame["x"].notna()
    # WebGL draws many points quickly, but a browser without a graphics card complains of it.
    cloud = go.Scattergl if len(frame) > _SVG_LIMIT else go.Scatter
    figure = go.Figure([cloud(**_points(frame[~chosen], faint=True)), cloud(**_points(frame[chosen], faint=False))])
    if taste is not None:
        marker = {"size": 20, "symbol": "star", "color": colour("similarity"), "line": {"width": 1.5, "color": "white"}}
        figure.add_trace(
            go.Scatter(
                x=[taste[0]], y=[taste[1]], mode="markers", marker=marker, showlegend=False,
                hovertemplate="The persona's taste<extra></extra>",
            )
        )  # fmt: skip
    for axis, share in zip((figure.update_xaxes, figure.update_yaxes), explained, strict=True):
        axis(title=f"{percent(share)} of the differences", showticklabels=False, zeroline=False, showgrid=False)
    return _quiet(figure, height=520)


def map_text(items: int, taste: tuple[float, float] | None, explained: tuple[float, float]) -> str:
    """Return the map's finding as a sentence, for its `alt`."""
    place = "The persona's taste is marked with a star." if taste is not None else "No taste is marked."
    return f"Map of {counted(items, 'item')}; its two axes show {percent(sum(explained))} of the differences. {place}"


def _cell(name: str, text: str, width: float, *, hatched: bool) -> str:
    paint = f"background:{_HATCH.format(colour(name))};border:1px solid {colour(name)}" if hatched else (
        f"background:{colour(name)}"
    )  # fmt: skip
    return f'<span title="{escape_html(label(name))} {text}" style="{_CELL}width:{width:.2f}%;{paint}"></span>'


def _empty_cell(name: str) -> str:
    hint = f"{escape_html(label(name))}: no evidence"
    return f'<span title="{hint}" style="{_CELL}width:7px;margin-left:2px;border:1px solid {_SHADE}"></span>'


def _swatch(paint: str, *, hatched: bool = False) -> str:
    fill = f"background:{_HATCH.format(paint) if hatched else paint};" if paint else ""
    edge = f"border:1px solid {paint or _SHADE}"
    return f'<span style="width:.8em;height:.8em;box-sizing:border-box;{fill}{edge}"></span>'


def _entry(swatch: str, name: str, hint: str) -> str:
    style = "display:inline-flex;align-items:center;gap:.35rem"
    return f'<span style="{style}" title="{escape_html(hint)}">{swatch}{escape_html(name)}</span>'


def _points(frame: "pd.DataFrame", *, faint: bool) -> dict[str, object]:
    pairs = zip(frame["title"], frame["tags"], strict=True)
    return {
        "x": frame["x"], "y": frame["y"], "mode": "markers", "showlegend": False,
        "text": [f"{escape_html(title)}<br>{escape_html(', '.join(tags))}" for title, tags in pairs],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 6 if faint else 8, "color": _GREY, "opacity": 0.3 if faint else 0.85},
    }  # fmt: skip


def _quiet(figure: "go.Figure", height: int) -> "go.Figure":
    figure.update_layout(
        height=height, margin={"l": 8, "r": 56, "t": 8, "b": 8}, dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    return figure
