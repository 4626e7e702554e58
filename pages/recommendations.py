"""Recommendations: what would this person see, and why in this order?"""

import streamlit as st

from tastebench.ui import held, style
from tastebench.ui.components import notes
from tastebench.ui.language_model import looks, panel
from tastebench.ui.language_model.stage import stage
from tastebench.ui.page import guarded, page
from tastebench.ui.recommendations import controls, facts, feedback, listing

opened = page("Recommendations", needs_persona=True)
style.apply(looks.CSS)
with guarded():
    workspace, persona_id = opened.space, opened.persona_id or ""
    now = held.now(workspace, persona_id)
    head = st.container()
    view = controls.choose_view(workspace, persona_id)
    request = listing.request_for(workspace, persona_id, view, now.at)
    with head:
        facts.show(workspace, request)
    model_slot = panel.slot(rerank=request.rerank)
    evidence = listing.found(workspace, request)
    asked = stage(opened.bench, workspace, request, evidence)
    judged = asked.judged if asked else None
    ranking = listing.ranked(workspace, request, evidence, judged)
    impression = feedback.shown(workspace, ranking)
    notes(listing.remarks(view, now, ranking, judged))
    listed = listing.Listed(ranking, evidence, judged, impression)
    listing.draw(workspace, view, listed)
    if asked:
        with model_slot, guarded():
            panel.draw(opened.bench, workspace, asked, listed)
