"""Rules for text that comes from files and people: what is kept, what is refused."""

import unicodedata
from collections.abc import Mapping, Sequence

from tastebench.domain.errors import InvalidInput

ID_LIMIT = 200
NAME_LIMIT = 200
TITLE_LIMIT = 500
TAG_LIMIT = 100
TEXT_LIMIT = 20_000
TAGS_LIMIT = 200
ATTRIBUTES_LIMIT = 100


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} and not character.isspace()


# Zero-width and bidirectional marks hide or reorder what people read; control characters and lone surrogates are no
# text at all. Line breaks and tabs are kept as spaces.
_UNWANTED = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFFE, 0xFFFF]
    + [code for code in (*range(0xA0), *range(0xD800, 0xE000)) if _is_control(chr(code))]
)


def clean(text: str) -> str:
    r"""Return `text` in NFC with control, zero-width and bidi characters removed and white space folded.

    What is clean stays as it is.

    Examples
    --------
    >>> clean("  Kind\u200b of\n Blue\x00 ")
    'Kind of Blue'
    """
    # What is removed goes first: it may stand between two spaces, or between a letter and its accent.
    return " ".join(unicodedata.normalize("NFC", text.translate(_UNWANTED)).split())


def checked(text: str, field: str, limit: int, *, required: bool = False) -> str:
    """Return `text` cleaned, or raise `InvalidInput` where it is empty or longer than `limit` characters."""
    cleaned = clean(text)
    if required and not cleaned:
        raise InvalidInput(f"{field} is empty.", f"Give {field} a value.")
    if len(cleaned) > limit:
        raise InvalidInput(f"{field} has {len(cleaned):,} characters; {limit:,} are allowed.", "Shorten it.")
    return cleaned


def checked_tags(facets: Mapping[str, Sequence[str]], field: str) -> dict[str, tuple[str, ...]]:
    """Return facets with cleaned tags: order kept, doubles and empty ones dropped, empty facets left out."""
    result: dict[str, tuple[str, ...]] = {}
    for facet, tags in facets.items():
        name = checked(str(facet), f"a facet name in {field}", TAG_LIMIT, required=True)
        if isinstance(tags, str):
            raise InvalidInput(f"{field}.{name} is one text.", "Give a list of tags.")
        kept = dict.fromkeys(checked(str(tag), f"a tag in {field}.{name}", TAG_LIMIT) for tag in tags)
        kept.pop("", None)
        if len(kept) > TAGS_LIMIT:
            raise InvalidInput(f"{field}.{name} has {len(kept)} tags; {TAGS_LIMIT} are allowed.")
        if kept:
            result[name] = tuple(kept)
    return result
