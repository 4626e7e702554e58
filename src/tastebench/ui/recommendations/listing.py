"""A list from its question to the rows on the page."""

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.domain.request import Request
from tastebench.services import Workspace
from tastebench.services.judged import Judged
from tastebench.services.views import Now
from tastebench.ui import held
from tastebench.ui.bars import roomy_scale
from tastebench.ui.charts import legend
from tastebench.ui.components import empty_state
from tastebench.ui.language_model import comments
from tastebench.ui.page import go
from tastebench.ui.presenting import state as presenting
from tastebench.ui.recommendations import breakdown, downloads, feedback, paging, rows, state, thumbs
from tastebench.ui.recommendations.deeds import weightiest
from tastebench.ui.recommendations.link import PAGE_SIZE, View
from tastebench.ui.recommendations.thumbs import Giver, Thumbs
from tastebench.ui.recommendations.waterfall import lines_of
from tastebench.ui.theme import SIGNAL_COLOURS

_AS_OF = "As of the end of {} (UTC): later interactions don’t count; catalogue and persona texts are today’s."
_EVENTS_READ = 5000


def request_for(workspace: Workspace, persona_id: str, view: View, now: datetime) -> Request:
    """Return the question that a view asks."""
    moment, model = view.moment or now, view.model
    profile = profile_for(workspace, persona_id, view, moment)
    return workspace.request(
        persona_id, limit=PAGE_SIZE, offset=view.offset, now=moment, profile=profile,
        filters=view.filters, exclude_items=view.without, instruction=model.instruction, proposed=model.proposed,
        rerank=model.rerank,
    )  # fmt: skip


def profile_of(workspace: Workspace, view: View) -> ScoringProfile:
    """Return the profile that a view ranks by."""
    name, _, version = view.profile.rpartition("@")
    return workspace.profile(name, int(version)) if name else workspace.profile()


def profile_for(workspace: Workspace, persona_id: str, view: View, now: datetime) -> ScoringProfile:
    """Return that profile with what the language model is to do: as the reader wants it, unless the view says so."""
    profile, model = profile_of(workspace, view), view.model
    if not model.rerank:
        return profile
    usual = presenting.routing(workspace, persona_id, now).rerank(profile.rerank)
    return profile.model_copy(update={"rerank": model.settings(usual)})


def found(workspace: Workspace, request: Request) -> Evidence:
    """Return the evidence for a request."""
    with st.spinner("Finding and ranking …"):
        return held.evidence(workspace, request)


def ranked(workspace: Workspace, request: Request, evidence: Evidence, judged: Judged | None = None) -> Ranking:
    """Return the ranking of the evidence; a page past the end gives the last one."""
    ranking = workspace.rank(evidence, request, judged)
    if not ranking.items and ranking.total:
        last = paging.last_page(ranking.total)
        ranking = workspace.rank(evidence, request.page(PAGE_SIZE, (last - 1) * PAGE_SIZE), judged)
    return ranking


def remarks(view: View, now: Now, ranking: Ranking, judged: Judged | None = None) -> list[str]:
    """Return what must be said about a list: its day, its fallbacks, and when feedback is recorded.

    What became of the language model is left out: its panel says it.
    """
    said = [_AS_OF.format(view.as_of)] if view.as_of else [now.note]
    said += [note for note in ranking.notes if judged is None or note != judged.note]
    said.append(feedback.remark(now.at, view.moment, datetime.now(UTC)))
    if view.item and not any(item.item_id == view.item for item in ranking.items):
        said.append(f"The opened item {view.item} isn't on this page of the list; it may be hidden or filtered out.")
    return [sentence for sentence in said if sentence]


@dataclass(frozen=True)
class Listed:
    """A list, what it was made from, and under which impression it is shown."""

    ranking: Ranking
    evidence: Evidence
    judged: Judged | None
    impression: str


