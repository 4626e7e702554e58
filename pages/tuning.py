"""Tuning: what changes if the weights change?"""

import streamlit as st

from tastebench.ui import style
from tastebench.ui.components import notes
from tastebench.ui.page import guarded, page
from tastebench.ui.tuning import casting, link, live, panel, saying, versions

opened = page("Tuning", needs_persona=True)
style.apply(live.weight_style())
with guarded():
    workspace = opened.space
    saying.show()
    notes(link.take_url(workspace))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        versions.picker(workspace)
        cast = casting.draw(workspace, opened.persona_id or "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        bar = st.container(width="content")
        versions.draw(workspace)
    knobs, stage = st.columns([1, 2], gap="large")
    with knobs:
        live.draw(workspace, cast, workspace.profile(), bar, stage.container(key=f"stage_{len(cast.names)}"))
        panel.draw(workspace)
