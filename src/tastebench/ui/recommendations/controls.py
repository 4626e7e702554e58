"""What decides which list is shown: filters, exclusions, the day, the profile."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import streamlit as st

from tastebench.domain.errors import NotFound
from tastebench.domain.request import Range
from tastebench.services import Workspace
from tastebench.ui import held
from tastebench.ui.components import notes
from tastebench.ui.format import count, escape
from tastebench.ui.page import link
from tastebench.ui.recommendations import state
from tastebench.ui.recommendations.link import Known, View
from tastebench.ui.recommendations.model_link import INSTRUCTION_LIMIT

Chosen = dict[str, tuple[str, ...]]
"""Facet to chosen tags; facets without a choice are missing."""

TAGS_OFFERED = 500
"""A facet's most frequent tags; others are found by the text filter."""


def choose_view(workspace: Workspace, persona_id: str) -> View:
    """Draw the controls and return the view they describe; the URL is taken over on the way."""
    tags, ranges, profiles = _options(workspace)
    known = Known(tags, tuple(ranges), tuple(profiles))
    state.follow_persona(workspace, persona_id)
    notes(state.take_url(workspace, known))
    state.clear_if_asked(workspace, known)
    with st.container(key="recommendations_controls", horizontal=True, vertical_alignment="bottom", gap="small"):
        text = _text(workspace)
        facets = _category(workspace, tags)
        more, bounds, without = _more(workspace, tags, ranges)
        as_of = st.date_input(
            "As of", None, key=_key(workspace, "as_of"), format="YYYY-MM-DD", width=165, min_value=datetime(1900, 1, 1),
            max_value=datetime(2199, 12, 31), help="Rank as if it were the end of that day (UTC): the log is cut off "
            "there; texts and tags are today's. Empty: now.", on_change=state.first_page, args=(workspace,),
            persist_state="session",
        )  # fmt: skip
        profile = _profile(workspace, profiles)
    _asking(workspace)
    page, item = int(str(state.choice(workspace, "page", 1))), str(state.choice(workspace, "item", ""))
    return View(page, as_of, profile, {**facets, **more}, bounds, text, without, item, state.model_view(workspace))


def _options(workspace: Workspace) -> tuple[Mapping[str, Mapping[str, int]], Mapping[str, Range], Mapping[str, str]]:
    def read() -> tuple[Mapping[str, Mapping[str, int]], Mapping[str, Range], Mapping[str, str]]:
        return workspace.tags(), workspace.attribute_ranges(), _profile_labels(workspace)

    return held.once("options", (workspace.name, workspace.revision, _profile_state(workspace)), read)


def _key(workspace: Workspace, name: str) -> str:
    return state.key(workspace, name)


def _text(workspace: Workspace) -> str:
    return str(
        st.text_input(
            "Search titles and texts", key=_key(workspace, "text"), placeholder="a word",
            max_chars=200, on_change=state.first_page, args=(workspace,), persist_state="session", width=195,
            icon=":material/search:",
        ) or ""
    ).strip()  # fmt: skip


def _asking(workspace: Workspace) -> None:
    """Draw what the list is asked for in words, and the switch for the language model."""
    with st.container(key="recommendations_asking", horizontal=True, vertical_alignment="bottom", gap="small"):
        wish = st.text_input(
            "Ask for", key=_key(workspace, "instruction"), placeholder="something light for a Sunday, nothing violent",
            max_chars=INSTRUCTION_LIMIT, on_change=state.first_page, args=(workspace,), persist_state="session",
            icon=":material/chat_bubble:", help="Free text. It becomes a search by meaning, and the language model "
            "goes by it. It is no filter: use the filters to rule something out for sure.",
        )  # fmt: skip
        judged = st.toggle(
            "Rerank with the language model", key=_key(workspace, "rerank"), on_change=state.first_page,
            args=(workspace,), persist_state="session", help="A model of Ollama on this machine grades the head of the "
            "list and says why. The list without it is shown at once and stays usable.",
        )  # fmt: skip
    if wish and not judged:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Without the language model these words only bring in items near them; they change no score.")
            link("Ask", "Rank by them on Ask", q=wish.strip())


