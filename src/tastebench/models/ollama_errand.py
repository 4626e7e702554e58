"""What belongs to one request for the language model: its time, who waits for it, what is known of who answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tastebench.domain.chat import Budgets, ChatAnswer, ChatProgress, IsCancelled
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_running import Clock

OnChat = Callable[[ChatProgress], None]


@dataclass
class Errand:
    """One request.

    Parameters
    ----------
    clock : Clock
        The time for the whole of it, waiting included; loading is not counted.
    stop : callable
        Says whether nobody waits for it any more.
    on_progress : callable, optional
        Told where it stands.
    host, digest, version : str
        Who answers, as far as it is known by now.
    attempts : int
        Questions sent.
    load_ms : float, optional
        Milliseconds the model took to load, where it was loaded for this.
    """

    model: str
    budgets: Budgets
    clock: Clock
    stop: IsCancelled
    on_progress: OnChat | None = None
    host: str = ""
    digest: str = ""
    version: str = ""
    attempts: int = 0
    load_ms: float | None = None
    _began: float = field(default_factory=time.monotonic)
    _reported: ChatProgress | None = None

    def report(self, state: ModelState, characters: int = 0) -> None:
        """Tell where it stands, where that is new."""
        progress = ChatProgress(state, characters)
        if self.on_progress is not None and progress != self._reported:
            self._reported = progress
            self.on_progress(progress)

    def wait(self, seconds: float, for_loading: bool) -> None:
        """Count time spent waiting for another call, unless that loads the model for both.

        Raises
        ------
        Failed
            Where waiting any longer is of no use.
        """
        if for_loading:
            self.clock.grant(seconds)
        self.report(ModelState.LOADING if for_loading else ModelState.QUEUED)
        self.check()

    def check(self) -> None:
        """Raise `Failed` where nobody waits any more, or the time is over."""
        if self.stop():
            raise Failed(ModelState.CANCELLED)
        self.clock.check()

    def answer(self, work: Callable[[], ChatAnswer]) -> ChatAnswer:
        """Return what the work comes to, with who answered and what it cost; its failure is an answer too."""
        try:
            answer = work()
        except Failed as failed:
            answer = ChatAnswer(failed.state, detail=failed.detail)
        usage = replace(answer.usage, total_ms=(time.monotonic() - self._began) * 1000)
        usage = usage if self.load_ms is None else replace(usage, load_ms=self.load_ms)
        return replace(
            answer,
            usage=usage,
            attempts=self.attempts,
            host=self.host,
            model=self.model,
            digest=self.digest,
            server_version=self.version,
        )
