"""Interactions: what personas did, and what each action weighs."""

import streamlit as st

from tastebench.ui.interactions import actions, batch, log, record
from tastebench.ui.page import guarded, page

VIEWS = {"Log": log.draw, "Record": record.draw, "Many at once": batch.draw, "Actions": actions.draw}

here = page("Interactions", needs_persona=True)
with guarded():
    persona = here.space.persona(str(here.persona_id))
    tabs = st.tabs(list(VIEWS), key="tab", on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, VIEWS.values(), strict=True):
        if tab.open:
            with tab, guarded():
                draw(here.space, persona)
