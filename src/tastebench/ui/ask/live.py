"""The answer in both orders, the strength between them: a moved slider re-scores held evidence and reads nothing."""

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from tastebench.domain.evidence import Evidence
from tastebench.domain.request import Request
from tastebench.services import Workbench, Workspace
from tastebench.services.asking import Asked
from tastebench.services.judged import Judged
from tastebench.ui import held
from tastebench.ui.ask import controls, conversation, lists, model, state
from tastebench.ui.ask.link import DEPTH, SHOWN, View
from tastebench.ui.charts import legend
from tastebench.ui.components import empty_state, notes
from tastebench.ui.format import counted, escape
from tastebench.ui.page import guarded
from tastebench.ui.recommendations import downloads, listing
from tastebench.ui.recommendations.waterfall import lines_of
from tastebench.ui.theme import SIGNAL_COLOURS


class Asking(NamedTuple):
    """Who is asked for, and where."""

    bench: Workbench
    workspace: Workspace
    persona_id: str
    facets: tuple[str, ...]


def draw(asking: Asking) -> None:
    """Draw the strength and both lists."""
    workspace = asking.workspace
    with guarded():
        _strength(workspace, asking.persona_id)
        view = controls.view_of(workspace, asking.facets)
        request = request_for(workspace, asking.persona_id, view)
        with st.spinner("Searching …"):
            evidence = held.evidence(workspace, request)
        stage = model.stage(asking.bench, workspace, request, evidence)
        judged = stage.judged if stage else None
        asked = workspace.answer(evidence, request, judged)
        state.write_url(workspace, view)
        conversation.shown(workspace, asking.persona_id, view, asked)
        model.draw(stage, asked.personal)
        notes(_remarks(workspace, view, asked, judged))
        _lists(workspace, view, asked, evidence)


@st.fragment
def draw_alone(asking: Asking) -> None:
    """Draw the same by itself: what is pressed within runs nothing else."""
    state.whole_page_if_asked()
    draw(asking)


def request_for(workspace: Workspace, persona_id: str, view: View) -> Request:
    """Return the request that a view comes to, or what the conversation has made of its question since."""
    about = view.about
    now = about.moment or held.now(workspace, persona_id).at
    common: dict[str, Any] = {
        "alpha": view.alpha, "strength": view.strength, "limit": view.shown, "depth": DEPTH,
        "now": now, "profile": listing.profile_for(workspace, persona_id, about, now),
        "filters": about.filters, "rerank": about.model.rerank,
    }  # fmt: skip
    if wish := conversation.wish(workspace, persona_id, view):
        wished = workspace.wished(persona_id, wish, **common)
        if wished.query is not None:
            return wished
    return workspace.asking(persona_id, view.question, method=view.method, **common)


def _strength(workspace: Workspace, persona_id: str) -> None:
    name = escape(workspace.persona(persona_id).name)
    st.slider(
        f"Strength, from the question alone (0) to {name} alone (1)", 0.0, 1.0, step=0.05, width=440,
        key=state.key(workspace, "strength"), persist_state="session",
        help="score = strength × the persona's own score + (1 − strength) × how well the item answers, which runs from "
        "0 to 1 over the candidates.",
    )  # fmt: skip


def _remarks(workspace: Workspace, view: View, asked: Asked, judged: Judged | None) -> list[str]:
    now, item = held.now(workspace, asked.personal.request.persona_id), view.about.item
    said = listing.remarks(replace(view.about, item=""), now, asked.personal, judged)
    if item and item not in asked.places:
        said.append(f"The opened item {item} is no candidate here; it may be hidden or filtered out.")
    return said


def _lists(workspace: Workspace, view: View, asked: Asked, evidence: Evidence) -> None:
    if not asked.personal.items:
        _empty(workspace, view)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        searches = counted(len(evidence.searches), "search", "searches")
        st.markdown(f"{counted(len(evidence), 'candidate')} found by {searches}", width="stretch")
        downloads.draw(workspace, evidence, asked.personal)
    used = {name for item in (*asked.plain.items, *asked.personal.items) for name in lines_of(item)}
    st.html(legend(name for name in SIGNAL_COLOURS if name in used))
    lists.draw(workspace, view, asked, evidence)
    if view.shown < min(DEPTH, len(evidence)):
        st.button(
            f"Show {SHOWN} more", key="ask_more", icon=":material/expand_more:", on_click=state.choose,
            args=(workspace,), kwargs={"shown": view.shown + SHOWN},
        )  # fmt: skip


def _empty(workspace: Workspace, view: View) -> None:
    if view.about.facets:
        sentence = "Nothing that passes the filters answers this question."
        clear = partial(state.clear_filters, workspace, tuple(view.about.facets))
        empty_state("filter_list_off", "No answer", sentence, "Clear the filters", key="no_answer", on_click=clear)
    else:
        sentence = "Nothing in this catalogue that may be shown to this persona answers it. Ask in other words."
        empty_state("search_off", "No answer", sentence, key="no_answer")
