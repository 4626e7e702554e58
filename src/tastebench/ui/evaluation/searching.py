"""Searching weights: what may change, what is demanded, and what came of it."""

from functools import partial

import streamlit as st

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.reports import OnProgress
from tastebench.evaluation.candidates import Objective, SearchSettings
from tastebench.evaluation.measuring import METRICS
from tastebench.evaluation.report import EvaluationSettings
from tastebench.services import Workbench, Workspace
from tastebench.services.evaluating import IsCancelled, KeptSearch
from tastebench.signals import REGISTRY
from tastebench.ui import held, jobs
from tastebench.ui.components import empty_state
from tastebench.ui.evaluation import asking, found
from tastebench.ui.evaluation.runs import key, picker, show

_SLOT = "searching"
OBJECTIVES: tuple[Objective, ...] = ("ndcg", "recall", "mrr", "map", "hit_rate")
HALF_LIVES = (1.0, 2.0, 7.0, 14.0, 30.0, 90.0, 365.0)
STRENGTHS = (0.0, 0.01, 0.02, 0.05, 0.1)
CAUTIONS = (10.0, 30.0, 100.0, 300.0, 1000.0)
_HINT = (
    "The log is split, and what is known is split once more in the same way: there the search looks. What it finds is "
    "then measured on the part it never saw."
)


def draw(bench: Workbench, workspace: Workspace) -> None:
    """Draw what can be searched for, how far the search is, and what the last one found."""
    with st.container(border=True, key="ask_search"):
        settings = asking.settings(workspace)
        search = _search(workspace)
        st.button(
            "Search", type="primary", icon=":material/search:", key="search", help=_HINT,
            disabled=jobs.running(bench, _SLOT, workspace.name), on_click=_start,
            args=(bench, workspace, settings, search),
        )  # fmt: skip
    done = jobs.follow(bench, _SLOT, workspace.name)
    if isinstance(done, KeptSearch) and done.head is not None:
        show(workspace, "search", done.head.key)
        st.rerun()
    head = picker(workspace, "search")
    if head is None:
        if not jobs.running(bench, _SLOT, workspace.name):
            words = "Thousands of weights are tried on part of the past; the best are judged on likes they never saw."
            empty_state("search", "Nothing searched yet", words, key="no_search")
        return
    report = held.once("weight_search", (workspace.key, head.key), lambda: workspace.weight_search(head.key).report, 4)
    found.draw(workspace, head.key, report)


def _search(workspace: Workspace) -> SearchSettings:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        objective = st.selectbox(
            "Searched for", OBJECTIVES, key=key(workspace, "objective"), width=170, persist_state="session",
            format_func=lambda name: METRICS[name].label,
        )  # fmt: skip
        vectors = int(
            st.number_input(
                "Weights tried", 100, 100_000, 2000, step=500, key=key(workspace, "vectors"), width=170,
                persist_state="session", help="For each setting below; some thousands take about a minute.",
            )
        )  # fmt: skip
        with st.popover("What may change", icon=":material/tune:", width="content"):
            signals, axes = _free(workspace)
        with st.popover("What must hold", icon=":material/rule:", width="content"):
            coverage, bias = _limits(workspace)
    seed = int(st.session_state.get(key(workspace, "seed"), 0))
    return SearchSettings(
        objective=objective, vectors=vectors, signals=signals, axes=axes, seed=seed,
        least_coverage=coverage, most_popularity_bias=bias,
    )  # fmt: skip


def _free(workspace: Workspace) -> tuple[tuple[str, ...], dict[str, tuple[float | str, ...]]]:
    signals = st.multiselect(
        "Signals with weight", list(REGISTRY), list(REGISTRY), key=key(workspace, "signals"), persist_state="session",
        format_func=lambda name: REGISTRY[name].label, help="None chosen: all of them.",
    )  # fmt: skip
    days = st.multiselect(
        "Half-lives of taste to try, days", HALF_LIVES, key=key(workspace, "half_lives"), persist_state="session",
        format_func=lambda value: f"{value:g}", help="Each one needs every list to be searched for anew.",
    )  # fmt: skip
    strengths = st.multiselect(
        "Strengths of diversity to try", STRENGTHS, key=key(workspace, "strengths"), persist_state="session",
        format_func=lambda value: f"{value:g}",
    )  # fmt: skip
    cautions = st.multiselect(
        "Cautions of co-engagement to try", CAUTIONS, key=key(workspace, "cautions"), persist_state="session",
        format_func=lambda value: f"{value:g}", help="The higher, the less is read into what few did.",
    )  # fmt: skip
    places = st.toggle(
        "Try fading by place too", key=key(workspace, "places"), persist_state="session",
        help="Whether history fades with the days, or with every newer thing that a persona did.",
    )  # fmt: skip
    both = st.toggle(
        "Try standardised values too", key=key(workspace, "scales"), persist_state="session",
        help="Whether a weight multiplies a value as it is, or what it differs from the candidates' mean.",
    )  # fmt: skip
    axes: dict[str, tuple[float | str, ...]] = {
        "scale": ("raw", "standardised") if both else (),
        "co_engagement.regularisation": tuple(cautions),
        "taste.decay": ("age", "position") if places else (),
        "co_engagement.decay": ("age", "position") if places else (),
        "taste.half_life_days": tuple(days),
        "diversity.strength": tuple(strengths),
    }
    return tuple(signals), {field: values for field, values in axes.items() if values}


def _limits(workspace: Workspace) -> tuple[float | None, float | None]:
    coverage = st.number_input(
        "Coverage at least, %", 0, 100, None, step=5, key=key(workspace, "coverage"), persist_state="session",
        placeholder="any", help="Share of the items that stand on at least one list.",
    )  # fmt: skip
    bias = st.number_input(
        "Popularity bias at most", -1.0, 1.0, None, step=0.05, key=key(workspace, "bias"), persist_state="session",
        placeholder="any", help=METRICS["popularity_bias"].meaning,
    )  # fmt: skip
    return None if coverage is None else coverage / 100, bias


def _start(bench: Workbench, workspace: Workspace, settings: EvaluationSettings, search: SearchSettings) -> None:
    work = partial(_searched, workspace, workspace.profile(), settings, search)
    jobs.start(bench, _SLOT, "Searching weights", work, workspace.name)


def _searched(
    workspace: Workspace,
    profile: ScoringProfile,
    settings: EvaluationSettings,
    search: SearchSettings,
    progress: OnProgress,
    cancel: IsCancelled,
) -> KeptSearch:
    return workspace.search_weights(profile, settings, search, progress=progress, cancel=cancel)
