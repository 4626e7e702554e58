"""The offer to undo the last change, drawn at the top of every page."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from tastebench.domain.errors import TastebenchError
from tastebench.ui import identity
from tastebench.ui.format import escape


@dataclass(frozen=True)
class _Offer:
    sentence: str
    undo: Callable[[], object]
    where: identity.Held | None


def offer(sentence: str, undo: Callable[[], object]) -> None:
    """Offer to take back what was just done, until it is undone, dismissed or followed by another change.

    Parameters
    ----------
    sentence : str
        What was done, e.g. "Deleted Chinatown."; shown letter by letter.
    undo : callable
        Takes it back; an error of it is shown in place of the offer.
    """
    st.session_state["undo_offer"] = _Offer(sentence, undo, identity.held())


def withdraw() -> None:
    """Offer nothing any more: what was to be taken back is gone for good."""
    st.session_state.pop("undo_offer", None)


def show() -> None:
    """Draw the offer where there is one. `page` calls this."""
    current = st.session_state.get("undo_offer")
    if current is None:
        return
    if isinstance(current, _Offer) and not identity.may_see(current.where):
        withdraw()
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="undo_bar"):
        st.markdown(escape(current.sentence), width="content")
        if isinstance(current, _Offer):
            st.button("Undo", key="undo", icon=":material/undo:", on_click=_take_back)
        st.button("Dismiss", key="undo_dismiss", type="tertiary", on_click=withdraw)


def _take_back() -> None:
    current = st.session_state.pop("undo_offer")
    if not identity.may_see(current.where):
        return
    try:
        current.undo()
    except TastebenchError as error:
        st.toast(escape(str(error)))
    else:
        st.toast("Undone.")
