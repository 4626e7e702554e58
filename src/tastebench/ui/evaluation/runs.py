"""What was measured and kept: which of it is shown, and how it leaves."""

from collections.abc import Mapping

import streamlit as st

from tastebench.services import Workspace
from tastebench.stores.evaluations import EvaluationHead, EvaluationKind
from tastebench.ui import addresses
from tastebench.ui.components import notes
from tastebench.ui.format import ago, date
from tastebench.ui.tuning.saying import attempt, tell

VIEWS: Mapping[str, str] = {"measure": "Measure", "search": "Search weights"}
KINDS: Mapping[str, EvaluationKind] = {"measure": "evaluation", "search": "search"}
_NAMES = ("view", "run")
_WITNESS = "evaluation_run"
"""Key of a widget that this page always draws."""


def key(workspace: Workspace, name: str) -> str:
    """Return the session's key of a choice on this page; every workspace has its own."""
    return f"evaluation/{workspace.key}/{name}"


def choose_view(workspace: Workspace) -> str:
    """Draw the choice between measuring and searching."""
    chosen = key(workspace, "view")
    st.session_state.setdefault(chosen, "measure")
    return st.segmented_control(
        "What to do", list(VIEWS), key=chosen, format_func=lambda one: VIEWS[one], required=True,
        persist_state="session", label_visibility="collapsed",
    ) or "measure"  # fmt: skip


def show(workspace: Workspace, view: str, run: int) -> None:
    """Show this run from the next run of the page on."""
    st.session_state[key(workspace, f"run/{view}")] = run


def called(head: EvaluationHead) -> str:
    """Return what a kept evaluation is called; its number tells apart what was measured twice."""
    return f"{head.key} · {head.label} · {ago(head.made_at)}"


def picker(workspace: Workspace, view: str) -> EvaluationHead | None:
    """Draw the choice among what was kept and return the chosen one; None where nothing was."""
    heads = {head.key: head for head in workspace.evaluations() if head.kind == KINDS[view]}
    if not heads:
        return None
    wanted = st.session_state.get(key(workspace, f"run/{view}"))
    st.session_state[_WITNESS] = run = wanted if wanted in heads else next(iter(heads))
    show(workspace, view, run)
    chosen, delete = st.columns([8, 1], vertical_alignment="bottom", gap="small")
    chosen.selectbox(
        "Shown", list(heads), key=_WITNESS, on_change=_pick, args=(workspace, view),
        format_func=lambda one: called(heads[one]),
        help="What was measured stays until you delete it.",
    )  # fmt: skip
    delete.button(
        "Delete", icon=":material/delete:", key="delete_run", on_click=_delete, args=(workspace, view, run),
        type="tertiary", help="Remove what is shown for good.",
    )  # fmt: skip
    if not workspace.same_data(heads[run]):
        made = date(heads[run].made_at)
        notes([f"The data has changed since this was measured on {made}. Measure again to compare."])
    return heads[run]


def take_url(workspace: Workspace) -> list[str]:
    """Take over the view and the run that the URL asks for; return a sentence where that cannot be."""
    given = addresses.asked("evaluation", workspace.name, _NAMES, _WITNESS)
    if given is None:
        return []
    view = given.get("view", ["measure"])[-1]
    st.session_state[key(workspace, "view")] = view if view in VIEWS else "measure"
    run = given.get("run", [""])[-1]
    known = {str(head.key): KINDS.get(view) == head.kind for head in workspace.evaluations()}
    if known.get(run):
        show(workspace, view, int(run))
        return []
    return [f"The link asks for the evaluation {run[:20]}, which isn't here; the newest is shown."] if run else []


def write_url(workspace: Workspace, view: str) -> None:
    """Make the URL describe what is shown."""
    run = st.session_state.get(key(workspace, f"run/{view}"))
    spoken = {"view": [view] if view != "measure" else [], "run": [str(run)] if run is not None else []}
    addresses.tell("evaluation", workspace.name, _NAMES, {name: values for name, values in spoken.items() if values})


def _pick(workspace: Workspace, view: str) -> None:
    show(workspace, view, st.session_state[_WITNESS])


def _delete(workspace: Workspace, view: str, run: int) -> None:
    with attempt():
        workspace.delete_evaluation(run)
        st.session_state.pop(key(workspace, f"run/{view}"), None)
        tell("Deleted.")
