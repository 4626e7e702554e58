"""What came of a callback: said by the next run of the whole page, which callbacks within a fragment need as well."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from tastebench.domain.errors import TastebenchError
from tastebench.ui import identity
from tastebench.ui.components import message
from tastebench.ui.format import escape

_ANEW, _SAID, _WRONG = "tuning/anew", "tuning/said", "tuning/wrong"


@contextmanager
def attempt() -> Iterator[None]:
    """Do a callback's work; where it cannot be done, the next run says why.

    Callbacks run before the page: it is held here too that whoever signed in still is a member.
    """
    identity.hold()
    st.session_state[_ANEW] = True
    try:
        yield
    except TastebenchError as error:
        st.session_state[_WRONG] = error


def tell(sentence: str) -> None:
    """Have the next run say a sentence, in passing."""
    st.session_state[_SAID] = sentence


def whole_page_if_needed() -> None:
    """Within a fragment: run the whole page where a callback changed more than the fragment shows."""
    if st.session_state.get(_ANEW):
        st.rerun()


def show() -> None:
    """Say what the last callback came to. The page calls this before it draws anything that depends on it."""
    st.session_state.pop(_ANEW, None)
    if sentence := st.session_state.pop(_SAID, ""):
        st.toast(escape(sentence))
    if error := st.session_state.pop(_WRONG, None):
        message(error.message, error.next_step, wrong=True)
