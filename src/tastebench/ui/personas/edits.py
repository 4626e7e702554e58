"""What operators pinned, corrected and had forgotten: the log of their edits, each of which can be undone."""

from functools import partial

import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.stores.preference_edits import PreferenceEdit
from tastebench.ui import undo
from tastebench.ui.format import ago, date, escape, score
from tastebench.ui.page import guarded


def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw the edits of a persona's preferences, newest first, folded; nothing where there are none."""
    made = workspace.preference_edits(persona.persona_id)
    if not made:
        return
    with st.expander(f"Edits · {len(made):,}", key="learned_edits"):
        for edit in reversed(made):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(_sentence(edit), width="content", help=f"It holds from {date(edit.at)} on.")
                st.button("Undo", key=f"edit_{edit.key}", type="tertiary", on_click=_undo, args=(workspace, edit))


def _sentence(edit: PreferenceEdit) -> str:
    name, at = f"**{escape(edit.name.value)}** ({escape(edit.name.key)})", f" · {ago(edit.recorded_at)}"
    sentences = {
        "pin": f"Pinned {name} at {score(edit.confidence, 2)}{at}",
        "unpin": f"Took the pin off {name}{at}",
        "correct": f"Set {name} to {score(edit.confidence, 2)}{at}",
        "forget": f"Forgot {name}{at}",
    }
    return sentences[edit.kind]


def _undo(workspace: Workspace, edit: PreferenceEdit) -> None:
    with guarded():
        workspace.delete_preference_edits([edit.key])
        undo.offer(f"Took back an edit of {edit.name.value}.", partial(workspace.restore_preference_edits, [edit.key]))
