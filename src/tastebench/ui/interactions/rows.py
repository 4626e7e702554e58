"""Many interactions at once: the rows of an editable table, and what is wrong with those that cannot be used."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import pandas as pd
from pydantic import ValidationError

from tastebench.domain.errors import TastebenchError
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.ui.interactions.deeds import deed
from tastebench.ui.refusals import refusal

ITEM, ACTION, WHEN, WEIGHT = "Item", "Action", "When (UTC)", "Weight"
COLUMNS = (ITEM, ACTION, WHEN, WEIGHT)
BLANK_ROWS = 5

Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class Batch:
    """What the rows of a table come to.

    Parameters
    ----------
    interactions : tuple of Interaction
        One per row that can be used.
    left : tuple of dict
        The other rows, as they were written; empty ones are left out.
    problems : tuple of str
        One sentence per row of `left`, numbered as there.
    """

    interactions: tuple[Interaction, ...] = ()
    left: tuple[dict[str, object], ...] = ()
    problems: tuple[str, ...] = ()


def read(rows: Iterable[Row], actions: Sequence[str], item_named: Callable[[str], Item]) -> Batch:
    """Return the interactions in the rows of a table, and apart from them the rows that cannot be used.

    Parameters
    ----------
    actions : sequence of str
        The workspace's actions.
    item_named : callable
        From what was written for the item to the item; raises `TastebenchError` where there is none.

    Examples
    --------
    >>> batch = read([{"Item": "a", "Action": "like"}, {"Item": "a", "Action": "hug"}], ["like"], Item)
    >>> batch.interactions[0].action, batch.problems
    ('like', ('Row 1: “hug” is not an action of this workspace. Choose one from the list: like.',))
    """
    good: list[Interaction] = []
    left: list[dict[str, object]] = []
    problems: list[str] = []
    for row in rows:
        if all(_empty(row.get(column)) for column in COLUMNS):
            continue
        try:
            good.append(_interaction(row, actions, item_named))
        except _Unusable as problem:
            left.append(dict(row))
            problems.append(f"Row {len(left)}: {problem}")
    return Batch(tuple(good), tuple(left), tuple(problems))


def table(rows: Sequence[Row] = ()) -> pd.DataFrame:
    """Return the rows as the table to edit, each column with its type; without rows, some empty ones to begin with."""
    blank: list[Row] = [{}] * (BLANK_ROWS if not rows else 0)
    frame = pd.DataFrame([dict(row) for row in (*rows, *blank)], columns=list(COLUMNS))
    return frame.astype({ITEM: "string", ACTION: "string", WHEN: "datetime64[ns]", WEIGHT: "float64"})


class _Unusable(Exception):
    """Why a row cannot be used, in a sentence."""


def _interaction(row: Row, actions: Sequence[str], item_named: Callable[[str], Item]) -> Interaction:
    item, action = _text(row.get(ITEM)), _text(row.get(ACTION))
    if not item:
        raise _Unusable("no item is named. Write its id or its title.")
    if not action:
        raise _Unusable("no action is chosen. Choose one from the list.")
    if action not in actions:
        raise _Unusable(f"“{action}” is not an action of this workspace. Choose one from the list: {_list(actions)}.")
    weight = _weight(row.get(WEIGHT))
    try:
        return deed(item_named(item), action, _moment(row.get(WHEN)), weight)
    except TastebenchError as problem:
        raise _Unusable(str(problem)) from problem
    except ValidationError as problem:
        raise _Unusable(refusal(problem)) from problem


def _weight(value: object) -> float | None:
    if _empty(value):
        return None
    try:
        weight = float(str(value))
    except ValueError as problem:
        raise _Unusable(f"“{value}” is not a weight. Write a number from −1 to 1.") from problem
    if not -1 <= weight <= 1:
        raise _Unusable(f"the weight is {weight:g}; −1 to 1 are allowed. Leave it empty to use the action's own.")
    return weight


def _moment(value: object) -> datetime | None:
    if _empty(value):
        return None
    try:
        moment: datetime = pd.Timestamp(str(value)).to_pydatetime()
    except ValueError as problem:
        raise _Unusable(f"“{value}” is not a date and time. Write one such as 2026-03-04 05:06.") from problem
    return moment


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


def _empty(value: object) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or value != value or not str(value).strip()


def _text(value: object) -> str:
    return "" if _empty(value) else str(value).strip()
