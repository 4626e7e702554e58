"""Simulation on the page of personas: people who never were, and what one persona might do next."""

from collections.abc import Callable
from functools import partial
from secrets import randbelow

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.domain.reports import ImportReport, OnProgress
from tastebench.services import Workbench, Workspace
from tastebench.services.simulating import PEOPLE_LIMIT
from tastebench.ui import jobs, undo
from tastebench.ui.format import counted
from tastebench.ui.page import guarded

_SLOT = "simulation"
_LIKING = {"like": "likes", "favorite": "favourites", "purchase": "purchases"}
_SEEDS = 1_000_000


def people(bench: Workbench, workspace: Workspace) -> None:
    """Draw the way to simulated people: how many, how far back, and by what they like."""
    report = jobs.follow(bench, _SLOT, workspace.name)
    if isinstance(report, ImportReport):
        people_made, done = counted(report.personas, "person", "people"), counted(report.interactions, "interaction")
        undo.offer(f"Simulated {people_made} with {done}.", partial(workspace.undo_import, report.import_id))
        st.rerun()
    with st.expander("Simulate people", key="simulate"):
        st.caption(
            "People with a hidden taste for this catalogue and a history that follows from it, so that popularity and "
            "similar people mean something before there are real ones. Marked as simulated everywhere."
        )
        if not jobs.running(bench, _SLOT, workspace.name):
            _ask(bench, workspace)


def _ask(bench: Workbench, workspace: Workspace) -> None:
    with st.form("simulate_form", border=False):
        number = st.number_input("People", 1, PEOPLE_LIMIT, 50, key="simulate_people")
        weeks = st.number_input("Weeks of history", 1, 104, 12, key="simulate_weeks")
        liking = st.selectbox("They show that they like something by", list(_LIKING), format_func=_LIKING.__getitem__)
        if st.form_submit_button("Simulate", icon=":material/group_add:", key="simulate_start"):
            work = partial(_simulate, workspace, int(number), 7.0 * weeks, liking, randbelow(_SEEDS))
            jobs.start(bench, _SLOT, "Simulating people", work, workspace.name)
            st.rerun()


def _simulate(
    workspace: Workspace, number: int, days: float, liking: str, seed: int,
    progress: OnProgress, cancel: Callable[[], bool],
) -> ImportReport:  # fmt: skip
    return workspace.simulate_people(number, days=days, seed=seed, liking=liking, progress=progress, cancel=cancel)


def history(workspace: Workspace, persona: Persona) -> None:
    """Draw the way to what one persona might do."""
    with st.popover("Simulate", key="persona_simulate"):
        st.caption("What this persona might have done lately, by its taste. Marked as simulated in the log.")
        st.number_input("Days", 1, 365, 14, key="persona_simulate_days")
        st.button("Simulate it", key="persona_simulate_start", on_click=_live, args=(workspace, persona))


def _live(workspace: Workspace, persona: Persona) -> None:
    days = int(st.session_state["persona_simulate_days"])
    with guarded():
        keys = workspace.simulate_history(persona.persona_id, days, seed=randbelow(_SEEDS))
        done = f"Simulated {counted(len(keys), 'interaction')} of {persona.name} over {counted(days, 'day')}."
        undo.offer(done, partial(workspace.delete_interactions, keys))
