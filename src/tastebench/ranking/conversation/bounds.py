"""Bounds in words: "before 1980", "in the 70s", "between 2 and 5 pounds", "an hour and a half at most"."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from tastebench.domain.request import Range

AmountKind: TypeAlias = Literal["year", "length", "price", "number"]


class Bound(NamedTuple):
    """A range of years, minutes, prices, or of a number that doesn't say what it counts.

    Parameters
    ----------
    low, high : float, optional
        Inclusive; None is open.
    text : str
        As it was said.
    """

    kind: AmountKind
    low: float | None
    high: float | None
    text: str = ""

    @property
    def range(self) -> Range:
        """Its two ends."""
        return (self.low, self.high)


class _Amount(NamedTuple):
    kind: AmountKind
    low: float
    high: float


_FUTURE = 2050
"""A century that lasts longer is open."""
_PARTS = {"early": (0, 4), "mid": (3, 6), "late": (5, 9)}
_TEENS = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_DECADES = "twenties thirties forties fifties sixties seventies eighties nineties noughties"
_NUMBERS: Mapping[str, str] = MappingProxyType(
    {word: str(number) for number, word in enumerate(_TEENS.split(), start=2)}
    | {word: str(10 * number) for number, word in enumerate(_TENS.split(), start=2)}
    | {word: f"{1900 + 10 * number}s" for number, word in enumerate(_DECADES.split(), start=2)}
    | {"nineteenth": "19th", "twentieth": "20th"}
)

_NUMBER = r"(?:[2-9]0 [1-9]\b|\d+(?:\.\d+)?)"
_ONE = rf"(?:an?|one|{_NUMBER})(?: and an? half| ½)?"
_HOURS, _MINUTES = r"(?:h|hrs?|hours?)\b", r"(?:m|mins?|minutes?|')(?!\w)"
_CURRENCY, _CENTS = r"(?:pounds?|quid|dollars?|bucks?|euros?|eur|usd|gbp|[£$€])(?!\w)", r"(?:p|pence|cents?)\b"
_LENGTH = rf"half an? hour|{_ONE} ?{_HOURS}(?: and an? half| (?:and )?\d+(?: ?{_MINUTES})?\b)?|{_NUMBER} ?{_MINUTES}"
_PRICE = rf"[£$€] ?{_NUMBER}|{_ONE} ?{_CURRENCY}|{_NUMBER} ?{_CENTS}|a fiver|a tenner"
_PERIOD = r"(?:the )?(?:(?:early|mid|late) (?:- )?)?(?:\d{3}0s|\d0s)\b|(?:the )?(?:19th|20th|21st|last|this) century"
_YEAR = r"(?:1\d|20|21)\d\d\b(?! ?[.\d])"
_AMOUNT = rf"({_LENGTH}|{_PRICE}|{_PERIOD}|{_YEAR}|{_NUMBER}\b(?![\w%]))"

_EARLIER = r"before|pre|prior to|earlier than|older than"
_LATER = r"after|post|later than|newer than|more recent than|younger than"
_BELOW = r"under|below|beneath|(?:less|fewer|lower|cheaper|shorter|less expensive) than|<"
_ABOVE = (
    r"over|above|beyond|past|exceeding|upwards of|>|(?:more|greater|longer|higher|dearer|pricier|more expensive) than"
)
_UP_TO = r"at (?:the )?most|up (?:to|until)|max(?:imum)?(?: of)?|within|until|till|through|by|≤|< =|no more than"
_FROM = r"at (?:the )?least|since|min(?:imum)?(?: of)?|starting (?:at|from|in)|≥|> ="
_OR = r"(?:or|and) (?:{})"
_OR_LESS = _OR.format("less|under|below|fewer|cheaper|earlier|older|before|shorter|lower")
_OR_LESS += r"|max(?:imum)?|tops|at (?:the )?most"
_OR_MORE = _OR.format("more|over|up|above|later|newer|after|longer|upwards?|beyond|onwards?|higher")
_OR_MORE += r"|onwards?|upwards?|\+|min(?:imum)?|at (?:the )?least"
_ABOUT = r"around|about|roughly|circa|approximately|close to"
_JOIN = r"(?: and | to | - | until | or )"

_Sense: TypeAlias = Callable[[_Amount, _Amount], Range]


def _below(one: _Amount, _: _Amount) -> Range:
    return (None, one.low - 1 if one.kind == "year" else one.high)


def _above(one: _Amount, _: _Amount) -> Range:
    return (one.high + 1 if one.kind == "year" else one.low, None)


def _earlier(one: _Amount, _: _Amount) -> Range:
    return (None, one.low - 1)


def _later(one: _Amount, _: _Amount) -> Range:
    return (one.high + 1, None)


def _up_to(one: _Amount, _: _Amount) -> Range:
    return (None, one.high)


def _from(one: _Amount, _: _Amount) -> Range:
    return (one.low, None)


def _between(one: _Amount, other: _Amount) -> Range:
    return (min(one.low, other.low), max(one.high, other.high))


def _about(one: _Amount, _: _Amount) -> Range:
    slack = 2 if one.kind == "year" else one.low / 10
    return (one.low - slack, one.high + slack)


def _bare(one: _Amount, _: _Amount) -> Range:
    """Return the years named; of a price or a length what one has at most: "for 5 pounds", "I have two hours"."""
    return (one.low if one.kind == "year" else None, None if one.high > _FUTURE else one.high)


_PATTERNS: Sequence[tuple[re.Pattern[str], _Sense]] = tuple(
    (re.compile(pattern + r"(?: (?:long|old|each|or so))?(?= |$)"), sense)
    for pattern, sense in (
        (rf"between {_AMOUNT}{_JOIN}{_AMOUNT}", _between),
        (rf"(?:from |in )?{_AMOUNT} (?:to|-|until) {_AMOUNT}", _between),
        (rf"(?:from )?{_AMOUNT} (?:{_OR_MORE})", _from),
        (rf"from {_AMOUNT} on", _from),
        (rf"{_AMOUNT} (?:{_OR_LESS})", _up_to),
        (rf"(?:{_EARLIER}) {_AMOUNT}", _earlier),
        (rf"(?:{_LATER}) {_AMOUNT}", _later),
        (rf"(?:{_BELOW}) {_AMOUNT}", _below),
        (rf"(?:{_ABOVE}) {_AMOUNT}", _above),
        (rf"(?:{_UP_TO}) {_AMOUNT}", _up_to),
        (rf"(?:{_FROM}) {_AMOUNT}", _from),
        (rf"(?:{_ABOUT}) {_AMOUNT}", _about),
        (rf"(?:in |from |of |during )?{_AMOUNT}", _bare),
    )
)


def bounds_in(words: Sequence[str], *, years: bool = True) -> Iterator[tuple[int, int, Bound]]:
    """Yield each bound in a sentence with the places of its first word and behind its last one.

    Parameters
    ----------
    years : bool
        Whether a number of four digits is a year.

    Examples
    --------
    >>> list(bounds_in("noir before 1980".split()))
    [(1, 3, Bound(kind='year', low=None, high=1979, text='before 1980'))]
    >>> [bound.range for *_, bound in bounds_in("the 40s or 50s".split())], list(bounds_in(["set", "of", "six"]))
    ([(1940, 1949), (1950, 1959)], [])
    """
    plain = [_NUMBERS.get(word, re.sub(r"(?<=\d),(?=\d{3}\b)", "", word).replace(",", ".")) for word in words]
    text = " ".join(plain)
    starts = list(accumulate((len(word) + 1 for word in plain), initial=0))
    behind = 0
    for first, start in enumerate(starts[:-1]):
        found = _bound_at(text, start, years=years) if first >= behind else None
        if found:
            behind = bisect_left(starts, found[0])
            yield first, behind, found[1]


def _bound_at(text: str, start: int, *, years: bool) -> tuple[int, Bound] | None:
    for pattern, sense in _PATTERNS:
        if found := pattern.match(text, start):
            amounts = [_amount(one, years=years) for one in found.groups()]
            kind = amounts[-1].kind
            if (kind == "number" and sense in {_bare, _about}) or (kind != "year" and sense in {_earlier, _later}):
                continue
            return found.end(), Bound(kind, *sense(amounts[0]._replace(kind=kind), amounts[-1]), found.group())
    return None


def _amount(text: str, *, years: bool) -> _Amount:
    """Return what a quantity says."""
    numbers = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", text)]
    half = 0.5 if re.search("half|½", text) else 0.0
    if re.fullmatch(_PERIOD, text) or (years and re.fullmatch(_YEAR, text)):
        return _years(text, int(numbers[0]) if numbers else 0)
    if re.fullmatch(_LENGTH, text):
        return _minutes(text, numbers, half)
    if "fiver" in text or "tenner" in text:
        numbers = [5.0 if "fiver" in text else 10.0]
    value = (sum(numbers) if numbers else 1.0) + half
    if re.fullmatch(_PRICE, text):
        value = value / 100 if re.search(rf" ?{_CENTS}$", text) else value
        return _Amount("price", value, value)
    return _Amount("number", value, value)


def _years(text: str, number: int) -> _Amount:
    """Return a year, a decade or a part of one, a century."""
    if "century" in text:
        start = {19: 1800, 20: 1900, 21: 2000}.get(number, 1900 if "last" in text else 2000)
        return _Amount("year", start, start + 99)
    if not text.endswith("s"):
        return _Amount("year", number, number)
    start = number if number > 99 else number + (1900 if number >= 20 else 2000)
    first, last = next((ends for part, ends in _PARTS.items() if part in text), (0, 9))
    return _Amount("year", start + first, start + last)


def _minutes(text: str, numbers: Sequence[float], half: float) -> _Amount:
    """Return a length in minutes."""
    if text.startswith("half"):
        return _Amount("length", 30.0, 30.0)
    if not re.search(r"h", text.replace("half", "")):
        return _Amount("length", sum(numbers), sum(numbers))
    hours, minutes = (*numbers, 0.0)[:2] if numbers and text[0].isdigit() else (1.0, sum(numbers))
    return _Amount("length", 60 * (hours + half) + minutes, 60 * (hours + half) + minutes)
