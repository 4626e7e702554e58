"""Comparisons: older, shorter, cheaper, than a shown item or than most of the list."""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from types import MappingProxyType
from typing import Literal, NamedTuple

from tastebench.domain.request import Range
from tastebench.ranking.conversation.tokens import listed, phrases
from tastebench.ranking.conversation.values import Kind, Shown, Vocabulary

_STEPS: Mapping[Kind, float] = MappingProxyType({"year": 1.0, "length": 1.0, "price": 0.01})
"""By how much an item must at least differ."""
_WORDS: Mapping[tuple[Kind, Literal[-1, 1]], str] = MappingProxyType(
    {
        ("year", -1): "older; old; earlier; classic; classics; old school; old fashioned; ancient",
        (
            "year",
            1,
        ): "newer; newish; later; recent; modern; contemporary; younger; up to date; new releases; new release",
        ("length", -1): "shorter; short; briefer; brief; quicker; snappier; shortish",
        ("length", 1): "longer; long; lengthier; lengthy",
        (
            "price",
            -1,
        ): "cheaper; cheap; affordable; inexpensive; lower price; lower priced; low cost; economical; cheapish; "
        "lower cost; better value; budget friendly; less than",
        (
            "price",
            1,
        ): "dearer; dear; pricier; pricey; expensive; costly; costlier; higher price; higher priced; upmarket; "
        "high end; premium",
    }
)
_EXTREMES: Mapping[tuple[Kind, Literal[-1, 1]], str] = MappingProxyType(
    {
        ("year", -1): "oldest; earliest; least recent",
        ("year", 1): "newest; latest; most recent; most modern; youngest",
        ("length", -1): "shortest; briefest",
        ("length", 1): "longest; lengthiest",
        ("price", -1): "cheapest; least expensive; most affordable; lowest price; lowest priced",
        ("price", 1): "dearest; priciest; most expensive; costliest; highest price; highest priced",
    }
)


class Comparison(NamedTuple):
    """More or less of something than an item has."""

    kind: Kind
    sign: Literal[-1, 1]

    @property
    def turned(self) -> "Comparison":
        """The opposite one."""
        return Comparison(self.kind, 1 if self.sign < 0 else -1)

    @property
    def text(self) -> str:
        """The word for it."""
        return _WORDS[(self.kind, self.sign)].partition(";")[0]


def _comparisons(table: Mapping[tuple[Kind, Literal[-1, 1]], str]) -> dict[tuple[str, ...], Comparison]:
    return {phrase: Comparison(*key) for key, text in table.items() for phrase in phrases(text)}


EXTREMES = MappingProxyType(_comparisons(_EXTREMES))
_COMPARISONS = _comparisons(_WORDS)
_PLAIN = listed("old ancient modern short brief long lengthy cheap dear pricey expensive costly")
_RATHER = phrases("a bit; a little; a touch; a tad; rather; slightly")
# "A bit long" is a complaint, "a bit longer" a wish.
_COMPLAINTS = {(*much, word): _COMPARISONS[(word,)].turned for word in _PLAIN for much in _RATHER}
COMPARISONS = MappingProxyType(_COMPARISONS | _COMPLAINTS)


def compared(one: Comparison, place: int | None, shown: Shown, vocabulary: Vocabulary) -> tuple[str, Range] | None:
    """Return the attribute and the range a comparison asks for; None where nothing shown can be compared.

    Parameters
    ----------
    place : int, optional
        Of the item to compare with; None for the median of the list.
    """
    attribute = vocabulary.of_kind.get(one.kind)
    values = shown.values(attribute) if attribute else {}
    if attribute is None or not values:
        return None
    value = values.get(place) if place else None
    bound = _beside(median(values.values()) if value is None else value, one)
    return attribute, ((None, bound) if one.sign < 0 else (bound, None))


def extreme(one: Comparison, shown: Shown, vocabulary: Vocabulary) -> int | None:
    """Return the place of the oldest, the cheapest … of the list; None where nothing shown can be compared."""
    values = shown.values(vocabulary.of_kind.get(one.kind, ""))
    return max(values, key=lambda place: one.sign * values[place], default=None)


def phrase_at(
    table: Mapping[tuple[str, ...], Comparison], words: Sequence[str], at: int
) -> tuple[int, Comparison] | None:
    """Return the longest of the phrases that begins at `at`, and where it ends."""
    ends = (end for end in range(min(len(words), at + 3), at, -1) if tuple(words[at:end]) in table)
    return next(((end, table[tuple(words[at:end])]) for end in ends), None)


def _beside(value: float, one: Comparison) -> float:
    """Return the nearest value that is still older, longer … than `value`; years are whole.

    Examples
    --------
    >>> _beside(1976.5, Comparison("year", -1)), _beside(4.25, Comparison("price", -1))
    (1976, 4.24)
    """
    if one.kind == "year":
        return math.ceil(value) - 1 if one.sign < 0 else math.floor(value) + 1
    return round(value + one.sign * _STEPS[one.kind], 2)
