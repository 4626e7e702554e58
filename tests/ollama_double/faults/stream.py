"""Faults of the lines of a chat: what is in them, which come, and how they end."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from tests.ollama_double.faults.register import fault

Lines = Iterator[dict[str, Any]]
_stream = partial(fault, "stream", "chunks")
_KILLED = {"error": "an error was encountered while running the model: unexpected EOF"}


@_stream("answers 200 and an error as the first line")
def error_first(lines: Lines) -> Lines:
    yield _KILLED


@_stream("breaks off with an error line")
def error_midway(lines: Lines) -> Lines:
    yield from islice(lines, 3)
    yield _KILLED


@_stream("says of the last line that it is not the last")
def done_false(lines: Lines) -> Lines:
    for line in lines:
        yield line | {"done": False}


@_stream("stops because the answer had no more room")
def length(lines: Lines) -> Lines:
    for line in lines:
        yield line | ({"done_reason": "length"} if line["done"] else {})


@_stream("goes on after the last line")
def after_done(lines: Lines) -> Lines:
    last: dict[str, Any] = {}
    for line in lines:
        last = line
        yield line
    yield last | {"message": {"role": "assistant", "content": '{"c01": {"fit": 0}}'}, "done": False}


@_stream("counts nothing")
def no_metrics(lines: Lines) -> Lines:
    kept = {"model", "created_at", "message", "done", "done_reason"}
    for line in lines:
        yield {name: value for name, value in line.items() if name in kept}


@_stream("sends lines without a message")
def no_message(lines: Lines) -> Lines:
    for line in lines:
        yield {name: value for name, value in line.items() if name != "message"}


@_stream("thinks and says nothing")
def thinking_only(lines: Lines) -> Lines:
    yield from _moved(lines, lambda content: {"content": "", "thinking": content})


@_stream("calls a tool that nobody offered")
def tool_calls(lines: Lines) -> Lines:
    call = [{"function": {"name": "search", "arguments": {"q": "films"}}}]
    yield from _moved(lines, lambda content: {"content": "", "tool_calls": call if content else []})


@_stream("ends because it was unloaded")
def unloaded(lines: Lines) -> Lines:
    for line in lines:
        if line["done"]:
            yield line | {"done_reason": "unload"}


def _moved(lines: Lines, message: Any) -> Lines:
    for line in lines:
        yield line | {"message": {"role": "assistant", **message(line["message"]["content"])}}


@fault("content", "chunks", "answers from the last eighth of the prompt, and says nothing of it")
def silent_truncation(lines: Lines) -> Lines:
    for line in lines:
        cut = {"prompt_eval_count": max(1, line.get("prompt_eval_count", 0) // 8)}
        yield line | (cut if line["done"] else {})
