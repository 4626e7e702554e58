"""The double itself: an Ollama in a thread of its own, behind bare sockets, with faults that can be switched."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from tests.ollama_double.faults import FAULTS, Fault
from tests.ollama_double.minds import Mind
from tests.ollama_double.minds import mind as mind_called
from tests.ollama_double.ollama import Ollama
from tests.ollama_double.values import Disconnect, HeldModel, Seen, Timing
from tests.ollama_double.wire import LARGEST_HEAD, Exchange, Reply, read_request

_GONE = (ConnectionError, asyncio.IncompleteReadError, TimeoutError)


class OllamaDouble:
    """A loopback server that speaks Ollama's wire protocol; a context manager.

    Parameters
    ----------
    fault : str
        Name in `FAULTS`; empty for none. May be switched while it runs: `inject`, `heal`.
    models : iterable of str or HeldModel
        What is on its disk.
    mind : str or Mind
        Who answers: ``even``, ``obedient``, ``random``, ``knowing`` (needs `truth`, title to grade), or a callable.
    tokens_per_second : float
        0: all at once.
    load_seconds, pull_seconds : float
        What loading a model on first use and fetching one take.
    delay, pace : float
        Seconds that slow and stalling faults wait, and between two drops of dripping ones.
    queue : int
        Calls that may wait or run before the server says it is busy.
    """

    def __init__(
        self,
        fault: str = "",
        *,
        models: Iterable[str | HeldModel] = ("qwen3:4b",),
        mind: str | Mind = "even",
        truth: Mapping[str, float] | None = None,
        seed: int = 0,
        tokens_per_second: float = 0.0,
        load_seconds: float = 0.0,
        pull_seconds: float = 0.0,
        delay: float = 120.0,
        pace: float = 0.02,
        version: str = "0.31.1",
        queue: int = 512,
        port: int = 0,
    ) -> None:
        held = [HeldModel(model) if isinstance(model, str) else model for model in models]
        thinker = mind_called(mind, seed=seed, truth=truth) if isinstance(mind, str) else mind
        self.timing = Timing(tokens_per_second, load_seconds, pull_seconds, delay, pace)
        self.ollama = Ollama(held, thinker, self.timing, version, queue)
        self.fault: Fault | None = FAULTS[fault] if fault else None
        self.struck = 0
        self.seen: list[Seen] = []
        self.disconnects: list[Disconnect] = []
        self._connections: set[asyncio.Task[None]] = set()
        self._port, self._listener = port, None
        self._ready = threading.Event()
        self._failure: BaseException | None = None

    @property
    def url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:40123``."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def open_connections(self) -> int:
        """How many connections are open now, idle ones that a client keeps included."""
        return len(self._connections)

    @property
    def chats(self) -> list[Any]:
        """Bodies of the chat requests seen."""
        return [seen.body for seen in self.seen if seen.path == "/api/chat"]

    def asked(self, path: str) -> int:
        """Return how many requests came for a path."""
        return sum(seen.path == path for seen in self.seen)

    def wait_for(self, condition: Callable[["OllamaDouble"], object], seconds: float = 5.0) -> bool:
        """Return whether a condition came true within the time."""
        deadline = time.monotonic() + seconds
        while not condition(self):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def inject(self, name: str, *, at: Collection[str] | None = None) -> None:
        """Switch to a fault; `at` names other addresses than its own, an empty one all of them."""
        self._call(self._switch(replace(FAULTS[name], at=FAULTS[name].at if at is None else tuple(at))))

    def heal(self) -> None:
        """Switch to no fault."""
        self._call(self._switch(None))

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="ollama-double", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._failure and error is None:
            raise self._failure

    def _call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _live(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            await self._switch(self.fault)
        except OSError as error:
            self._failure = error
            return
        finally:
            self._ready.set()
        await self._stop.wait()
        await self._shut()

    async def _shut(self) -> None:
        if self._listener is not None:
            self._listener.close()
        for connection in [*self._connections]:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _switch(self, fault: Fault | None) -> None:
        """Take a fault on. One that refuses connections keeps the port, bound and not listening."""
        refusing = fault is not None and fault.kind == "refuse"
        self.fault, self.struck = fault, 0
        if refusing or not isinstance(self._listener, asyncio.Server):
            await self._shut()
            raw = _bound(self._port)
            self._port = raw.getsockname()[1]
            self._listener = raw if refusing else await asyncio.start_server(self._serve, sock=raw, limit=LARGEST_HEAD)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (*_GONE, asyncio.CancelledError):
            pass  # the client went away, or the double is being closed
        except Exception as error:  # noqa: BLE001  # a fault of the double's own: told on leaving
            self._failure = error
        finally:
            writer.close()
            self._connections.discard(task)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ahead = b""
        while (seen := await read_request(reader, ahead)) is not None:
            exchange = Exchange(seen, writer)
            answering = asyncio.ensure_future(self._answer(exchange))
            leaving = asyncio.ensure_future(reader.read(1))
            await _first(answering, leaving)
            ahead = leaving.result() if leaving.done() and not leaving.cancelled() and not leaving.exception() else b""
            if answering.cancelled() or ((error := answering.exception()) and isinstance(error, _GONE)):
                self.disconnects.append(Disconnect(seen.path, time.monotonic()))
                return
            answering.result()
            if exchange.closing:
                return

    async def _answer(self, exchange: Exchange) -> None:
        seen = exchange.seen
        if seen.path.startswith("/_double"):
            await exchange.deliver(await self._control(seen))
            return
        self.seen.append(seen)
        fault = self.fault if self.fault and self.fault.strikes(seen.path) else None
        self.struck += fault is not None
        reply = fault.act(self) if fault and fault.kind == "reply" else None
        reply = reply or await self.ollama.reply(seen.method, seen.path, seen.raw, fault)
        async with contextlib.AsyncExitStack() as stack:
            if reply.lines is not None:
                stack.push_async_callback(reply.lines.aclose)  # type: ignore[attr-defined]
            if fault and fault.kind == "send":
                await fault.act(exchange, reply, self.timing)
            else:
                await exchange.deliver(reply)

    async def _control(self, seen: Seen) -> Reply:
        """Answer who drives the double by hand."""
        if seen.path == "/_double/fault" and seen.method == "POST":
            asked = seen.body if isinstance(seen.body, dict) else {}
            name, lasting = asked.get("name", ""), asked.get("seconds")
            if name and name not in FAULTS:
                return Reply.error(404, f"no fault is called {name}")
            switch = FAULTS[name] if name else None
            self._loop.call_later(0.05, lambda: asyncio.ensure_future(self._switch(switch)))
            if lasting:
                self._loop.call_later(float(lasting), lambda: asyncio.ensure_future(self._switch(None)))
            return Reply.of({"fault": name})
        faults = [{"name": one.name, "group": one.group, "meaning": one.meaning} for one in FAULTS.values()]
        now = {"fault": self.fault.name if self.fault else "", "connections": self.open_connections}
        return Reply(body=json.dumps(now | {"faults": faults}, indent=1).encode())


async def _first(answering: "asyncio.Future[None]", leaving: "asyncio.Future[bytes]") -> None:
    """Wait until the answer is out; a client that leaves before ends it."""
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done() and not answering.done() and (leaving.exception() or not leaving.result()):
            answering.cancel()
        await asyncio.wait({answering})
    finally:
        answering.cancel()
        leaving.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)


def _bound(port: int) -> socket.socket:
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        raw.bind(("127.0.0.1", port))
    except OSError:
        raw.close()
        raise
    return raw
