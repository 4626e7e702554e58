"""The language model behind Ollama: the port `ChatModel`."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from tastebench.domain.chat import (
    Budgets,
    ChatAnswer,
    ChatPrompt,
    IsCancelled,
    LanguageModelSettings,
    ModelInfo,
    PullProgress,
    ServerStatus,
    Verdict,
)
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_documents as documents
from tastebench.models.ollama_address import Address, address
from tastebench.models.ollama_errand import Errand, OnChat
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_running import Clock, run
from tastebench.models.ollama_status import Statuses
from tastebench.models.ollama_turns import Breaker, Turns

if TYPE_CHECKING:
    from tastebench.models.ollama_call import Call

OnPull = Callable[[PullProgress], None]


class OllamaChat:
    """Questions to the models of an Ollama. It may be used from several threads at once.

    Every call runs in the thread that makes it and leaves neither thread nor socket behind; what it costs at most, the
    budgets say. Changed settings hold from the next call on.

    Parameters
    ----------
    settings_of : callable
        Returns what the operator settled.
    address_of : callable
        Returns where Ollama listens, by the rules of OLLAMA_HOST.
    budgets : Budgets, optional
        For tests; missing, the usual ones with the settings' time for a call.
    """

    def __init__(
        self,
        settings_of: Callable[[], LanguageModelSettings],
        address_of: Callable[[], str],
        budgets: Budgets | None = None,
    ) -> None:
        self._settings_of, self._address_of, self._fixed_budgets = settings_of, address_of, budgets
        self._statuses, self._turns, self._breaker = Statuses(), Turns(), Breaker()
        self._closings = 0

    def status(self, *, fresh: bool = False) -> ServerStatus:
        """Return what is at the address; kept for some seconds unless `fresh`."""
        text, budgets = self._address_of(), self._budgets()
        try:
            where = address(text)
        except Failed as failed:
            return ServerStatus(failed.state, text, detail=failed.detail)
        kept = None if fresh else self._statuses.kept(where, budgets)
        first = self._settings_of().model
        return kept or self._statuses.look(where, budgets, self._stop(None), first=first)

    def ask(
        self,
        model: str,
        prompt: ChatPrompt,
        verdict: Verdict,
        *,
        on_progress: OnChat | None = None,
        cancelled: IsCancelled | None = None,
        insist: bool = False,
        wall_clock: float | None = None,
    ) -> ChatAnswer:
        """Return what the model answered, or why it didn't, within the budgets.

        Parameters
        ----------
        verdict : callable
            Judges the text; on INVALID_OUTPUT the question is asked once more where half the time is left.
        insist : bool
            Ask although the breaker is open, and look at the server anew.
        wall_clock : float, optional
            Seconds for the whole of it, where another limit than the settings' is meant. Loading doesn't count.
        """
        seconds = self._budgets().wall_clock if wall_clock is None else wall_clock
        errand = self._errand(model, seconds, cancelled, on_progress)
        return errand.answer(lambda: self._ask(errand, prompt, verdict, insist=insist))

    def warm_up(self, model: str, prompt: ChatPrompt, *, cancelled: IsCancelled | None = None) -> ChatAnswer:
        """Have the server load the model with the prompt's options, within the budget for loading."""
        errand = self._errand(model, self._budgets().load, cancelled)
        return errand.answer(lambda: self._warm_up(errand, prompt))

    def pull(
        self, model: str, *, on_progress: OnPull | None = None, cancelled: IsCancelled | None = None
    ) -> ChatAnswer:
        """Have the server fetch a model; OK when it is there, else why not. Only what stalls is broken off."""
        errand = self._errand(model, math.inf, cancelled)
        return errand.answer(lambda: self._pull(errand, on_progress or (lambda _: None)))

    def close(self) -> None:
        """Break off whatever runs. What is asked later is answered."""
        self._closings += 1

    def _ask(self, errand: Errand, prompt: ChatPrompt, verdict: Verdict, *, insist: bool) -> ChatAnswer:
        from tastebench.models.ollama_call import asked  # it loads httpx

        call = self._call(errand, prompt, fresh=insist)
        key = (errand.host, errand.model)
        if not insist:
            self._breaker.check(key, errand.budgets)
        with self._turns.turn(key, errand.wait):
            if not insist:
                self._breaker.check(key, errand.budgets)
            answer = run(asked(call, verdict))
            self._breaker.note(key, answer.state)
        if answer.state.failed:
            self._statuses.forget(call.address)
        return answer

    def _warm_up(self, errand: Errand, prompt: ChatPrompt) -> ChatAnswer:
        from tastebench.models.ollama_call import loaded

        call = self._call(errand, prompt)
        if call.is_cloud:
            return ChatAnswer(ModelState.OK)
        with self._turns.turn((errand.host, errand.model), errand.wait):
            return run(loaded(call))

    def _pull(self, errand: Errand, told: OnPull) -> ChatAnswer:
        from tastebench.models.ollama_pull import pulled  # it loads the ollama package

        where = self._where(errand)
        self._refuse_cloud(documents.is_cloud_name(errand.model))
        errand.attempts = 1
        run(pulled(where, errand.model, errand.budgets, errand.stop, told))
        self._statuses.forget(where)
        return ChatAnswer(ModelState.OK)

    def _call(self, errand: Errand, prompt: ChatPrompt, *, fresh: bool = False) -> "Call":
        """Return the call to be made. Raises `Failed` where it is known beforehand that it can't be."""
        from tastebench.models.ollama_call import Call

        where = self._where(errand)
        self._refuse_cloud(where.is_cloud or documents.is_cloud_name(errand.model))
        info = self._listed(errand, where, fresh=fresh)
        self._refuse_cloud(info.cloud)
        if not info.chats:
            raise Failed(ModelState.WRONG_KIND, "it is an embedding model")
        errand.model, errand.digest = info.name, info.digest
        window = min(prompt.num_ctx, info.context or prompt.num_ctx)
        return Call(errand, where, prompt, window, info.cloud, lambda: self._turns.loading((where.url, info.name)))

    def _listed(self, errand: Errand, where: Address, *, fresh: bool) -> ModelInfo:
        """Return what is known of the model asked; looked for anew where what is remembered doesn't hold it."""
        found = None if fresh else self._statuses.kept(where, errand.budgets)
        info = _named(errand.model, found) if found else None
        if found is None or info is None:
            found = self._statuses.look(where, errand.budgets, errand.stop, first=errand.model)
            info = _named(errand.model, found)
        errand.version = found.version
        errand.check()
        if info is None:
            state = ModelState.MODEL_MISSING if found.state is ModelState.OK else found.state
            raise Failed(state, found.detail)
        return info

    def _where(self, errand: Errand) -> Address:
        where = address(errand.host)
        errand.host = where.url
        return where

    def _refuse_cloud(self, is_cloud: bool) -> None:
        if is_cloud and not self._settings_of().allow_cloud:
            raise Failed(ModelState.CLOUD_REFUSED)

    def _errand(
        self, model: str, seconds: float, cancelled: IsCancelled | None, on_progress: OnChat | None = None
    ) -> Errand:
        budgets, stop = self._budgets(), self._stop(cancelled)
        return Errand(model, budgets, Clock(seconds), stop, on_progress, host=self._address_of())

    def _budgets(self) -> Budgets:
        return self._fixed_budgets or Budgets(wall_clock=self._settings_of().wall_clock)

    def _stop(self, cancelled: IsCancelled | None) -> IsCancelled:
        closings = self._closings
        return lambda: self._closings != closings or (cancelled is not None and cancelled())


def _named(model: str, status: ServerStatus) -> ModelInfo | None:
    return next((info for info in status.models if documents.is_same(model, info.name)), None)
