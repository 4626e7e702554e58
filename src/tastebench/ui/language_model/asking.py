"""Questions to the language model that a session has under way.

Each runs in a job of its own and has a slot of the session's. It ends when its page is left, when the slot is given to
another question, and by itself when nobody has looked for some seconds: a closed tab leaves nothing running.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeAlias

import streamlit as st

from tastebench.domain.chat import ChatProgress, IsCancelled
from tastebench.services import Workbench
from tastebench.services.jobs import Job

LEASE_SECONDS = 4.0
"""How long a question goes on without anybody looking; a page looks twice a second."""
PATIENCE_SECONDS = 0.1
"""How long a page waits for an answer before it says that it waits: kept answers come within that."""


@dataclass
class Asking:
    """One question, under way or done.

    Parameters
    ----------
    page : str
        Title of the page that asks.
    key : hashable
        What it is asked about: another key, another question.
    model : str
        Who is asked; empty until that is known.
    progress : ChatProgress, optional
        The latest; None before the model was reached.
    """

    page: str
    key: Hashable
    model: str = ""
    progress: ChatProgress | None = None
    started: float = field(default_factory=time.monotonic)
    job: Job = field(init=False)

    @property
    def running(self) -> bool:
        """Whether it is still at work. To ask is to look: the lease begins anew."""
        self.job.seen()
        return self.job.state == "running"

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self.job.cancelled

    @property
    def seconds(self) -> float:
        """How long ago it was asked."""
        return time.monotonic() - self.started

    def hear(self, progress: ChatProgress) -> None:
        """Take note of progress."""
        self.progress = progress

    def answer(self) -> object:
        """Return what came of it. Raises what the work raised."""
        if self.job.error is not None:
            raise self.job.error
        return self.job.result


Ask: TypeAlias = Callable[[Asking, IsCancelled], object]
"""Puts a question, and tells it what is heard meanwhile; it is also given the question "has it been cancelled?"."""


def find(slot: str) -> Asking | None:
    """Return the slot's question; None where it has none."""
    return _slots().get(slot)


def start(bench: Workbench, page: str, slot: str, key: Hashable, ask: Ask) -> Asking:
    """Put a question, breaking off the slot's last one, and wait a moment for its answer."""
    drop(slot)
    asking = Asking(page, key)
    asking.job = bench.jobs.start(
        "asking the language model", lambda _, cancelled: ask(asking, cancelled), LEASE_SECONDS
    )
    _slots()[slot] = asking
    asking.job.wait(PATIENCE_SECONDS)
    return asking


def drop(slot: str, unless: Hashable = None) -> None:
    """Break off the slot's question, where there is one, and empty the slot; not where its key is `unless`."""
    asking = find(slot)
    if asking is not None and (unless is None or asking.key != unless):
        asking.job.cancel()
        del _slots()[slot]


def leave(page: str) -> None:
    """Break off whatever other pages than this one ask. `page` calls it: to come here is to leave them."""
    for slot, asking in list(_slots().items()):
        if asking.page != page:
            drop(slot)


def _slots() -> dict[str, Asking]:
    slots: dict[str, Asking] = st.session_state.setdefault("asking", {})
    return slots
