"""A question to the language model under way, watched: where it stands, for how long, and a way to stop it."""

import streamlit as st

from tastebench.ui.components import prose_line
from tastebench.ui.language_model.asking import Asking
from tastebench.ui.language_model.saying import waiting
from tastebench.ui.page import guarded

_EVERY = 0.5
_STOPS_WITHIN = 0.5


@st.fragment(run_every=_EVERY)
def watch(asking: Asking, slot: str) -> None:
    """Draw where a question stands, twice a second, until it has ended; then the page is drawn anew."""
    with guarded():
        if asking.stopped:
            asking.job.wait(_STOPS_WITHIN)
        if not asking.running:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"watch_{slot}"):
            prose_line(waiting(asking))
            st.button(
                "Cancel", key=f"cancel_{slot}", icon=":material/stop_circle:", on_click=asking.job.cancel,
                disabled=asking.stopped,
            )  # fmt: skip
