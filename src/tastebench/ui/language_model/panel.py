"""The language model's panel above the list: what it did, how to steer it, and everything behind it on demand."""

from collections.abc import Hashable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tastebench.domain.chat import ServerStatus
from tastebench.domain.model_state import TELLINGS, ModelState
from tastebench.services import Workbench, Workspace
from tastebench.services.judged import Judged
from tastebench.ui.components import message
from tastebench.ui.format import escape_html, prose
from tastebench.ui.language_model import exchanges, models, proposals, saying, steering, watching, worth
from tastebench.ui.language_model.asking import Asking
from tastebench.ui.language_model.stage import JUDGING, Stage, again
from tastebench.ui.page import go
from tastebench.ui.recommendations.listing import Listed

_NOBODY_THERE = {
    ModelState.OFF, ModelState.BAD_ADDRESS, ModelState.UNREACHABLE, ModelState.NOT_OLLAMA, ModelState.TOO_OLD,
    ModelState.NO_MODELS,
}  # fmt: skip
"""States in which there is nothing to steer."""
_STANDS = "The list below is ranked without it."
_STILL = "The list below is ranked without it until its answer is complete. It stays usable meanwhile."


def slot(*, rerank: bool) -> DeltaGenerator:
    """Return where the panel will stand: no room at all where the model isn't used, else room enough from the start."""
    return st.container(border=True, key="model_panel", gap="xsmall") if rerank else st.container()


def draw(bench: Workbench, workspace: Workspace, stage: Stage, listed: Listed) -> None:
    """Draw the panel, once the list has been sent: looking for the server may take a while."""
    judged = stage.judged
    if stage.asking is not None:
        _under_way(stage.asking, stage.key)
    elif judged is not None:
        _outcome(bench, stage, judged, listed)
    if judged is not None and judged.state in _NOBODY_THERE:
        with st.container(key="model_end"):
            _summary(judged, listed)
    else:
        _steering(bench, workspace, listed, bench.language_model.status(), ready=judged is not None)
        _summary(judged, listed)
        proposals.draw(workspace, listed.ranking)
        with st.container(gap="xsmall", key="model_end"):
            exchanges.draw(judged, proposals.answered())
            worth.draw(workspace)


def _under_way(asking: Asking, key: Hashable) -> None:
    if asking.job.error is None:
        watching.watch(asking, JUDGING)
    else:
        message("The question broke off unexpectedly.", "The reason is written in the log.", wrong=True)
        st.button("Try again", key="model_again", on_click=again, args=(key,))


def _outcome(bench: Workbench, stage: Stage, judged: Judged, listed: Listed) -> None:
    button = TELLINGS[judged.state].button
    headline, rest = saying.finding(judged, listed.ranking.model)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="model_finding"):
        st.markdown(
            f"**{prose(headline)}** {prose(rest)}", width="stretch",
            help=saying.TAU_HINT if judged.state.answered else None,
        )  # fmt: skip
        if button in {"retry", "pull"}:
            words = "Try now" if judged.state is ModelState.BREAKER_OPEN else "Try again"
            st.button(words, key="model_again", icon=":material/refresh:", on_click=again, args=(stage.key,))
        if button in {"settings", "cloud"} and st.button("Open the settings", key="model_settings"):
            go("Home", show="language-model")
    if button == "pull":
        models.pulling(bench, judged.exchanges[-1].answer.model)


def _steering(bench: Workbench, workspace: Workspace, listed: Listed, status: ServerStatus, *, ready: bool) -> None:
    settings = listed.ranking.request.profile.rerank
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="model_steering"):
        steering.influence(workspace, settings)
        models.picker(bench, status)
        steering.more(workspace, settings)
        proposals.button(bench, workspace, listed.ranking, listed.evidence, ready=ready)


def _summary(judged: Judged | None, listed: Listed) -> None:
    summary = listed.ranking.model.get("summary", "")
    if judged is None or not judged.state.answered:
        st.html(f'<div class="tb-summary">{_STILL if judged is None else _STANDS}</div>')
    elif summary:
        st.html(f'<div class="tb-summary"><b>The model’s summary, unverified:</b> {escape_html(summary)}</div>')
