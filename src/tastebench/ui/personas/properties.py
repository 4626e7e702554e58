"""A persona's typed properties as an editable table, and back."""

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from tastebench.domain.persona import Property

NAME, KIND, VALUE = "Property", "Kind", "Value"
TEXT, NUMBER, YES_NO, LIST = "text", "number", "yes/no", "list"
SINGLE = (TEXT, NUMBER, YES_NO)
KINDS = (*SINGLE, LIST)
_ANSWERS = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}


@dataclass(frozen=True)
class Properties:
    """What a table of properties says: the values that can be used, and a sentence per cell that cannot."""

    values: Mapping[str, Property]
    problems: tuple[str, ...] = ()


def table(properties: Mapping[str, Property]) -> pd.DataFrame:
    """Return one row per property: its name, kind and value, all as text.

    Examples
    --------
    >>> table({"age": 42, "member": True}).to_dict("records")[1]
    {'Property': 'member', 'Kind': 'yes/no', 'Value': 'yes'}
    """
    rows = [{NAME: name, KIND: _kind(value), VALUE: _text(value)} for name, value in properties.items()]
    return pd.DataFrame(rows, columns=[NAME, KIND, VALUE], dtype="string")


def read(rows: Iterable[Mapping[str, object]], kinds: Sequence[str] = KINDS) -> Properties:
    """Return the properties in the rows of a table, if they are of these kinds; a wholly empty row is passed over.

    Examples
    --------
    >>> read([{"Property": "age", "Kind": "number", "Value": "42"}]).values
    {'age': 42}
    >>> read([{"Property": "age", "Kind": "number", "Value": "old"}]).problems
    ('Property row 1, age: “old” is not a number. Write digits, such as 42 or 3.5.',)
    """
    values: dict[str, Property] = {}
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        name, kind, value = (_cell(row.get(column)) for column in (NAME, KIND, VALUE))
        if not name and not value:
            continue
        problem = _problem(name, kind, value, values, kinds)
        if problem:
            problems.append(f"Property row {number}{', ' + name if name else ''}: {problem}")
        else:
            values[name] = _value(kind, value)
    return Properties(values, tuple(problems))


def in_words(value: Property) -> str:
    """Return a property's value as people read it.

    Examples
    --------
    >>> in_words(("tea", 3, True))
    'tea, 3, yes'
    """
    if isinstance(value, tuple):
        return ", ".join(map(in_words, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def editor(properties: Mapping[str, Property], key: str, kinds: Sequence[str] = KINDS) -> list[dict[str, object]]:
    """Draw the table for editing and return its rows as they stand."""
    listed = ', or a list such as ["tea", "rain"]' if LIST in kinds else ""
    columns = {
        NAME: st.column_config.TextColumn(help="Such as age, or the name of a facet", width="medium", max_chars=100),
        KIND: st.column_config.SelectboxColumn(options=list(kinds), default=TEXT, width="small"),
        VALUE: st.column_config.TextColumn(help=f"Text, a number such as 42, or yes / no{listed}", width="medium"),
    }
    edited = st.data_editor(
        table(properties), key=key, num_rows="dynamic", hide_index=True, column_config=columns, placeholder="",
        alt="Typed properties: name, kind and value, one per row",
    )  # fmt: skip
    return [{str(name): value for name, value in row.items()} for row in edited.to_dict("records")]


def _problem(name: str, kind: str, value: str, taken: Collection[str], kinds: Sequence[str]) -> str:
    if not name:
        return "the property has no name. Name it, or empty the row."
    if name in taken:
        return "a property of that name stands above. Rename one of them."
    if kind not in ("", *kinds):
        return f"“{kind}” is no kind. Choose {', '.join(kinds[:-1])} or {kinds[-1]}."
    if not value:
        return "the value is empty. Fill it in, or remove the row."
    if kind == NUMBER and _number(value) is None:
        return f"“{value}” is not a number. Write digits, such as 42 or 3.5."
    if kind == YES_NO and value.lower() not in _ANSWERS:
        return f"“{value}” is neither yes nor no. Write one of the two."
    if kind == LIST and _list(value) is None:
        return f'“{value}” is no list. Write it like ["tea", "rain"].'
    return ""


def _value(kind: str, value: str) -> Property:
    if kind == YES_NO:
        return _ANSWERS[value.lower()]
    found = _number(value) if kind == NUMBER else _list(value) if kind == LIST else None
    return value if found is None else found


def _number(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else number


def _list(text: str) -> tuple[str | int | float | bool, ...] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    plain = isinstance(found, list) and found and all(isinstance(one, str | int | float) for one in found)
    finite = plain and all(isinstance(one, str) or abs(one) < math.inf for one in found)
    return tuple(found) if finite else None


def _kind(value: Property) -> str:
    if isinstance(value, tuple):
        return LIST
    if isinstance(value, bool):
        return YES_NO
    return TEXT if isinstance(value, str) else NUMBER


def _text(value: Property) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else in_words(value)


def _cell(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value).strip()
