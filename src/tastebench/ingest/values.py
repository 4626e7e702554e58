"""Single values of files to typed ones. What cannot be read raises `InvalidInput` with a sentence for the report."""

import ast
import json
import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput
from tastebench.domain.item import Attribute
from tastebench.ingest.cells import MISSING_TEXTS, is_missing, parse_id, parse_text
from tastebench.ingest.rows import shown
from tastebench.ingest.times import DateOrder, date_order_of, parse_time

__all__ = [
    "MISSING_TEXTS",
    "DateOrder",
    "date_order_of",
    "is_missing",
    "looks_like_number",
    "parse_attribute",
    "parse_bool",
    "parse_id",
    "parse_number",
    "parse_tags",
    "parse_text",
    "parse_time",
]

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPING = re.compile(r"[.\s]")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[.\s]\d{3})+),\d{1,2}")
_CURRENCY = " \u00a0$£€¥"
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_EXACT_DIGITS = 15
_NUMBER_LIMIT = 400
_CACHED_LENGTH = 30  # prices and quantities repeat; long texts must not fill the memory
_LISTED_TEXT = re.compile(r"[\[(].*[\])]", re.DOTALL)
_TRUE = frozenset({"true", "yes", "y", "t", "1", "1.0", "on", "available", "in stock", "instock", "active"})
_FALSE = frozenset(
    {"false", "no", "n", "f", "0", "0.0", "off", "unavailable", "out of stock", "outofstock", "inactive", "sold out"}
)


def parse_number(value: object) -> int | float:
    """Return a finite number; text may carry a currency sign, thousands commas or a decimal comma.

    A comma before one or two last digits is a decimal comma, points or spaces before it then separate thousands;
    commas before groups of three do so themselves.

    Raises
    ------
    InvalidInput
        Where it is missing, not a number, or not finite.

    Examples
    --------
    >>> parse_number("4.5"), parse_number("£1,299"), parse_number("2,55"), parse_number("1.249,00"), parse_number(3)
    (4.5, 1299, 2.55, 1249.0, 3)
    """
    if isinstance(value, str):
        return _short_number(value) if len(value) <= _CACHED_LENGTH else _text_number(value)
    if is_missing(value):
        raise InvalidInput("The number is missing.")
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, np.integer, np.floating)):
        raise InvalidInput(f"{sentence_start(value)} is not a number.")
    return _finite(value, value) if isinstance(value, int) else _finite(float(value), value)


@lru_cache(maxsize=50_000)
def _short_number(value: str) -> int | float:
    return _text_number(value)


def _text_number(value: str) -> int | float:
    plain = value.strip(_CURRENCY) if len(value) <= _NUMBER_LIMIT else value
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(plain):
        plain = _GROUPING.sub("", plain).replace(",", ".")
    if is_missing(plain):
        raise InvalidInput("The number is missing.")
    try:
        number = int(plain) if plain.isdecimal() and len(plain) < _NUMBER_LIMIT else float(plain)
    except ValueError:
        raise InvalidInput(f"{shown(value)} is not a number.") from None
    return _finite(number, value)


def _finite(number: float, value: object) -> int | float:
    try:
        finite = math.isfinite(number)
    except OverflowError:
        finite = False
    if not finite:
        raise InvalidInput(f"{sentence_start(value)} is not a finite number.")
    return number


def sentence_start(value: object) -> str:
    """Return `value` as `shown`, with a capital letter."""
    quoted = shown(value)
    return quoted[:1].upper() + quoted[1:]


def parse_bool(value: object) -> bool:
    """Return yes or no from the usual words, 1 and 0.

    Raises
    ------
    InvalidInput
        Where it is anything else.

    Examples
    --------
    >>> parse_bool("Yes"), parse_bool(0), parse_bool("out of stock")
    (True, False, False)
    """
    word = text.clean(str(value)[:40]).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise InvalidInput(f"{sentence_start(value)} is neither yes nor no.")


def parse_tags(value: object, separator: str | None = None, none: Iterable[str] = ()) -> tuple[str, ...]:
    """Return tags from a list, a list written as text, or text separated by ``|``, ``;`` or ``,``.

    Without `separator` the first of these three that occurs separates. Objects in a list stand for their ``name``.
    Empty tags and the words in `none` (whatever their case) are left out, doubles too.

    Raises
    ------
    InvalidInput
        Where a list holds something else than text and numbers.

    Examples
    --------
    >>> parse_tags("Drama|War, Cold"), parse_tags("['noir', 'crime']"), parse_tags(["a", "a", ""])
    (('Drama', 'War, Cold'), ('noir', 'crime'), ('a',))
    """
    words = {word.casefold() for word in none}
    tags = (text.clean(tag) for tag in _tag_texts(value, separator))
    return tuple(dict.fromkeys(tag for tag in tags if tag not in MISSING_TEXTS and tag.casefold() not in words))


def _tag_texts(value: object, separator: str | None) -> list[str]:
    if isinstance(value, str):
        listed = None if separator else _written_list(value)
        return _separated(value, separator) if listed is None else [_tag(one) for one in listed]
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple, set)):
        return [_tag(one) for one in value]
    return [parse_text(value)]


def _separated(value: str, separator: str | None) -> list[str]:
    if separator is None:
        separator = next((sign for sign in "|;," if sign in value), None)
    return value.split(separator) if separator else [value]


def _written_list(value: str) -> list[Any] | None:
    written = value.strip()
    if not _LISTED_TEXT.fullmatch(written) or len(written) > text.TEXT_LIMIT:
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            listed = read(written)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(listed, (list, tuple)):
            return list(listed)
    return None


def _tag(value: object) -> str:
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        return str(value["name"])
    if isinstance(value, (list, tuple, set, Mapping)):
        raise InvalidInput(f"The tags hold {shown(value)}; they must be text.")
    return parse_text(value)


def parse_attribute(value: object, *, as_text: bool = False) -> Attribute | None:
    """Return a free attribute: numbers stay numbers, text that is a number becomes one, None where missing.

    Text with leading zeros or more than 15 digits stays text, as it is rather an article number.

    Parameters
    ----------
    as_text : bool
        The column holds text, whatever this value looks like.

    Raises
    ------
    InvalidInput
        Where a number isn't finite, or the value is a list or an object.

    Examples
    --------
    >>> parse_attribute("$9.95"), parse_attribute("0042"), parse_attribute("true"), parse_attribute("")
    (9.95, '0042', True, None)
    """
    if is_missing(value):
        return None
    if as_text:
        return parse_text(value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, Decimal, np.number)):
        return parse_number(value)
    return _text_attribute(parse_text(value))


def _text_attribute(value: str) -> Attribute:
    word = value.strip()
    if looks_like_number(word):
        return parse_number(word)
    return {"true": True, "false": False}.get(word.lower(), value)


def looks_like_number(word: str) -> bool:
    """Tell whether a text is a number as `parse_number` reads it, rather than an article number.

    Examples
    --------
    >>> [looks_like_number(word) for word in ("12", "-1.5e3", "€2,55", "inf", "007", "1.2.3", "1234567890123456")]
    [True, True, True, True, False, False, False]
    """
    plain = word.strip(_CURRENCY)
    if len(word) > 2 * _EXACT_DIGITS or (plain.isdecimal() and len(plain) > _EXACT_DIGITS):
        return False
    return any(form.fullmatch(plain) for form in (_PLAIN_NUMBER, _THOUSANDS, _DECIMAL_COMMA, _INFINITE))
