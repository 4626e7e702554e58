"""Personas: who there is to recommend to."""

import streamlit as st

from tastebench.ui.page import guarded, page
from tastebench.ui.personas import detail, files, form, listing, nobody, simulating, state

here = page("Personas")
writing = state.writing(here.persona_id)
if here.persona_id is None and writing is None:
    with guarded():
        nobody.draw(here.bench, here.space)
    st.stop()

st.button("New persona", on_click=state.open_form, icon=":material/person_add:", key="persona_new")
people, person = st.columns([2, 3], gap="large")
with people, st.container(key="personas_people"):
    with guarded():
        listing.draw(here.space, here.persona_id)
    with guarded():
        files.draw(here.bench, here.space)
    with guarded():
        simulating.people(here.bench, here.space)
with person, guarded():
    if writing is not None:
        form.draw(here.space, writing)
    elif here.persona_id is not None:
        detail.draw(here.space, here.persona_id)
