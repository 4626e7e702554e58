"""What the Catalogue page shows: one of its views, or one item of it, both in the URL."""

from typing import Literal

import streamlit as st

from tastebench.ui import identity
from tastebench.ui.page import go

View = Literal["Items", "Map", "Import"]
VIEWS: tuple[View, ...] = ("Items", "Map", "Import")

_VIEW = "view"
_ITEM = "item"
_NEXT = "next_item"
_EDITED = "edited_item"
NEW = ""
"""Stands for the id of an item that is being written."""


def switch() -> View:
    """Draw the switch between the views and return the chosen one; choosing leaves an opened item."""
    return st.segmented_control(
        "View", VIEWS, default="Items", required=True, key=_VIEW, bind="query-params", label_visibility="collapsed",
        on_change=close_item, wrap=True,
    )  # fmt: skip


def show(view: View) -> None:
    """Go to a view from a callback."""
    close_item()
    st.session_state[_VIEW] = view


def opened_item() -> str | None:
    """Return the id of the item that is open; None where a view is."""
    asked = st.session_state.pop(_NEXT, None)
    if asked is not None:
        # Setting the parameter here and letting the filters' parameters go later would be two steps for Back.
        go("Catalogue", item=asked)
    return st.query_params.get(_ITEM)


def open_item(item_id: str) -> None:
    """Open an item, from a callback."""
    st.session_state[_NEXT] = item_id
    stop_editing()


def close_item() -> None:
    """Go back to the view, from a callback."""
    if _ITEM in st.query_params:
        del st.query_params[_ITEM]
    stop_editing()


def edited() -> str | None:
    """Return the id of the item whose form is open here, `NEW` for one being written, None where no form is."""
    # The same id may name another item elsewhere: a form belongs to the workspace it was opened in.
    where, item_id = st.session_state.get(_EDITED, ("", None))
    return item_id if where == identity.current("workspace") else None


def edit(item_id: str) -> None:
    """Open the form of an item, or of a new one, from a callback."""
    st.session_state[_EDITED] = (identity.current("workspace"), item_id)


def stop_editing() -> None:
    """Close the form, from a callback."""
    st.session_state.pop(_EDITED, None)
