"""One question to one model: loaded first where it isn't, asked, asked once more where that may help."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import httpx

from tastebench.domain.chat import ChatAnswer, ChatPrompt, Verdict
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_documents as documents
from tastebench.models import ollama_wire as wire
from tastebench.models.ollama_address import Address
from tastebench.models.ollama_errand import Errand
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_reply import Reply, truncated
from tastebench.models.ollama_running import Clock, watched

KEEP_ALIVE = "10m"
TRIED_AGAIN = frozenset({ModelState.BUSY, ModelState.DISCONNECTED, ModelState.INVALID_OUTPUT})
"""Failures that a second try may mend. Never loading: to break it off and begin anew would only take longer."""

_BREATH = 0.01
"""Share of the time for the whole call that a busy server is given before it is asked again."""


@dataclass(frozen=True)
class Call:
    """A question, and to whom it goes.

    Parameters
    ----------
    window : int
        Tokens of the model's window: what the prompt says, at most what the model has.
    is_cloud : bool
        Whether the model runs elsewhere: it is never loaded here.
    loading : callable
        Opened while the model is being loaded.
    """

    errand: Errand
    address: Address
    prompt: ChatPrompt
    window: int
    is_cloud: bool
    loading: Callable[[], AbstractContextManager[None]]


async def asked(call: Call, verdict: Verdict) -> ChatAnswer:
    """Return the model's answer, or why there is none. Raises nothing for what the server does."""
    clock = call.errand.clock
    async with wire.client(call.address, call.errand.budgets) as client:
        answer = await _attempt(client, call, verdict)
        if answer.state in TRIED_AGAIN and clock.left() >= clock.seconds / 2:
            breath = _BREATH * clock.seconds * (answer.state is ModelState.BUSY)
            answer = await _attempt(client, call, verdict, after=breath)
    return answer


async def loaded(call: Call) -> ChatAnswer:
    """Have the model loaded with the prompt's options. Raises `Failed`."""
    async with wire.client(call.address, call.errand.budgets) as client:
        call.errand.attempts += 1
        await _load(client, call)
    return ChatAnswer(ModelState.OK)


async def _attempt(client: httpx.AsyncClient, call: Call, verdict: Verdict, after: float = 0.0) -> ChatAnswer:
    """Return what comes of asking once, `after` some seconds; the model is loaded before where it isn't."""
    errand, reply, detail = call.errand, Reply(call.errand.budgets), ""
    try:
        await watched(asyncio.sleep(after), errand.clock, errand.stop)
        is_loaded = await _is_loaded(client, call)
        errand.attempts += 1
        if not is_loaded:
            await _load(client, call)
        errand.report(ModelState.RUNNING)
        reply = Reply(errand.budgets)  # anew: its time begins with the question
        await watched(_read(client, call, reply), errand.clock, errand.stop)
        reply.check()
        characters = len(call.prompt.system) + len(call.prompt.user)
        detail = truncated(characters, reply.usage(), call.window, documents.numbers(errand.version))
        state = ModelState.PROMPT_TRUNCATED if detail else verdict(reply.text)
    except Failed as failed:
        state, detail = failed.state, failed.detail
    return ChatAnswer(state, reply.text, detail, reply.usage())


async def _is_loaded(client: httpx.AsyncClient, call: Call) -> bool:
    """Return whether the model may be asked as it is; where the server can't tell, it is."""
    if call.is_cloud:
        return True
    errand = call.errand
    try:
        clock = Clock(min(errand.budgets.probe, errand.clock.left()))
        listed = await watched(wire.document(client, "GET", "/api/ps"), clock, errand.stop)
    except Failed as failed:
        if failed.state in {ModelState.CANCELLED, ModelState.UNREACHABLE}:
            raise
        return True
    return documents.is_loaded(listed, errand.model, call.window)


async def _load(client: httpx.AsyncClient, call: Call) -> None:
    """Have the model loaded: a call without messages does it, and is answered when it is done."""
    errand, began = call.errand, time.monotonic()
    errand.report(ModelState.LOADING)
    clock, reply = Clock(errand.budgets.load, "not loaded within"), Reply(errand.budgets)
    try:
        with call.loading():
            await watched(_follow(client, {**_common(call), "messages": []}, reply), clock, errand.stop)
    finally:
        seconds = time.monotonic() - began
        errand.clock.grant(seconds)
        errand.load_ms = seconds * 1000


async def _read(client: httpx.AsyncClient, call: Call, reply: Reply) -> None:
    """Send the question and read the answer. Between two pieces of it no more time may pass than is allowed."""
    now, budgets, come = asyncio.get_running_loop().time, call.errand.budgets, False
    try:
        async with asyncio.timeout(budgets.first_byte) as limit:

            def heard() -> None:
                nonlocal come
                come = True
                limit.reschedule(now() + budgets.between_chunks)
                call.errand.report(ModelState.RUNNING, reply.characters)

            await _follow(client, _question(call), reply, heard)
    except TimeoutError:
        limits = (budgets.first_byte, "no word") if not come else (budgets.between_chunks, "nothing more")
        raise Failed(ModelState.TIMED_OUT, "{1} within {0:g} seconds".format(*limits)) from None


async def _follow(
    client: httpx.AsyncClient, body: Mapping[str, Any], reply: Reply, heard: Callable[[], None] = lambda: None
) -> None:
    async with wire.response(client, "POST", "/api/chat", body) as answer:
        async for chunk in answer.aiter_raw():
            reply.feed(chunk)
            heard()
            if reply.done:
                return
        reply.end()


def _question(call: Call) -> Mapping[str, Any]:
    messages = [
        {"role": "system", "content": call.prompt.system},
        {"role": "user", "content": call.prompt.user},
    ]
    return {**_common(call), "messages": messages, "format": call.prompt.schema}


def _common(call: Call) -> Mapping[str, Any]:
    """Return what loading and asking have in common: with other options the server would load the model anew."""
    return {
        "model": call.errand.model,
        "keep_alive": KEEP_ALIVE,
        "stream": True,
        "think": False,
        "truncate": False,
        "options": {
            "temperature": 0,
            "seed": call.prompt.seed,
            "num_ctx": call.window,
            "num_predict": call.prompt.num_predict,
            "repeat_penalty": 1.05,
        },
    }
