"""What an answer says under each handle, in the shape asked for or one of those that models fall into."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

_HANDLE_KEYS = ("id", "handle", "candidate", "candidate_id", "item", "item_id")
_GRADE_KEYS = ("fit", "grade", "score", "rating")
_COMMENT_KEYS = ("why", "reason", "comment", "explanation")


class Entry(NamedTuple):
    """What an answer says under one handle, unchecked."""

    handle: str
    grade: object
    why: object = None


def entries_in(values: Sequence[Any], handles: Mapping[str, str]) -> tuple[list[Entry], list[str]]:
    """Return the entries of the fullest value, the later of equals: drafts and echoes come before the answer.

    Where no value has two, as in one object a line, all of them are taken together.
    """
    keyed = [_keyed(value, handles) for value in values if isinstance(value, dict)]
    best = max(reversed(keyed), key=len, default=[])
    if len(best) > 1:
        return best, []
    found = [_entries(value, handles) for value in values]
    best = max(reversed(found), key=len, default=[])
    if len(best) < 2:
        best = [entry for entries in found for entry in entries]
    return best, ["The answer came in another shape than asked for."] if best else []


def _entries(value: object, handles: Mapping[str, str], deeper: bool = True) -> list[Entry]:
    if isinstance(value, list):
        return _listed(value, handles)
    if not isinstance(value, dict):
        return []
    inner = [_entries(one, handles, deeper=False) for one in value.values()] if deeper else []
    return _keyed(value, handles) or _listed([value], handles) or max(inner, key=len, default=[])


def _keyed(value: Mapping[str, Any], handles: Mapping[str, str]) -> list[Entry]:
    """Read ``{"c01": {"fit": 7, "why": "…"}}``, or plain grades in its place."""
    entries = []
    for handle, one in value.items():
        if isinstance(one, dict) and any(key in one for key in _GRADE_KEYS):
            entries.append(Entry(handle, _first(one, _GRADE_KEYS), _first(one, _COMMENT_KEYS)))
        elif known(handle) in handles and not isinstance(one, dict | list):
            entries.append(Entry(handle, one))
    return entries


def _listed(values: list[Any], handles: Mapping[str, str]) -> list[Entry]:
    """Read ``[{"id": "c01", "fit": 7}]``, or a bare order of handles, best first."""
    objects = [one for one in values if isinstance(one, dict) and isinstance(_first(one, _HANDLE_KEYS), str)]
    graded = [one for one in objects if any(key in one for key in _GRADE_KEYS)]
    if graded:
        return [
            Entry(_first(one, _HANDLE_KEYS), _first(one, _GRADE_KEYS), _first(one, _COMMENT_KEYS)) for one in graded
        ]
    named = [(known(_first(one, _HANDLE_KEYS)), _first(one, _COMMENT_KEYS)) for one in objects]
    named = named or [(known(one), None) for one in values if isinstance(one, str)]
    order: dict[str, Any] = {}
    for handle, why in named:
        if handle in handles:
            order.setdefault(handle, why)
    places = list(order)
    if places == sorted(places):  # the candidates repeated as they were shown: no preference in that
        return []
    return [
        Entry(handle, round(10 * (1 - place / (len(places) - 1))), order[handle]) for place, handle in enumerate(places)
    ]


def _first(value: Mapping[str, Any], keys: Iterable[str]) -> Any:
    return next((value[key] for key in keys if key in value), None)


def known(handle: str) -> str:
    """Return a handle as the question wrote it."""
    return handle.strip().casefold()
