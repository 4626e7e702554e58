"""Measuring: ask, follow, and read what came out."""

from functools import partial

import streamlit as st

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.reports import OnProgress
from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import Evaluation, EvaluationSettings, Standing
from tastebench.services import Workbench, Workspace
from tastebench.services.evaluating import IsCancelled, KeptEvaluation
from tastebench.ui import held, jobs
from tastebench.ui.components import empty_state, figures, notes
from tastebench.ui.evaluation import asking, earlier, leaderboard, lift, slices, tradeoff, wins
from tastebench.ui.evaluation.looks import estimate, finding, signed_estimate
from tastebench.ui.evaluation.runs import key, picker, show
from tastebench.ui.format import counted, escape, percent, score

_SLOT = "evaluating"


def draw(bench: Workbench, workspace: Workspace) -> None:
    """Draw what can be asked, how far the asking is, and what came out last."""
    with st.container(border=True, key="ask_evaluation"):
        settings = asking.settings(workspace)
        settings = settings.model_copy(update={"rerank": lift.asked(bench, workspace)})
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            profiles = asking.profiles(workspace)
            st.button(
                "Measure", type="primary", icon=":material/straighten:", key="measure",
                disabled=jobs.running(bench, _SLOT, workspace.name), on_click=_start,
                args=(bench, workspace, profiles, settings),
            )  # fmt: skip
    done = jobs.follow(bench, _SLOT, workspace.name)
    if isinstance(done, KeptEvaluation) and done.head is not None:
        show(workspace, "measure", done.head.key)
        st.rerun()
    head = picker(workspace, "measure")
    if head is None:
        if not jobs.running(bench, _SLOT, workspace.name):
            words = "Part of the history is held out, and every way to rank shows how much of it it would have found."
            empty_state("straighten", "Nothing measured yet", words, key="no_evaluation")
        return
    report = held.once("evaluation", (workspace.key, head.key), lambda: workspace.evaluation(head.key).report, 4)
    results(workspace, head.key, report)


def results(workspace: Workspace, run: int, report: Evaluation) -> None:
    """Draw what an evaluation came to."""
    metric = st.selectbox(
        "Metric", list(report.metrics), key=key(workspace, "metric"), width=240, persist_state="session",
        format_func=lambda name: f"{METRICS[name].label}@{report.settings.k}", help=_meanings(),
    )  # fmt: skip
    standings = held.once("standings", (workspace.key, run, metric), lambda: report.standings(metric), 9)
    _figures(report, metric, standings)
    leaderboard.draw(report, metric, standings)
    tradeoff.draw(workspace, report, metric, standings)
    slices.draw(workspace, run, report, metric, standings)
    wins.draw(workspace, report, metric, standings)
    lift.draw(workspace, run, report, metric)
    earlier.draw(workspace, run, report, metric)
    notes(report.notes)
    notes([f"Measured in {report.seconds:.1f} s with seed {report.settings.seed}."])


def _figures(report: Evaluation, metric: str, standings: list[Standing]) -> None:
    reference, name = standings[0], METRICS[metric].label
    best = best_other(standings)
    shown = [
        (f"{name} of {escape(report.reference.label)}", score(reference.mean[0]), f"95 %: {estimate(reference.mean)}"),
        (f"{escape(best.method.label)}, best other", score(best.mean[0]),
         f"against the default {signed_estimate(best.difference)}"),
        ("Coverage", percent(report.total(report.reference.name, "coverage")), "Share of the items on any list"),
        ("Tested", counted(len(report.personas), "persona"), report.settings.label),
    ]  # fmt: skip
    figures(shown)
    finding(_verdict(reference, best, name))


def best_other(standings: list[Standing]) -> Standing:
    """Return the plain method or single signal with the largest mean."""
    return max((one for one in standings if one.method.kind in {"baseline", "signal"}), key=lambda one: one.mean[0])


def _verdict(reference: Standing, best: Standing, name: str) -> str:
    """Return what the leaderboard says, in one sentence."""
    difference = best.difference
    if difference[1] > 0:
        return f"{best.method.label} is ahead of {reference.method.label} in {name}: {signed_estimate(difference)}."
    if difference[2] < 0:
        return f"{reference.method.label} is ahead of every plain method in {name}."
    return f"{reference.method.label} and {best.method.label} cannot be told apart in {name} with these personas."


def _meanings() -> str:
    return "  \n".join(f"{metric.label}: {metric.meaning}" for metric in METRICS.values())


def _start(
    bench: Workbench, workspace: Workspace, profiles: dict[str, ScoringProfile], settings: EvaluationSettings
) -> None:
    work = partial(_measured, workspace, profiles, settings)
    model = ", with the language model" if settings.rerank else ""
    jobs.start(bench, _SLOT, f"Measuring {settings.label.lower()}{model}", work, workspace.name)


def _measured(
    workspace: Workspace,
    profiles: dict[str, ScoringProfile],
    settings: EvaluationSettings,
    progress: OnProgress,
    cancel: IsCancelled,
) -> KeptEvaluation:
    return workspace.evaluate(profiles, settings, progress=progress, cancel=cancel)
