"""The shape of an answer: its JSON schema, how long its texts may be, how many tokens it takes."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

Explain: TypeAlias = Literal["none", "short", "full"]

COMMENT_LIMITS: Mapping[Explain, int] = MappingProxyType({"none": 0, "short": 120, "full": 240})
"""Characters of a comment, by explain level."""
SUMMARY_LIMIT = 400
WINDOW = 8192
"""Tokens of the model's window, always the same: another one would have the model loaded anew."""


def object_schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with exactly these keys, all of them required."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def grades_schema(handles: Sequence[str], explain: Explain) -> dict[str, Any]:
    """Return the schema of the grades: one required key per handle, and the summary where comments are asked for.

    An array of ids would let the model repeat and forget; required keys return every candidate exactly once.

    Examples
    --------
    >>> grades_schema(["c01", "c02"], "short")["required"], grades_schema(["c01", "c02"], "none")["required"]
    (['c01', 'c02', 'summary'], ['c01', 'c02'])
    """
    grade: dict[str, Any] = {"fit": {"type": "integer", "minimum": 0, "maximum": 10}}
    if explain == "none":
        return object_schema({handle: object_schema(grade) for handle in handles})
    grade["why"] = {"type": "string", "maxLength": COMMENT_LIMITS[explain]}
    summary = {"type": "string", "maxLength": SUMMARY_LIMIT}
    return object_schema({**{handle: object_schema(grade) for handle in handles}, "summary": summary})


def grades_tokens(candidates: int, explain: Explain) -> int:
    """Return room enough for the longest grades: two characters a token, and each grade's own keys."""
    texts = candidates * COMMENT_LIMITS[explain] + (SUMMARY_LIMIT if explain != "none" else 0)
    return 64 + candidates * 24 + texts // 2


def prompt_tokens(text: str) -> int:
    """Return an upper estimate of a text's tokens: one per three bytes, which is true of the costliest scripts."""
    return len(text.encode("utf-8", "replace")) // 3


def window(context: int | None) -> int:
    """Return the tokens of window to ask for, of a model that has at most `context`."""
    return min(WINDOW, context or WINDOW)
