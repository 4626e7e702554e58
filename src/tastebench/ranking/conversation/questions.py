"""What gives nothing to go by: questions about the program or an item, noise."""

import re
from collections.abc import Sequence

from tastebench.ranking.conversation.pieces import Piece, Word
from tastebench.ranking.conversation.tokens import folded, listed
from tastebench.ranking.conversation.words import FILLERS, PROGRAM_WORDS, QUESTIONS, REQUESTS

_OPENING = 4
_ASKING_FOR = (("do", "you", "have"), ("have", "you", "got"), ("are", "there"), ("is", "there"))
_GREETING = listed("hi hello hey so and but well ok okay oh please also yes no thanks thank you ah um hmm sorry , now")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm")
_UNSPEAKABLE = re.compile(r"[^aeiouy]{5,}|(.)\1\1|^[^aeiouy]{3,}$")


def is_question(words: Sequence[str]) -> bool:
    """Tell whether a sentence asks about the program or an item; "is there anything funny" asks for items.

    Examples
    --------
    >>> is_question("why is Alien here".split()), is_question("what do you have in blue".split())
    (True, False)
    """
    start = next((at for at, word in enumerate(words) if word not in _GREETING), len(words))
    openings = [tuple(words[start : start + length]) for length in range(1, _OPENING + 1)]
    if not QUESTIONS.isdisjoint(openings) and REQUESTS.isdisjoint(openings):
        # "What films do you have from the 70s" asks for items too.
        return not any(
            tuple(words[at : at + len(one)]) == one for one in _ASKING_FOR for at in range(start + 1, len(words))
        )
    return False


def beside_the_point(pieces: Sequence[Piece]) -> bool:
    """Tell whether a sentence is noise or about the program, and nothing in it about the list."""
    said = [piece for piece in pieces if not isinstance(piece, str)]
    words = [folded(piece.raw) for piece in said if isinstance(piece, Word)]
    if not words or len(words) < len(said):
        return False
    return not PROGRAM_WORDS.isdisjoint(words) or all(map(_noise, words))


def _noise(word: str) -> bool:
    """Tell whether a word is none: typed at random, or a sound.

    Examples
    --------
    >>> [_noise(word) for word in ("asdfgh", "xkcd", "mmmmh", "chess", "rhythm", "夜")]
    [True, True, True, False, False, False]
    """
    if not word.isascii() or word in FILLERS:
        return False
    rows = any(word[at : at + 4] in row for row in _KEYBOARD for at in range(len(word) - 3))
    return rows or bool(_UNSPEAKABLE.search(word)) or len(word) == 1
