"""References by number: "the second one", "#3", "the last two"."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from tastebench.ranking.conversation.tokens import BREAK, listed, phrases
from tastebench.ranking.conversation.words import CUES, FILLERS

Reference: TypeAlias = tuple[int, tuple[int, ...]]
"""Where it ends, and the places, from 1, that it names."""

NOUNS = listed(
    """one ones film movie flick picture item product thing title option choice result pick suggestion recommendation
    entry book song article"""
)
DEFINITE = listed("the that this your those these")
NAMED = listed("like than as liked loved seen saw enjoyed watched hated see not")
"""What comes before a name or a number that by itself might mean something else."""

_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
_CARDINALS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty"""
_ORDINAL: Mapping[str, int] = MappingProxyType(
    {word: place for place, word in enumerate(_ORDINALS.split(), start=1)} | {"top": 1}
)
CARDINAL: Mapping[str, int] = MappingProxyType({word: place for place, word in enumerate(_CARDINALS.split(), start=1)})
_FROM_THE_END: Mapping[tuple[str, ...], int] = MappingProxyType(
    dict.fromkeys(phrases("last; final; bottom; very last"), 1)
    | dict.fromkeys(phrases("last but one; second to last; second from last; next to last; penultimate"), 2)
    | dict.fromkeys(phrases("last but two; third to last; third from last"), 3)
)
_COUNTED = listed("number # item option film movie result choice position place")
_SHORT = listed("no nr")
_BEFORE = NAMED | listed("and or , but except")
_BEHIND = listed(", . but and or please without only is was then again instead though with in from")
_COUNTABLE = listed("time times year years decade part half hand day days week second thing things idea hour hours")
"""What an ordinal may count that is no item."""


def counted(words: Sequence[str], at: int, length: int) -> Reference | None:
    """Return the reference by number that begins at `at` into a list of `length`; it may name places beyond the list.

    Examples
    --------
    >>> counted("the second one".split(), 0, 6), counted("# 3".split(), 0, 6), counted(["last", "two"], 0, 6)
    ((3, (2,)), (2, (3,)), (2, (5, 6)))
    >>> counted("second world war".split(), 0, 6) is None
    True
    """
    start = at + (words[at] in DEFINITE)
    if start == len(words):
        return None
    return _number(words, start) or _last(words, start, length) or _first(words, start) or _middle(words, start, length)


def _number(words: Sequence[str], at: int) -> Reference | None:
    """Return ``number 3``, ``no 3``, ``#3``; a bare ``3`` only where little stands around it."""
    named = at + 1 < len(words) and (words[at] in _COUNTED or (words[at] in _SHORT and words[at + 1].isdecimal()))
    word = words[at + named]
    place = int(word) if word.isdecimal() and len(word) < 4 else CARDINAL.get(word, 0)
    return (at + 1 + named, (place,)) if place and (named or _bare(words, at)) else None


def _bare(words: Sequence[str], at: int) -> bool:
    begins = not at or words[at - 1] in _BEFORE
    return words[at].isdecimal() and begins and (at + 1 == len(words) or words[at + 1] in _BEHIND)


def _first(words: Sequence[str], at: int) -> Reference | None:
    digits, suffix = words[at][:-2], words[at][-2:]
    suffixed = suffix in {"st", "nd", "rd", "th"} and digits.isdecimal() and len(digits) < 4
    place = int(digits) if suffixed else _ORDINAL.get(words[at], 0)
    several = _several(words, at) if place == 1 else 0
    end = _end(words, at + 1 + (several > 1)) if place else 0
    return (end, tuple(range(1, several + 1)) if several > 1 else (place,)) if end else None


def _last(words: Sequence[str], at: int, length: int) -> Reference | None:
    several = _several(words, at) if words[at] == "last" else 0
    if several > 1 and (end := _end(words, at + 2)):
        return end, tuple(range(max(1, length + 1 - several), length + 1)) or (several,)
    for stop in range(min(len(words), at + 3), at, -1):
        back = _FROM_THE_END.get(tuple(words[at:stop]))
        if back and (end := _end(words, stop)):
            return end, (length + 1 - back,)
    return None


def _middle(words: Sequence[str], at: int, length: int) -> Reference | None:
    end = _end(words, at + 1) if words[at] == "middle" and length % 2 else 0
    return (end, ((length + 1) // 2,)) if end else None


def _several(words: Sequence[str], at: int) -> int:
    return CARDINAL.get(words[at + 1], 0) if at + 1 < len(words) else 0


def _end(words: Sequence[str], at: int) -> int:
    """Return where a reference ends whose ordinal ends at `at`, 0 where the ordinal counts something else."""
    following = words[at] if at < len(words) else BREAK
    if following in NOUNS:
        return at + 1
    return at if following in FILLERS - _COUNTABLE or (following,) in CUES else 0
