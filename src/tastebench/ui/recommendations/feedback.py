"""What the persona does about an item, recorded on the spot and taken back as easily."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import streamlit as st

from tastebench.domain.errors import InvalidInput
from tastebench.domain.interaction import Interaction
from tastebench.domain.ranking import Ranking
from tastebench.services import Workspace
from tastebench.ui import held, undo
from tastebench.ui.format import date
from tastebench.ui.page import guarded
from tastebench.ui.recommendations import state
from tastebench.ui.recommendations.deeds import deed
from tastebench.ui.recommendations.link import View

IN_REACH: Mapping[str, tuple[str, str]] = {
    "like": ("Like", ":material/favorite:"),
    "dislike": ("Dislike", ":material/thumb_down:"),
    "view": ("View", ":material/visibility:"),
    "purchase": ("Purchase", ":material/shopping_bag:"),
}
"""Actions with a button of their own: word and icon. The others stand in the item's menu."""

LEAVE_OUT = "\0leave out"
"""The entry of an item's menu that is no action (no action's name can hold \0): it only leaves the item out here."""

_OLD = timedelta(days=1)
_SHOWN_LIMIT = 500


def shown(workspace: Workspace, ranking: Ranking) -> str:
    """Return the id of the impression of this list, recorded the first time the session shows it."""
    ids = tuple(item.item_id for item in ranking.items)
    key = (workspace.key, ranking.request.persona_id, ranking.request.profile.digest(), ranking.request.offset, ids)
    return held.once("shown", key, lambda: workspace.show(ranking), _SHOWN_LIMIT)


def moment(now: datetime, as_of: datetime | None, clock: datetime) -> datetime:
    """Return when feedback given now is said to have happened, so that the list shown takes it into account.

    That is the clock, but never after the day a list is ranked as of, and in a workspace that lives in the past just
    after its newest event: else one click of today would age everything else to nothing.
    """
    if as_of is not None:
        return min(as_of, clock)
    return now + timedelta(microseconds=1) if clock - now > _OLD else max(clock, now)


def thumb_moment(now: datetime, as_of: datetime | None, clock: datetime) -> datetime:
    """Return when a thumb given now is said to have happened: as `moment`, but never after `now` in the past.

    It isn't an event that moves a workspace's newest moment on.
    """
    return now if as_of is None and clock - now > _OLD else moment(now, as_of, clock)


def remark(now: datetime, as_of: datetime | None, clock: datetime) -> str:
    """Return a sentence where feedback is not recorded at the clock's time; empty otherwise."""
    at = moment(now, as_of, clock)
    return f"What you record here is recorded as of {date(at)}." if clock - at > _OLD else ""


def record(
    workspace: Workspace, persona_id: str, view: View, impression: str, item: tuple[str, str], action: str
) -> None:
    """Record one action with an item (id, title) and offer to undo it. A callback."""
    item_id, title = item
    with guarded():
        at = moment(held.now(workspace, persona_id).at, view.moment, datetime.now(UTC))
        target, kind = _target(workspace, item_id, action)
        answer = Interaction(target, action, at=at, target_kind=kind, impression=impression)
        keys = workspace.add_interactions(persona_id, [answer])
        undo.offer(_sentence(deed(action, title)), lambda: workspace.delete_interactions(keys))


def from_menu(
    workspace: Workspace, persona_id: str, view: View, impression: str, item: tuple[str, str], key: str
) -> None:
    """Do what was chosen in an item's menu. A callback."""
    chosen = str(st.session_state[key])
    if chosen == LEAVE_OUT:
        _leave_out(workspace, item)
    else:
        record(workspace, persona_id, view, impression, item, chosen)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}."


def _target(workspace: Workspace, item_id: str, action: str) -> tuple[str, Literal["item", "creator"]]:
    if action != "follow":
        return item_id, "item"
    creator = workspace.item(item_id).creator
    if not creator:
        raise InvalidInput("This item names no creator to follow.", "Add one on the Catalogue page.")
    return creator, "creator"


def _leave_out(workspace: Workspace, item: tuple[str, str]) -> None:
    item_id, title = item
    before = list(st.session_state.get(state.key(workspace, "without"), []))
    state.choose(workspace, without=[*before, item_id], item="")
    undo.offer(_sentence(f"left out {title}"), lambda: state.choose(workspace, without=before))