def draw(workspace: Workspace, view: View, listed: Listed) -> None:
    """Draw the list and write the view into the URL."""
    ranking, evidence = listed.ranking, listed.evidence
    page = ranking.request.offset // PAGE_SIZE + 1
    state.choose(workspace, page=page)
    state.write_url(workspace, view, page)
    if not ranking.items:
        _empty(workspace, view)
        return
    giver = Giver(workspace, ranking.request.persona_id, view.moment)
    _head(giver, listed, page)
    scale = roomy_scale(ranking.items)
    shown = rows.Shown(workspace, ranking.request.persona_id, view, ranking, listed.impression, scale)
    with st.container(key="recommendations_list", gap="small"):
        for item in ranking.items:
            with st.container(gap="small", key=f"item_{item.rank}"):
                rows.row(shown, item)
                if item.item_id == view.item:
                    opened(giver, ranking, evidence, item)
    with _row():
        paging.buttons(workspace, ranking, page, "below")


def _row() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def _head(giver: Giver, listed: Listed, page: int) -> None:
    workspace, ranking = giver.workspace, listed.ranking
    with _row():
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="list_head"):
            st.markdown(paging.headline(ranking), width="content")
            thumbs.draw(giver, Thumbs("list", "", "this list", lambda: listed.impression), "list")
        paging.buttons(workspace, ranking, page, "above")
        downloads.draw(workspace, listed.evidence, ranking, listed.judged)
    used = {name for item in ranking.items for name in lines_of(item)}
    moves = "moved by diversity and the language model" if "llm" in used else "moved by diversity"
    moved = any(item.ranks.get("base", item.rank) != item.rank for item in ranking.items)
    st.html(legend([name for name in SIGNAL_COLOURS if name in used], moves if moved else ""))


def opened(giver: Giver, ranking: Ranking, evidence: Evidence, item: ScoredItem) -> None:
    """Draw the breakdown of one item of a list, with what the language model says of it, and thumbs for both."""
    workspace = giver.workspace
    with st.container(border=True, key="breakdown"):
        explanation = workspace.explain(evidence, ranking.request, item.item_id)
        shown = breakdown.draw(workspace, item, ranking, explanation, _done(workspace, ranking.request))
        if comment := comments.section(ranking.model, item):
            st.html(comment)
        if comments.shows(ranking.model, item):
            words = f"the comment on {item.title}"
            about = Thumbs("comment", item.item_id, words, lambda: feedback.shown(workspace, ranking))
            _asked("Does the comment help?", giver, about, "comment")
        _asked("Does this view explain it?", giver, Thumbs("view", shown.view, "this view"), "view")


def _asked(question: str, giver: Giver, about: Thumbs, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(question, width="content")
        thumbs.draw(giver, about, key)


def _done(workspace: Workspace, request: Request) -> dict[str, str]:
    key = (workspace.name, workspace.revision, request.persona_id, request.now)

    def read() -> dict[str, str]:
        log = workspace.interactions(request.persona_id, until=request.now, limit=_EVENTS_READ).rows
        return weightiest(log, workspace.settings.actions)

    return held.once("done", key, read)


def _empty(workspace: Workspace, view: View) -> None:
    if view.filters or view.without:
        sentence = "Nothing in this catalogue passes the filters and may still be shown to this persona."
        if empty_state("🔍", "No item is left", sentence, "Clear all filters", key="no_items"):
            state.ask_to_clear(workspace)
            st.rerun()
    elif not workspace.summary().available_items:
        sentence = "This catalogue has no available items yet. Import some, and the list fills."
        if empty_state("📦", "Nothing to rank yet", sentence, "Open the catalogue", key="no_catalogue"):
            go("Catalogue")
    else:
        sentence = "Everything here is hidden: this persona is done with it, or it joined the catalogue later."
        if empty_state("🫙", "No item is left", sentence, "Change what hides an item", key="all_hidden"):
            go("Tuning")
