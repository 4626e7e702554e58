"""Recording one interaction by hand: find the item, say what happened and when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from tastebench.domain.item import Item
from tastebench.domain.moments import EARLIEST, LATEST
from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.ui import page, undo
from tastebench.ui.components import empty_state, notes, plain
from tastebench.ui.format import ago, counted, escape
from tastebench.ui.interactions import deeds

RESULTS = 25
_NOW, _THEN = "now", "at another time"


@dataclass(frozen=True)
class Said:
    """What the fields say apart from the item."""

    action: str
    at: datetime | None
    weight: float | None


def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw the fields for one interaction of the persona, and record it on request."""
    if not workspace.summary().items:
        sentence = "Interactions are with items. Import a catalogue first."
        if empty_state("inventory_2", "No items yet", sentence, "Import items", key="record_empty"):
            page.go("Catalogue", view="Import")
        return
    st.caption(f"What did {escape(persona.name)} do?")
    item = _item(workspace)
    said = _said(workspace)
    notes(filter(None, [deeds.remark(workspace, persona.persona_id)]) if said.at is None else [])
    if st.button("Record", type="primary", disabled=item is None, key="record_save") and item is not None:
        _record(workspace, persona, item, said)
    page.link("Recommendations", f"See what {escape(persona.name)} is recommended now")


def _item(workspace: Workspace) -> Item | None:
    text, choice = st.columns(2, vertical_alignment="bottom")
    search = text.text_input(
        "Find an item", key="record_search", placeholder="a word of the title, text or creator", live=True,
        icon=":material/search:", max_chars=200,
    ).strip()  # fmt: skip
    found = workspace.items(search=search, limit=RESULTS)
    with choice:
        if not found.items:
            plain(f"No item matches “{search}”. Try a shorter word.", style="opacity:.8;padding-bottom:.6rem")
            return None
        # A key per search: what was picked among other results must not stay picked.
        picked: Item | None = st.selectbox(
            f"Item · {counted(found.total, 'match', 'matches')}", found.items, format_func=_titled,
            key=f"record_item/{workspace.key}/{search}", index=0 if search else None, placeholder="choose an item",
            help=None if found.total <= RESULTS else f"The first {RESULTS} are offered: search for more words.",
        )  # fmt: skip
    return picked


def _titled(item: Item) -> str:
    year = item.attributes.get("year")
    return " · ".join(part for part in (item.name, item.creator, "" if year is None else str(year)) if part)


def _said(workspace: Workspace) -> Said:
    actions = list(workspace.settings.actions)
    columns = st.columns([2, 3, 2], vertical_alignment="top")
    action = columns[0].selectbox(
        "Action", actions, index=actions.index("like") if "like" in actions else 0, key=f"record_action/{workspace.key}"
    )
    with columns[1]:
        when = st.segmented_control("When", [_NOW, _THEN], default=_NOW, required=True, key="record_when")
        at = _moment() if when == _THEN else None
    weight = columns[2].number_input(
        "Weight", -1.0, 1.0, None, 0.1, key="record_weight", placeholder="the action's own",
        help="How much they liked it, from −1 to 1. Leave it empty to use the weight of the action.",
    )  # fmt: skip
    return Said(action, at, weight)


def _moment() -> datetime | None:
    chosen: datetime | None = st.datetime_input(
        "Date and time (UTC)", datetime.now(UTC).replace(tzinfo=None), key="record_at", format="YYYY-MM-DD",
        min_value=EARLIEST.replace(tzinfo=None), max_value=LATEST.replace(tzinfo=None), step=60,
    )  # fmt: skip
    return chosen and chosen.replace(tzinfo=UTC)


def _record(workspace: Workspace, persona: Persona, item: Item, said: Said) -> None:
    at = said.at or deeds.now(workspace, persona.persona_id)
    keys = workspace.add_interactions(persona.persona_id, [deeds.deed(item, said.action, at, said.weight)])
    when = "" if said.at is None else f", {ago(said.at)}"
    sentence = f"Recorded for {persona.name}: {said.action.replace('_', ' ')}, {item.name}{when}."
    undo.offer(sentence, partial(workspace.delete_interactions, keys))
    st.rerun()
