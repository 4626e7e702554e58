"""The healthy Ollama: disk, loaded models, one slot and a queue for each, and what every address answers."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any

from tests.ollama_double import validation
from tests.ollama_double.documents import PULL_STEPS, Document, chunk, listed, loaded, overflow, pull_steps, shown
from tests.ollama_double.faults.register import Fault
from tests.ollama_double.generation import answer
from tests.ollama_double.minds import Mind
from tests.ollama_double.validation import FULL, Refused
from tests.ollama_double.values import HeldModel, Question, Runner, Timing, tokens
from tests.ollama_double.wire import Reply, go_json


class Ollama:
    """What a server of language models holds and does, without its sockets."""

    def __init__(self, models: Iterable[HeldModel], mind: Mind, timing: Timing, version: str, queue: int) -> None:
        self.disk = {model.name: model for model in models}
        self.mind, self.timing, self.version, self.queue = mind, timing, version, queue
        self.running: dict[str, Runner] = {}
        self.pending = 0
        self._slots: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._loading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def reply(self, method: str, path: str, raw: bytes, fault: Fault | None) -> Reply:
        """Return the answer to a request, a fault of stream, content or metadata worked in."""
        handler = self._handlers().get((method.replace("HEAD", "GET"), path))
        if handler is None:
            known = path in {known for _, known in self._handlers()}
            return Reply.text("405 method not allowed", 405) if known else Reply.text("404 page not found", 404)
        try:
            return await handler(raw, fault)
        except Refused as refused:
            return Reply.error(refused.status, refused.sentence)

    def _handlers(self) -> Mapping[tuple[str, str], Callable[..., Any]]:
        return {
            ("GET", "/"): self._root,
            ("GET", "/api/version"): self._version,
            ("GET", "/api/tags"): self._tags,
            ("GET", "/api/ps"): self._ps,
            ("POST", "/api/show"): self._show,
            ("POST", "/api/pull"): self._pull,
            ("POST", "/api/chat"): self._chat,
        }

    async def _root(self, raw: bytes, fault: Fault | None) -> Reply:
        return Reply.text("Ollama is running")

    async def _version(self, raw: bytes, fault: Fault | None) -> Reply:
        return _document({"version": self.version}, fault)

    async def _tags(self, raw: bytes, fault: Fault | None) -> Reply:
        return _document({"models": [listed(model) for model in self.disk.values()]}, fault)

    async def _ps(self, raw: bytes, fault: Fault | None) -> Reply:
        held = [(self.disk[name], runner) for name, runner in self.running.items() if runner.expires > time.time()]
        return Reply.of({"models": [loaded(model, runner) for model, runner in held]})

    async def _show(self, raw: bytes, fault: Fault | None) -> Reply:
        return _document(shown(self._held(validation.document(raw))), fault)

    def _held(self, body: Mapping[str, Any]) -> HeldModel:
        name = body.get("model") or body.get("name") or ""
        if not name or not isinstance(name, str):
            raise Refused(400, "model is required")
        found = self.disk.get(name) or self.disk.get(f"{name}:latest")
        if found is None:
            raise Refused(404, f"model '{name}' not found")
        return found

    async def _pull(self, raw: bytes, fault: Fault | None) -> Reply:
        body = validation.document(raw)
        name = body.get("model") or body.get("name") or ""
        if not name:
            raise Refused(400, "invalid model name")
        model = HeldModel(name if ":" in name else f"{name}:latest")
        steps: Iterator[Document | None] = pull_steps(model)
        if fault and fault.kind == "progress":
            steps = fault.act(steps)
        if body.get("stream") is False:
            last = [step async for step in self._pulling(model, steps)][-1]
            return Reply(body=last)
        return Reply.stream(self._pulling(model, steps))

    async def _pulling(self, model: HeldModel, steps: Iterator[Document | None]) -> AsyncIterator[bytes]:
        for step in steps:
            await asyncio.sleep(self.timing.delay if step is None else self.timing.pull / PULL_STEPS)
            if step == {"status": "success"}:
                self.disk.setdefault(model.name, model)
            if step is not None:
                yield go_json(step) + b"\n"

    async def _chat(self, raw: bytes, fault: Fault | None) -> Reply:
        began = time.monotonic()
        body = validation.document(raw)
        validation.check_chat(body)
        model = self._held(body)
        stay = validation.seconds(body.get("keep_alive"))
        messages = body.get("messages") or []
        if not messages and stay == 0:
            self.running.pop(model.name, None)
            return Reply.of(chunk(body["model"], "", done=True) | {"done_reason": "unload"})
        validation.check_model(body, model)
        if self.pending >= self.queue:
            raise Refused(503, FULL)
        options = body.get("options") or {}
        window = int(min(options.get("num_ctx") or 4096, model.context))
        await self._load(model, window, stay)
        loading = time.monotonic() - began
        if not messages:
            return Reply.of(chunk(body["model"], "", done=True) | {"done_reason": "load"})
        schema = validation.schema(body.get("format"))
        question = _question(messages, schema, int(options.get("seed") or 0))
        if question.tokens > window and body.get("truncate") is False:
            raise Refused(400, overflow(question.tokens, window))
        chunks = self._chunks(body, question, window, began, loading, fault)
        lines = self._paced(model.name, chunks)
        return Reply.stream(lines) if body.get("stream") is not False else Reply.of(await _whole(lines))

    async def _load(self, model: HeldModel, window: int, stay: float) -> None:
        """Load a model on first use, after it expired, or for another window; going away aborts it."""
        async with self._loading[model.name]:
            held = self.running.get(model.name)
            if held is None or held.window != window or held.expires <= time.time():
                self.running.pop(model.name, None)
                await asyncio.sleep(self.timing.load)
            self.running[model.name] = Runner(window, time.time() + stay)

    async def _paced(self, name: str, chunks: Iterator[Document]) -> AsyncIterator[bytes]:
        self.pending += 1
        speed = self.timing.tokens_per_second
        try:
            async with self._slots[name]:
                for line in chunks:
                    await asyncio.sleep(1 / speed if speed else 0)
                    yield go_json(line) + b"\n"
        finally:
            self.pending -= 1

    def _chunks(
        self, body: Document, question: Question, window: int, began: float, loading: float, fault: Fault | None
    ) -> Iterator[Document]:
        """Return the answer's lines: made when they are due, so that their times are true."""
        text: str | Iterable[str] = answer(question.schema, self.mind(question))
        if fault and fault.kind == "text":
            text = fault.act(text, question)
        pieces = tokens(text) if isinstance(text, str) else text
        room = window - min(question.tokens, window - 1)
        asked = (body.get("options") or {}).get("num_predict", -1)
        lines = _answering(
            body["model"], pieces, int(min(asked, room)) if asked > 0 else room, question, began, loading
        )
        return fault.act(lines) if fault and fault.kind == "chunks" else lines


