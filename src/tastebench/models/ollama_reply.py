"""An answer as it comes over the wire: lines of JSON, cut anywhere, judged as they arrive."""

import re
import time
from collections.abc import Mapping
from typing import Any

from tastebench.domain.chat import Budgets, ChatUsage
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_faults as faults
from tastebench.models.ollama_faults import Failed

_ESCAPED = 6
"""Bytes a character of one byte may take on the wire: ``\\u0041``."""
_OVERHEAD = 4096
_FIELDS = {"model", "message", "done", "error"}
CHARACTERS_PER_TOKEN = 8
"""No text of ours has fewer tokens: of the vocabularies in use (up to 262,000 entries) none reaches more than five or
six characters a token on prose, and JSON, names and other languages take more tokens, not fewer."""
_COUNTING_NEW_TOKENS_ONLY = ((0, 30, 0), (0, 30, 4))
"""From the first of these versions up to the second, ``prompt_eval_count`` left out what the server had cached."""


class Reply:
    """What has come of one answer.

    Parameters
    ----------
    budgets : Budgets
        Limits of size and of white space.

    Attributes
    ----------
    characters : int
        How many have come, thinking included.
    first_token_ms : float, optional
        Milliseconds from the making of this to the first of them.
    """

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets
        self._began = time.monotonic()
        self._pending = bytearray()
        self._parts: list[str] = []
        self._thought: list[str] = []
        self.characters = 0
        self.first_token_ms: float | None = None
        self._bytes = 0
        self._blank = 0
        self._begun = False
        self._last: Mapping[str, Any] = {}

    @property
    def done(self) -> bool:
        """Whether the server said that the answer is complete."""
        return self._last.get("done") is True

    @property
    def text(self) -> str:
        """The answer as far as it has come; thinking that was sent apart stands before it in its tags."""
        thought = "".join(self._thought)
        text = f"<think>{thought}</think>" * bool(thought) + "".join(self._parts)
        # Halves of a character may have come one by one; a half without its other half is no text.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def feed(self, chunk: bytes) -> None:
        """Take what came. Raises `Failed` for what can't be the beginning of a good answer."""
        self._pending += chunk
        if b"\n" in chunk:
            *lines, rest = bytes(self._pending).split(b"\n")
            self._pending = bytearray(rest)
            for line in lines:
                self._take(line)
        if len(self._pending) > _ESCAPED * self._budgets.answer_bytes + _OVERHEAD:
            raise self._too_large()

    def end(self) -> None:
        """Take the end of the stream. Raises `Failed` where it comes too early."""
        rest, self._pending = bytes(self._pending), bytearray()
        if not self.done and (not self._begun or faults.parsed(rest) is not None):
            self._take(rest)
        if not self.done:
            raise Failed(ModelState.DISCONNECTED, "the answer broke off")

    def check(self) -> None:
        """Raise `Failed` where the answer is complete and yet not whole."""
        reason = self._last.get("done_reason")
        if reason == "length":
            raise Failed(ModelState.OUTPUT_TRUNCATED)
        if reason != "stop":
            raise Failed(ModelState.INVALID_OUTPUT, f"it ended with {faults.shortened(str(reason), 40)!r}")

    def usage(self) -> ChatUsage:
        """Return what it cost, as far as the server says: it leaves out what is zero."""
        load = _count(self._last.get("load_duration"))
        return ChatUsage(
            prompt_tokens=_count(self._last.get("prompt_eval_count")),
            answer_tokens=_count(self._last.get("eval_count")),
            load_ms=None if load is None else load / 1e6,
            first_token_ms=self.first_token_ms,
        )

    def _take(self, raw: bytes) -> None:
        line = raw.removeprefix(b"\xef\xbb\xbf").strip()
        if self.done or not line:
            return
        found = faults.parsed(line.decode("utf-8", "replace"))
        if not isinstance(found, Mapping) or not (self._begun or found.keys() & _FIELDS):
            raise self._unreadable()
        self._begun = True
        if found.get("error"):
            raise _told(found)
        self._last = found
        message = found.get("message")
        if isinstance(message, Mapping):
            self._add(self._thought, message.get("thinking"))
            self._add(self._parts, message.get("content"))

    def _add(self, parts: list[str], piece: object) -> None:
        if not isinstance(piece, str) or not piece:
            return
        room = self._budgets.answer_bytes - self._bytes
        self._bytes += len(piece.encode("utf-8", "surrogatepass"))
        self.characters += len(piece)
        self.first_token_ms = self.first_token_ms or (time.monotonic() - self._began) * 1000
        parts.append(piece[: max(0, room)])
        if self._bytes > self._budgets.answer_bytes:
            raise self._too_large()
        joined = " " * self._blank + piece
        if re.search(rf"\s{{{self._budgets.whitespace_run + 1},}}", joined):
            raise Failed(ModelState.INVALID_OUTPUT, "it ran on in white space")
        self._blank = len(joined) - len(joined.rstrip())

    def _unreadable(self) -> Failed:
        if self._begun:
            return Failed(ModelState.SERVER_ERROR, "its answer can't be read")
        return Failed(ModelState.NOT_OLLAMA, "its answer is none of Ollama's")

    def _too_large(self) -> Failed:
        return Failed(ModelState.INVALID_OUTPUT, f"it is larger than {self._budgets.answer_bytes / 1024:,.0f} KiB")


def truncated(characters: int, usage: ChatUsage, window: int, version: tuple[int, ...] | None) -> str:
    """Return the evidence that the model didn't read all of the question; empty where there is none.

    Parameters
    ----------
    characters : int
        Length of what was asked.
    window : int
        Tokens of question and answer together.
    version : tuple of int, optional
        The server's.

    Examples
    --------
    >>> truncated(8000, ChatUsage(prompt_tokens=2000), 8192, (0, 31, 1))
    ''
    >>> truncated(8000, ChatUsage(prompt_tokens=999), 8192, (0, 31, 1))
    '999 tokens for 8,000 characters'
    >>> truncated(8000, ChatUsage(prompt_tokens=2000, answer_tokens=60), 2048, (0, 31, 1))
    'it took more than the 2,048 tokens there was room for'
    """
    tokens = usage.prompt_tokens
    if tokens is None:
        return ""
    # The answer needs room too: a prompt that fills the window was cut to fit, and a sum beyond it means that the
    # beginning was dropped while the answer was written.
    if tokens >= window or tokens + (usage.answer_tokens or 0) > window:
        return f"it took more than the {window:,} tokens there was room for"
    first_wrong, first_right = _COUNTING_NEW_TOKENS_ONLY
    counts_all = version is None or not first_wrong <= version < first_right
    if counts_all and tokens * CHARACTERS_PER_TOKEN < characters:
        return f"{tokens:,} tokens for {characters:,} characters"
    return ""


def _told(line: Mapping[str, Any]) -> Failed:
    status = line.get("status")
    told = faults.said(line)
    if isinstance(status, int) and 400 <= status < 600 and not told:
        return faults.of_status(status, b"")
    default = ModelState.BUSY if status in {429, 503} else ModelState.SERVER_ERROR
    return faults.of_words(told, default)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
