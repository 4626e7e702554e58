"""Long work, followed while the page stays usable: progress, time left, cancel.

The work runs in a thread that services own. A page keeps only the job's id, under a slot's name: in the session, and
in the URL so that reloading the page finds it again. A slot has one job per workspace where `scope` names it.
"""

from collections.abc import Callable

import streamlit as st

from tastebench.domain.errors import Cancelled, TastebenchError
from tastebench.domain.reports import OnProgress, Progress
from tastebench.services import Workbench
from tastebench.services.jobs import Job
from tastebench.ui.components import message
from tastebench.ui.format import count, duration, escape

Work = Callable[[OnProgress, Callable[[], bool]], object]
"""What a job runs: it is given a progress listener and a question "has it been cancelled?"."""

Line = Callable[[Progress | None], str]

_EVERY = 0.5


def start(bench: Workbench, slot: str, label: str, work: Work, scope: str = "") -> None:
    """Start `work` in the background and remember it under `slot`."""
    job = bench.jobs.start(label, work)
    st.session_state[_key(slot, scope)] = job.id
    st.query_params[slot] = f"{job.id} {scope}".rstrip()


def running(bench: Workbench, slot: str, scope: str = "") -> bool:
    """Tell whether the slot's job is still at work."""
    job = find(bench, slot, scope)
    return job is not None and job.state == "running"


def find(bench: Workbench, slot: str, scope: str = "") -> Job | None:
    """Return the slot's job, running or finished; None where there is none."""
    job_id = st.session_state.get(_key(slot, scope)) or _linked(slot, scope)
    return None if job_id is None else bench.jobs.find(job_id)


def _linked(slot: str, scope: str) -> str | None:
    """Return the id in the URL if it is this scope's."""
    job_id, _, of = st.query_params.get(slot, "").partition(" ")
    return job_id if job_id and of == scope else None


def forget(slot: str, scope: str = "") -> None:
    """Empty the slot."""
    st.session_state.pop(_key(slot, scope), None)
    if _linked(slot, scope):
        del st.query_params[slot]


def follow(
    bench: Workbench, slot: str, scope: str = "", *, cancel: bool = True, line: Line | None = None
) -> object | None:
    """Show the slot's job: its progress while it runs, why it ended where it failed; return the result once.

    Parameters
    ----------
    cancel : bool
        Whether the work listens when it is asked to stop.
    line : callable, optional
        Puts progress into words; `progress_line` where it isn't given.

    Returns
    -------
    object or None
        The work's result on the first run after it succeeded, when the slot is emptied; None otherwise.
    """
    job = find(bench, slot, scope)
    if job is None:
        forget(slot, scope)
        return None
    if job.state == "running":
        _watch(bench, slot, scope, cancel=cancel, line=line or progress_line)
        return None
    forget(slot, scope)
    if job.error is not None:
        _explain(job.error)
        return None
    return job.result


def progress_line(progress: Progress | None) -> str:
    """Return progress in words: phase, count, time left.

    Examples
    --------
    >>> progress_line(Progress("Reading", 1200, 4000, 61.0))
    'Reading · 1,200 of 4,000 · about 1 minute left'
    >>> progress_line(Progress("Reading", 1200))
    'Reading · 1,200'
    """
    if progress is None:
        return "Starting …"
    done = count(progress.done) + (f" of {count(progress.total)}" if progress.total is not None else "")
    left = "" if progress.seconds_left is None else f"about {duration(max(progress.seconds_left, 1))} left"
    return " · ".join(part for part in (progress.phase, done, left) if part)


@st.fragment(run_every=_EVERY)
def _watch(bench: Workbench, slot: str, scope: str, *, cancel: bool, line: Line) -> None:
    job = find(bench, slot, scope)
    if job is None or job.state != "running":
        st.rerun()
    progress = job.progress
    share = progress.done / progress.total if progress and progress.total else 0.0
    with st.container(border=True):
        st.progress(min(max(share, 0.0), 1.0), text=f"**{escape(job.label)}** · {escape(line(progress))}")
        if cancel:
            st.button("Cancel", key=f"cancel_{slot}/{scope}", on_click=job.cancel)


def _key(slot: str, scope: str) -> str:
    return f"job_{slot}_{scope}"


def _explain(error: BaseException) -> None:
    if isinstance(error, Cancelled):
        message("Stopped.", error.next_step)
    elif isinstance(error, TastebenchError):
        message(error.message, error.next_step, wrong=True)
    else:
        message("It broke off unexpectedly.", "The reason is written in the log.", wrong=True)
