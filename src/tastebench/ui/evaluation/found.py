"""What a search found: its verdict, its candidates, what each would change, and taking one over."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.candidates import Candidates
from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.tuning import Tuned
from tastebench.services import Workspace
from tastebench.ui import default_profile, identity
from tastebench.ui.components import figures, notes, prose_line
from tastebench.ui.evaluation.looks import chart, estimate, finding, quiet, signed_estimate, table
from tastebench.ui.evaluation.runs import key
from tastebench.ui.format import count, counted, escape, escape_html, percent, score, signed
from tastebench.ui.theme import label
from tastebench.ui.tuning import lists, live
from tastebench.ui.tuning.live import Cast
from tastebench.ui.tuning.saying import attempt, tell

if TYPE_CHECKING:
    import plotly.graph_objects as go

_LISTED = 12
_PANEL = 6


def draw(workspace: Workspace, run: int, report: Tuned) -> None:
    """Draw what a search came to."""
    _figures(report)
    finding(report.verdict)
    if report.best is None:
        return
    number = _choice(workspace, run, report)
    profile = report.candidates.profile(number)
    _adopting(workspace, run, report, profile)
    _changes(workspace, profile)
    effort = report.effort
    notes([
        f"{count(effort.vectors)} weight vectors weighed in {effort.weighing:.1f} s, "
        f"{counted(effort.replays, 'replay')} in {effort.replaying:.1f} s, {count(effort.nbytes / 1e6)} MB held. "
        f"Seed {report.search.seed}.",
        *report.evaluation.notes,
    ])  # fmt: skip


def _figures(report: Tuned) -> None:
    name = METRICS[report.search.objective].label
    reference = report.evaluation.standings(report.search.objective)[0]
    best = report.candidates.objective[0] if len(report.candidates) else report.before
    gain = report.gain
    figures([
        (f"{name} where it searched", score(float(best)), f"The profile it started from: {score(report.before)}"),
        ("Gain there", signed(float(best) - report.before), "On the part of the past that the search looked at"),
        ("Gain on unseen likes", signed(gain[0]) if gain else "none",
         f"95 %: {signed_estimate(gain)}" if gain else "Nothing keeps to the limits"),
        (f"{name} of {escape(reference.method.label)} there", score(reference.mean[0]), estimate(reference.mean)),
    ])  # fmt: skip


def _choice(workspace: Workspace, run: int, report: Tuned) -> int:
    """Draw the candidates and return the number of the one chosen."""
    candidates, name = report.candidates, METRICS[report.search.objective].label
    picture, words = st.columns([1, 1], gap="medium")
    with picture:
        said = f"{len(candidates)} candidates as lines over the shares of the signals; the best ten stand out."
        chart(parallel(candidates, name), "parallel", said)
    with words:
        kept = np.flatnonzero(candidates.allowed)[:_LISTED].tolist()
        rows = [("tb-reference" if number == kept[0] else "", _cells(candidates, number)) for number in kept]
        table(
            ["Candidate", name, "Coverage", "Popularity bias", "Weights"],
            rows,
            name="The best candidates",
            kind="tb-candidates",
        )
    return int(
        st.selectbox(
            "Candidate", kept, key=f"{key(workspace, 'candidate')}/{run}", width=420,
            format_func=lambda number: f"{number + 1}: {weights_in_words(candidates.profile(number))}",
        )
    )  # fmt: skip


def _cells(candidates: Candidates, number: int) -> list[str]:
    profile = candidates.profile(number)
    words = escape_html(weights_in_words(profile))
    numbers = (candidates.objective[number], candidates.coverage[number], candidates.popularity_bias[number])
    return [count(number + 1), score(float(numbers[0])), percent(float(numbers[1])), signed(float(numbers[2])), words]


def weights_in_words(profile: ScoringProfile, most: int = 3) -> str:
    """Return the largest shares of a profile, and its settings that searches try.

    Examples
    --------
    >>> weights_in_words(ScoringProfile(weights={"similarity": 3, "popularity": 1}))
    'Similarity 75 %, Popularity 25 % · half-life 7 d · diversity .020 · raw'
    """
    shares = sorted(profile.shares().items(), key=lambda one: -one[1])
    parts = [f"{label(name)} {percent(share)}" for name, share in shares[:most]]
    rest = f" and {len(shares) - most} more" if len(shares) > most else ""
    strength = profile.diversity.strength if profile.diversity.method == "repeat" else 0.0
    faded = f"half-life {profile.taste.half_life_days:g} d" if profile.taste.decay == "age" else "fading by place"
    settings = (faded, f"diversity {score(strength)}", profile.scale)
    return " · ".join([", ".join(parts) + rest, *settings])


def parallel(candidates: Candidates, name: str) -> "go.Figure":
    """Return every candidate as a line over its shares and what it comes to, the best ten in front.

    Ordinary lines: Plotly's own kind of this picture asks for WebGL, which not every browser has.
    """
    import plotly.graph_objects as go

    columns = np.column_stack(
        [candidates.shares, candidates.coverage, candidates.popularity_bias, candidates.objective]
    )
    low, high = columns.min(axis=0), columns.max(axis=0)
    low[: candidates.shares.shape[1]] = 0.0
    heights = (columns - low) / np.where(high > low, high - low, 1.0)
    labels = [*(label(signal) for signal in candidates.names), "Coverage", "Popularity bias", name]
    found = go.Figure()
    for rows, paint, width in ((slice(10, None), "rgba(138,138,138,.28)", 1), (slice(0, 10), "#5b7083", 2)):
        lines = np.column_stack([heights[rows], np.full(len(heights[rows]), np.nan)]).ravel()
        across = np.tile([*range(len(labels)), np.nan], len(heights[rows]))
        line = {"color": paint, "width": width}
        found.add_trace(go.Scatter(x=across, y=lines, mode="lines", line=line, hoverinfo="skip"))
    ends = [f"{title}<br>{bottom:.2f} to {top:.2f}" for title, bottom, top in zip(labels, low, high, strict=True)]
    found.update_xaxes(
        tickvals=list(range(len(labels))), ticktext=ends, tickangle=-60, automargin=True, ticklabeloverflow="allow",
        range=[-0.6, len(labels) - 0.4],
    )  # fmt: skip
    found.update_yaxes(visible=False)
    return quiet(found, height=420)


def _adopting(workspace: Workspace, run: int, report: Tuned, profile: ScoringProfile) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", gap="medium", key="adopting"):
        field = f"{key(workspace, 'adopt')}/{run}"
        start = f"{report.evaluation.reference.profile.name if report.evaluation.reference.profile else ''} tuned"
        name = st.text_input("Adopt as", start[:80], key=f"{field}/name", max_chars=80, width=280).strip()
        st.checkbox("Make it the default", key=f"{field}/default")
        st.button(
            "Adopt", type="primary", key="adopt", icon=":material/check:", disabled=not name, on_click=adopt,
            args=(workspace, profile, name, report.verdict, f"{field}/default"),
        )  # fmt: skip


def adopt(workspace: Workspace, profile: ScoringProfile, name: str, note: str, default_key: str) -> None:
    """Save a candidate, on request as the default, offering to go back. A callback."""
    with attempt():
        default = bool(st.session_state.get(default_key))
        # Another click ends a callback wherever it touches the session, so nothing of it stands between the two.
        version = workspace.adopt(profile, name, note)
        if default:
            default_profile.choose(workspace, name, version)
        tell(f"Saved as {name} v{version}{', the default now' if default else ''}.")


def _changes(workspace: Workspace, profile: ScoringProfile) -> None:
    finding("What would change?")
    names = {one.persona_id: one.label for one in identity.persona_choices(workspace).values()}
    chosen = key(workspace, "panel")
    known = [one for one in st.session_state.get(chosen, list(names)[:_PANEL]) if one in names]
    st.session_state[chosen] = known
    panel = st.multiselect(
        "Panel", list(names), key=chosen, format_func=lambda one: names[one], max_selections=20,
        persist_state="session", placeholder="choose personas",
    )  # fmt: skip
    if not panel:
        prose_line("Choose personas to see what their lists would become.")
        return
    st.html(lists.panel(_pairs(workspace, {one: names[one] for one in panel}, profile)))


def _pairs(workspace: Workspace, names: Mapping[str, str], profile: ScoringProfile) -> list[lists.Pair]:
    return live.compared(workspace, Cast(names, as_panel=True), workspace.profile(), profile)