def _category(workspace: Workspace, tags: Mapping[str, Mapping[str, int]]) -> Chosen:
    category = workspace.settings.category
    return _facet(workspace, category, tags[category], width=180) if category in tags else {}


def _facet(workspace: Workspace, facet: str, tags: Mapping[str, int], width: int | Literal["stretch"]) -> Chosen:
    key = _key(workspace, f"facet/{facet}")
    chosen = [tag for tag in st.session_state.get(key, []) if tag in tags]
    common = sorted(tags, key=lambda tag: (-tags[tag], tag))[:TAGS_OFFERED]
    picked = st.multiselect(
        escape(facet.replace("_", " ").capitalize()), list(dict.fromkeys([*chosen, *common])), key=key,
        format_func=lambda tag: f"{tag} ({count(tags[tag])})", placeholder="any", width=width,
        on_change=state.first_page, args=(workspace,), persist_state="session",
    )  # fmt: skip
    return {facet: tuple(picked)} if picked else {}


def _more(
    workspace: Workspace, tags: Mapping[str, Mapping[str, int]], ranges: Mapping[str, Range]
) -> tuple[Chosen, dict[str, Range], tuple[str, ...]]:
    facets: Chosen = {}
    with st.popover("More filters", icon=":material/filter_list:", width="content"):
        for facet in tags:
            if facet != workspace.settings.category:
                facets |= _facet(workspace, facet, tags[facet], width="stretch")
        bounds = {name: bound for name in ranges if (bound := _range(workspace, name, ranges[name])) != (None, None)}
        without = _without(workspace)
        st.button(
            "Clear all filters", on_click=state.clear_filters, args=(workspace, list(tags), list(ranges)),
            key=state.WITNESS, icon=":material/filter_list_off:",
        )  # fmt: skip
    return facets, bounds, without


def _range(workspace: Workspace, name: str, limits: Range) -> Range:
    low, high = limits
    shown = escape(name.replace("_", " "))
    columns = st.columns(2)
    values = [
        column.number_input(
            f"{shown.capitalize() if end == 'from' else shown} {end}", value=None, key=_key(workspace, f"{end}/{name}"),
            placeholder=f"{limit:g}", format="%.15g", step=1.0, on_change=state.first_page, args=(workspace,),
            persist_state="session",
        )
        for column, end, limit in zip(columns, ("from", "to"), (low, high), strict=True)
    ]  # fmt: skip
    return values[0], values[1]


def _without(workspace: Workspace) -> tuple[str, ...]:
    key = _key(workspace, "without")
    left_out = list(st.session_state.get(key, []))
    titles = {item_id: _title(workspace, item_id) for item_id in left_out}
    picked = st.multiselect(
        "Left out of this list", left_out, key=key, format_func=lambda item_id: titles[item_id],
        placeholder="nothing: an item's menu leaves it out", on_change=state.first_page, args=(workspace,),
        persist_state="session", disabled=not left_out,
    )  # fmt: skip
    return tuple(picked)


def _title(workspace: Workspace, item_id: str) -> str:
    try:
        return workspace.item(item_id).name
    except NotFound:
        return f"{item_id} (not in this catalogue)"


def _profile(workspace: Workspace, labels: Mapping[str, str]) -> str:
    key = _key(workspace, "profile")
    if st.session_state.get(key, "") not in labels:
        st.session_state[key] = ""
    return st.selectbox(
        "Profile", list(labels), key=key, format_func=lambda option: labels[option], width=175,
        on_change=state.first_page, args=(workspace,), persist_state="session",
        help="Which weights and settings rank this list. Change them on the Tuning page.",
    )  # fmt: skip


def _profile_state(workspace: Workspace) -> tuple[tuple[str, int, bool], ...]:
    return tuple((row.name, row.version, row.is_default) for row in workspace.profiles())


def _profile_labels(workspace: Workspace) -> dict[str, str]:
    rows = _profile_state(workspace)
    default = next((f"{name} v{version}" for name, version, is_default in rows if is_default), "For You")
    return {"": f"{default} (default)"} | {f"{name}@{version}": f"{name} v{version}" for name, version, _ in rows}
