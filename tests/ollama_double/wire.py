"""HTTP as Go's server writes it, over bare sockets: the transport's faults need them."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.client import responses
from typing import Any

from tests.ollama_double.values import Seen

NDJSON = "application/x-ndjson"
JSON = "application/json; charset=utf-8"
LARGEST_HEAD = 64 * 1024


def go_json(document: Any) -> bytes:
    """Return JSON as Go's encoder writes it: compact, UTF-8, with ``<``, ``>`` and ``&`` escaped."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode("utf-8", "surrogatepass")


def go_time(seconds: float | None = None) -> str:
    """Return a moment as Go writes it: nanoseconds, UTC."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "001Z"


@dataclass
class Reply:
    """An answer: either one body, or lines that are streamed."""

    status: int = 200
    body: bytes = b""
    lines: AsyncIterator[bytes] | None = None
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})

    @classmethod
    def of(cls, document: Any, status: int = 200) -> "Reply":
        return cls(status, go_json(document))

    @classmethod
    def error(cls, status: int, sentence: str) -> "Reply":
        return cls.of({"error": sentence}, status)

    @classmethod
    def text(cls, text: str, status: int = 200, kind: str = "text/plain; charset=utf-8") -> "Reply":
        return cls(status, text.encode(), headers={"Content-Type": kind})

    @classmethod
    def stream(cls, lines: AsyncIterator[bytes]) -> "Reply":
        return cls(lines=lines, headers={"Content-Type": NDJSON})


class Exchange:
    """One request and the way its answer goes out."""

    def __init__(self, seen: Seen, writer: asyncio.StreamWriter) -> None:
        self.seen = seen
        self.closing = seen.headers.get("connection", "").lower() == "close"
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def deliver(self, reply: Reply) -> None:
        """Send a healthy answer. A stream's head goes out with its first line, as Ollama's does."""
        if reply.lines is None:
            await self.send(head(reply) + (reply.body if self.seen.method != "HEAD" else b""))
            return
        begun = False
        async for line in reply.lines:
            await self.send((b"" if begun else head(reply)) + framed(line))
            begun = True
        await self.end(b"" if begun else head(reply))

    async def end(self, before: bytes = b"") -> None:
        await self.send(before + b"0\r\n\r\n")

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        raw = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.closing = True
        self._writer.transport.abort()

    def cut(self) -> None:
        """Let the connection be closed after what was sent."""
        self.closing = True


def framed(data: bytes) -> bytes:
    """Return one chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def head(reply: Reply) -> bytes:
    """Return status line and headers."""
    phrase = responses.get(reply.status, "Unknown")
    length = {"Transfer-Encoding": "chunked"} if reply.lines is not None else {"Content-Length": str(len(reply.body))}
    fields = {**reply.headers, "Date": formatdate(usegmt=True), **length}
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def read_request(reader: asyncio.StreamReader, first: bytes = b"") -> Seen | None:
    """Return the next request, or None where the client has no more; `first` are bytes that were read before."""
    try:
        raw = first + await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    top, *rest = raw.decode("latin-1").strip().split("\r\n")
    method, target, _ = top.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    body = await _body(reader, headers)
    return Seen(method, target.partition("?")[0], headers, body, time.monotonic())


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(parts)
