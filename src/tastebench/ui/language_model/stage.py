"""The language model's stage of the list on the page: asked where it is switched on, held while nothing changes."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

import streamlit as st

from tastebench.domain.chat import IsCancelled
from tastebench.domain.evidence import Evidence
from tastebench.domain.model_state import ModelState
from tastebench.domain.request import Request
from tastebench.services import Workbench, Workspace
from tastebench.services.judged import Judged
from tastebench.ui.language_model import asking
from tastebench.ui.language_model.asking import Asking

PAGE = "Recommendations"
JUDGING = "judging"
PROPOSING = "proposing"
HELD_LIMIT = 32
"""So many answers, and failures, are held by a session: whatever page or influence is chosen, nothing is asked anew."""


@dataclass(frozen=True)
class Stage:
    """Where it stands.

    Parameters
    ----------
    key : hashable
        What is asked about.
    judged : Judged, optional
        What came of it; None while it is under way.
    asking : Asking, optional
        The question under way; None where there is an answer.
    """

    key: Hashable
    judged: Judged | None = None
    asking: Asking | None = None


def stage(
    bench: Workbench, workspace: Workspace, request: Request, evidence: Evidence, page: str = PAGE
) -> Stage | None:
    """Return the stage of a list on a page, asking what isn't known yet; None where it is switched off.

    It takes a tenth of a second at most: the list doesn't wait for the model.
    """
    if not request.rerank:
        asking.leave("")
        return None
    asking.drop(PROPOSING, unless=proposals_for(workspace, request.persona_id))
    key = (workspace.key, workspace.revision, _question(request), _settled(bench))
    held = _held().get(key)
    current = asking.find(JUDGING)
    if held is not None:
        asking.drop(JUDGING)
        return Stage(key, held)
    if current is None or current.key != key:
        current = _ask(bench, workspace, key, request, evidence, page)
    if current.running or current.job.error is not None:
        return Stage(key, asking=current)
    judged = current.answer()
    if not isinstance(judged, Judged) or (judged.state is ModelState.CANCELLED and current.job.left_alone):
        # Its tab slept: nobody stopped it.
        return Stage(key, asking=_ask(bench, workspace, key, request, evidence, page))
    _hold(key, judged)
    return Stage(key, judged)


def proposals_for(workspace: Workspace, persona_id: str) -> Hashable:
    """Return the key under which searches are proposed: another person, other searches."""
    return (workspace.key, persona_id)


def again(key: Hashable) -> None:
    """Have the question put anew, whatever came of it. A callback."""
    _held().pop(key, None)
    asking.drop(JUDGING)
    st.session_state["insist"] = True


def forget_failures() -> None:
    """Have every question that failed put anew when its list is next shown: something has changed."""
    for key, judged in list(_held().items()):
        if judged.state.failed:
            del _held()[key]


def _ask(
    bench: Workbench, workspace: Workspace, key: Hashable, request: Request, evidence: Evidence, page: str
) -> Asking:
    insist = bool(st.session_state.pop("insist", False))

    def ask(told: Asking, cancelled: IsCancelled) -> Judged:
        model = bench.language_model.model()
        told.model = model.name if model else ""
        question = workspace.question(request, evidence)
        return workspace.judge(question, on_progress=told.hear, cancelled=cancelled, insist=insist)

    return asking.start(bench, page, JUDGING, key, ask)


def _question(request: Request) -> str:
    """Return what a request asks the model at most: whatever else differs, the answer is the same."""
    rerank = request.profile.rerank.model_copy(update={"influence": None})
    profile = request.profile.model_copy(update={"name": "-", "rerank": rerank})
    return replace(request, profile=profile, limit=1, offset=0).digest()


def _settled(bench: Workbench) -> Hashable:
    settings = bench.language_model.settings
    return (bench.language_model.host, settings.model, settings.wall_clock, settings.allow_cloud)


def _held() -> dict[Hashable, Judged]:
    held: dict[Hashable, Judged] = st.session_state.setdefault("judged", {})
    return held


def _hold(key: Hashable, judged: Judged) -> None:
    _held()[key] = judged
    while len(_held()) > HELD_LIMIT:
        del _held()[next(iter(_held()))]
