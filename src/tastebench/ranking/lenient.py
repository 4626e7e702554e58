"""JSON out of whatever a language model wrote: total, bounded, and honest about what had to be mended."""

import json
import math
import re
from functools import partial
from typing import Any

LENGTH_LIMIT = 200_000
"""Characters read at most; answers are cut far below."""
_TRIES = 60
_EXACT_DIGITS = 16
_OPENING = re.compile(r"[{\[]")


def values_in(text: str | bytes) -> tuple[list[Any], tuple[str, ...]]:
    """Return the JSON values found in a text, and what had to be mended to find them; both may be empty.

    Thinking, fences and prose around the values are dropped. Of a repeated key the first counts. NaN, infinities and
    numbers beyond all range become None.

    Examples
    --------
    >>> values_in('<think>{"a": 0}?</think> Sure: {"a": 1, "a": 2}')[0]
    [{'a': 1}]
    >>> values_in("[" * 100_000)
    ([], ('The answer is nested too deeply to be read.',))
    """
    whole = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    read = whole.removeprefix("\ufeff").strip()
    if len(read) > LENGTH_LIMIT:
        return [], ("The answer is too long to be read.",)
    found = _decoded(read, 0)
    if found and found[1] == len(read):
        return [one for one in found[:1] if one is not None], tuple(found[2])
    rest = read.rpartition("</think>")[2]
    if rest.startswith("<think>"):
        return [], ("The answer is thinking without an end.",)
    thought = ["The model's thinking was cut off."] if rest != read else []
    values, notes = _scanned(rest)
    notes = notes if values or notes else ["There is no JSON in the answer."]
    around = ["Text around the JSON was dropped."] if values and rest.strip()[:1] not in {"{", "["} else []
    return values, tuple(dict.fromkeys([*thought, *around, *notes]))


def _scanned(text: str) -> tuple[list[Any], list[str]]:
    values, notes, place = [], [], 0
    for _ in range(_TRIES):
        opening = _OPENING.search(text, place)
        if not opening:
            break
        found = _decoded(text, opening.start())
        place = found[1] if found else opening.end()
        if found:
            values.append(found[0])
            notes += found[2]
    return [value for value in values if value is not None], notes


def _decoded(text: str, start: int) -> tuple[Any, int, list[str]] | None:
    notes: list[str] = []
    decoder = json.JSONDecoder(
        object_pairs_hook=partial(_first_wins, notes),
        parse_constant=lambda _: None,
        parse_int=lambda digits: int(digits) if len(digits) < _EXACT_DIGITS else _number(digits),
        parse_float=_number,
    )
    try:
        value, end = decoder.raw_decode(text, start)
    except ValueError:
        return None
    except RecursionError:
        return None, len(text), ["The answer is nested too deeply to be read."]
    return value, end, notes


def _first_wins(notes: list[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        result.setdefault(key, value)
    if len(result) < len(pairs):
        notes.append("A key stood there twice; the first counts.")
    return result


def _number(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
