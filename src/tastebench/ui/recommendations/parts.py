"""A line of a score taken apart so that its parts, as written, add up to the line, as written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import cycle, islice

from tastebench.ranking.explain import LEADING
from tastebench.ranking.parts import Cause, Parts
from tastebench.ui.format import MINUS, counted, signed
from tastebench.ui.recommendations.deeds import deed

REST_SHOWN = 200
"""So many of the smaller causes are listed one by one where they are asked for."""
PRIOR = "Stated interests and description"
MEAN = "What the candidates have on average"


def adding_up(values: Mapping[str, float], line: str, digits: int = 3) -> dict[str, str]:
    """Return signed texts of `values` that add up to the text of their line (largest remainder).

    Examples
    --------
    >>> adding_up({"a": 0.1004, "b": 0.1004}, "+.201")
    {'a': '+.101', 'b': '+.100'}
    """
    exact = {name: Decimal(value).scaleb(digits) for name, value in values.items()}
    units = {name: int(value.to_integral_value(ROUND_FLOOR)) for name, value in exact.items()}
    missing = _units(line) - sum(units.values())
    by_remainder = sorted(units, key=lambda name: units[name] - exact[name])
    # Float noise may leave one unit too many in the floors: then the smallest remainder gives it back.
    step, order = (1, by_remainder) if missing > 0 else (-1, by_remainder[::-1])
    for name in islice(cycle(order), abs(missing)):
        units[name] += step
    return {name: signed(value / 10**digits, digits) for name, value in units.items()}


def parts_in_words(parts: Parts, done: Mapping[str, str]) -> dict[str, float]:
    """Return what adds up to a line: the largest causes, the rest as one, what is stated, and the mean it is held to.

    `done` is the action with each item of the history.
    """
    ranked = _ranked(parts)
    said = _said(ranked[:LEADING], done)
    if rest := ranked[LEADING:]:
        said[rest_name(parts)] = sum(cause.amount for cause in rest)
    others = {PRIOR: parts.prior, MEAN: parts.mean}
    return said | {name: amount for name, amount in others.items() if amount is not None}


def rest_in_words(parts: Parts, done: Mapping[str, str]) -> dict[str, float]:
    """Return what adds up to the causes that `parts_in_words` names as one."""
    rest = _ranked(parts)[LEADING:]
    said = _said(rest[:REST_SHOWN], done)
    if more := rest[REST_SHOWN:]:
        said[f"{counted(len(more), 'item', 'items')} more"] = sum(cause.amount for cause in more)
    return said


def rest_name(parts: Parts) -> str:
    """Return what the smaller causes are called together."""
    return f"{counted(len(parts.history) - LEADING, 'other item', 'other items')} of the history"


def _ranked(parts: Parts) -> list[Cause]:
    return sorted(parts.history, key=lambda cause: -abs(cause.amount))


def _said(causes: Sequence[Cause], done: Mapping[str, str]) -> dict[str, float]:
    titles = Counter(cause.title for cause in causes)
    return {
        _because(cause, done.get(cause.item_id, ""), alone=titles[cause.title] == 1): cause.amount
        for cause in sorted(causes, key=lambda cause: -cause.amount)
    }


def _because(cause: Cause, action: str, *, alone: bool) -> str:
    title = cause.title if alone else f"{cause.title} ({cause.item_id})"
    if not action:
        return f"Because of {title}" if cause.amount >= 0 else f"Against it: {title}"
    said = f"you {deed(action, title)}"
    return f"Because {said}" if cause.amount >= 0 else f"Against it: {said}"


def _units(text: str) -> int:
    return int(text.replace(MINUS, "-").replace("+", "").replace(".", ""))
