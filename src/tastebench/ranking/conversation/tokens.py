"""Text in words: folded, without accents, with what punctuation says."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

TEXT_LIMIT = 600
"""Characters of a follow-up that are read; more is no follow-up."""
BREAK, COMMA, DASH = ".", ",", "-"

_PIECE = re.compile(
    r"""
    (?P<word> \d\d(?:\d\d)?'?s\b | \d{1,3}(?:,\d{3})+\b | \d+(?:[.,]\d+)?[^\W\d_]* | [^\W\d_]+(?:'[^\W\d_]+)* )
    | (?P<dash> (?<=[\ds])\s?[-–]\s?(?=[\d£$€]) )
    | (?P<comma> [,:()] | \s[-–]\s | — )
    | (?P<stop> [.!?;\n…]+ )
    | (?P<sign> [£$€#<>≤≥+½'] )
    """,
    re.VERBOSE,
)
_MARKS = {"dash": DASH, "comma": COMMA, "stop": BREAK}
_ABBREVIATIONS = frozenset({"mr", "mrs", "ms", "dr", "st", "vs", "no", "nr", "jr", "vol"})
_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")
# By what a plural ends in, what the singular ends in; where several fit, all are tried.
_PLURALS = {"ies": "y", "ves": "f", "sses": "ss", "xes": "x", "ches": "ch", "shes": "sh", "s": ""}


_LONG_ENOUGH, _SLIPS, _ALIKE = 5, 2, 0.84
"""Letters of a word that may be a slip, letters that may be too many or too few, share of letters in common."""


class Token(NamedTuple):
    """A word as it is compared, and as it was written."""

    word: str
    raw: str


def tokens(text: str) -> list[Token]:
    """Return the words of a text; what ends a sentence is a ``.``, a dash between words a comma.

    Examples
    --------
    >>> [token.word for token in tokens("Amélie — in the 70's? No. 3, £4.50, 1970-80")]
    ['amelie', ',', 'in', 'the', '70s', '.', 'no', '3', ',', '£', '4.50', ',', '1970', '-', '80']
    """
    shown = unicodedata.normalize("NFC", text[:TEXT_LIMIT].translate(_APOSTROPHES))
    result: list[Token] = []
    for found in _PIECE.finditer(shown):
        raw, kind = found.group(), found.lastgroup or ""
        if raw == "." and result and result[-1].word in _ABBREVIATIONS:
            continue
        result.append(Token(_MARKS.get(kind) or folded(raw), raw))
    return result


def folded(word: str) -> str:
    """Return a word in lower case without accents; a number without its apostrophe.

    Examples
    --------
    >>> folded("Amélie"), folded("70's"), folded("don't")
    ('amelie', '70s', "don't")
    """
    parts = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(one for one in parts if not unicodedata.combining(one))
    return plain.replace("'", "") if plain[:1].isdigit() else plain


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a title or a tag, punctuation left out.

    Examples
    --------
    >>> words_of("Slow-Burn & quiet"), words_of("Children's")
    (('slow', 'burn', 'quiet'), ('children',))
    """
    return tuple(token.word.removesuffix("'s") for token in tokens(text) if token.word[:1].isalnum())


def variants(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return how a tag may be worded: as it is, its last word in the other number, all of it joined.

    Examples
    --------
    >>> variants(("mystery",)), variants(("road", "trips"))
    ([('mystery',), ('mysteries',)], [('road', 'trips'), ('road', 'trip'), ('roadtrips',), ('roadtrip',)])
    """
    if not words:
        return []
    ways = [(*words[:-1], last) for last in (words[-1], *other_numbers(words[-1]))]
    return ways if len(words) == 1 else [*ways, *(("".join(way),) for way in ways)]


def other_numbers(word: str) -> list[str]:
    """Return the plural of a word, or the singulars that it may come from.

    Examples
    --------
    >>> other_numbers("boxes"), other_numbers("noir"), other_numbers("box"), other_numbers("glass")
    (['box', 'boxe'], ['noirs'], ['boxes'], ['glasses'])
    """
    if len(word) < 3 or not word.isalpha():
        return []
    if word.endswith("s") and not word.endswith("ss"):
        return [word.removesuffix(many) + one for many, one in _PLURALS.items() if word.endswith(many)]
    if word.endswith("y") and word[-2] not in "aeiou":
        return [word[:-1] + "ies"]
    return [word + ("es" if word.endswith(("ss", "x", "ch", "sh")) else "s")]


def mistyped(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` is a slip of; empty where there is none.

    Examples
    --------
    >>> mistyped("horor", ["horror", "comedy"]), mistyped("eastern", ["western"]), mistyped("wars", ["war"])
    ('horror', '', '')
    """
    near = (one for one in known if one[0] == word[0] and abs(len(one) - len(word)) <= _SLIPS)
    return next(iter(get_close_matches(word, near, 1, _ALIKE)), "") if len(word) >= _LONG_ENOUGH else ""


def listed(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[tuple[str, ...]]:
    """Return the phrases of a table, which semicolons part, each in words."""
    return frozenset(tuple(phrase.split()) for phrase in text.split(";"))
