"""Synthetic minds: they decide what stands in an answer; the schema decides its shape."""

import hashlib
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.ollama_double.generation import Choice, bounds
from tests.ollama_double.values import Question

Mind = Callable[[Question], Choice]

COMMENTS = (
    "Only a loose fit for this persona …",
    "A fair match for this persona – no more.",
    "A close match for this persona.",
)


def even(question: Question) -> Choice:
    """Plausible grades, spread evenly over what is allowed: the same for the same seed, handle and description."""

    def choose(path: tuple[str, ...], schema: Mapping[str, Any]) -> Any:
        share = _share(question, path[0] if path else "")
        if schema.get("type") in ("integer", "number"):
            low, high = bounds(schema)
            return low + share * (high - low)
        if schema.get("type") == "boolean":
            return share >= 0.5
        return _words(question, path, share)

    return choose


def randomly(seed: int) -> Mind:
    """Any grade whatever; another one with every question, the same row of them for the same seed."""
    luck = random.Random(seed)

    def mind(question: Question) -> Choice:
        calm = even(question)

        def choose(path: tuple[str, ...], schema: Mapping[str, Any]) -> Any:
            if schema.get("type") in ("integer", "number"):
                return luck.uniform(*bounds(schema))
            return calm(path, schema)

        return choose

    return mind


def knowing(truth: Mapping[str, float]) -> Mind:
    """The true grade of every title it knows, the middle for the others."""
    longest_first = sorted(truth, key=len, reverse=True)

    def mind(question: Question) -> Choice:
        calm = even(question)

        def choose(path: tuple[str, ...], schema: Mapping[str, Any]) -> Any:
            if schema.get("type") not in ("integer", "number"):
                return calm(path, schema)
            line = question.candidates.get(path[0], "")
            title = next((one for one in longest_first if one in line), None)
            return sum(bounds(schema)) / 2 if title is None else truth[title]

        return choose

    return mind


_TO_HANDLE = r"\b(?:give|rate|grade|score)\s+(?:candidate\s+)?({handles})\b\D{{0,12}}(\d+)"
_TO_ITSELF = r"\b(?:give|rate|grade|score)\s+(?:this|it|me)\b\D{0,16}(\d+)"
_FIRST = r"\b(?:rank|put|place|list|recommend)\s+(?:this|it|me)\b[\w ]{0,20}\b(?:first|top|highest|number one)\b"
_LAST = r"\b(?:rank|put|place|list)\s+(?:this|it|me)\b[\w ]{0,20}\b(?:last|bottom|lowest)\b"
_NAMED = r"\b(?:rank|put|place|list|recommend)\s+[\"'“]?([^\"'”\n]{2,80}?)[\"'”]?\s+(?:first|on top|at the top)\b"
_IGNORE = r"\b(?:ignore|disregard|forget)\b[\w ]{0,30}\b(?:instructions?|rules|above)\b"
_SAY = r"\b(?:say|write|answer|comment)\s*:?\s+(?:with\s+)?[\"'“]([^\"'”]+)[\"'”]"


def obedient(question: Question) -> Choice:
    """Obeys every order it finds, wherever it stands: in an item's text, a persona's, or the instruction."""
    calm, orders = even(question), _orders(question)
    said = re.search(_SAY, question.text, re.IGNORECASE)

    def choose(path: tuple[str, ...], schema: Mapping[str, Any]) -> Any:
        if schema.get("type") not in ("integer", "number"):
            return said[1] if said else calm(path, schema)
        if path and path[0] in orders:
            return orders[path[0]]
        return bounds(schema)[0] if orders else calm(path, schema)

    return choose


def _orders(question: Question) -> dict[str, float]:
    """Return what is ordered, handle to grade; what comes later in the text wins."""
    found: dict[str, float] = {}
    for handle, line in question.candidates.items():
        if re.search(_FIRST, line, re.IGNORECASE) or re.search(_IGNORE, line, re.IGNORECASE):
            found[handle] = float("inf")
        if re.search(_LAST, line, re.IGNORECASE):
            found[handle] = float("-inf")
        if given := re.search(_TO_ITSELF, line, re.IGNORECASE):
            found[handle] = float(given[1])
    for title in re.findall(_NAMED, question.text, re.IGNORECASE):
        found |= {one: float("inf") for one, line in question.candidates.items() if title.lower() in line.lower()}
    handles = "|".join(map(re.escape, question.candidates))
    if handles:
        pattern = _TO_HANDLE.format(handles=handles)
        found |= {one: float(grade) for one, grade in re.findall(pattern, question.text, re.IGNORECASE)}
    return found


def _share(question: Question, handle: str) -> float:
    """Return a number in [0, 1] that hangs on seed, handle and description alone."""
    source = f"{question.seed}/{handle}/{question.candidates.get(handle, '')}"
    return (
        int.from_bytes(hashlib.blake2b(source.encode("utf-8", "replace"), digest_size=4).digest(), "big") / 0xFFFFFFFF
    )


def _words(question: Question, path: tuple[str, ...], share: float) -> str:
    if path and path[0] in question.candidates:
        return COMMENTS[min(int(share * 3), 2)]
    known = sorted(set(re.findall(r"[a-z]{5,12}", question.text.lower()))) or ["something"]
    start = int(share * (len(known) - 1))
    pair = known[start : start + 2]
    return " ".join(pair) if path and path[0].startswith("q") else f"A list around {' and '.join(pair)}."


MINDS: Mapping[str, str] = {
    "even": "plausible grades by handle, the same for the same seed",
    "obedient": "obeys any order found in the text",
    "random": "any grade whatever, seeded",
    "knowing": "the truth it was given, by title",
}


def mind(name: str, *, seed: int = 0, truth: Mapping[str, float] | None = None) -> Mind:
    """Return the mind of that name; raises KeyError for another name."""
    minds: dict[str, Mind] = {
        "even": even,
        "obedient": obedient,
        "random": randomly(seed),
        "knowing": knowing(truth or {}),
    }
    return minds[name]
