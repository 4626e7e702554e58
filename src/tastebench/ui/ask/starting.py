"""Before anything is asked: what asking shows, and questions to begin with."""

import streamlit as st

from tastebench.services import Workspace
from tastebench.ui import held
from tastebench.ui.ask import controls
from tastebench.ui.components import empty_state
from tastebench.ui.format import escape
from tastebench.ui.page import go

OFFERED = 4


def draw(workspace: Workspace, persona_id: str) -> None:
    """Draw what the page is for and a few questions that this catalogue can answer."""
    if not workspace.summary().available_items:
        sentence = "This catalogue has no available items yet. Import some, and there is something to ask for."
        if empty_state("inventory_2", "Nothing to ask about yet", sentence, "Open the catalogue", key="no_catalogue"):
            go("Catalogue")
        return
    st.markdown(
        "Two lists will stand side by side: what answers the question for **anybody**, and what answers it for **this "
        "person**. A slider moves the second from one to the other, and every score comes apart."
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ask_starters"):
        st.caption("For example:", width="content")
        for number, question in enumerate(questions(workspace)):
            st.button(
                escape(question), key=f"starter_{number}", on_click=controls.submit,
                args=(workspace, persona_id, question),
            )  # fmt: skip


def questions(workspace: Workspace) -> tuple[str, ...]:
    """Return questions to begin with: frequent tags, each of one facet beside one of another where there are two."""

    def pairs() -> tuple[str, ...]:
        frequent = [sorted(tags, key=lambda tag: (-tags[tag], tag))[:OFFERED] for tags in workspace.tags().values()]
        first, *others = [tags for tags in frequent if tags] or [[]]
        return tuple(map(", ".join, zip(first, *others[:1], strict=False)))

    return held.once("starters", (workspace.key, workspace.revision), pairs)
