"""Interactions: what personas did, and what each action weighs."""

import streamlit as st

from tastebench.ui.interactions import actions, batch, log, record
from tastebench.ui.page import guarded, page

here = page("Interactions", needs_persona=True)
log_tab, record_tab, batch_tab, actions_tab = st.tabs(
    ["Log", "Record", "Many at once", "Actions"], key="tab", on_change="rerun", bind="query-params"
)
with guarded():
    persona = here.space.persona(str(here.persona_id))
    if log_tab.open:
        with log_tab:
            log.draw(here.space, persona)
    if record_tab.open:
        with record_tab:
            record.draw(here.space, persona)
    if batch_tab.open:
        with batch_tab:
            batch.draw(here.space, persona)
    if actions_tab.open:
        with actions_tab:
            actions.draw(here.space, persona)
