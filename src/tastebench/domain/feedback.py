"""Feedback: a thumb up or down on anything that was shown; what it teaches, and its target in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from tastebench.domain.interaction import TargetKind
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.text import ID_LIMIT, TAG_LIMIT

FeedbackKind: TypeAlias = Literal["item", "creator", "list", "comment", "suggestion", "view"]

COMMENT_LENGTHS = ("short", "full")

LIKE, DISLIKE = "like", "dislike"
"""Thumbs up and down, whatever they are for."""

ABOUT_ITEMS: frozenset[TargetKind] = frozenset({"item", "comment"})
"""Kinds of targets that are named by an item's id."""

SUGGESTION, COMMENTS, PROFILE = "suggestion", "comments", "profile"
"""Keys of what thumbs teach: a kind of suggestion, how long comments are, a scoring profile."""


def suggestion_target(kind: str, text: str) -> str:
    """Return what names a suggestion in the log.

    Examples
    --------
    >>> suggestion_target("related", "more noir")
    'related: more noir'
    """
    return f"{kind}: {text}"[:ID_LIMIT]


def lesson(kind: TargetKind, target: str, request: Mapping[str, Any] | None = None) -> PreferenceName | None:
    """Return the preference that an interaction with a target is evidence for; None where it is for none.

    What items and creators teach is found in the catalogue instead.

    Parameters
    ----------
    request : mapping, optional
        `Request.as_dict()` of the list that a thumb on a list or a comment is about; None where it isn't known.

    Examples
    --------
    >>> str(lesson("suggestion", "related: more noir")), str(lesson("view", "presentation:chart=bar"))
    ('query:suggestion=related', 'presentation:chart=bar')
    >>> str(lesson("list", "7f3a", {"profile": {"name": "For You"}})), lesson("list", "7f3a")
    ('data:profile=For You', None)
    """
    if kind in {"preference", "view"}:
        return PreferenceName.read(target)
    if kind == "suggestion":
        named, colon, _ = target.partition(":")
        return PreferenceName("query", SUGGESTION, named) if colon and 0 < len(named) <= TAG_LIMIT else None
    if kind == "list":
        name = _said(request, "profile", "name")
        return PreferenceName("data", PROFILE, name) if name else None
    length = _said(request, "profile", "rerank", "explain") if kind == "comment" else ""
    return PreferenceName("presentation", COMMENTS, length) if length in COMMENT_LENGTHS else None


def _said(document: object, *path: str) -> str:
    """Return the text at a place of a document that may have come from anywhere; empty where there is none."""
    for name in path:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document if isinstance(document, str) else ""


def in_words(
    kind: TargetKind, target: str, title: str | None, taught: PreferenceName | None, listed_at: datetime | None
) -> str:
    """Return a target as people would name it.

    Parameters
    ----------
    title : str, optional
        Of the item it is or is about.
    taught : PreferenceName, optional
        What a list is evidence for.
    listed_at : datetime, optional
        When a list was made.

    Examples
    --------
    >>> in_words("comment", "i7", "Klute", None, None), in_words("suggestion", "related: more noir", None, None, None)
    ('Comment on Klute', 'Suggestion “more noir” (related)')
    >>> in_words("list", "7f", None, PreferenceName("data", "profile", "For You"), datetime(2026, 5, 1, 12))
    'List of 2026-05-01 12:00 UTC, by “For You”'
    """
    if kind in ABOUT_ITEMS:
        named = title or f"{target} (not in the catalogue)"
        return named if kind == "item" else f"Comment on {named}"
    if kind == "list":
        made = f" of {listed_at:%Y-%m-%d %H:%M} UTC" if listed_at else ""
        return f"List{made}" + (f", by “{taught.value}”" if taught else "")
    if kind == "suggestion":
        named, _, text = target.partition(": ")
        return f"Suggestion “{text}” ({named})" if text else target
    view = PreferenceName.read(target) if kind == "view" else None
    return f"View with {view.key.replace('_', ' ')} “{view.value}”" if view else target
