"""The table of items with search and filters."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from tastebench.domain.item import Item
from tastebench.services import Workspace
from tastebench.services.views import ItemPage
from tastebench.ui import held, paging
from tastebench.ui.catalogue import editing, state
from tastebench.ui.components import empty_state
from tastebench.ui.format import counted, escape

PAGE_SIZE = 25
TAGS_OFFERED = 500
"""A facet's most frequent tags are offered as filters."""

_PAGE = "items_page"
_SEARCH = "find"
_AVAILABLE = "show"
_TABLE = "items_table"
_STATES = {"All": None, "Available": True, "Not available": False}
_ROW, _HEADER = 35, 38


def draw(workspace: Workspace) -> None:
    """Draw filters and table; choosing a row opens that item."""
    if state.edited() == state.NEW:
        editing.draw(workspace, None)
        return
    if not workspace.summary().items:
        _nothing_yet()
        return
    search, facets, available = _filters(workspace)
    found = _page(workspace, search, facets, available)
    if not found.total:
        st.caption("No item matches. Search for less, or take a filter away.")
        st.button("Show all items", on_click=_show_all, args=(tuple(facets),), key="items_all")
        return
    _table(workspace, found.items)
    paging.pages(_PAGE, PAGE_SIZE, found.total, "item")


def _nothing_yet() -> None:
    sentence = "Bring in your items from a file: CSV, TSV, JSON Lines or Parquet. The columns are guessed for you."
    if empty_state("inventory_2", "No items yet", sentence, "Import a file", key="no_items", on_click=_to_import):
        st.rerun()


def _to_import() -> None:
    state.show("Import")


def _filters(workspace: Workspace) -> tuple[str, dict[str, tuple[str, ...]], bool | None]:
    tags = held.once("catalogue_tags", (workspace.name, workspace.revision), workspace.tags)
    category = workspace.settings.category
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            "Search items", key=_SEARCH, placeholder="title, text, creator", icon=":material/search:",
            max_chars=200, on_change=_first_page, bind="query-params",
        )  # fmt: skip
        chosen = {category: _tag_filter(category, tags.get(category, {}))} if category else {}
        rest = [facet for facet in tags if facet != category]
        if rest:
            with st.popover("More filters"):
                chosen |= {facet: _tag_filter(facet, tags[facet]) for facet in rest}
        available = st.segmented_control(
            "Availability", list(_STATES), default="All", required=True, key=_AVAILABLE, on_change=_first_page,
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        st.button("Add an item", icon=":material/add:", key="add_item", on_click=state.edit, args=(state.NEW,))
    return (search or "").strip(), {facet: picked for facet, picked in chosen.items() if picked}, _STATES[available]


def _tag_filter(facet: str, known: Mapping[str, int]) -> tuple[str, ...]:
    key = _tags_key(facet)
    if key in st.session_state:
        # Another workspace, or an edit, may have taken a chosen tag away.
        st.session_state[key] = [tag for tag in st.session_state[key] if tag in known]
    picked = st.multiselect(
        escape(facet.replace("_", " ").capitalize()), list(known)[:TAGS_OFFERED], key=key, placeholder="any",
        on_change=_first_page, bind="query-params",
    )  # fmt: skip
    return tuple(picked)


def _tags_key(facet: str) -> str:
    return f"with_{facet}"


def _first_page() -> None:
    paging.first_page(_PAGE)


def _show_all(facets: tuple[str, ...]) -> None:
    st.session_state[_SEARCH] = ""
    st.session_state[_AVAILABLE] = "All"
    for facet in facets:
        st.session_state[_tags_key(facet)] = []
    _first_page()


def _page(workspace: Workspace, search: str, facets: Mapping[str, tuple[str, ...]], available: bool | None) -> ItemPage:
    start = paging.offset(_PAGE, PAGE_SIZE, workspace.summary().items)
    found = workspace.items(search=search, facets=facets, available=available, limit=PAGE_SIZE, offset=start)
    if found.items or not found.total:
        return found
    start = paging.offset(_PAGE, PAGE_SIZE, found.total)
    return workspace.items(search=search, facets=facets, available=available, limit=PAGE_SIZE, offset=start)


def _table(workspace: Workspace, items: Sequence[Item]) -> None:
    frame = table(items, tuple(workspace.settings.facets))
    columns = {"Available": st.column_config.CheckboxColumn(width="small"),
               "Title": st.column_config.TextColumn(width="medium")}  # fmt: skip
    ids = tuple(item.item_id for item in items)
    st.dataframe(
        frame, key=_TABLE, hide_index=True, column_config=columns, on_select=lambda: _open_selected(ids),
        selection_mode="single-row", height=_HEADER + _ROW * len(frame),
        alt=f"{counted(len(frame), 'item')}, beginning with {items[0].name}",
    )  # fmt: skip
    st.caption("Select a row to open its item.")


def table(items: Sequence[Item], facets: tuple[str, ...]) -> pd.DataFrame:
    """Return items as a table: title, creator, the tags per facet, up to four attributes, availability."""
    attributes = list(dict.fromkeys(name for item in items for name in item.attributes))[:4]
    rows = [
        {"Title": item.name, "Creator": item.creator}
        | {facet.capitalize(): ", ".join(item.facets.get(facet, ())) for facet in facets}
        | {name.replace("_", " ").capitalize(): _cell(item.attributes.get(name)) for name in attributes}
        | {"Available": item.available, "Id": item.item_id}
        for item in items
    ]
    return pd.DataFrame(rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _open_selected(ids: tuple[str, ...]) -> None:
    rows = st.session_state[_TABLE]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        state.open_item(ids[rows[0]])
