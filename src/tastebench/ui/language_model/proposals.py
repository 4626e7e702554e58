"""Searches the language model proposes: each shown with what it found, each can be taken off."""

import streamlit as st

from tastebench.domain.chat import IsCancelled
from tastebench.domain.evidence import Evidence
from tastebench.domain.ranking import Ranking, SearchHits
from tastebench.services import Workbench, Workspace
from tastebench.services.judged import Proposed
from tastebench.ui.components import message, notes
from tastebench.ui.format import escape
from tastebench.ui.language_model import asking, watching
from tastebench.ui.language_model.asking import Asking
from tastebench.ui.language_model.stage import PAGE, PROPOSING, proposals_for
from tastebench.ui.recommendations import state

BEST = 20
"""Hits of a search that are compared with the list."""
_NAMED = 4


def button(bench: Workbench, workspace: Workspace, ranking: Ranking, evidence: Evidence, *, ready: bool) -> None:
    """Draw the button that asks for searches; not `ready` while the list itself is being judged."""
    current = asking.find(PROPOSING)
    st.button(
        "Propose searches", key="propose", icon=":material/saved_search:", on_click=_propose,
        args=(bench, workspace, ranking, evidence), disabled=not ready or (current is not None and current.running),
        help="The model has seen this list and proposes up to three searches for what it lacks. What they find joins "
        "the candidates; each can be taken off again.",
    )  # fmt: skip


def draw(workspace: Workspace, ranking: Ranking) -> None:
    """Draw a question for searches under way, why it came to nothing, and a line per proposed search."""
    current = asking.find(PROPOSING)
    if current is not None and current.running:
        watching.watch(current, PROPOSING)
    elif current is not None:
        _answered(workspace, current)
    if offered := state.offered(workspace):
        st.html('<div class="tb-heading">Searches proposed by the language model</div>')
        with st.container(gap="xxsmall"):
            for number, query in enumerate(offered):
                _line(workspace, number, query, ranking)


def answered() -> Proposed | None:
    """Return the latest answer, for who wants to see it word by word."""
    current = asking.find(PROPOSING)
    if current is None or current.running or current.job.error is not None:
        return None
    found = current.answer()
    return found if isinstance(found, Proposed) else None


def hits(search: SearchHits | None, ranking: Ranking) -> str:
    """Return which of a search's best hits stand on the page shown, in words."""
    if search is None:
        return "It found nothing."
    best = search.item_ids[:BEST]
    shown = [item for item in ranking.items if item.item_id in best]
    if not shown:
        return f"None of its {len(best)} best hits is on this page."
    named = ", ".join(f"{item.title} ({item.rank})" for item in shown[:_NAMED])
    rest = f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else ""
    return f"{len(shown)} of its {len(best)} best hits are on this page: {named}{rest}."


def _propose(bench: Workbench, workspace: Workspace, ranking: Ranking, evidence: Evidence) -> None:
    request, before = ranking.request, answered()
    # Whoever asks again after a failure means now; else an answer that was given before costs nothing.
    insist = before is not None and before.exchange.answer.state.failed

    def ask(told: Asking, cancelled: IsCancelled) -> Proposed:
        model = bench.language_model.model()
        told.model = model.name if model else ""
        return workspace.propose(request, evidence, on_progress=told.hear, cancelled=cancelled, insist=insist)

    asking.start(bench, PAGE, PROPOSING, proposals_for(workspace, request.persona_id), ask)


def _answered(workspace: Workspace, current: Asking) -> None:
    found = current.answer()
    if not isinstance(found, Proposed):
        return
    if state.take_proposed(workspace, current.job.id, found.queries):
        st.rerun()
    sentence, step = found.told
    if sentence:
        message(sentence, step)
    notes(f"Not used: “{query}”. {reason}" for query, reason in found.dropped)


def _line(workspace: Workspace, number: int, query: str, ranking: Ranking) -> None:
    key = state.key(workspace, f"proposed/{query}")
    st.session_state[key] = query in ranking.request.proposed
    with st.container(horizontal=True, gap="small", key=f"proposed_{number}"):
        st.toggle(escape(query), key=key, on_change=state.switch_proposed, args=(workspace, query))
        st.caption(escape(_found(query, ranking)), width="stretch")


def _found(query: str, ranking: Ranking) -> str:
    if query not in ranking.request.proposed:
        return "Taken off."
    name = f"proposed {ranking.request.proposed.index(query) + 1}"
    return hits(next((search for search in ranking.searches if search.name == name), None), ranking)
