"""Ids and texts of single values, and what counts as none."""

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pandas as pd

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput
from tastebench.ingest.rows import shown

MISSING_TEXTS = frozenset({"", "nan", "NaN", "null", "NULL", "None", "none", "<NA>", "NaT", "N/A", "#N/A", "\\N"})
"""How exports write that there is no value."""


_NEUTRALISED = ("=", "+", "-", "@")
_INTEGRAL = re.compile(r"-?\d+\.0+")
_EXACT_DIGITS = 15
_LARGEST = 10**200  # Python refuses to write out integers of more than 4,300 digits
_CACHED = 100_000


def is_missing(value: object) -> bool:
    """Tell whether there is no value: None, NaN, NaT, blank text or a word that exports write for it.

    Examples
    --------
    >>> [is_missing(value) for value in (None, float("nan"), "  ", "NULL", 0, "0", [])]
    [True, True, True, True, False, False, False]
    """
    if isinstance(value, str):
        return value in MISSING_TEXTS or value.strip() in MISSING_TEXTS
    if isinstance(value, float):
        return value != value
    return value is None or value is pd.NaT or value is pd.NA


def parse_id(value: object) -> str:
    """Return an id as text, without what spreadsheets add: the ``.0`` of whole numbers, the apostrophe before a sign.

    Tastebench's own CSV files have such an apostrophe too, so that no spreadsheet runs an id as a formula.

    Raises
    ------
    InvalidInput
        Where it is missing, longer than 200 characters, or no text or whole number.

    Examples
    --------
    >>> parse_id("17850.0"), parse_id(17850.0), parse_id(" 85123A "), parse_id(7), parse_id("'-1")
    ('17850', '17850', '85123A', '7', '-1')
    """
    if isinstance(value, str):
        return _text_id(value)
    if is_missing(value):
        raise InvalidInput("The id is missing.")
    if isinstance(value, (bool, np.bool_)):
        raise InvalidInput(f"{value} is not an id.")
    if isinstance(value, (float, Decimal, np.floating)):
        return _text_id(_whole(float(value)))
    if isinstance(value, (bytes, bytearray)):
        return _text_id(_decoded(bytes(value)))
    if isinstance(value, (list, tuple, set, Mapping, np.ndarray)) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise InvalidInput(f"The id is {shown(value)}; it must be text or a whole number.")
    return _text_id(str(value))


def _whole(value: float) -> str:
    if not math.isfinite(value) or value != int(value):
        raise InvalidInput(f"The id {value} is not a whole number.")
    return str(int(value))


@lru_cache(maxsize=_CACHED)
def _text_id(value: str) -> str:
    if len(value) > 2 * text.ID_LIMIT:
        raise InvalidInput(f"The id has {len(value):,} characters; {text.ID_LIMIT} are allowed.")
    cleaned = text.clean(value)
    if cleaned[:1] == "'" and cleaned[1:2] in _NEUTRALISED:
        cleaned = cleaned[1:]
    if cleaned in MISSING_TEXTS:
        raise InvalidInput(f"The id is missing: the value is {shown(value)}." if cleaned else "The id is missing.")
    if len(cleaned) > text.ID_LIMIT:
        raise InvalidInput(f"The id has {len(cleaned):,} characters; {text.ID_LIMIT} are allowed.")
    return cleaned.partition(".")[0] if _INTEGRAL.fullmatch(cleaned) else cleaned


def parse_text(value: object) -> str:
    """Return a text as it stands, numbers and the like written out, "" where it is missing.

    Raises
    ------
    InvalidInput
        Where it is a list or an object.

    Examples
    --------
    >>> parse_text("<b>Heat</b>"), parse_text(1917), parse_text(None)
    ('<b>Heat</b>', '1917', '')
    """
    if isinstance(value, str):
        return "" if is_missing(value) else value
    if is_missing(value):
        return ""
    if isinstance(value, (bytes, bytearray)):
        return _decoded(bytes(value))
    if isinstance(value, (list, tuple, set, Mapping, np.ndarray)):
        raise InvalidInput(f"The value is {shown(value)} where text is needed.")
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise InvalidInput(f"The value is {shown(value)} where text is needed.")
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**_EXACT_DIGITS:
        return str(int(value))
    return str(value)


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("The value holds bytes that are no text.") from None
