"""What became of each method since an earlier evaluation."""

import streamlit as st

from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import Change, Evaluation
from tastebench.services import Workspace
from tastebench.ui import held
from tastebench.ui.components import prose_line
from tastebench.ui.evaluation.leaderboard import compared
from tastebench.ui.evaluation.looks import estimate, table
from tastebench.ui.evaluation.runs import called, key
from tastebench.ui.format import counted, escape_html


def draw(workspace: Workspace, run: int, report: Evaluation, metric: str) -> None:
    """Draw the choice of another kept evaluation and every method's means in both; nothing where there is none."""
    heads = {head.key: head for head in workspace.evaluations() if head.kind == "evaluation" and head.key != run}
    if not heads:
        return
    chosen = f"{key(workspace, 'earlier')}/{run}"
    other = st.selectbox(
        "Compare with another evaluation", list(heads), index=None, key=chosen, placeholder="none",
        format_func=lambda one: called(heads[one]), width=520,
    )  # fmt: skip
    if other is None:
        return
    before = held.once("evaluation", (workspace.key, other), lambda: workspace.evaluation(other).report, 4)
    shared = set(report.personas) & set(before.personas)
    if not shared:
        prose_line("The two tested different personas, so there is nothing to compare.")
        return
    if before.settings.split != report.settings.split or before.settings.k != report.settings.k:
        prose_line(f"Mind that the other one measured something else: {before.settings.label}.")
    changes = held.once("since", (workspace.key, run, other, metric), lambda: report.since(before, metric), 9)
    rows = [("", _cells(change)) for change in changes]
    name = f"{METRICS[metric].label}, over {counted(len(shared), 'persona')} that both tested"
    table([name, "Then", "Now", "Change"], rows, name="Compared with another evaluation")


def _cells(change: Change) -> list[str]:
    return [escape_html(change.method.label), estimate(change.then), estimate(change.now), compared(change.difference)]
