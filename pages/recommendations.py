"""Recommendations: what would this person see, and why in this order?"""

import streamlit as st

from tastebench.ui import held, style
from tastebench.ui.components import notes
from tastebench.ui.page import guarded, page
from tastebench.ui.recommendations import controls, facts, feedback, listing

opened = page("Recommendations", needs_persona=True)
style.apply()
with guarded():
    workspace, persona_id = opened.space, opened.persona_id or ""
    now = held.now(workspace, persona_id)
    head = st.container()
    view = controls.choose_view(workspace, persona_id)
    request = listing.request_for(workspace, persona_id, view, now.at)
    with head:
        facts.show(workspace, request)
    ranking, evidence = listing.ranked(workspace, request)
    impression = feedback.shown(workspace, ranking)
    notes(listing.remarks(view, now, ranking))
    listing.draw(workspace, view, ranking, evidence, impression)
