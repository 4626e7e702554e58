"""Writing an item: a form for one that is there, or for a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st
from pydantic import ValidationError

from tastebench.domain.item import Facets, Item
from tastebench.services import Workspace
from tastebench.ui import held, undo
from tastebench.ui.catalogue import state
from tastebench.ui.components import message
from tastebench.ui.format import escape
from tastebench.ui.personas import properties
from tastebench.ui.refusals import refusal

TAGS_OFFERED = 1000


@dataclass(frozen=True)
class Draft:
    """What the form says, before it is known to be usable."""

    fields: Mapping[str, Any]
    rows: list[dict[str, object]]


def draw(workspace: Workspace, item: Item | None) -> None:
    """Draw the form of an item, or of a new one (None), and save it on request."""
    st.subheader("New item" if item is None else f"Edit {escape(item.name)}", anchor=False)
    shown = item or Item("?")
    with st.form(f"item_form_{shown.item_id}", enter_to_submit=False):
        draft = _fields(workspace, shown, new=item is None)
        with st.container(horizontal=True):
            pressed = st.form_submit_button("Add item" if item is None else "Save changes", type="primary")
            st.form_submit_button("Cancel", on_click=state.stop_editing, type="tertiary")
    if pressed:
        _save(workspace, item, shown, draft)


def _fields(workspace: Workspace, item: Item, *, new: bool) -> Draft:
    fields: dict[str, Any] = {}
    if new:
        fields["item_id"] = st.text_input("Id", max_chars=200, key="item_id", placeholder="unique, such as tt0078748")
    fields |= {
        "title": st.text_input("Title", item.title, max_chars=500, key="item_title"),
        "description": st.text_area(
            "Description", item.description, max_chars=20_000, height=140, key="item_description",
            help="Together with title and tags this is what is embedded. Changing it moves the item.",
        ),
        "creator": st.text_input("Creator", item.creator, max_chars=200, key="item_creator"),
        "facets": _facets(workspace, item),
        "created_at": _moment(item.created_at),
    }  # fmt: skip
    st.markdown("**Attributes**", help="Free attributes. Numbers can be filtered by range.")
    return Draft(fields, properties.editor(item.attributes, "item_attributes", properties.SINGLE))


def _facets(workspace: Workspace, item: Item) -> Facets:
    tags = held.once("catalogue_tags", (workspace.name, workspace.revision), workspace.tags)
    names = list(dict.fromkeys([*workspace.settings.facets, *item.facets])) or ["tags"]
    return {name: tuple(_tags(name, tags.get(name, {}), item.facets.get(name, ()))) for name in names}


def _tags(facet: str, known: Mapping[str, int], own: tuple[str, ...]) -> list[str]:
    return st.multiselect(
        escape(facet.replace("_", " ").capitalize()), list(dict.fromkeys([*own, *list(known)[:TAGS_OFFERED]])),
        default=list(own), accept_new_options=True, key=f"item_tags_{facet}", placeholder="pick tags or write new ones",
    )  # fmt: skip


def _moment(before: datetime | None) -> datetime | None:
    day = st.date_input(
        "In the catalogue since", before and before.date(), key="item_created_at",
        min_value=date(1900, 1, 1), max_value=date(2199, 12, 31),
        help="Rankings as of an earlier day leave it out. Empty: it has always been there.",
    )  # fmt: skip
    if day is None or (before is not None and before.date() == day):
        return None if day is None else before
    return datetime.combine(day, time(), UTC)


def _save(workspace: Workspace, before: Item | None, shown: Item, draft: Draft) -> None:
    typed = properties.read(draft.rows, properties.SINGLE)
    attributes = {name: value for name, value in typed.values.items() if not isinstance(value, tuple)}
    try:
        written = replace(shown, **draft.fields, attributes=attributes)
    except ValidationError as problem:
        message(refusal(problem), wrong=True)
        return
    for problem_text in typed.problems:
        message(problem_text, wrong=True)
    if typed.problems or _taken(workspace, before, written):
        return
    with st.spinner("Saving, and reading the text …"):  # the first text of a process waits for the model, seconds
        workspace.save_item(written)
    if before is None:
        undo.offer(f"Added {written.name}.", lambda: _take_out(workspace, written.item_id))
    else:
        undo.offer(f"Changed {written.name}.", lambda: _put_back(workspace, before))
    state.open_item(written.item_id)
    st.rerun()


def _taken(workspace: Workspace, before: Item | None, written: Item) -> bool:
    if before is not None or not workspace.items_by_id((written.item_id,)):
        return False
    message(f"There is already an item with the id {written.item_id}.", "Choose another id.", wrong=True)
    return True


def _put_back(workspace: Workspace, item: Item) -> None:
    workspace.save_item(item)
    state.stop_editing()  # where the form is open again, it holds what was just undone


def _take_out(workspace: Workspace, item_id: str) -> None:
    workspace.delete_item(item_id)
    state.close_item()
