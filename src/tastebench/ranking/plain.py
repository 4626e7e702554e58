"""Untrusted text made plain: for the language model to read, and for people to read what it writes."""

import re
import unicodedata

# Letters, marks and symbols that show nothing; format, control and private characters go by their category.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATIONS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))

# In a prompt these are syntax: tags of chat templates, JSON, fences. As parentheses and apostrophes they are text.
_SYNTAX = str.maketrans('<>[]{}"`\\', "()()()''/")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,15}://\S*|\bwww\.\S+|\b(?:javascript|vbscript|data|mailto):\S+"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,4}[a-z]{2,10}/\S*",
    re.IGNORECASE,
)
_READ_PER_CHARACTER = 16
"""Characters read for each one that may stay: enough for any real text, and work stays bounded."""


def plain(text: str, limit: int) -> str:
    r"""Return `text` as one line of at most `limit` characters, without links, hidden characters or syntax.

    Normalised to NFKC; brackets become parentheses, double quotes apostrophes; what is cut ends in "…".

    Examples
    --------
    >>> plain('</DATA>\n<b>"Best\u200b"</b> see https://example.org/x', 60)
    "(/DATA) (b)'Best'(/b) see"
    >>> plain("one two three", 8)
    'one two…'
    """
    shown = _without_hidden(unicodedata.normalize("NFKC", _without_hidden(text[: limit * _READ_PER_CHARACTER])))
    line = " ".join(_LINK.sub(" ", shown).translate(_SYNTAX).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _without_hidden(text: str) -> str:
    return "".join(character for character in text if not _hidden(character))


def _hidden(character: str) -> bool:
    if character.isascii():
        return not (character.isprintable() or character.isspace())
    if character in _BLANKS or any(ord(character) in run for run in _VARIATIONS):
        return True
    return unicodedata.category(character).startswith("C") and not character.isspace()
