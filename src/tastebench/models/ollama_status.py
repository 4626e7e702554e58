"""What is at an address: whether it is Ollama, which version, and the models it holds."""

import math
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from tastebench.domain.chat import Budgets, IsCancelled, ModelInfo, ServerStatus
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_documents as documents
from tastebench.models.ollama_address import Address
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_running import Clock, run, watched

if TYPE_CHECKING:
    import httpx

DESCRIBED_AT_ONCE = 24
"""Models asked for one by one in a probe where the list doesn't say what they can do; the others by their names."""

_SILENT = {ModelState.TIMED_OUT, ModelState.DISCONNECTED, ModelState.CANCELLED}
_AS_IT_IS = {ModelState.UNREACHABLE, ModelState.BAD_ADDRESS, ModelState.TOO_OLD}

Described: TypeAlias = dict[tuple[str, str], ModelInfo]
"""Models by name and digest: what they can do doesn't change."""


class Statuses:
    """What was found at addresses, remembered for some seconds; what models can do, for good."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, ServerStatus]] = {}
        self._described: dict[str, Described] = {}

    def kept(self, address: Address, budgets: Budgets) -> ServerStatus | None:
        """Return what was found there a moment ago; None where that is too long ago."""
        kept_at, kept = self._kept.get(address.url, (-math.inf, None))
        return kept if time.monotonic() < kept_at + budgets.probe_kept else None

    def look(self, address: Address, budgets: Budgets, stop: IsCancelled, *, first: str = "") -> ServerStatus:
        """Return what is there now; `first` names the model that is asked about before all others."""
        described = self._described.setdefault(address.url, {})
        found = _Probe(address, budgets, described, first).status(stop)
        if not stop():
            self._kept[address.url] = (time.monotonic(), found)
        return found

    def forget(self, address: Address) -> None:
        """Look anew next time."""
        self._kept.pop(address.url, None)


class _Probe:
    """One look at a server."""

    def __init__(self, address: Address, budgets: Budgets, described: Described, first: str) -> None:
        self._address, self._budgets, self._described, self._first = address, budgets, described, first
        self._found = ServerStatus(ModelState.UNREACHABLE, address.url)

    def status(self, stop: IsCancelled) -> ServerStatus:
        """Return what is there; what came before the time was over counts."""
        try:
            run(watched(self._look(), Clock(self._budgets.probe, "no answer within"), stop))
        except Failed as failed:
            if not self._found.models:
                state = failed.state if failed.state in _AS_IT_IS else ModelState.NOT_OLLAMA
                state = ModelState.UNREACHABLE if failed.state in _SILENT else state
                return replace(self._found, state=state, detail=failed.detail)
        known = self._described
        models = tuple(known.get((info.name, info.digest), info) for info in self._found.models)
        return replace(self._found, models=models)

    async def _look(self) -> None:
        from tastebench.models import ollama_wire as wire  # it loads httpx

        async with wire.client(self._address, self._budgets) as client:
            version = documents.version(await wire.document(client, "GET", "/api/version"))
            self._found = replace(self._found, version=version)
            if documents.is_too_old(version):
                oldest = ".".join(map(str, documents.OLDEST))
                raise Failed(ModelState.TOO_OLD, f"{version}; it takes {oldest} or newer")
            listed = await wire.document(client, "GET", "/api/tags")
            models = documents.models(listed, all_cloud=self._address.is_cloud)
            self._found = replace(self._found, state=ModelState.OK if models else ModelState.NO_MODELS, models=models)
            if not documents.tells_capabilities(listed):
                await self._describe(client)

    async def _describe(self, client: "httpx.AsyncClient") -> None:
        """Ask what the models can do, one by one, the one that matters first; what fails is told by the call."""
        from tastebench.models import ollama_wire as wire

        new = [info for info in self._found.models if (info.name, info.digest) not in self._described]
        new.sort(key=lambda info: not documents.is_same(self._first, info.name))
        for info in new[:DESCRIBED_AT_ONCE]:
            with suppress(Failed):
                told = await wire.document(client, "POST", "/api/show", {"model": info.name})
                self._described[info.name, info.digest] = documents.described(info, told)
