"""JSON Lines, and JSON arrays small enough for memory, to rows."""

import json
import math
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TextIO

from tastebench.domain import text
from tastebench.domain.errors import UnreadableFile
from tastebench.domain.reports import Rejection
from tastebench.ingest.encoding import DAMAGE
from tastebench.ingest.lines import Lines, LineTooLong
from tastebench.ingest.rows import Limits, RawRow, checked_columns, shown

_SAMPLE_ROWS = 1_000
_BRACKETS = ("{", "[")
_LINE_END = re.compile(r"[\r\n]+")
_OBJECTS = "Write one JSON object per line, such as {\"id\": \"a1\", \"title\": \"…\"}."  # fmt: skip


class _DoubledKey(ValueError):
    """A JSON object names one key twice."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubledKey(next(name for name in names if names.count(name) > 1))
    return values


def _constant(name: str) -> float | None:
    """Return None for NaN, which stands for a missing value in exported tables."""
    return None if name == "NaN" else math.copysign(math.inf, -1 if name.startswith("-") else 1)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def looks_like_json(head: str, *, named_json: bool) -> bool:
    """Tell whether a text that starts so is JSON. A first line such as ``[id],[title]`` is not."""
    first, rest = _first_line(head)
    if named_json:
        return any(line.startswith(_BRACKETS) for line in (first, *_LINE_END.split(rest)))
    return first.startswith(('{"', "[{")) or first in _BRACKETS or (first.startswith(_BRACKETS) and _is_json(first))


def is_array(head: str) -> bool:
    """Tell whether a JSON text is one array rather than a line for each row."""
    first, rest = _first_line(head)
    return first.startswith("[") and not (rest and _is_json(first))


def _first_line(head: str) -> tuple[str, str]:
    first, *rest = _LINE_END.split(head.strip("\ufeff \t\r\n"), maxsplit=1)
    return first.strip(), "".join(rest)


def _is_json(line: str) -> bool:
    try:
        _DECODER.decode(line)
    except (ValueError, RecursionError):
        return False
    return True


def array_rows(
    content: TextIO, source: str, size: int, limits: Limits
) -> tuple[tuple[str, ...], Iterator[RawRow | Rejection]]:
    """Return columns and rows of one JSON array of objects; rows count from 1.

    Parameters
    ----------
    size : int
        Bytes of the text.

    Raises
    ------
    UnreadableFile
        Where it is too large for memory, no valid JSON, or holds no object.
    """
    if size > limits.array_bytes:
        raise UnreadableFile(
            f"{source} is one JSON array of more than {limits.array_bytes // 2**20:,} MiB.",
            "Write one JSON object per line instead.",
        )
    try:
        values = _DECODER.decode(content.read().lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{source} is not readable as a JSON array. {_reason(error)}", _OBJECTS) from error
    rows = (_row(number, value) for number, value in enumerate(values, start=1))
    return _with_columns(rows, source, limits, [])


def line_rows(
    lines: Lines, source: str, limits: Limits, notes: list[str], *, damaged: bool = False
) -> tuple[tuple[str, ...], Iterator[RawRow | Rejection]]:
    """Return columns, found in the first 1,000 rows, and rows of a file with one JSON object per line.

    Keys that first appear later are left out; `notes` then names them.

    Raises
    ------
    UnreadableFile
        Where none of those lines holds an object with a key.
    """
    return _with_columns(_parsed(lines, limits, damaged=damaged), source, limits, notes)


def _parsed(lines: Lines, limits: Limits, *, damaged: bool) -> Iterator[RawRow | Rejection]:
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except LineTooLong:
            yield Rejection(lines.settle(), "", f"The line is longer than {limits.line_characters:,} characters.")
            continue
        number = lines.settle()
        if damaged and DAMAGE.search(line):
            yield Rejection(number, "", "The line holds bytes that are not text in the file's encoding.")
        elif line.strip("\ufeff \t\r\n"):
            yield _decoded(number, line)


def _decoded(number: int, line: str) -> RawRow | Rejection:
    try:
        return _row(number, _DECODER.decode(line))
    except (ValueError, RecursionError) as error:
        return Rejection(number, "", _reason(error))


def _row(number: int, value: object) -> RawRow | Rejection:
    if isinstance(value, dict):
        return RawRow(number, value)
    kind = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")
    return Rejection(number, "", f"The line holds {kind} where an object is needed.")


def _reason(error: Exception) -> str:
    if isinstance(error, _DoubledKey):
        return f"The object has more than one key {shown(str(error))}."
    if isinstance(error, json.JSONDecodeError):
        return f"This is not valid JSON: {error.msg.lower().removesuffix(' at')}, at character {error.pos + 1:,}."
    if isinstance(error, RecursionError):
        return "The JSON is nested too deeply."
    return "A number has too many digits."


def _with_columns(
    rows: Iterator[RawRow | Rejection], source: str, limits: Limits, notes: list[str]
) -> tuple[tuple[str, ...], Iterator[RawRow | Rejection]]:
    head = list(islice(rows, _SAMPLE_ROWS))
    keys = dict.fromkeys(key for row in head if isinstance(row, RawRow) for key in row.values)
    if not keys:
        reasons = [f"Line {row.row}: {row.reason}" for row in head if isinstance(row, Rejection)]
        raise UnreadableFile(" ".join([f"{source} holds no JSON objects.", *reasons[:1]]), _OBJECTS)
    odd = [key for key in keys if key != text.clean(key) or not key]
    if odd:
        notes.append(f"Left out keys that are empty or hold invisible characters: {', '.join(map(shown, odd[:5]))}.")
    columns = checked_columns((key for key in keys if key not in odd), source, limits)
    return columns, _noting_late_keys(chain(head, rows), frozenset(keys), notes)


def _noting_late_keys(
    rows: Iterator[RawRow | Rejection], known: frozenset[str], notes: list[str]
) -> Iterator[RawRow | Rejection]:
    late: set[str] = set()
    for row in rows:
        if isinstance(row, RawRow) and not known.issuperset(row.values) and len(late) < 5:
            for key in row.values.keys() - known - late:
                late.add(key)
                notes.append(f"The key {shown(key)} first appears in row {row.number:,} and was left out.")
        yield row
