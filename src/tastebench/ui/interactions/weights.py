"""The table of actions: names and signed weights, and what is wrong with what was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from tastebench.domain.errors import InvalidInput
from tastebench.domain.text import checked

ACTION, WEIGHT = "Action", "Weight"
LIMIT = 100.0
_NAME_LIMIT = 50


@dataclass(frozen=True)
class Actions:
    """What the table says: weights by action, and a sentence per row that cannot be used."""

    weights: Mapping[str, float]
    problems: tuple[str, ...] = ()


def table(weights: Mapping[str, float]) -> pd.DataFrame:
    """Return one row per action, strongest first."""
    rows = sorted(weights.items(), key=lambda one: -one[1])
    frame = pd.DataFrame(rows, columns=[ACTION, WEIGHT])
    return frame.astype({ACTION: "string", WEIGHT: "float64"})


def read(rows: Iterable[Mapping[str, object]]) -> Actions:
    """Return the actions in the rows of the table; a row left wholly empty is passed over.

    Examples
    --------
    >>> read([{"Action": "like", "Weight": 2.5}, {"Action": "hug", "Weight": None}]).problems
    ('Row 2, hug: the weight is missing. Write a number from −100 to 100; 0 mutes the action.',)
    >>> read([{"Action": "dislike", "Weight": -2}]).problems
    ('No action has a weight above 0. Give one to at least one action, or there is no taste.',)
    """
    weights: dict[str, float] = {}
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        name, weight = _text(row.get(ACTION)), _number(row.get(WEIGHT))
        if not name and weight is None:
            continue
        problem = _problem(name, weight, weights)
        if problem:
            problems.append(f"Row {number}{', ' + name if name else ''}: {problem}")
        elif weight is not None:
            weights[name] = weight
    if not problems and not any(weight > 0 for weight in weights.values()):
        problems.append("No action has a weight above 0. Give one to at least one action, or there is no taste.")
    return Actions(weights, tuple(problems))


def _problem(name: str, weight: float | None, taken: Mapping[str, float]) -> str:
    try:
        cleaned = checked(name, "the action's name", _NAME_LIMIT, required=True)
    except InvalidInput as problem:
        return str(problem)
    if cleaned in taken:
        return "an action of that name stands above. Rename one of them."
    if weight is None:
        return "the weight is missing. Write a number from −100 to 100; 0 mutes the action."
    if not -LIMIT <= weight <= LIMIT:
        return f"the weight is {weight:g}; −100 to 100 are allowed."
    return ""


def _number(value: object) -> float | None:
    return None if value is None or value is pd.NA or value != value else float(str(value))


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value).strip()
