"""Many interactions at once, by a table."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.ui import page, undo
from tastebench.ui.components import message, notes
from tastebench.ui.format import counted, escape
from tastebench.ui.interactions import deeds, rows
from tastebench.ui.interactions.rows import ACTION, ITEM, WEIGHT, WHEN, Batch, Row

_KEPT = "batch_kept"
_ROUND = "batch_round"


def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw the table for several interactions of the persona; record its good rows on request, keep the others."""
    st.caption(
        f"One row per interaction of {escape(persona.name)}; rows can be pasted from a spreadsheet. An empty time is "
        "now, an empty weight is the action’s own."
    )
    notes(filter(None, [deeds.remark(workspace, persona.persona_id)]))
    left, problems = _kept(workspace, persona)
    written = _editor(workspace, persona, left)
    if st.button("Record these rows", type="primary", key="batch_save"):
        _record(workspace, persona, written)
    for problem in problems:
        message(problem, wrong=True)
    page.link("Catalogue", "Import a whole file instead", view="Import")


def _editor(workspace: Workspace, persona: Persona, left: Sequence[Row]) -> list[Row]:
    actions = list(workspace.settings.actions)
    columns = {
        ITEM: st.column_config.TextColumn(help="The item's id, or its whole title", width="medium"),
        ACTION: st.column_config.SelectboxColumn(options=actions, width="small"),
        WHEN: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", width="medium", help="Empty: now"),
        WEIGHT: st.column_config.NumberColumn(
            min_value=-1, max_value=1, step=0.01, width="small", help="−1 to 1; empty: the action's own"
        ),
    }
    edited = st.data_editor(
        rows.table(left), num_rows="dynamic", hide_index=True,
        key=f"batch/{workspace.key}/{persona.persona_id}/{st.session_state.get(_ROUND, 0)}",
        column_config=columns, placeholder="", alt="Interactions to record, one per row",
    )  # fmt: skip
    return [{str(name): value for name, value in row.items()} for row in edited.to_dict("records")]


def _record(workspace: Workspace, persona: Persona, written: list[Row]) -> None:
    batch = rows.read(written, list(workspace.settings.actions), partial(deeds.item_named, workspace))
    if not batch.interactions and not batch.left:
        message("Nothing is written in the table yet.", "Fill in an item and an action.")
        return
    if batch.interactions:
        now = deeds.now(workspace, persona.persona_id)
        dated = [one if one.at else replace(one, at=now) for one in batch.interactions]
        keys = workspace.add_interactions(persona.persona_id, dated)
        sentence = f"Recorded {counted(len(keys), 'interaction')} for {persona.name}."
        undo.offer(sentence, partial(workspace.delete_interactions, keys))
    _keep(workspace, persona, batch)
    st.rerun()


def _keep(workspace: Workspace, persona: Persona, batch: Batch) -> None:
    # A new round gives the editor a new key: it starts from the rows that are left.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_KEPT] = (workspace.key, persona.persona_id, batch)


def _kept(workspace: Workspace, persona: Persona) -> tuple[Sequence[Row], Sequence[str]]:
    """Return the rows of this persona that could not be recorded, and why."""
    *whose, batch = st.session_state.get(_KEPT, (None,))
    return (batch.left, batch.problems) if whose == [workspace.key, persona.persona_id] else ((), ())
