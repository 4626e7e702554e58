"""How long interactions are kept: what is due is counted before it is switched on, and what stays is said."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from tastebench.domain.reports import OnProgress
from tastebench.domain.retention import DAYS, RetentionSettings
from tastebench.domain.workspace import CONVERSATION_HOURS_LIMIT
from tastebench.services import Workbench, Workspace
from tastebench.services.retaining import Due, Retained
from tastebench.ui import jobs, undo
from tastebench.ui.components import message, notes
from tastebench.ui.format import counted, date
from tastebench.ui.page import guarded

_SLOT = "retention"
_STAYS = (
    "Each preference that was learned stays, with its confidence, its number of pieces of evidence and when the last "
    "of them happened; the interactions behind it can no longer be shown.",
    "Taste, counts of likes and what is hidden because it was liked rest on interactions and change as these go: with "
    "the usual half-life of a week, one of 90 days ago weighs an eight-thousandth of a new one.",
    "What is removed cannot be put back. Importing its file again brings imported interactions back as new ones.",
)


def draw(bench: Workbench, workspace: Workspace) -> None:
    """Draw the settings of retention, what they would remove now, and save on request."""
    result = jobs.follow(bench, _SLOT, workspace.name, cancel=False)
    if isinstance(result, Retained):
        _tell(result)
    saved = workspace.settings.retention
    knobs, words = st.columns([2, 3], gap="large")
    with knobs:
        written = _written(workspace, saved)
        st.number_input(
            "Hours a conversation is remembered", 1, CONVERSATION_HOURS_LIMIT, workspace.settings.conversation_hours,
            key=_key(workspace, "hours"), on_change=_save_hours, args=(workspace,),
            help="What was asked and shown. Older turns are removed for good, at once.",
        )  # fmt: skip
    with words:
        due = workspace.retention_due(written)
        _preview(written, due)
        if not jobs.running(bench, _SLOT, workspace.name):
            _buttons(bench, workspace, saved, written, due)


def _written(workspace: Workspace, saved: RetentionSettings) -> RetentionSettings:
    on = st.toggle(
        "Remove interactions that are too old", saved.interaction_days is not None, key=_key(workspace, "on")
    )
    days = st.number_input(
        "Days they are kept", 1, 36_500, saved.interaction_days or DAYS, key=_key(workspace, "days"), disabled=not on,
        help="Counted from when they were recorded here, whenever they happened.",
    )  # fmt: skip
    imported = st.checkbox("Imported ones too", saved.imported, key=_key(workspace, "imported"), disabled=not on)
    simulated = st.checkbox("Simulated ones too", saved.simulated, key=_key(workspace, "simulated"), disabled=not on)
    return RetentionSettings(interaction_days=int(days) if on else None, imported=imported, simulated=simulated)


def _preview(written: RetentionSettings, due: Due) -> None:
    if written.interaction_days is None:
        message("Interactions are kept until somebody deletes them.")
        return
    if due.interactions:
        kinds = ", ".join(f"{count:,} {origin}" for origin, count in due.by_origin.items())
        message(
            f"{counted(due.interactions, 'interaction')} of {counted(due.personas, 'persona')} would go now: {kinds}.",
            f"The oldest was recorded {date(due.oldest)}.",
        )
    else:
        message(
            "No interaction is that old yet.", "What gets so old goes when the app starts, or by `tastebench retain`."
        )
    notes(_STAYS)


def _buttons(
    bench: Workbench, workspace: Workspace, saved: RetentionSettings, written: RetentionSettings, due: Due
) -> None:
    label = f"Save, and remove {counted(due.interactions, 'interaction')} for good" if due.interactions else "Save"
    if not st.button(label, type="primary", key="retention_save", disabled=written == saved and not due.interactions):
        return
    workspace.save_retention(written)
    if due.interactions:
        undo.withdraw()
        jobs.start(bench, _SLOT, "Removing old interactions", partial(_retain, workspace), workspace.name)
    else:
        undo.offer("Saved how long interactions are kept.", partial(workspace.save_retention, saved))
    st.rerun()


def _key(workspace: Workspace, field: str) -> str:
    return f"retention/{workspace.key}/{field}"  # what was set for another workspace must not stand here


def _save_hours(workspace: Workspace) -> None:
    with guarded():
        workspace.save_conversation_hours(int(st.session_state[_key(workspace, "hours")]))


def _retain(workspace: Workspace, _progress: OnProgress, _cancel: Callable[[], bool]) -> Retained:
    return workspace.retain()


def _tell(done: Retained) -> None:
    message(
        f"{counted(done.interactions, 'interaction')} removed for good.",
        f"{counted(done.snapshots, 'preference')} kept in their place.",
    )
