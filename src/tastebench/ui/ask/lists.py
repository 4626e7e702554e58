"""Both orders side by side: what answers the question for anybody, and what answers it for this person."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from tastebench.domain.evidence import Evidence
from tastebench.domain.ranking import ScoredItem
from tastebench.services import Workspace
from tastebench.services.asking import Asked
from tastebench.ui.ask import conversation, state
from tastebench.ui.ask.link import PERSONAL, PLAIN, View
from tastebench.ui.bars import roomy_scale
from tastebench.ui.charts import Scale, contribution_bar
from tastebench.ui.components import chips, screen_reader
from tastebench.ui.format import escape, escape_html, rank_change, score
from tastebench.ui.language_model import comments
from tastebench.ui.recommendations import feedback, listing
from tastebench.ui.recommendations.rows import stages
from tastebench.ui.recommendations.thumbs import Giver

TAGS_SHOWN = 3
_WIDTHS = [0.7, 6.3]
_WIDTHS_WITH_MENU = [0.7, 5.5, 0.8]


@dataclass(frozen=True)
class Shown:
    """An answer as it is shown."""

    workspace: Workspace
    name: str
    view: View
    asked: Asked
    evidence: Evidence
    scale: Scale

    @property
    def giver(self) -> Giver:
        """Who gives thumbs here."""
        persona_id = self.asked.personal.request.persona_id
        return Giver(self.workspace, persona_id, self.view.about.moment, state.ask_for_all)

    def opens(self, item: ScoredItem, side: str) -> bool:
        """Whether the item is opened in this list."""
        return (self.view.about.item, self.view.side) == (item.item_id, side)


def draw(workspace: Workspace, view: View, asked: Asked, evidence: Evidence) -> None:
    """Draw both lists; an opened item comes apart in the list in which it was opened."""
    name = workspace.persona(asked.personal.request.persona_id).name
    shown = Shown(workspace, name, view, asked, evidence, roomy_scale([*asked.plain.items, *asked.personal.items]))
    with st.container(key="ask_lists"):
        plain, personal = st.columns([2, 3], gap="large")
    with plain.container(key="ask_plain", gap="small"):
        st.html(_heading("By the question alone", ""))
        for item in asked.plain.items:
            _plain(shown, item)
    with personal.container(key="ask_personal", gap="small"):
        st.html(_heading(f"For {name}", verdict(asked)))
        for item in asked.personal.items:
            _personal(shown, item)


def verdict(asked: Asked) -> str:
    """Return how far the persona bends the top of the list, in a few words."""
    shown = [asked.places[item.item_id] for item in asked.personal.items]
    new = sum(places.plain > len(shown) for places in shown)
    moved = sum(places.plain != places.personal for places in shown)
    if not moved:
        return "in the same order"
    came = f", {new} of them from further down" if new else ""
    return f"{moved} of {len(shown)} stand elsewhere{came}"


def _heading(title: str, words: str) -> str:
    return f'<h3 class="tb-ask-head">{escape_html(title)}<span>{escape_html(words)}</span></h3>'


def _plain(shown: Shown, item: ScoredItem) -> None:
    with st.container(gap="xsmall", key=f"plain_{item.rank}"):
        place, about = st.columns(_WIDTHS, gap="small", wrap=False)
        place.html(f'<div class="tb-place"><b>{item.rank}</b></div>')
        with about.container(gap=None):
            _title(shown, item, PLAIN)
            personal = shown.asked.places[item.item_id].personal
            st.html(f'<div class="tb-why">{escape_html(f"place {personal} for {shown.name}")}</div>')
            st.html(_sum(item, {"query": item.signals["query"]}, shown.scale))
        if shown.opens(item, PLAIN):
            listing.opened(shown.giver, shown.asked.plain, shown.evidence, item)


def _personal(shown: Shown, item: ScoredItem) -> None:
    with st.container(gap="xsmall", key=f"personal_{item.rank}"):
        place, about, menu = st.columns(_WIDTHS_WITH_MENU, gap="small", wrap=False)
        place.html(_place(shown, item))
        with about.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                _title(shown, item, PERSONAL)
                st.html(f'<div class="tb-tags">{chips(item.tags[:TAGS_SHOWN])}</div>', width="content")
            st.html(f'<div class="tb-why">{escape_html(item.reason)}</div>')
            if said := comments.line(shown.asked.personal.model, item):
                st.html(said)
            st.html(_sum(item, item.signals, shown.scale))
        with menu:
            _menu(shown, item)
        if shown.opens(item, PERSONAL):
            listing.opened(shown.giver, shown.asked.personal, shown.evidence, item)


def _place(shown: Shown, item: ScoredItem) -> str:
    change = rank_change(shown.asked.places[item.item_id].plain, item.rank)
    words = f"{stages(item)}; {change.words}" if change.words else stages(item)
    moved = f'<span class="tb-moved" aria-hidden="true">{change.sign}</span>' if change.sign else ""
    return f'<div class="tb-place" title="{escape_html(words)}"><b>{item.rank}</b>{moved}{screen_reader(words)}</div>'


def _title(shown: Shown, item: ScoredItem, side: str) -> None:
    opened = shown.opens(item, side)
    st.button(
        escape(item.title), key=f"open_{side}_{item.item_id}", type="tertiary", on_click=state.toggle,
        args=(shown.workspace, item.item_id, side), icon=f":material/{'expand_less' if opened else 'expand_more'}:",
        icon_position="right", help="Close" if opened else "Why it stands here",
    )  # fmt: skip


def _sum(item: ScoredItem, signals: Mapping[str, float | None], scale: Scale) -> str:
    bar = contribution_bar(item.contributions, signals, scale)
    return f'<div class="tb-sum"><b title="exactly {item.score!r}">{score(item.score)}</b>{bar}</div>'


def _menu(shown: Shown, item: ScoredItem) -> None:
    key = f"did_{item.item_id}"
    st.menu_button(
        f"What {escape(shown.name)} did with {escape(item.title)}", list(shown.workspace.settings.actions), key=key,
        icon=":material/more_horiz:", type="tertiary", on_click=partial(_record, shown, item, key),
        format_func=lambda action: escape(action.replace("_", " ").capitalize()),
    )  # fmt: skip


def _record(shown: Shown, item: ScoredItem, key: str) -> None:
    """Record what was chosen in an item's menu, as an answer to the list that was shown. A callback."""
    request, named = shown.asked.personal.request, (item.item_id, item.title)
    impression = feedback.shown(shown.workspace, shown.asked.personal)
    action = str(st.session_state[key])
    feedback.record(shown.workspace, request.persona_id, shown.view.about, impression, named, action)
    if shown.workspace.settings.actions.get(action, 0) > 0:
        conversation.took(shown.workspace, request.persona_id, shown.view, item.item_id)
    state.ask_for_all()
