"""Long lists a page at a time: which part is on show, and the row of page numbers below it."""

import streamlit as st

from tastebench.ui.format import counted


def offset(key: str, size: int, total: int) -> int:
    """Return how many entries lie before the page on show; a page past the end gives the last one."""
    # Before the page numbers are drawn for the first time, only the URL knows which one a link asks for.
    asked = str(st.session_state.get(key, st.query_params.get(key, "1")))
    page = int(asked) if asked.isdecimal() and len(asked) < 10 else 1
    return min(max(page, 1) - 1, max(0, (total - 1) // size)) * size


def pages(key: str, size: int, total: int, noun: str, plural: str = "") -> None:
    """Draw how many entries there are and, where they need more than one page, the page numbers."""
    start = offset(key, size, total)
    shown = counted(total, noun, plural)
    if total <= size:
        st.caption(shown)
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{start + 1:,}–{min(start + size, total):,} of {shown}", width="content")
        st.pagination((total + size - 1) // size, key=key, max_visible_pages=5, bind="query-params")


def first_page(key: str) -> None:
    """Go back to the first page: for the `on_change` of what filters the list."""
    st.session_state[key] = 1
