"""An answer over the wire: cut anywhere, judged as it comes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.chat import Budgets, ChatUsage
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_faults import Failed
from tastebench.models.ollama_reply import Reply, truncated
from tests.unit.models.failing import failure

LAST = {"done": True, "done_reason": "stop", "prompt_eval_count": 900, "eval_count": 2, "load_duration": 1_500_000}


def line(content: object = "", **more: object) -> bytes:
    document = {"model": "m", "message": {"role": "assistant", "content": content}, "done": False, **more}
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def fed(*chunks: bytes, budgets: Budgets | None = None) -> Reply:
    reply = Reply(budgets or Budgets())
    for chunk in chunks:
        reply.feed(chunk)
    return reply


def whole(reply: Reply, *chunks: bytes) -> None:
    for chunk in chunks:
        reply.feed(chunk)
    reply.end()
    reply.check()


def refused(*chunks: bytes, budgets: Budgets | None = None) -> Failed:
    failed = failure(lambda: whole(Reply(budgets or Budgets()), *chunks))
    assert failed is not None
    return failed


def test_pieces_make_a_text_and_the_last_line_tells_what_it_cost() -> None:
    reply = fed(line('{"c01"'), line(": 7}"), line(**LAST))
    reply.end()
    reply.check()
    assert (reply.done, reply.text, reply.characters) == (True, '{"c01": 7}', 10)
    usage = reply.usage()
    assert (usage.prompt_tokens, usage.answer_tokens, usage.load_ms) == (900, 2, 1.5)
    assert usage.first_token_ms is not None


@given(st.data())
def test_it_may_be_cut_anywhere(data: st.DataObject) -> None:
    raw = (
        b"\xef\xbb\xbf\r\n\n" + line("Grüße, 漢字 ") + b"\n \n" + line("😀\r\n").replace(b"\n", b"\r\n") + line(**LAST)
    )
    cuts = sorted(data.draw(st.sets(st.integers(0, len(raw)))))
    reply = fed(*(raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)))
    assert reply.text == "Grüße, 漢字 😀\r\n"
    assert reply.done


@given(st.binary(max_size=400) | st.builds(lambda one: json.dumps(one).encode(), st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["done", "message", "content", "error"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["done", "message", "content", "error"]), inner),
)))  # fmt: skip
def test_any_bytes_end_in_an_answer_or_are_told_what_they_are(data: bytes) -> None:
    reply = Reply(Budgets())
    failed = failure(lambda: whole(reply, data))
    assert failed is None or failed.state.failed
    reply.text.encode()
    assert reply.usage().load_ms is None or reply.usage().load_ms >= 0


def test_what_comes_after_the_end_is_not_read() -> None:
    assert fed(line("a"), line(**LAST) + b"no json\n" + line("b")).text == "a"


def test_a_last_line_without_a_line_break_counts() -> None:
    reply = fed(line("a"), line(**LAST).rstrip())
    assert not reply.done
    reply.end()
    assert reply.done


def test_thinking_that_is_sent_apart_stands_before_the_answer() -> None:
    reply = fed(line(message={"thinking": "hm"}), line("7"), line(**LAST))
    assert reply.text == "<think>hm</think>7"


def test_halves_of_a_character_are_joined_and_a_single_half_is_no_text() -> None:
    assert fed(line("\\").replace(b'"\\\\"', b'"\\ud83d"'), line("\\").replace(b'"\\\\"', b'"\\ude00"')).text == "😀"
    assert fed(line("\\").replace(b'"\\\\"', b'"\\ud83d"')).text == "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("chunks", "state"),
    [
        ([], ModelState.DISCONNECTED),
        ([line("a")], ModelState.DISCONNECTED),
        ([line("a"), line(**LAST)[:40]], ModelState.DISCONNECTED),
        ([line("a"), line(done=False)], ModelState.DISCONNECTED),
        ([line("a"), line(**LAST | {"done": "true"})], ModelState.DISCONNECTED),
        ([b"<html>\n"], ModelState.NOT_OLLAMA),
        ([b"<html>"], ModelState.NOT_OLLAMA),
        ([b"[1]\n"], ModelState.NOT_OLLAMA),
        ([b'{"status": "ok"}\n'], ModelState.NOT_OLLAMA),
        ([b"[" * 100_000 + b"\n"], ModelState.NOT_OLLAMA),
        ([line("a"), b"what?\n"], ModelState.SERVER_ERROR),
        ([line("a"), line(**LAST | {"done_reason": "length"})], ModelState.OUTPUT_TRUNCATED),
        ([line("a"), line(**LAST | {"done_reason": "unload"})], ModelState.INVALID_OUTPUT),
        ([line("a"), line(**LAST | {"done_reason": None})], ModelState.INVALID_OUTPUT),
        ([b'{"error": "llama runner was killed"}\n'], ModelState.SERVER_ERROR),
        ([line("a"), b'{"error": {"message": "it broke"}}\n'], ModelState.SERVER_ERROR),
        (
            [b'{"error": "request (9 tokens) exceeds the available context size (8 tokens)"}\n'],
            ModelState.PROMPT_TOO_LONG,
        ),
        ([b'{"error": "too much", "status": 503}\n'], ModelState.BUSY),
        ([b'{"error": {}, "done": false}\n'], ModelState.DISCONNECTED),
        ([b'{"error": ["?"], "status": 429}\n'], ModelState.BUSY),
    ],
)
def test_what_is_no_answer(chunks: list[bytes], state: ModelState) -> None:
    assert refused(*chunks).state is state


def test_words_of_the_server_are_cleaned_and_shortened() -> None:
    detail = refused(b'{"error": "a\\u0000b \\u202e\\n c' + b"x" * 1000 + b'"}\n').detail
    assert detail.startswith("ab cxxx")
    assert len(detail) == 200


def test_an_answer_may_not_be_larger_than_allowed() -> None:
    budgets = Budgets(answer_bytes=10)
    assert fed(line("é" * 5), line(**LAST), budgets=budgets).text == "é" * 5
    assert refused(line("é" * 5), line("a"), budgets=budgets).state is ModelState.INVALID_OUTPUT
    assert refused(line(message={"thinking": "a" * 11}), budgets=budgets).state is ModelState.INVALID_OUTPUT


def test_a_line_without_end_is_not_kept() -> None:
    reply = Reply(Budgets(answer_bytes=1000))
    failed = failure(lambda: whole(reply, *[b"x" * 100] * 1000))
    assert failed is not None
    assert failed.state is ModelState.INVALID_OUTPUT
    assert len(reply._pending) < 12_000


@given(st.lists(st.integers(0, 12), max_size=20))
def test_a_run_of_white_space_is_counted_across_pieces(lengths: list[int]) -> None:
    pieces = [" \n\t"[n % 3] * n if n % 2 else " " * n + "a" for n in lengths]
    text = "".join(pieces)
    longest = max((len(run) for run in "".join(" " if sign.isspace() else "|" for sign in text).split("|")), default=0)
    budgets = Budgets(whitespace_run=15)
    if longest > 15:
        with pytest.raises(Failed):
            fed(*map(line, pieces), budgets=budgets)
    else:
        assert fed(*map(line, pieces), budgets=budgets).text == text


@pytest.mark.parametrize(
    ("usage", "version", "cut"),
    [
        (ChatUsage(), "0.31.0", False),
        (ChatUsage(prompt_tokens=1000), "0.31.0", False),
        (ChatUsage(prompt_tokens=999), "0.31.0", True),
        (ChatUsage(prompt_tokens=1), "0.30.1", False),
        (ChatUsage(prompt_tokens=1), "0.29.9", True),
        (ChatUsage(prompt_tokens=1), "", True),
        (ChatUsage(prompt_tokens=4095, answer_tokens=1), "0.31.0", False),
        (ChatUsage(prompt_tokens=4095, answer_tokens=2), "0.31.0", True),
        (ChatUsage(prompt_tokens=4096), "0.30.1", True),
    ],
)
def test_evidence_that_the_prompt_was_cut(usage: ChatUsage, version: str, cut: bool) -> None:
    numbers = tuple(map(int, version.split("."))) if version else None
    assert bool(truncated(8000, usage, 4096, numbers)) is cut
