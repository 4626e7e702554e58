"""Who wins and who loses by a change, each with a way to that persona's lists."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from tastebench.domain.columns import Float
from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import Evaluation, Standing
from tastebench.services import Workspace
from tastebench.ui.components import prose_line
from tastebench.ui.evaluation.asking import saved_labels
from tastebench.ui.evaluation.looks import finding
from tastebench.ui.evaluation.runs import key
from tastebench.ui.format import count, counted, score, signed
from tastebench.ui.page import link

_EACH = 5


def draw(workspace: Workspace, report: Evaluation, metric: str, standings: Sequence[Standing]) -> None:
    """Draw the personas that gain and lose most under another method than the default."""
    finding("Who wins, who loses?")
    labels = {one.name: one.label for one in report.methods[1:]}
    other = _other(workspace, labels, {one.method.name: one.mean[0] for one in standings})
    mine, theirs = report.of(report.reference.name, metric), report.of(other, metric)
    sign = -1.0 if METRICS[metric].better == "lower" else 1.0
    change = sign * (theirs - mine)
    prose_line(summary(change, labels[other], METRICS[metric].label))
    profile = _saved(workspace, labels[other])
    for title, places in (("Gain most", largest(change)), ("Lose most", largest(-change))):
        with st.container(border=True):
            st.markdown(f"**{title}**")
            _lines(workspace, report, places, mine, theirs, profile)
            if not len(places):
                st.caption("Nobody.")


def _other(workspace: Workspace, labels: Mapping[str, str], means: Mapping[str, float]) -> str:
    """Draw the choice of the other method: another profile where there is one, else the best of the others."""
    chosen = key(workspace, "winning")
    if st.session_state.get(chosen) not in labels:
        st.session_state[chosen] = max(labels, key=lambda name: (name.startswith("profile:"), means[name]))
    return st.selectbox(
        "With", list(labels), key=chosen, format_func=lambda name: labels[name], width=320, persist_state="session",
        help="Compared persona by persona with the default.",
    )  # fmt: skip


def summary(change: Float, label: str, name: str) -> str:
    """Return how many win and lose, in one sentence."""
    wins, losses = int((change > 0).sum()), int((change < 0).sum())
    rest = len(change) - wins - losses
    return (
        f"In {name}, {counted(wins, 'persona')} gain with {label}, {count(losses)} lose, for {count(rest)} it is equal."
    )


def largest(change: Float) -> list[int]:
    """Return the positions of the largest changes above 0, largest first."""
    order = np.argsort(-np.nan_to_num(change, nan=-np.inf), kind="stable")
    return [place for place in order[:_EACH].tolist() if change[place] > 0]


def _lines(
    workspace: Workspace, report: Evaluation, places: Sequence[int], mine: Float, theirs: Float, profile: str
) -> None:
    names = workspace.persona_names() if places else {}
    for place in places:
        persona = report.personas[place]
        who, numbers, way = st.columns([4, 3, 3], vertical_alignment="center", gap="small")
        with who:
            prose_line(names.get(persona, persona))
        numbers.markdown(f"{score(mine[place])} → {score(theirs[place])} ({signed(theirs[place] - mine[place])})")
        with way:
            if persona not in names:
                st.caption("no longer here")
            elif profile:
                link("Tuning", "both lists", persona=persona, profile=profile)
            else:
                link("Recommendations", "the list", persona=persona)


def _saved(workspace: Workspace, label: str) -> str:
    """Return the saved version a method was, as pages' addresses name it; empty where it was none."""
    name, version = saved_labels(workspace).get(label, ("", 0))
    return f"{name}@{version}" if name else ""
