"""Typed properties of personas: how they are settled, checked, kept and given back."""

import math
import uuid as uuids
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args

from tastebench.domain.errors import InvalidInput
from tastebench.domain.item import Attribute
from tastebench.domain.moments import as_utc
from tastebench.domain.persona import Property, PropertyType


class DataType(StrEnum):
    """Types of properties, named as in Weaviate."""

    TEXT = "text"
    TEXT_ARRAY = "text[]"
    INT = "int"
    INT_ARRAY = "int[]"
    NUMBER = "number"
    NUMBER_ARRAY = "number[]"
    BOOL = "boolean"
    BOOL_ARRAY = "boolean[]"
    DATE = "date"
    DATE_ARRAY = "date[]"
    UUID = "uuid"
    UUID_ARRAY = "uuid[]"


def settled(user_properties: Mapping[str, Any] | None) -> dict[str, PropertyType]:
    """Return the type of each property, from members of `DataType` or their values.

    Raises
    ------
    InvalidInput
        Where a type is none of them.
    """
    types = {name: getattr(kind, "value", kind) for name, kind in (user_properties or {}).items()}
    for name, kind in types.items():
        if kind not in get_args(PropertyType):
            known = ", ".join(DataType)
            raise InvalidInput(f"user_properties: {name} is to be {kind!r}, which is no type here.", f"Use {known}.")
    return types


def kept(properties: Mapping[str, object], types: Mapping[str, PropertyType]) -> dict[str, Property]:
    """Return properties as personas hold them, those that are None left out.

    Raises
    ------
    InvalidInput
        Where one was not settled, or its value is not of its type.

    Examples
    --------
    >>> kept({"age": 74, "likes": ["tea", "rain"], "city": None}, {"age": "number", "likes": "text[]", "city": "text"})
    {'age': 74, 'likes': ('tea', 'rain')}
    """
    for name in properties:
        if name not in types:
            known = f"Settled were: {', '.join(types)}." if types else "None was settled."
            raise InvalidInput(f"A persona has no property {name!r} here.", f"{known} They are settled by `create`.")
    return {name: _kept(name, value, types[name]) for name, value in properties.items() if value is not None}


def given_back(properties: Mapping[str, Property], types: Mapping[str, PropertyType]) -> dict[str, Any]:
    """Return the settled properties as programs know them: lists for several values, None where nothing is stated.

    Examples
    --------
    >>> given_back({"likes": ("tea",), "face": "x"}, {"likes": "text[]", "age": "number"})
    {'likes': ['tea'], 'age': None}
    """
    known = {name: properties.get(name) for name in types}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}


def _kept(name: str, value: object, kind: PropertyType) -> Property:
    if not kind.endswith("[]"):
        return _single(name, value, kind)
    if not isinstance(value, list | tuple):
        raise InvalidInput(f"{name} is {value!r}, which is not of the type {kind}.", "Give a list.")
    return tuple(_single(name, one, kind.removesuffix("[]")) for one in value)


def _single(name: str, value: object, kind: str) -> Attribute:
    found = _READ[kind](value)
    if found is None:
        raise InvalidInput(f"{name} holds {value!r}, which is not of the type {kind}.", "Correct the value.")
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < math.inf else None


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _date(value: object) -> str | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return as_utc(moment).isoformat() if isinstance(moment, datetime) else None


def _uuid(value: object) -> str | None:
    try:
        return str(uuids.UUID(str(value))) if isinstance(value, str | uuids.UUID) else None
    except ValueError:
        return None


_READ: Mapping[str, Callable[[object], Attribute | None]] = MappingProxyType(
    {"text": _text, "int": _int, "number": _number, "boolean": _boolean, "date": _date, "uuid": _uuid}
)
