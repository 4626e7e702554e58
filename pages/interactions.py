"""Interactions: what personas did, what each action weighs, and what it teaches."""

import streamlit as st

from tastebench.ui.interactions import actions, batch, learning, log, record, retention
from tastebench.ui.page import guarded, page

here = page("Interactions", needs_persona=True)
views = {
    "Log": log.draw,
    "Record": record.draw,
    "Many at once": batch.draw,
    "Actions": actions.draw,
    "Learning": lambda space, persona: learning.draw(here.bench, space, persona),
    "Retention": lambda space, _persona: retention.draw(here.bench, space),
}
with guarded():
    persona = here.space.persona(str(here.persona_id))
    tabs = st.tabs(list(views), key="tab", on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab, guarded():
                draw(here.space, persona)
