"""A persona's typed properties as an editable table, and back."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from tastebench.domain.item import Attribute

NAME, KIND, VALUE = "Property", "Kind", "Value"
TEXT, NUMBER, YES_NO = "text", "number", "yes/no"
KINDS = (TEXT, NUMBER, YES_NO)
_ANSWERS = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}


@dataclass(frozen=True)
class Properties:
    """What a table of properties says: the values that can be used, and a sentence per cell that cannot."""

    values: Mapping[str, Attribute]
    problems: tuple[str, ...] = ()


def table(properties: Mapping[str, Attribute]) -> pd.DataFrame:
    """Return one row per property: its name, kind and value, all as text.

    Examples
    --------
    >>> table({"age": 42, "member": True}).to_dict("records")[1]
    {'Property': 'member', 'Kind': 'yes/no', 'Value': 'yes'}
    """
    rows = [{NAME: name, KIND: _kind(value), VALUE: _text(value)} for name, value in properties.items()]
    return pd.DataFrame(rows, columns=[NAME, KIND, VALUE], dtype="string")


def read(rows: Iterable[Mapping[str, object]]) -> Properties:
    """Return the properties in the rows of a table; a row left wholly empty is passed over.

    Examples
    --------
    >>> read([{"Property": "age", "Kind": "number", "Value": "42"}]).values
    {'age': 42}
    >>> read([{"Property": "age", "Kind": "number", "Value": "old"}]).problems
    ('Property row 1, age: “old” is not a number. Write digits, such as 42 or 3.5.',)
    """
    values: dict[str, Attribute] = {}
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        name, kind, value = (_cell(row.get(column)) for column in (NAME, KIND, VALUE))
        if not name and not value:
            continue
        problem = _problem(name, kind, value, values)
        if problem:
            problems.append(f"Property row {number}{', ' + name if name else ''}: {problem}")
        else:
            values[name] = _value(kind, value)
    return Properties(values, tuple(problems))


def editor(properties: Mapping[str, Attribute], key: str) -> list[dict[str, object]]:
    """Draw the table for editing and return its rows as they stand."""
    columns = {
        NAME: st.column_config.TextColumn(help="Such as age, or the name of a facet", width="medium", max_chars=100),
        KIND: st.column_config.SelectboxColumn(options=list(KINDS), default=TEXT, width="small"),
        VALUE: st.column_config.TextColumn(help="Text, a number such as 42, or yes / no", width="medium"),
    }
    edited = st.data_editor(
        table(properties), key=key, num_rows="dynamic", hide_index=True, column_config=columns, placeholder="",
        alt="Typed properties: name, kind and value, one per row",
    )  # fmt: skip
    return [{str(name): value for name, value in row.items()} for row in edited.to_dict("records")]


def _problem(name: str, kind: str, value: str, taken: Mapping[str, Attribute]) -> str:
    if not name:
        return "the property has no name. Name it, or empty the row."
    if name in taken:
        return "a property of that name stands above. Rename one of them."
    if kind not in ("", *KINDS):
        return f"“{kind}” is no kind. Choose text, number or yes/no."
    if not value:
        return "the value is empty. Fill it in, or remove the row."
    if kind == NUMBER and _number(value) is None:
        return f"“{value}” is not a number. Write digits, such as 42 or 3.5."
    if kind == YES_NO and value.lower() not in _ANSWERS:
        return f"“{value}” is neither yes nor no. Write one of the two."
    return ""


def _value(kind: str, value: str) -> Attribute:
    if kind == YES_NO:
        return _ANSWERS[value.lower()]
    number = _number(value) if kind == NUMBER else None
    return value if number is None else number


def _number(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else number


def _kind(value: Attribute) -> str:
    if isinstance(value, bool):
        return YES_NO
    return TEXT if isinstance(value, str) else NUMBER


def _text(value: Attribute) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _cell(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value).strip()