def _answering(
    model: str, pieces: Iterable[str], limit: int, question: Question, began: float, loading: float
) -> Iterator[Document]:
    count, reason = 0, "stop"
    started = time.monotonic()
    for piece in pieces:
        if count == limit:
            reason = "length"
            break
        count += 1
        yield chunk(model, piece)
    now = time.monotonic()
    metrics = {
        "total_duration": _nanoseconds(now - began),
        "load_duration": _nanoseconds(loading),
        "prompt_eval_count": question.tokens,
        "prompt_eval_duration": _nanoseconds((started - began) - loading),
        "eval_count": count,
        "eval_duration": _nanoseconds(now - started),
    }
    yield chunk(model, "", done=True) | {"done_reason": reason} | {name: n for name, n in metrics.items() if n}


def _nanoseconds(seconds: float) -> int:
    return max(0, round(seconds * 1e9))


async def _whole(lines: AsyncIterator[bytes]) -> Document:
    """Return a stream as the one document of a request that asks for no stream."""
    chunks = [json.loads(line) async for line in lines]
    text = "".join(one.get("message", {}).get("content", "") for one in chunks)
    return chunks[-1] | {"message": {"role": "assistant", "content": text}}


def _question(messages: list[Document], schema: Document | None, seed: int) -> Question:
    def said(*roles: str) -> str:
        return "\n".join(message.get("content") or "" for message in messages if message.get("role") in roles)

    return Question(said("user", "assistant", "tool"), schema, seed, said("system"))


def _document(document: Document, fault: Fault | None) -> Reply:
    return Reply.of(fault.act(document) if fault and fault.kind == "document" else document)
