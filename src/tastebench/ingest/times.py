"""Times as files write them to aware UTC datetimes."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from tastebench.domain.errors import InvalidInput
from tastebench.domain.moments import as_utc
from tastebench.ingest.cells import is_missing
from tastebench.ingest.rows import shown

DateOrder: TypeAlias = Literal["", "day first", "month first"]
"""What the first number of 3/4/2024 is; "" where it isn't known."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = ((1e11, 1_000_000.0), (1e14, 1_000.0), (1e17, 1.0), (1e20, 0.001))
_TOO_SMALL = 100_000
_TOO_LARGE = 1e20
_NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{1,20})?")
_COMPACT = re.compile(r"(?:19|20|21)\d\d[01]\d[0-3]\d(?:[0-2]\d[0-5]\d[0-5]\d)?")
_PARTED = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})"
    r"(?:[ T,]+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?(?: ?([AP])M)?)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r" ?(?:UTC|GMT|Z)$", re.IGNORECASE)
_LONGEST = 64


def parse_time(value: object, date_order: DateOrder = "") -> datetime:
    """Return an aware UTC datetime; times without a zone are read as UTC.

    Reads ISO 8601 dates and times, epoch seconds, milli-, micro- and nanoseconds (told apart by magnitude),
    ``20240131``, dates with dots (day first), dates with slashes or dashes where `date_order` says or the numbers
    show which comes first, and datetime values.

    Raises
    ------
    InvalidInput
        Where it is missing, no time, outside 1900 to 2200, or a small number: rather a day count of a spreadsheet
        or a year than the first day of 1970.

    Examples
    --------
    >>> str(parse_time("2018-09-26")), str(parse_time(964982703)), str(parse_time("31.12.2010 08:26"))
    ('2018-09-26 00:00:00+00:00', '2000-07-30 18:45:03+00:00', '2010-12-31 08:26:00+00:00')
    """
    if isinstance(value, str):
        return _text_time(value, date_order)
    if is_missing(value):
        raise InvalidInput("The time is missing.")
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, datetime):
        return _in_range(value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value, value)
    if isinstance(value, date):
        return _in_range(datetime(value.year, value.month, value.day, tzinfo=UTC), value)
    if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        return _number_time(value)
    raise InvalidInput(f"{shown(value)} is not a time.")


@lru_cache(maxsize=100_000)
def _text_time(value: str, date_order: DateOrder) -> datetime:
    word = value.strip()
    if is_missing(word):
        raise InvalidInput("The time is missing.")
    if len(word) > _LONGEST:
        raise InvalidInput(f"{shown(value)} is not a time.")
    if _COMPACT.fullmatch(word):
        return _compact_time(word)
    if _NUMBER.fullmatch(word):
        return _epoch_time(float(word) if "." in word else int(word))
    parted = _PARTED.fullmatch(_ZONE.sub("", word))
    return _parted_time(parted, word, date_order) if parted else _iso_time(word)


def _number_time(value: Any) -> datetime:
    """Read whole numbers as their text is read, so that 20240131 is the same day from every kind of file."""
    amount = float(value) if abs(value) < _TOO_LARGE else math.inf
    if not math.isfinite(amount):
        raise InvalidInput(f"{shown(float(amount))} is too large for a time.")
    return _text_time(str(int(value)), "") if amount.is_integer() else _epoch_time(amount)


def _compact_time(word: str) -> datetime:
    try:
        moment = datetime.strptime(word, "%Y%m%d" if len(word) == 8 else "%Y%m%d%H%M%S")
    except ValueError:
        return _epoch_time(int(word))
    return _in_range(moment, word)


def _iso_time(word: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_ZONE.sub("+00:00", word) if len(word) > len("2024-01-31") else word)
    except ValueError:
        raise InvalidInput(
            f"{shown(word)} is not a time; write it as 2024-01-31 18:00 or in seconds since 1970."
        ) from None
    return _in_range(moment, word)


def _parted_time(parted: re.Match[str], word: str, date_order: DateOrder) -> datetime:
    first, sign, second, year, hour, minute, seconds, half = parted.groups()
    day_first = _is_day_first(int(first), int(second), "day first" if sign == "." else date_order, word)
    day, month = (first, second) if day_first else (second, first)
    hours = int(hour or 0) % 12 + 12 * (half in "Pp") if half else int(hour or 0)
    try:
        moment = datetime(int(year), int(month), int(day), hours, int(minute or 0), int(seconds or 0), tzinfo=UTC)
    except ValueError:
        order = "day" if day_first else "month"
        raise InvalidInput(f"{shown(word)} is not a date in the calendar, read with the {order} first.") from None
    return _in_range(moment, word)


def _is_day_first(first: int, second: int, date_order: DateOrder, word: str) -> bool:
    if date_order:
        return date_order == "day first"
    if first <= 12 and second <= 12 and first != second:
        raise InvalidInput(f"{shown(word)} can be read day first or month first; set the mapping's date order.")
    return first > 12


def _epoch_time(number: float) -> datetime:
    if abs(number) < _TOO_SMALL:
        raise InvalidInput(
            f"{number} is no plausible time: it looks like a spreadsheet's day count, a year or a counter. "
            "Write dates as 2024-01-31."
        )
    per_unit = next((factor for limit, factor in _UNITS if abs(number) < limit), None)
    if per_unit is None:
        raise InvalidInput(f"{shown(number)} is too large for a time.")
    # Whole numbers stay integers: a float cannot hold today's microseconds exactly.
    micros = number * int(per_unit) if isinstance(number, int) and per_unit >= 1 else round(number * per_unit)
    try:
        moment = _EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        raise InvalidInput(f"The time {number} lies outside 1900 to 2200.") from None
    return _in_range(moment, number)


def _in_range(moment: datetime, value: object) -> datetime:
    try:
        return as_utc(moment)
    except (InvalidInput, OverflowError):
        written = shown(value) if isinstance(value, str) else str(value)
        raise InvalidInput(f"The time {written} lies outside 1900 to 2200.") from None


def date_order_of(values: list[str]) -> DateOrder:
    """Return which number comes first in the slashed or dashed dates among `values`, "" where nothing shows it.

    A first number above 12 is a day, a second one above 12 makes the first a month; failing that, dates without
    leading zeros (3/4/2024 9:05) are in the American order, as only its spreadsheets leave them out.

    Examples
    --------
    >>> date_order_of(["01/02/2024", "31/01/2024"]), date_order_of(["1/2/2024 8:26"]), date_order_of(["01/02/2024"])
    ('day first', 'month first', '')
    """
    dates = [match for value in values if (match := _PARTED.fullmatch(value.strip())) and match[2] != "."]
    if any(int(date[1]) > 12 for date in dates):
        return "day first"
    if any(int(date[3]) > 12 for date in dates):
        return "month first"
    unpadded = any(len(date[1]) == 1 or len(date[3]) == 1 or len(date[5] or "00") == 1 for date in dates)
    return "month first" if unpadded else ""
