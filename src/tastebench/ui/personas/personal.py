"""Personal data: everything we hold about one persona, to take along or to be erased."""

from functools import partial

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.ui import undo
from tastebench.ui.components import message
from tastebench.ui.format import counted, escape, escape_html
from tastebench.ui.page import guarded


def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw what a persona, or who answers for its data, may ask for."""
    with st.popover("Data", key="persona_data"):
        st.caption("Every row of every table, deleted ones too, what was learned and what imports quoted.")
        st.download_button(
            "Everything we hold", partial(workspace.export_persona, persona.persona_id),
            f"{persona.persona_id}.json", "application/json", key="persona_everything", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
        with st.form("persona_erase_form", border=False):
            _ask(workspace, persona)


def _ask(workspace: Workspace, persona: Persona) -> None:
    st.html(
        f"<div>Erasing removes all of it for good, from the database's free pages too. <b>It cannot be undone.</b> "
        "Archives and copies are not touched, and importing a file that names "
        f"{escape_html(persona.name)} brings them back.</div>"
    )
    typed = st.text_input("Type the persona's name to confirm", key=f"persona_erase_{persona.persona_id}")
    pressed = st.form_submit_button("Erase for good", type="primary")
    if pressed and typed.strip() != persona.name:
        message("That is not the persona's name.", "Nothing was erased.")
    elif pressed:
        with guarded():
            _erase(workspace, persona)


def _erase(workspace: Workspace, persona: Persona) -> None:
    rows = sum(workspace.erase_persona(persona.persona_id).values())
    undo.withdraw()
    st.query_params.pop("persona", None)  # else the sidebar would wonder where the persona has gone
    st.toast(f"Erased {escape(persona.name)}: {counted(rows, 'row')}.")
    st.rerun()
