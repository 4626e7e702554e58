"""What decides the answer: the question, how it is searched for, and among what."""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from tastebench.domain.query import QUESTION_LIMIT, Method
from tastebench.services import Workspace
from tastebench.ui import held
from tastebench.ui.ask import state
from tastebench.ui.ask.link import View
from tastebench.ui.components import notes
from tastebench.ui.format import count, escape
from tastebench.ui.page import guarded
from tastebench.ui.recommendations import feedback, link
from tastebench.ui.recommendations.link import Known
from tastebench.ui.recommendations.model_link import ModelView

SEARCHES: Mapping[Method, str] = {"hybrid": "Both", "near_text": "By meaning", "bm25": "By words"}
TAGS_OFFERED = 500
"""A facet's most frequent tags."""


def choose_view(workspace: Workspace, persona_id: str) -> View:
    """Draw the controls and return the view they describe; the URL is taken over on the way."""
    tags, profiles = _options(workspace)
    state.begin(workspace)
    notes(state.take_url(workspace, Known(tags, (), tuple(profiles))))
    _question(workspace, persona_id)
    with st.container(key="ask_controls", horizontal=True, vertical_alignment="bottom", gap="medium"):
        _search(workspace)
        settled = _settled(workspace, tuple(tags))
        with st.popover(f"More ({settled} set)" if settled else "More", icon=":material/filter_list:", width="content"):
            _among(workspace, tags, profiles)
        st.toggle(
            "Rerank with the language model", key=state.key(workspace, "rerank"), persist_state="session",
            help="A model of Ollama on this machine grades the head of the personal list and says why.",
        )  # fmt: skip
    return view_of(workspace, tuple(tags))


def view_of(workspace: Workspace, facets: tuple[str, ...]) -> View:
    """Return the view that the choices describe as they stand."""
    chosen = {facet: tuple(state.listed(workspace, f"facet/{facet}")) for facet in facets}
    about = link.View(
        as_of=state.day(workspace),
        profile=state.text(workspace, "profile"),
        facets={facet: tags for facet, tags in chosen.items() if tags},
        item=state.text(workspace, "item"),
        model=ModelView(rerank=bool(state.choice(workspace, "rerank"))),
    )
    return View(
        question=state.text(workspace, "question").strip(),
        method=next(method for method in SEARCHES if method == state.text(workspace, "method")),
        alpha=state.number(workspace, "alpha"),
        strength=state.number(workspace, "strength"),
        shown=int(state.number(workspace, "shown")),
        side=state.text(workspace, "side"),
        about=about,
    )


def submit(workspace: Workspace, persona_id: str, question: str = "") -> None:
    """Ask what stands in the box, or `question` in its place, and note that it was asked. A callback."""
    if question:
        state.choose(workspace, question=question)
    state.from_the_top(workspace)
    state.choose(workspace, fresh=True, turn=None, heard="")
    if asked := state.text(workspace, "question").strip():
        with guarded():
            as_of = link.View(as_of=state.day(workspace)).moment
            at = feedback.moment(held.now(workspace, persona_id).at, as_of, datetime.now(UTC))
            workspace.note_question(persona_id, asked, at)


def _options(workspace: Workspace) -> tuple[Mapping[str, Mapping[str, int]], Mapping[str, str]]:
    saved = workspace.profiles()
    default = next((f"{row.name} v{row.version}" for row in saved if row.is_default), "For You")
    profiles = {"": f"{default} (default)"} | {f"{r.name}@{r.version}": f"{r.name} v{r.version}" for r in saved}
    return held.once("tags", (workspace.key, workspace.revision), workspace.tags), profiles


def _question(workspace: Workspace, persona_id: str) -> None:
    name = workspace.persona(persona_id).name
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="ask_box"):
        st.text_input(
            f"What is {escape(name)} looking for?", key=state.key(workspace, "question"), persist_state="session",
            placeholder="a slow film for a rainy Sunday", max_chars=QUESTION_LIMIT, icon=":material/search:",
            on_change=submit, args=(workspace, persona_id),
        )  # fmt: skip
        # Pressing it takes the focus out of the box, and that submits what was typed.
        st.button("Ask", type="primary", key=state.WITNESS)


def _search(workspace: Workspace) -> None:
    chosen = st.segmented_control(
        "Search", list(SEARCHES), key=state.key(workspace, "method"), format_func=lambda one: SEARCHES[one],
        required=True, on_change=state.from_the_top, args=(workspace,), persist_state="session",
        help="By meaning: texts close to the question in the embedding space. By words: BM25, for names and exact "
        "words.",
    )  # fmt: skip
    st.slider(
        "Share of meaning", 0.0, 1.0, step=0.05, key=state.key(workspace, "alpha"), width=200,
        disabled=chosen != "hybrid", on_change=state.from_the_top, args=(workspace,), persist_state="session",
        help="1 is the search by meaning alone, 0 the one by words alone.",
    )  # fmt: skip


def _settled(workspace: Workspace, facets: tuple[str, ...]) -> int:
    """Return how many of the choices in the popover are made."""
    others = (state.day(workspace), state.text(workspace, "profile"))
    return sum(map(bool, (*(state.listed(workspace, f"facet/{facet}") for facet in facets), *others)))


def _among(workspace: Workspace, tags: Mapping[str, Mapping[str, int]], profiles: Mapping[str, str]) -> None:
    for facet, counts in tags.items():
        _facet(workspace, facet, counts)
    st.date_input(
        "As of", None, key=state.key(workspace, "as_of"), format="YYYY-MM-DD", min_value=datetime(1900, 1, 1),
        max_value=datetime(2199, 12, 31), persist_state="session",
        help="Answer as if it were the end of that day (UTC): the log is cut off there. Empty: now.",
    )  # fmt: skip
    if state.text(workspace, "profile") not in profiles:
        state.choose(workspace, profile="")
    st.selectbox(
        "Profile", list(profiles), key=state.key(workspace, "profile"), format_func=lambda one: profiles[one],
        persist_state="session", help="Which weights make the personal side. Change them on the Tuning page.",
    )  # fmt: skip


def _facet(workspace: Workspace, facet: str, counts: Mapping[str, int]) -> None:
    chosen = [tag for tag in state.listed(workspace, f"facet/{facet}") if tag in counts]
    common = sorted(counts, key=lambda tag: (-counts[tag], tag))[:TAGS_OFFERED]
    st.multiselect(
        escape(facet.replace("_", " ").capitalize()), list(dict.fromkeys([*chosen, *common])),
        key=state.key(workspace, f"facet/{facet}"), format_func=lambda tag: f"{tag} ({count(counts[tag])})",
        placeholder="any", on_change=state.from_the_top, args=(workspace,), persist_state="session",
    )  # fmt: skip
