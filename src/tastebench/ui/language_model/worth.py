"""Whether the language model is worth its time here: what the latest rerankings came to."""

import streamlit as st

from tastebench.services import Workspace
from tastebench.services.judged import Worth
from tastebench.ui.components import figures, prose_line
from tastebench.ui.format import counted, percent, score
from tastebench.ui.language_model.saying import TAU_HINT

_JUDGE = (
    "How to judge: near 1 it says what the list says already, and only costs time. Near 0 its order has nothing to do "
    "with the list's, as is usual for small models; then look at its grades for people whose taste you know, and keep "
    "the influence small, or leave it off, where they make no sense. Agreement alone proves nothing either way."
)
_ALIKE, _APART = 0.8, 0.2


def draw(workspace: Workspace) -> None:
    """Draw what the last 100 rerankings of this workspace came to, folded."""
    unfolded = st.expander("Is it worth it here?", on_change="rerun", key="worth", type="compact")
    if unfolded.open:
        with unfolded:
            _figures(workspace.worth())


def verdict(worth: Worth) -> str:
    """Return what the figures say, in a sentence or two.

    Examples
    --------
    >>> verdict(Worth(uses=3, answered=0, agreement=None, moved=None, seconds=None, repaired=None))
    'It was asked 3 times and gave no answer that could be used.'
    >>> verdict(Worth(uses=1, answered=1, agreement=0.9, moved=0.2, seconds=8.0, repaired=0.0))
    'It was asked once and answered once. Its order is nearly the list’s own: it changes little.'
    """
    if not worth.uses:
        return "It hasn't been asked here yet."
    asked = f"It was asked {_times(worth.uses)} and"
    if worth.agreement is None:
        return f"{asked} gave no answer that could be used."
    if worth.agreement >= _ALIKE:
        meaning = "Its order is nearly the list’s own: it changes little."
    elif worth.agreement <= _APART:
        meaning = "Its order has little to do with the list’s: it knows better, or it guesses."
    else:
        meaning = "Its order resembles the list’s, with views of its own."
    return f"{asked} answered {_times(worth.answered)}. {meaning}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number) or counted(number, "time")


def _figures(worth: Worth) -> None:
    prose_line(verdict(worth))
    if worth.agreement is not None:
        figures(
            [
                ("Agreement, Kendall’s τ", score(worth.agreement, 2), f"Its own order against the list's. {TAU_HINT}"),
                ("Would move", percent(worth.moved or 0), "Share of the graded items whose place its order changes."),
                ("Time per list", f"{worth.seconds or 0:.1f} s", "The median, loading included."),
                ("Answers mended", percent(worth.repaired or 0), "Share of answers with something to mend in them."),
            ]
        )
    counting = "The latest reranking" if worth.uses == 1 else f"The latest {worth.uses} rerankings"
    st.caption(f"{counting} of this workspace, 100 at most. {_JUDGE}")
