"""Which model is asked: those installed, those worth a try, and having one pulled."""

import time
from collections.abc import Callable

import streamlit as st

from tastebench.domain.chat import ChatAnswer, IsCancelled, ModelInfo, PullProgress, ServerStatus
from tastebench.domain.model_state import ModelState, told
from tastebench.domain.reports import OnProgress, Progress
from tastebench.services import Workbench
from tastebench.ui import home, jobs
from tastebench.ui.components import message
from tastebench.ui.format import duration, escape, size
from tastebench.ui.language_model import stage
from tastebench.ui.page import guarded

_SLOT = "pull"
_FAILED = "pull_failed"

SETTLED_BY_OTHERS = (
    "The language model is the same for all workspaces of this installation, so only its admins change it: those that "
    "`TASTEBENCH_ADMINS` names."
)


def label(model: ModelInfo) -> str:
    """Return a model's name with its size, and that it runs elsewhere where it does."""
    return " · ".join(part for part in (model.name, "in the cloud" if model.cloud else size(model.size_bytes)) if part)


def installed(status: ServerStatus) -> dict[str, str]:
    """Return the models that can chat: name to label."""
    return {model.name: label(model) for model in status.models if model.chats}


def picker(bench: Workbench, status: ServerStatus) -> None:
    """Draw the choice among the installed models; to choose is to settle it for every list."""
    labels, current = installed(status), bench.language_model.model(status)
    if not labels:
        return
    key, settled = "model_picked", bench.language_model.settings.model
    known = current is not None and current.name in labels
    st.session_state[key] = current.name if current and known else None
    st.selectbox(
        "Model", list(labels), 0 if known else None, key=key, format_func=lambda name: labels[name], width=230,
        on_change=_choose, args=(bench, key), disabled=not bench.may_settle,
        placeholder=f"{settled} isn't installed" if settled else "choose one",
    )  # fmt: skip


def settle(bench: Workbench, model: str) -> None:
    """Ask this model from now on."""
    bench.language_model.save(bench.language_model.settings.model_copy(update={"model": model}))


def pulling(bench: Workbench, wanted: str = "") -> None:
    """Draw a pull that runs, or else why the last one failed and what can be pulled: `wanted` first."""
    if not bench.may_settle:
        st.caption(SETTLED_BY_OTHERS)
        return
    answer = jobs.follow(bench, _SLOT, line=bytes_line)
    if isinstance(answer, ChatAnswer):
        _ended(bench, answer)
    if jobs.running(bench, _SLOT):
        return
    if failed := st.session_state.get(_FAILED):
        message(*failed, wrong=True)
    _offers(bench, wanted)


def bytes_line(progress: Progress | None) -> str:
    """Return how far a pull is, in words.

    Examples
    --------
    >>> bytes_line(Progress("pulling manifest", 0)), bytes_line(Progress("pulling 7f4030", 500_000_000, 2 * 10**9, 90))
    ('pulling manifest', '500 MB of 2.0 GB · about 2 minutes left')
    """
    if progress is None:
        return "Starting …"
    if not progress.total:
        return progress.phase or "Starting …"
    left = "" if progress.seconds_left is None else f"about {duration(max(progress.seconds_left, 1))} left"
    come = f"{size(progress.done) or '0 kB'} of {size(progress.total)}"
    return " · ".join(part for part in (come, left) if part)


def _choose(bench: Workbench, key: str) -> None:
    with guarded():
        settle(bench, str(st.session_state[key]))


def _offers(bench: Workbench, wanted: str) -> None:
    offered = {one.name: f"{one.name} · {one.size_gb:.1f} GB · {one.remark}" for one in bench.language_model.suggested}
    if wanted:
        offered = {wanted: offered.get(wanted, wanted), **offered}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            "A model to pull", list(offered), key="pull_chosen", format_func=lambda name: offered[name], width=560,
            accept_new_options=True, help="Small ones are quick, and often no better than chance: measure what yours "
            "is worth. Any other name of Ollama’s library can be typed in.",
        )  # fmt: skip
        st.button(
            "Pull it", key="pull", icon=":material/download:", type="primary", on_click=_pull, args=(bench, chosen),
            disabled=not chosen, help="Ollama downloads it. This page stays usable meanwhile.",
        )  # fmt: skip


def _pull(bench: Workbench, model: str) -> None:
    st.session_state.pop(_FAILED, None)

    def work(heard: OnProgress, cancelled: IsCancelled) -> ChatAnswer:
        return bench.language_model.pull(model, on_progress=_timed(heard), cancelled=cancelled)

    jobs.start(bench, _SLOT, f"Pulling {model}", work)


def _timed(heard: OnProgress) -> Callable[[PullProgress], None]:
    """Return a listener that passes progress on with the seconds left, by the speed since the first bytes."""
    began: list[tuple[float, int]] = []

    def listen(progress: PullProgress) -> None:
        now = time.monotonic()
        if progress.total and not began:
            began.append((now, progress.done))
        left = _left(progress, now, *began[0]) if began else None
        heard(Progress(progress.phase, progress.done, progress.total or None, left))

    return listen


def _left(progress: PullProgress, now: float, began: float, done: int) -> float | None:
    come = progress.done - done
    return (progress.total - progress.done) * (now - began) / come if come > 0 else None


def _ended(bench: Workbench, answer: ChatAnswer) -> None:
    if answer.state is ModelState.OK:
        settle(bench, answer.model)
        stage.forget_failures()
        home.health.clear()
        st.toast(f"{escape(answer.model)} is here and will be asked.")
        st.rerun()
    st.session_state[_FAILED] = _why_not(answer)


def _why_not(answer: ChatAnswer) -> tuple[str, str]:
    if answer.state is ModelState.CANCELLED:
        return "The pull was stopped.", "Ollama keeps what has come: pulling it again goes on from there."
    if answer.state is ModelState.MODEL_MISSING:
        return f"Ollama’s library has no {answer.model}.", "Check its name on ollama.com/library."
    return told(answer.state, host=answer.host, model=answer.model, detail=answer.detail)
