"""Who may call a model now: one at a time, and nobody for a while after failures."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from tastebench.domain.chat import Budgets
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_running import POLL

WASTEFUL = frozenset(
    {
        ModelState.TIMED_OUT,
        ModelState.PROMPT_TRUNCATED,
        ModelState.OUTPUT_TRUNCATED,
        ModelState.INVALID_OUTPUT,
        ModelState.BUSY,
        ModelState.SERVER_ERROR,
        ModelState.DISCONNECTED,
    }
)
"""Failures that open the breaker: they cost time, or come of a server that is ill. What is known at once, or mended
elsewhere than by waiting (a model that is missing, a server that isn't running, a question too long), doesn't."""


class Turns:
    """One call at a time for each key; others wait in the order they came."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, deque[object]] = {}
        self._changed = threading.Condition()
        self._loading: set[Hashable] = set()

    @contextmanager
    def turn(self, key: Hashable, waiting: Callable[[float, bool], None]) -> Iterator[None]:
        """Wait for one's turn and hold it.

        Parameters
        ----------
        waiting : callable
            Told again and again while one waits: the seconds since it was told last, and whether whose turn it is
            loads the model. It raises to wait no longer.
        """
        ticket = object()
        with self._changed:
            self._lines.setdefault(key, deque()).append(ticket)
        try:
            since = time.monotonic()
            while not self._is_first(key, ticket):
                before, since = since, time.monotonic()
                waiting(since - before, key in self._loading)
            yield
        finally:
            self._leave(key, ticket)

    @contextmanager
    def loading(self, key: Hashable) -> Iterator[None]:
        """Mark that the model is being loaded by whose turn it is."""
        self._loading.add(key)
        try:
            yield
        finally:
            self._loading.discard(key)

    def _is_first(self, key: Hashable, ticket: object) -> bool:
        """Return whether it is the ticket's turn, having waited for it a little."""
        with self._changed:
            if self._lines[key][0] is not ticket:
                self._changed.wait(POLL)
            return self._lines[key][0] is ticket

    def _leave(self, key: Hashable, ticket: object) -> None:
        with self._changed:
            self._lines[key].remove(ticket)
            if not self._lines[key]:
                del self._lines[key]
            self._changed.notify_all()


class Breaker:
    """Leaves a model alone for a while after failures in a row."""

    def __init__(self) -> None:
        self._failures: dict[Hashable, tuple[int, float]] = {}

    def check(self, key: Hashable, budgets: Budgets) -> None:
        """Raise `Failed` with BREAKER_OPEN where the model is to be left alone."""
        count, failed_at = self._failures.get(key, (0, 0.0))
        left = failed_at + budgets.breaker_open - time.monotonic()
        if count >= budgets.breaker_opens_after and left > 0:
            seconds = math.ceil(left)
            raise Failed(ModelState.BREAKER_OPEN, f"{seconds} second{'s' * (seconds != 1)}")

    def note(self, key: Hashable, state: ModelState) -> None:
        """Count a failure, or forget all where there was an answer; other states change nothing."""
        if state in WASTEFUL:
            self._failures[key] = (self._failures.get(key, (0, 0.0))[0] + 1, time.monotonic())
        elif state.answered:
            self._failures.pop(key, None)
