"""What is asked of an evaluation: which part of the past is held out, how long lists are, who is tested."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

import streamlit as st

from tastebench.domain.profile import ScoringProfile
from tastebench.evaluation.report import EvaluationSettings
from tastebench.evaluation.splits import SplitKind, SplitSettings
from tastebench.services import Workspace
from tastebench.ui.evaluation.runs import key
from tastebench.ui.format import date

SPLITS: Mapping[SplitKind, str] = {
    "last": "Each persona's last like",
    "share": "Each persona's last part",
    "clock": "By one clock for all",
}
_MEANINGS = (
    "What is held out, for the lists to find. By one clock nothing later than that moment is known of anybody; the "
    "other two are the usual ones where figures are compared."
)


def settings(workspace: Workspace) -> EvaluationSettings:
    """Draw what can be asked and return it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kind = st.selectbox(
            "Held out", list(SPLITS), key=key(workspace, "split"), format_func=lambda one: SPLITS[one], width=240,
            persist_state="session", help=_MEANINGS,
        )  # fmt: skip
        share = _share(workspace) if kind != "last" else 0.2
        clock = _clock(workspace) if kind == "clock" else None
        k = _whole(workspace, "k", "Length of lists", 10, 1, 100)
        with st.popover("More", icon=":material/more_horiz:", width="content"):
            repeats, reverse, sample, seed = _more(workspace)
    split = SplitSettings(kind=kind, share=share, clock=clock, repeats=repeats, reverse_ties=reverse)
    return EvaluationSettings(split=split, k=k, sample=sample, seed=seed)


def profiles(workspace: Workspace) -> dict[str, ScoringProfile]:
    """Draw the choice of saved profiles to compare with the default, and return those chosen by their label."""
    saved = saved_labels(workspace)
    chosen = st.multiselect(
        "Compare with the default", list(saved), key=key(workspace, "profiles"), persist_state="session",
        placeholder="saved profiles", width=420, help="Plain methods and each signal alone are always in the table.",
    )  # fmt: skip
    return {label: workspace.profile(*saved[label]) for label in chosen if label in saved}


def saved_labels(workspace: Workspace) -> dict[str, tuple[str, int]]:
    """Return the name and version of every saved profile but the default, by the label it is compared under."""
    return {f"{row.name} v{row.version}": (row.name, row.version) for row in workspace.profiles() if not row.is_default}


def _share(workspace: Workspace) -> float:
    return _whole(workspace, "share", "Held out, %", 20, 1, 90) / 100


def _clock(workspace: Workspace) -> datetime | None:
    newest = workspace.summary().newest_event
    day = st.date_input(
        "From (UTC)", None, key=key(workspace, "clock"), width=170, persist_state="session", max_value=newest,
        help=f"What happened on this day and later is held out. Empty: the last part of all events. The newest event "
        f"is of {date(newest)}." if newest else None,
    )  # fmt: skip
    return None if day is None else datetime.combine(day, time.min, UTC)


def _more(workspace: Workspace) -> tuple[bool, bool, int, int]:
    repeats = st.toggle(
        "Items met before count too", key=key(workspace, "repeats"), persist_state="session",
        help="For shops where the same is bought again. Otherwise only items that are new to the persona are shown.",
    )  # fmt: skip
    reverse = st.toggle(
        "Ties in reverse", key=key(workspace, "reverse"), persist_state="session",
        help="Events of one moment count in the order of the log. This takes them the other way round, to see what "
        "that order decides.",
    )  # fmt: skip
    sample = _whole(workspace, "sample", "Personas at most", 500, 1, 5000)
    return repeats, reverse, sample, _whole(workspace, "seed", "Seed", 0, 0, 2**31)


def _whole(workspace: Workspace, name: str, label: str, start: int, low: int, high: int) -> int:
    return int(
        st.number_input(label, low, high, start, step=1, key=key(workspace, name), width=150, persist_state="session")
    )
