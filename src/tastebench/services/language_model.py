"""The language model of a data folder: one door to every call, with the answers that came before."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from tastebench.domain.chat import (
    ChatAnswer,
    ChatProgress,
    ChatPrompt,
    IsCancelled,
    LanguageModelSettings,
    ModelInfo,
    PullProgress,
    ServerStatus,
    Verdict,
)
from tastebench.domain.errors import InvalidInput
from tastebench.domain.model_state import ModelState
from tastebench.domain.ports import ChatModel
from tastebench.models.ollama_address import address
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_suggested import SUGGESTED, SuggestedModel
from tastebench.services.model_preferences import ModelPreferences

ANSWERS_KEPT = 256
"""Complete answers held in memory; the longest unused goes first."""

_COMPLETE = {ModelState.OK, ModelState.NO_PREFERENCE}


class LanguageModel:
    """What may be asked of the language model. Nothing here raises for what a server does.

    Parameters
    ----------
    chat : ChatModel
    preferences : ModelPreferences
    """

    def __init__(self, chat: ChatModel, preferences: ModelPreferences) -> None:
        self._chat, self._preferences = chat, preferences
        self._answers: OrderedDict[tuple[str, ...], ChatAnswer] = OrderedDict()
        self._guard = threading.Lock()

    @property
    def settings(self) -> LanguageModelSettings:
        """What the operator settled."""
        return self._preferences.current()

    @property
    def host(self) -> str:
        """Where the server is looked for."""
        return self._preferences.host()

    @property
    def fault(self) -> str:
        """Why the stored settings couldn't be used; empty where they could."""
        self._preferences.current()
        return self._preferences.fault

    @property
    def suggested(self) -> tuple[SuggestedModel, ...]:
        """Small models worth a try, the smallest download first."""
        return SUGGESTED

    def save(self, settings: LanguageModelSettings) -> None:
        """Settle anew. Raises `InvalidInput` where the address can be none, or the folder takes no file."""
        try:
            address(settings.host)
        except Failed as failed:
            raise InvalidInput(
                f"“{settings.host}” is no address of an Ollama: {failed.detail}.",
                "Write it like http://127.0.0.1:11434, or leave it empty.",
            ) from failed
        self._preferences.save(settings)

    def status(self, *, fresh: bool = False) -> ServerStatus:
        """Return what is found at the address; kept for some seconds unless `fresh`."""
        return self._chat.status(fresh=fresh)

    def model(self, status: ServerStatus | None = None) -> ModelInfo | None:
        """Return the model that is asked: the one settled, else the smallest that chats on this machine."""
        found = (status or self.status()).models
        if self.settings.model:
            names = {self.settings.model, f"{self.settings.model}:latest"}
            return next((one for one in found if one.name in names), None)
        local = [one for one in found if one.chats and not one.cloud]
        return min(local, key=lambda one: (one.size_bytes, one.name), default=None)

    def ask(
        self,
        prompt: ChatPrompt,
        verdict: Verdict,
        *,
        on_progress: Callable[[ChatProgress], None] | None = None,
        cancelled: IsCancelled | None = None,
        insist: bool = False,
        wall_clock: float | None = None,
    ) -> ChatAnswer:
        """Return the answer, or why there is none; a complete one that was given before costs nothing again.

        Who insists has the server looked for and the model asked anew, whatever is kept.
        """
        status = self.status(fresh=insist)
        if status.state is not ModelState.OK:
            named = self.suggested[0].name if status.state is ModelState.NO_MODELS else self.settings.model
            return ChatAnswer(status.state, detail=status.detail, host=status.host, model=named)
        model = self.model(status)
        name = model.name if model else self.settings.model
        if not name:  # there are models, but none that chats
            named = self.suggested[0].name
            return ChatAnswer(ModelState.NO_MODELS, host=status.host, server_version=status.version, model=named)
        # An answer is another one where host, server, model or its weights are others.
        key = (prompt.digest(), status.host, status.version, name, model.digest if model else "")
        if not insist and (kept := self._kept(key)):
            return kept
        answer = self._chat.ask(
            name,
            prompt,
            verdict,
            on_progress=on_progress,
            cancelled=cancelled,
            insist=insist,
            wall_clock=wall_clock,
        )
        if answer.state in _COMPLETE and model and model.digest:
            self._keep(key, answer)
        return answer

    def pull(
        self,
        model: str,
        *,
        on_progress: Callable[[PullProgress], None] | None = None,
        cancelled: IsCancelled | None = None,
    ) -> ChatAnswer:
        """Have the server fetch a model; OK when it is there, else why not."""
        return self._chat.pull(model, on_progress=on_progress, cancelled=cancelled)

    @property
    def answers_kept(self) -> int:
        """How many answers are held."""
        return len(self._answers)

    def close(self) -> None:
        """Break off whatever runs."""
        self._chat.close()

    def _kept(self, key: tuple[str, ...]) -> ChatAnswer | None:
        with self._guard:
            if key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def _keep(self, key: tuple[str, ...], answer: ChatAnswer) -> None:
        with self._guard:
            self._answers[key] = replace(answer, cached=True)
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
