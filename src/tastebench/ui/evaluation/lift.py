"""Whether the language model makes lists better: asked for with an evaluation, and read from it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from tastebench.domain.chat import ServerStatus
from tastebench.domain.model_state import ModelState, told
from tastebench.evaluation.lift import Lift, LiftEstimate
from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import Evaluation
from tastebench.services import Workbench, Workspace
from tastebench.ui import held
from tastebench.ui.components import figures, message, notes
from tastebench.ui.evaluation.leaderboard import compared
from tastebench.ui.evaluation.looks import chart, estimate, finding, quiet, signed_estimate, table
from tastebench.ui.evaluation.runs import key
from tastebench.ui.format import count, duration, escape, escape_html, score, signed

if TYPE_CHECKING:
    import plotly.graph_objects as go

Part = tuple[str, LiftEstimate]
"""Some of the lists, by what they have in common, and what they gain."""

_STARTING = 50
_OF_PLACES = {"ndcg", "recall", "precision", "mrr", "hit_rate", "map"}
"""Metrics of where finds stand: for them it is known what any model could do at most."""


def asked(bench: Workbench, workspace: Workspace) -> int:
    """Draw whether, and for how many lists, the language model is asked too; return how many, 0 for none.

    The model is looked for when the choice is unfolded: a page that doesn't use it asks for nothing.
    """
    wanted, size = key(workspace, "rerank"), key(workspace, "rerank_size")
    unfolded = st.expander("With the language model too", on_change="rerun", key="ask_lift", type="compact")
    if unfolded.open:
        with unfolded:
            _choice(bench, workspace, wanted, size)
    return int(st.session_state.get(size, _STARTING)) if st.session_state.get(wanted) else 0


def _choice(bench: Workbench, workspace: Workspace, wanted: str, size: str) -> None:
    status = bench.language_model.status()
    model = bench.language_model.model(status)
    if model is None:
        st.session_state[wanted] = False
        _nobody(bench, status)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.toggle(
            f"Put lists before {escape(model.name)}", key=wanted, persist_state="session",
            help="The default's lists are measured as they are and as the model leaves them, persona by persona.",
        )  # fmt: skip
        lists = st.number_input(
            "Lists", 1, 5000, _STARTING, step=10, key=size, width=150, persist_state="session",
            help="Personas are drawn with the seed. Few lists take less time and give a wider interval.",
        )  # fmt: skip
    seconds = workspace.worth().seconds
    if seconds:
        st.caption(f"A list took {seconds:.1f} s lately: about {duration(seconds * lists)} for {count(lists)}.")


def _nobody(bench: Workbench, status: ServerStatus) -> None:
    """Say why there is nobody to ask, and what to do about it."""
    settled = bench.language_model.settings.model
    there = ModelState.MODEL_MISSING if settled else ModelState.NO_MODELS
    state = there if status.state is ModelState.OK else status.state
    named = settled or bench.language_model.suggested[0].name
    message(*told(state, host=status.host, model=named, detail=status.detail))


def draw(workspace: Workspace, run: int, report: Evaluation, metric: str) -> None:
    """Draw what the language model made of lists, in all and by length of history; nothing where it wasn't asked."""
    lift = report.lift
    if lift is None:
        return
    name = METRICS[metric].label
    parts = held.once("lift", (workspace.key, run, metric), lambda: parts_of(report, lift, metric), 9)
    finding("Is the language model worth it?")
    _figures(lift, parts[0][1], metric)
    finding(lift.verdict(metric))
    if lift.answered:
        picture, words = st.columns([2, 3], gap="medium")
        with picture:
            said = "; ".join(f"{label}: {signed_estimate(one.lift)}" for label, one in parts)
            chart(figure(parts, name), "lift", f"Lift in {name} by length of history. {said}.")
        with words:
            table(
                ["History", "Lists", f"{name} without", "With the model", "Lift"],
                [("tb-reference" if place == 0 else "", _cells(part)) for place, part in enumerate(parts)],
                name=f"Lift in {name} by length of history",
            )
    notes(lift.notes)


def parts_of(report: Evaluation, lift: Lift, metric: str) -> list[Part]:
    """Return the lift over all lists and by length of history."""
    return [("All", lift.estimate(metric)), *((part.label, one) for part, one in report.lift_by("history", metric))]


def _figures(lift: Lift, whole: LiftEstimate, metric: str) -> None:
    name, seconds = METRICS[metric].label, f"{lift.seconds_per_list:.1f} s" if lift.answered else "unknown"
    reach = f"At influence {score(lift.influence, 2)} any model stays between {signed(whole.least)} and "
    shown = [
        (f"Lift in {name}", signed(whole.lift[0]), f"95 %: {signed_estimate(whole.lift)}"),
        ("Time per list", seconds, "Mean of the answers, loading included"),
        (
            "Ranked by it",
            f"{count(lift.answered)} of {count(len(lift))}",
            f"lists, their first {lift.candidates} items",
        ),
    ]
    if metric in _OF_PLACES:
        shown.append(("At best", signed(whole.most), f"{reach}{signed(whole.most)}"))
    figures(shown)


def figure(parts: Sequence[Part], name: str) -> "go.Figure":
    """Return the lift of each part as a sign with its interval as a line; none is a line across."""
    import plotly.graph_objects as go

    lifts = [one.lift for _, one in parts]
    found = go.Figure(
        go.Scatter(
            x=[mean for mean, _, _ in lifts], y=[escape_html(label) for label, _ in parts], mode="markers",
            marker={"color": "#5b7083", "symbol": "diamond", "size": 9}, hoverinfo="text",
            hovertext=[f"{escape_html(label)}: {signed_estimate(one.lift)}" for label, one in parts],
            error_x={"type": "data", "array": [high - mean for mean, _, high in lifts], "width": 0,
                     "arrayminus": [mean - low for mean, low, _ in lifts], "thickness": 1.2, "color": "#8A8A8A"},
        )
    )  # fmt: skip
    found.add_vline(x=0, line={"color": "#8A8A8A", "dash": "dot", "width": 1.2})
    found.update_yaxes(autorange="reversed", automargin=True)
    found.update_xaxes(title=f"Lift in {name}")
    return quiet(found, height=34 * len(parts) + 90)


def _cells(part: Part) -> list[str]:
    label, one = part
    return [escape_html(label), count(one.lists), estimate(one.without), estimate(one.judged), compared(one.lift)]
