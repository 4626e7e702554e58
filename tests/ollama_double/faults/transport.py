"""Faults of the wire: bytes that come late, in pieces, or not at all."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from itertools import chain, repeat

from tests.ollama_double.faults.register import EVERYWHERE, fault
from tests.ollama_double.values import Timing
from tests.ollama_double.wire import Exchange, Reply, framed, go_json, head

_transport = partial(fault, "transport", "send")
_BEFORE = 4
"""Pieces that go out before a fault midway: the head and three lines, or half of a short answer."""


async def pieces(reply: Reply) -> AsyncIterator[bytes]:
    """Yield what goes over the wire, piece by piece: the head, then lines, or the body in eight parts."""
    yield head(reply)
    if reply.lines is None:
        size = max(1, -(-len(reply.body) // 8))
        for start in range(0, len(reply.body), size):
            yield reply.body[start : start + size]
        return
    async for line in reply.lines:
        yield framed(line)
    yield b"0\r\n\r\n"


@fault("transport", "refuse", "nothing listens on the port", at=EVERYWHERE)
def refused() -> None:
    """Done by the server: it keeps the port bound and doesn't listen."""


@_transport("takes the request and never answers")
async def silence(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await asyncio.sleep(timing.delay)
    exchange.cut()


@_transport("resets the connection before the answer")
async def reset(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    exchange.reset()


@_transport("resets the connection in the midst of the answer")
async def reset_midway(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await _some(exchange, pieces(reply))
    await asyncio.sleep(timing.pace)  # what was sent should arrive before the reset
    exchange.reset()


@_transport("sends the headers a byte at a time")
async def slow_headers(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    begin, rest = head(reply).split(b"\r\n", 1)
    drops = round(timing.delay / timing.pace)
    for byte in chain(begin + b"\r\nX-Slow: ", repeat(ord("z"), drops)):
        await exchange.send(bytes([byte]))
        await asyncio.sleep(timing.pace)
    await exchange.send(b"\r\n" + rest)
    await _all(exchange, pieces(reply), skip=1)


@_transport("sends the headers at once, the first token much later")
async def slow_first_token(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await exchange.send(head(reply))
    await asyncio.sleep(timing.delay)
    await _all(exchange, pieces(reply), skip=1)


@_transport("lets small tokens drip for ever")
async def drip(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await _some(exchange, pieces(reply))
    word = {"model": "", "message": {"role": "assistant", "content": "la "}, "done": False}
    while True:
        await exchange.send(framed(go_json(word) + b"\n"))
        await asyncio.sleep(timing.pace)


@_transport("lets the bytes of one endless line drip")
async def drip_bytes(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await _some(exchange, pieces(reply))
    for byte in chain(b'{"message":{"content":"', repeat(ord("z"))):
        await exchange.send(framed(bytes([byte])))
        await asyncio.sleep(timing.pace)


@_transport("falls silent in the midst of the answer")
async def stall(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    going = pieces(reply)
    await _some(exchange, going)
    await asyncio.sleep(timing.delay)
    await _all(exchange, going)


@_transport("closes the connection in the midst of a chunk")
async def cut_mid_chunk(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    going = pieces(reply)
    await _some(exchange, going)
    piece = await anext(going)
    await exchange.send(piece[: len(piece) // 2])
    exchange.cut()


@_transport("ends the answer properly, but before its last line")
async def clean_end(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    lines = [line async for line in reply.lines or ()]  # type: ignore[union-attr]
    await exchange.send(head(reply) + b"".join(map(framed, lines[:-1])))
    await exchange.end()


@_transport("sends the client to another address")
async def redirect(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    target = f"http://{exchange.seen.headers['host']}/elsewhere{exchange.seen.path}"
    await exchange.deliver(Reply(307, headers={"Location": target}))


@_transport("splits characters between chunks")
async def split_utf8(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await exchange.send(head(reply))
    async for line in reply.lines or ():  # type: ignore[union-attr]
        for byte in json.dumps(json.loads(line), ensure_ascii=False).encode() + b"\n":
            await exchange.send(framed(bytes([byte])))
    await exchange.end()


@_transport("puts blank lines between the lines")
async def blank_lines(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await exchange.send(head(reply))
    async for line in reply.lines or ():  # type: ignore[union-attr]
        await exchange.send(framed(b"\n\r\n" + line + b"\n"))
    await exchange.end()


@_transport("begins with a byte order mark")
async def bom(exchange: Exchange, reply: Reply, timing: Timing) -> None:
    await exchange.send(head(reply) + framed("\ufeff".encode()))
    await _all(exchange, pieces(reply), skip=1)


async def _some(exchange: Exchange, going: AsyncIterator[bytes]) -> None:
    """Send the first pieces of an answer."""
    for _ in range(_BEFORE):
        await exchange.send(await anext(going, b""))


async def _all(exchange: Exchange, going: AsyncIterator[bytes], skip: int = 0) -> None:
    """Send the pieces of an answer but the first `skip`."""
    async for piece in going:
        if skip <= 0:
            await exchange.send(piece)
        skip -= 1
