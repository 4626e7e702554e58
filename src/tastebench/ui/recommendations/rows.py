"""The list: a row per item, whose title opens it and whose buttons record what the persona does."""

from dataclasses import dataclass

import streamlit as st

from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.services import Workspace
from tastebench.ui.charts import Scale, contribution_bar
from tastebench.ui.components import chips, screen_reader
from tastebench.ui.format import escape, escape_html, rank_change, score
from tastebench.ui.language_model import comments
from tastebench.ui.recommendations import feedback, state
from tastebench.ui.recommendations.link import View

STAGES = {
    "query": "by the question alone",
    "base": "by the weights",
    "diversity": "after diversity",
    "llm": "after the language model",
}
"""The stages of a ranking in their order, in words."""

TAGS_SHOWN = 4
_WIDTHS = [0.5, 4.4, 3.1, 2.5]


@dataclass(frozen=True)
class Shown:
    """A list as it is shown: whose, which view, answered by which impression, on which scale."""

    workspace: Workspace
    persona_id: str
    view: View
    ranking: Ranking
    impression: str
    scale: Scale


def row(shown: Shown, item: ScoredItem) -> None:
    """Draw one item."""
    place, about, sum_, doing = st.columns(_WIDTHS, vertical_alignment="center", gap="small")
    place.html(place_html(item))
    with about.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            _title(shown, item)
            st.html(f'<div class="tb-tags">{chips(item.tags[:TAGS_SHOWN])}</div>', width="content")
        if item.reason:
            st.html(f'<div class="tb-why">{escape_html(item.reason)}</div>')
        if said := comments.line(shown.ranking.model, item):
            st.html(said)
    sum_.html(_sum(shown, item))
    with doing.container(horizontal=True, gap="xxsmall", key=f"feedback_{item.rank}"):
        _buttons(shown, item)


def place_html(item: ScoredItem) -> str:
    """Return an item's place and how the stages after the weights moved it."""
    change = rank_change(item.ranks.get("base", item.rank), item.rank)
    words = f"{stages(item)}; {change.words}" if change.words else stages(item)
    moved = f'<span class="tb-moved" aria-hidden="true">{change.sign}</span>' if change.sign else ""
    return f'<div class="tb-place" title="{escape_html(words)}"><b>{item.rank}</b>{moved}{screen_reader(words)}</div>'


def stages(item: ScoredItem) -> str:
    """Return an item's place after each stage, in words."""
    ranks = dict(item.ranks)
    if ranks.get("llm") == ranks.get("diversity"):
        ranks.pop("llm", None)
    passed = [(ranks[stage], words) for stage, words in STAGES.items() if stage in ranks]
    befores = [None, *(place for place, _ in passed)]
    return ", ".join(
        f"place {place} {words}{_moved(before, place)}" for before, (place, words) in zip(befores, passed, strict=False)
    )


def _moved(before: int | None, place: int) -> str:
    """Return how far one stage moved an item."""
    if before is None or before == place:
        return ""
    return f" ({abs(before - place)} {'up' if place < before else 'down'})"


def toggle(workspace: Workspace, item_id: str) -> None:
    """Open an item, or close it where it is open. A callback."""
    opened = state.choice(workspace, "item", "")
    state.choose(workspace, item="" if opened == item_id else item_id)


def _title(shown: Shown, item: ScoredItem) -> None:
    opened = shown.view.item == item.item_id
    st.button(
        escape(item.title), key=f"open_{item.item_id}", type="tertiary", on_click=toggle,
        args=(shown.workspace, item.item_id), icon=f":material/{'expand_less' if opened else 'expand_more'}:",
        icon_position="right", help="Close" if opened else "Why it stands here",
    )  # fmt: skip


def _sum(shown: Shown, item: ScoredItem) -> str:
    bar = contribution_bar(item.contributions, item.signals, shown.scale)
    return f'<div class="tb-sum"><b title="exactly {item.score!r}">{score(item.score)}</b>{bar}</div>'


def _buttons(shown: Shown, item: ScoredItem) -> None:
    actions = shown.workspace.settings.actions
    named = (item.item_id, item.title)
    common = (shown.workspace, shown.persona_id, shown.view, shown.impression, named)
    for action, (word, icon) in feedback.IN_REACH.items():
        if action in actions:
            st.button(
                f"{word} {escape(item.title)}", icon=icon, key=f"{action}_{item.item_id}", type="tertiary", help=word,
                on_click=feedback.record, args=(*common, action),
            )  # fmt: skip
    key = f"menu_{item.item_id}"
    others = [action for action in actions if action not in feedback.IN_REACH]
    st.menu_button(
        f"More for {escape(item.title)}", [*others, feedback.LEAVE_OUT],
        icon=":material/more_horiz:", key=key, type="tertiary", on_click=feedback.from_menu, args=(*common, key),
        format_func=_entry,
    )  # fmt: skip


def _entry(action: str) -> str:
    if action == feedback.LEAVE_OUT:
        return "Leave out of this list"
    return escape(action.replace("_", " ").capitalize()) + (" creator" if action == "follow" else "")
