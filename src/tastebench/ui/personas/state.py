"""What the page of personas is doing: looking at one, writing a new one, editing one."""

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui import identity, undo

_FORM = "personas_form"
NEW = ""


def open_form(persona_id: str = NEW) -> None:
    """Open the form for a persona, or for a new one."""
    st.session_state[_FORM] = (identity.current("workspace"), persona_id)


def close_form() -> None:
    """Go back to looking."""
    st.session_state.pop(_FORM, None)


def made(workspace: Workspace, persona_id: str, sentence: str) -> None:
    """Turn to a persona that was just made, offering to delete it again and go back to the one before."""
    before = identity.current("persona")

    def unmake() -> None:
        workspace.delete_persona(persona_id)
        if identity.current("persona") == persona_id:
            st.query_params.pop("persona", None)  # else the sidebar would wonder where the persona has gone
            if before is not None:
                identity.choose("persona", before)

    undo.offer(sentence, unmake)
    identity.choose("persona", persona_id)


def writing(opened: str | None) -> str | None:
    """Return the id of the persona being edited, `NEW` for a new one, None where nobody is being written.

    An edit belongs to the workspace and the persona it was begun for: choosing another ends it.
    """
    where, current = st.session_state.get(_FORM, ("", None))
    return current if where == identity.current("workspace") and current in (NEW, opened) else None
