"""Thumbs up and down beside what is shown: a list, how it is explained, a comment, a suggestion."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from tastebench.domain.feedback import DISLIKE, LIKE, FeedbackKind
from tastebench.services import Workspace
from tastebench.ui import held, undo
from tastebench.ui.format import escape
from tastebench.ui.page import guarded
from tastebench.ui.recommendations.feedback import thumb_moment

_BOTH = ((True, "up", "Thumbs up"), (False, "down", "Thumbs down"))


@dataclass(frozen=True)
class Thumbs:
    """What a pair of thumbs is for.

    Parameters
    ----------
    kind : str
        Of the target.
    target : str
        Empty where it is the impression's id.
    words : str
        What it is, e.g. "this list".
    shown : callable, optional
        Returns the id of the impression that is answered.
    """

    kind: FeedbackKind
    target: str
    words: str
    shown: Callable[[], str] | None = None


@dataclass(frozen=True)
class Giver:
    """Who gives thumbs.

    Parameters
    ----------
    as_of : datetime, optional
        The moment that is looked at, where that isn't now.
    then : callable, optional
        Called when thumbs were given: a fragment has the whole page drawn, where the undo is offered.
    """

    workspace: Workspace
    persona_id: str
    as_of: datetime | None = None
    then: Callable[[], object] | None = None


def draw(giver: Giver, about: Thumbs, key: str) -> None:
    """Draw both thumbs, if the workspace has actions for them; `key` is of their widgets."""
    if not {LIKE, DISLIKE} <= giver.workspace.settings.actions.keys():
        return
    with st.container(horizontal=True, gap=None, width="content", key=f"feedback_{key}"):
        for good, way, words in _BOTH:
            label = escape(f"{words} for {about.words}")
            st.button(
                label, key=f"thumb_{way}_{key}", icon=f":material/thumb_{way}:", type="tertiary", help=label,
                on_click=give, args=(giver, about), kwargs={"good": good},
            )  # fmt: skip


def give(giver: Giver, about: Thumbs, *, good: bool) -> None:
    """Record a thumb and offer to undo it; what is held of lists stays, as none depends on it. A callback."""
    space, persona_id = giver.workspace, giver.persona_id
    with guarded():
        at = thumb_moment(held.now(space, persona_id).at, giver.as_of, datetime.now(UTC))
        shown = about.shown() if about.shown else None
        record = partial(
            space.feedback, persona_id, about.kind, about.target or shown or "", good=good, at=at, impression=shown
        )
        key = held.keeping_lists(space, record)
        words = f"{'Thumbs up' if good else 'Thumbs down'} for {about.words}."
        undo.offer(words, lambda: held.keeping_lists(space, lambda: space.delete_interactions([key])))
        if giver.then:
            giver.then()
