"""Under the question box: how the last follow-up was read, a box for the next one, and what might be asked."""

from collections.abc import Mapping

import streamlit as st

from tastebench.domain.query import QUESTION_LIMIT
from tastebench.ranking.conversation import Wish
from tastebench.ranking.suggesting import Suggestion
from tastebench.ranking.suggestion_kinds import SuggestionKind
from tastebench.services import Workspace
from tastebench.services.asking import Asked
from tastebench.stores.turns import Turn
from tastebench.ui import held
from tastebench.ui.ask import controls, state
from tastebench.ui.ask.link import View
from tastebench.ui.components import notes
from tastebench.ui.format import counted, escape, prose
from tastebench.ui.page import guarded
from tastebench.ui.recommendations import listing, thumbs
from tastebench.ui.recommendations.thumbs import Giver, Thumbs

_ICONS: Mapping[SuggestionKind, str] = {
    "related": "hub", "frequent": "history", "new": "new_releases", "trending": "trending_up",
}  # fmt: skip


def draw(workspace: Workspace, persona_id: str, view: View) -> None:
    """Draw suggestions, and after a question how it was refined and a box to go on with."""
    turn = current(workspace, persona_id, view)
    _suggestions(workspace, persona_id, view, turn)
    if not view.question:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="ask_conversation"):
        st.text_input(
            "Then say what should be different", key=state.key(workspace, "say"), max_chars=QUESTION_LIMIT,
            placeholder="more like the second one, but older", icon=":material/forum:", on_change=say,
            args=(workspace, persona_id, view),
        )  # fmt: skip
        if turn and "said" in turn.reading:
            st.button(
                "Back to the question", key="ask_anew", icon=":material/undo:", on_click=state.choose,
                args=(workspace,), kwargs={"turn": None},
            )  # fmt: skip
        _remembered(workspace, persona_id)
    if turn and "said" in turn.reading:
        st.markdown(prose(turn.reading["said"]))
    notes([heard] if (heard := state.text(workspace, "heard")) else [])


def current(workspace: Workspace, persona_id: str, view: View) -> Turn | None:
    """Return the turn that this view goes on from; None where none is remembered of its question."""
    held_turn = state.choice(workspace, "turn")
    if not isinstance(held_turn, tuple) or held_turn[1:] != (persona_id, view.question):
        return None
    return next((one for one in workspace.turns(persona_id) if one.key == held_turn[0]), None)


def wish(workspace: Workspace, persona_id: str, view: View) -> Wish | None:
    """Return what the conversation has come to; None before the first follow-up."""
    turn = current(workspace, persona_id, view)
    return Wish.from_dict(turn.reading["wish"]) if turn and "said" in turn.reading else None


def shown(workspace: Workspace, persona_id: str, view: View, asked: Asked) -> None:
    """Note what is on the screen, and remember the question if it was asked just now."""
    item_ids = [item.item_id for item in asked.personal.items]
    state.choose(workspace, listed=item_ids)
    if state.choice(workspace, "fresh"):
        state.choose(workspace, fresh=False)
        _begin(workspace, persona_id, view, item_ids)


def took(workspace: Workspace, persona_id: str, view: View, item_id: str) -> None:
    """Note that an item was taken from the list on the screen, if its question is remembered."""
    if turn := current(workspace, persona_id, view):
        workspace.take_item(turn.key, item_id)


def say(workspace: Workspace, persona_id: str, view: View, text: str = "") -> None:
    """Take a follow-up: what stands in the box, or `text` in its place. A callback."""
    said = text or state.text(workspace, "say").strip()
    state.choose(workspace, say="", heard="")
    if not said:
        return
    with guarded():
        listed = state.listed(workspace, "listed")
        if current(workspace, persona_id, view) is None:
            _begin(workspace, persona_id, view, listed)
        found = workspace.follow_up(
            persona_id, said, limit=view.shown, strength=view.strength, shown=listed,
            now=view.about.moment or held.now(workspace, persona_id).at,
            profile=listing.profile_of(workspace, view.about),
        )  # fmt: skip
        if found.turn is None:
            state.choose(workspace, heard=found.said)
            return
        state.choose(workspace, turn=(found.turn, persona_id, view.question))
        state.from_the_top(workspace)


def _begin(workspace: Workspace, persona_id: str, view: View, item_ids: list[str]) -> None:
    now = view.about.moment or held.now(workspace, persona_id).at
    turn = workspace.remember(persona_id, view.question, item_ids, now=now)
    state.choose(workspace, turn=(turn, persona_id, view.question), heard="")


def _suggestions(workspace: Workspace, persona_id: str, view: View, turn: Turn | None) -> None:
    now = view.about.moment
    found = [one for one in workspace.suggestions(persona_id, now) if turn is not None or not one.refines]
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ask_suggestions"):
        # What is taken up in the whole workspace says nothing of this persona, and must not read as if it did.
        everybodys = all(one.kind in {"trending", "new"} for one in found)
        st.caption("New and trending here:" if everybodys else "You might ask:", width="content")
        giver = Giver(workspace, persona_id, now)
        for number, one in enumerate(found):
            with st.container(horizontal=True, vertical_alignment="center", gap=None, width="content"):
                _suggestion(workspace, persona_id, view, number, one)
                about = Thumbs("suggestion", one.target, f"the suggestion “{one.text}”")
                thumbs.draw(giver, about, f"suggestion_{number}")


def _suggestion(workspace: Workspace, persona_id: str, view: View, number: int, one: Suggestion) -> None:
    callback, args = (
        (say, (workspace, persona_id, view, one.text)) if one.refines
        else (controls.submit, (workspace, persona_id, one.text))
    )  # fmt: skip
    st.button(
        escape(one.text), key=f"suggestion_{number}", icon=f":material/{_ICONS[one.kind]}:", on_click=callback,
        args=args, help=escape(f"{one.kind.capitalize()}: {one.reason}"),
    )  # fmt: skip


def _remembered(workspace: Workspace, persona_id: str) -> None:
    turns = workspace.turns(persona_id)
    if not turns:
        return
    hours = workspace.settings.conversation_hours
    with st.popover(f"Remembered ({len(turns)})", icon=":material/history:", width="content"):
        st.caption(f"What was asked and shown is kept for {counted(hours, 'hour')}, then removed for good.")
        for turn in reversed(turns):
            taken = f" Taken: {turn.chosen}." if turn.chosen else ""
            st.markdown(prose(f"“{turn.question or 'The list'}”. {turn.reading.get('said', '')}{taken}"))
        st.button("Forget all of it", key="forget_turns", icon=":material/delete:", on_click=_forget,
                  args=(workspace, persona_id))  # fmt: skip


def _forget(workspace: Workspace, persona_id: str) -> None:
    with guarded():
        workspace.forget_turns(persona_id)
        state.choose(workspace, turn=None, heard="")
