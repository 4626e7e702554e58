"""The language model's part of an answer: under way, what came of it, and nothing where it isn't asked."""

import streamlit as st

from tastebench.domain.evidence import Evidence
from tastebench.domain.model_state import TELLINGS
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Request
from tastebench.services import Workbench, Workspace
from tastebench.services.judged import Judged
from tastebench.ui.components import message
from tastebench.ui.format import escape_html, prose
from tastebench.ui.language_model import saying, watching
from tastebench.ui.language_model import stage as stages
from tastebench.ui.language_model.stage import JUDGING, Stage
from tastebench.ui.page import go

PAGE = "Ask"


def stage(bench: Workbench, workspace: Workspace, request: Request, evidence: Evidence) -> Stage | None:
    """Return where the language model's stage of the personal list stands; None where it is switched off."""
    return stages.stage(bench, workspace, request, evidence, PAGE)


def draw(stage: Stage | None, ranking: Ranking) -> None:
    """Draw where it stands: the list without it is on the page meanwhile, and whatever becomes of it."""
    if stage is None:
        return
    with st.container(border=True, key="model_panel", gap="xsmall"):
        if stage.asking is not None and stage.asking.job.error is None:
            watching.watch(stage.asking, JUDGING)
        elif stage.judged is not None:
            _outcome(stage, stage.judged, ranking)
        else:
            message("The question broke off unexpectedly.", "The reason is written in the log.", wrong=True)
            _again(stage)


def _outcome(stage: Stage, judged: Judged, ranking: Ranking) -> None:
    headline, rest = saying.finding(judged, ranking.model)
    button = TELLINGS[judged.state].button
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="model_finding"):
        st.markdown(f"**{prose(headline)}** {prose(rest)}", width="stretch")
        if button in {"retry", "pull"}:
            _again(stage)
        if button in {"settings", "cloud", "pull"} and st.button("Open the settings", key="model_settings"):
            go("Home", show="language-model")
    if judged.state.failed:
        st.caption("The list below is ranked without it.")
    if summary := ranking.model.get("summary", ""):
        st.html(f'<div class="tb-summary"><b>The model’s summary, unverified:</b> {escape_html(summary)}</div>')


def _again(stage: Stage) -> None:
    st.button("Try again", key="model_again", icon=":material/refresh:", on_click=stages.again, args=(stage.key,))
