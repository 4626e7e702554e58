"""Writing a persona: who it is, what it states, what is known about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st
from pydantic import ValidationError

from tastebench.domain.item import Facets
from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.ui import held, undo
from tastebench.ui.components import message
from tastebench.ui.format import count, escape
from tastebench.ui.personas import properties, state
from tastebench.ui.refusals import refusal

TAGS_OFFERED = 1000
"""A facet's most frequent tags are offered; rarer ones can be typed."""

_SKILLS = ("beginner", "intermediate", "advanced")
_STYLES = ("plain", "friendly", "technical")


@dataclass(frozen=True)
class Draft:
    """What the form says, before it is known to be usable."""

    fields: Mapping[str, Any]
    rows: list[dict[str, object]]


def draw(workspace: Workspace, persona_id: str) -> None:
    """Draw the form for an existing persona, or for a new one (`state.NEW`), and save it on request."""
    new = persona_id == state.NEW
    persona = Persona("?") if new else workspace.persona(persona_id)
    st.subheader("New persona" if new else f"Edit {escape(persona.name)}", anchor=False)
    with st.form(f"persona_form_{persona_id}", enter_to_submit=False):
        draft = _fields(workspace, persona, new=new)
        with st.container(horizontal=True):
            save = st.form_submit_button("Create persona" if new else "Save changes", type="primary")
            st.form_submit_button("Cancel", on_click=state.close_form, type="tertiary")
    if save:
        _save(workspace, persona, draft, new=new)


def _fields(workspace: Workspace, persona: Persona, *, new: bool) -> Draft:
    name_column, face_column = st.columns([4, 1], vertical_alignment="bottom")
    fields: dict[str, Any] = {
        "name": name_column.text_input("Name", "" if new else persona.name, max_chars=200, key="persona_name"),
        "face": face_column.text_input(
            "Face", persona.face, max_chars=8, key="persona_face", help="An emoji or initials. Empty: the initials."
        ),
        "description": st.text_area(
            "Description", persona.description, max_chars=20_000, key="persona_description", height=110,
            placeholder="Who is this, and what are they looking for? It becomes part of the taste.",
        ),
    }  # fmt: skip
    fields["interests"] = _interests(workspace, persona)
    fields |= _manner(persona)
    st.markdown("**Properties**", help="Typed facts. A text property named like a facet states an interest.")
    return Draft(fields, properties.editor(persona.properties, "persona_properties"))


def _interests(workspace: Workspace, persona: Persona) -> Facets:
    tags = held.once("persona_tags", (workspace.name, workspace.revision), workspace.tags)
    facets = list(dict.fromkeys([*workspace.settings.facets, *tags, *persona.interests]))
    st.markdown("**Stated interests**", help="What this person says they like. Each counts with full confidence.")
    if not facets:
        message("The catalogue has no tags to pick from yet.", "Import items with tags on the Catalogue page.")
    chosen = {facet: _tags(facet, tags.get(facet, {}), persona.interests.get(facet, ())) for facet in facets}
    return {facet: picked for facet, picked in chosen.items() if picked}


def _tags(facet: str, known: Mapping[str, int], stated: tuple[str, ...]) -> tuple[str, ...]:
    common = sorted(known, key=lambda tag: (-known[tag], tag))[:TAGS_OFFERED]
    picked = st.multiselect(
        escape(facet.replace("_", " ").capitalize()), list(dict.fromkeys([*stated, *common])), default=list(stated),
        key=f"persona_interests_{facet}", placeholder=f"pick from {count(len(known))} tags",
        format_func=lambda tag: f"{tag} ({count(known[tag])})" if tag in known else tag,
        accept_new_options=len(known) > TAGS_OFFERED,
    )  # fmt: skip
    return tuple(picked)


def _manner(persona: Persona) -> dict[str, Any]:
    with st.container(horizontal=True, gap="medium"):
        skill = st.segmented_control(
            "Skill level", _SKILLS, default=persona.skill_level, required=True, key="persona_skill"
        )
        style = st.segmented_control(
            "Communication style", _STYLES, default=persona.communication_style, required=True, key="persona_style",
            help="How texts should be written for this person.",
        )  # fmt: skip
    return {"skill_level": skill, "communication_style": style}


def _save(workspace: Workspace, persona: Persona, draft: Draft, *, new: bool) -> None:
    typed = properties.read(draft.rows)
    try:
        written = replace(persona, **draft.fields, properties=dict(typed.values))
    except ValidationError as problem:
        message(refusal(problem), wrong=True)
        return
    if typed.problems:
        _refuse(typed.problems)
        return
    with st.spinner("Saving, and reading the text …"):  # the first text of a process waits for the model, seconds
        if new:
            state.made(workspace, workspace.add_persona(written), f"Created {written.name}.")
        else:
            workspace.update_persona(persona.persona_id, written)
            undo.offer(f"Changed {written.name}.", partial(_put_back, workspace, persona))
    state.close_form()
    st.rerun()


def _put_back(workspace: Workspace, persona: Persona) -> None:
    workspace.update_persona(persona.persona_id, persona)
    state.close_form()  # where it is open again, it holds what was just undone


def _refuse(problems: tuple[str, ...]) -> None:
    for problem in problems:
        message(problem, wrong=True)
    st.caption("Nothing is saved yet. Correct the table and save again.")
