"""Through a long list, page by page."""

import streamlit as st

from tastebench.domain.ranking import Ranking
from tastebench.services import Workspace
from tastebench.ui.format import count, counted
from tastebench.ui.recommendations import state
from tastebench.ui.recommendations.link import PAGE_SIZE


def last_page(total: int) -> int:
    """Return the number of the last page.

    Examples
    --------
    >>> last_page(0), last_page(20), last_page(21)
    (1, 1, 2)
    """
    return max(1, -(-total // PAGE_SIZE))


def headline(ranking: Ranking) -> str:
    """Return what was ranked, in one sentence."""
    searches = counted(len(ranking.searches), "search", "searches")
    return f"Ranked from {counted(ranking.total, 'candidate')} found by {searches}"


def turn(workspace: Workspace, page: int) -> None:
    """Go to a page of the list. A callback."""
    state.choose(workspace, page=page, item="")


def buttons(workspace: Workspace, ranking: Ranking, page: int, where: str) -> None:
    """Draw which places are shown, and the way to the pages before and after, into a row."""
    last = last_page(ranking.total)
    first, shown = ranking.request.offset + 1, len(ranking.items)
    st.markdown(f"{count(first)} to {count(first + shown - 1)} of {count(ranking.total)}", width="content")
    for label, target, icon in (("Previous", page - 1, "chevron_left"), ("Next", page + 1, "chevron_right")):
        st.button(
            label, key=f"{label}_{where}", icon=f":material/{icon}:", disabled=not 1 <= target <= last,
            on_click=turn, args=(workspace, target), icon_position="left" if target < page else "right",
        )  # fmt: skip
