"""Work that can be broken off at any moment: by the clock, or by whoever waits for it."""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from tastebench.domain.chat import IsCancelled
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_faults import Failed

T = TypeVar("T")

POLL = 0.05
"""Seconds between two looks at whether the work is still wanted."""


class Clock:
    """A stretch of time that runs out.

    Parameters
    ----------
    seconds : float
    words : str
        What is told when it is over, such as ``no answer within``.
    """

    def __init__(self, seconds: float, words: str = "not done within") -> None:
        self.seconds = seconds
        self._words = words
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, 0 or less where it is over."""
        return self._end - time.monotonic()

    def check(self) -> None:
        """Raise `Failed` with TIMED_OUT where it is over."""
        if self.left() <= 0:
            raise Failed(ModelState.TIMED_OUT, f"{self._words} {self.seconds:g} seconds")

    def restart(self) -> None:
        """Give the whole time again."""
        self._end = time.monotonic() + self.seconds

    def grant(self, seconds: float) -> None:
        """Give so much time more."""
        self._end += seconds


def run(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; nothing of it is left when this returns.

    It runs in the calling thread, in another one only where that has an event loop already, as in a notebook.
    """
    if _has_loop():
        with ThreadPoolExecutor(1) as other:
            return other.submit(lambda: run(work)).result()
    # Not asyncio.run: it waits for threads that look up a name, and these wait as long as the name servers do.
    loop = asyncio.new_event_loop()
    lookups = _Lookups()
    loop.set_default_executor(lookups)
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(_wound_up())
        lookups.shutdown(wait=lookups.idle())
        loop.close()


async def watched(work: Coroutine[Any, Any, T], clock: Clock, stop: IsCancelled) -> T:
    """Return what `work` returns; break it off when the clock runs out or `stop` says so.

    Raises
    ------
    Failed
        TIMED_OUT or CANCELLED, when the work has ended and its sockets are closed.
    """
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            if stop():
                raise Failed(ModelState.CANCELLED)
            clock.check()
            await asyncio.wait({task}, timeout=min(POLL, max(clock.left(), 0)))
        return task.result()
    finally:
        await _ended({task})


def _has_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _ended(tasks: "set[asyncio.Task[Any]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _wound_up() -> None:
    own = {asyncio.current_task()}
    await _ended(asyncio.all_tasks() - own)
    await asyncio.get_running_loop().shutdown_asyncgens()
    # Iterators that httpx leaves half-way are closed by tasks of their own, which begin only now.
    await asyncio.sleep(0)
    while left := asyncio.all_tasks() - own:
        await asyncio.wait(left)


class _Lookups(ThreadPoolExecutor):
    """The threads in which names are looked up; who remembers whether one still is."""

    def __init__(self) -> None:
        super().__init__(max_workers=2, thread_name_prefix="name lookup")
        self._futures: list[Future[Any]] = []

    def submit(self, *arguments: Any, **named: Any) -> "Future[Any]":
        future = super().submit(*arguments, **named)
        self._futures.append(future)
        return future

    def idle(self) -> bool:
        return all(future.done() for future in self._futures)
