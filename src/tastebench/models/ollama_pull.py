"""Having Ollama fetch a model: progress in bytes over all its layers. It loads the ``ollama`` package."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import ollama

from tastebench.domain.chat import Budgets, IsCancelled, PullProgress
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_faults as faults
from tastebench.models import ollama_wire as wire
from tastebench.models.ollama_address import Address
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_running import Clock, watched

_LONGEST_PHASE = 80
_SUCCESS = "success"

OnPull = Callable[[PullProgress], None]


class Layers:
    """How far a model's layers have come; what was told once is never taken back.

    Examples
    --------
    >>> layers = Layers()
    >>> layers.take("pulling a", "a", 40, 100), layers.take("pulling b", "b", 0, 50)
    (PullProgress(phase='pulling a', done=40, total=100), PullProgress(phase='pulling b', done=40, total=150))
    """

    def __init__(self) -> None:
        self._done: dict[str, int] = {}
        self._total: dict[str, int] = {}

    def take(self, phase: str, digest: str, done: int, total: int) -> PullProgress:
        """Return how far all is, with what is told of one layer."""
        if digest and total > 0:
            self._total[digest] = max(self._total.get(digest, 0), total)
            self._done[digest] = min(max(self._done.get(digest, 0), done), self._total[digest])
        return PullProgress(phase, sum(self._done.values()), sum(self._total.values()))


async def pulled(address: Address, model: str, budgets: Budgets, stop: IsCancelled, told: OnPull) -> None:
    """Fetch a model. There is no limit to the whole, only to how long nothing new may come.

    Raises
    ------
    Failed
        What went wrong; TIMED_OUT where it stalled, CANCELLED where it was stopped.
    """
    clock = _Stall(budgets)
    await watched(_follow(address, model, budgets, told, clock), clock, stop)


class _Stall(Clock):
    """How long nothing new may come: with all bytes there Ollama checks them, which it does without a word."""

    def __init__(self, budgets: Budgets) -> None:
        super().__init__(budgets.pull_stall, "nothing came for")
        self._budgets = budgets
        self._last = PullProgress("")

    def heard(self, progress: PullProgress) -> None:
        """Begin again where there is news; Ollama repeats itself while nothing comes."""
        if progress != self._last:
            self._last = progress
            complete = 0 < progress.total == progress.done
            self.seconds = max(self._budgets.pull_stall, self._budgets.load * complete)
            self.restart()


async def _follow(address: Address, model: str, budgets: Budgets, told: OnPull, clock: _Stall) -> None:
    layers, status = Layers(), ""
    async with aclosing(_parts(address, model, budgets)) as parts:
        async for part in parts:
            status = part.status or ""
            phase = faults.shortened(status, _LONGEST_PHASE)
            progress = layers.take(phase, part.digest or "", part.completed or 0, part.total or 0)
            clock.heard(progress)
            told(progress)
    if status != _SUCCESS:
        raise Failed(ModelState.DISCONNECTED, "it ended before the model was complete")


async def _parts(address: Address, model: str, budgets: Budgets) -> AsyncGenerator[ollama.ProgressResponse, None]:
    """Yield what Ollama tells. Raises `Failed` for what it can't do."""
    try:
        with wire.told():
            async with ollama.AsyncClient(host=address.url, **wire.connection(address, budgets)) as client:
                async for part in await client.pull(model, stream=True):
                    yield part
    except ollama.ResponseError as error:
        raise _refused(error) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise Failed(ModelState.SERVER_ERROR, "its answer can't be read") from error


def _refused(error: ollama.ResponseError) -> Failed:
    words = faults.said({"error": error.error})
    if error.status_code > 0 and not words:
        return faults.of_status(error.status_code, b"")
    return faults.of_words(words)
