"""One item: what is known of it, what lies next to it, and what can be done with it."""

import streamlit as st

from tastebench.domain.item import Attribute, Item
from tastebench.services import Workspace
from tastebench.services.views import Neighbour
from tastebench.ui import undo
from tastebench.ui.catalogue import editing, state
from tastebench.ui.components import chips, figure_list, notes, plain
from tastebench.ui.format import ago, date, escape, escape_html, score
from tastebench.ui.page import guarded


def draw(workspace: Workspace, item_id: str) -> None:
    """Draw the page of one item."""
    st.button("Back to the catalogue", icon=":material/arrow_back:", type="tertiary", on_click=state.close_item)
    item = workspace.item(item_id)
    if state.edited() == item_id:
        editing.draw(workspace, item)
        return
    plain(item.name, tag="h2", style="margin:0;padding:0;overflow-wrap:anywhere")
    _actions(workspace, item)
    about, close = st.columns([3, 2], gap="medium")
    with about:
        _about(item)
    with close:
        _neighbours(workspace, item)


def _actions(workspace: Workspace, item: Item) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        key = f"available_{item.item_id}"
        st.session_state[key] = item.available
        st.toggle(
            "Available", key=key, on_change=_set_available, args=(workspace, item),
            help="Items that are not available are never recommended.",
        )  # fmt: skip
        st.button("Edit", icon=":material/edit:", key="edit_item", on_click=state.edit, args=(item.item_id,))
        st.button("Delete", icon=":material/delete:", key="delete_item", on_click=_delete, args=(workspace, item))


def _about(item: Item) -> None:
    if item.creator:
        plain(f"by {item.creator}", style="opacity:.8")
    plain(item.description or "No description.", style="line-height:1.6;margin:.4rem 0;overflow-wrap:anywhere")
    for facet, tags in item.facets.items():
        name = escape_html(facet.replace("_", " ").capitalize())
        st.html(f'<div><span style="opacity:.75;margin-right:.5rem">{name}</span>{chips(tags)}</div>')
    figures = [(name.replace("_", " "), _shown(value), "") for name, value in item.attributes.items()]
    joined = [("in the catalogue since", ago(item.created_at), date(item.created_at))] if item.created_at else []
    figure_list([*figures, *joined, ("id", item.item_id, "")])


def _neighbours(workspace: Workspace, item: Item) -> None:
    st.subheader("Closest in text", anchor=False, help="By the cosine of the items' embeddings, at most 1.")
    found = workspace.similar(item.item_id, limit=10)
    if not found:
        notes(["Nothing to compare with yet: the texts of this catalogue are not embedded."])
    for place, neighbour in enumerate(found):
        _neighbour(neighbour, place)


def _neighbour(neighbour: Neighbour, place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        cosine = f'<span style="font-variant-numeric:tabular-nums">{score(neighbour.similarity)}</span>'
        st.html(cosine, width="content")
        st.button(
            escape(neighbour.title or neighbour.item_id), key=f"neighbour_{place}", type="tertiary",
            on_click=state.open_item, args=(neighbour.item_id,),
        )  # fmt: skip
        if neighbour.tags:
            st.html(chips(neighbour.tags[:3]), width="content")


def _shown(value: Attribute) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _set_available(workspace: Workspace, item: Item) -> None:
    available = st.session_state[f"available_{item.item_id}"]
    with guarded():
        workspace.set_available(item.item_id, available)
        sentence = f"{item.name} is {'available again' if available else 'no longer recommended'}."
        undo.offer(sentence, lambda: workspace.set_available(item.item_id, not available))


def _delete(workspace: Workspace, item: Item) -> None:
    with guarded():
        workspace.delete_item(item.item_id)
        state.close_item()
        undo.offer(f"Deleted {item.name}.", lambda: workspace.restore_item(item.item_id))
