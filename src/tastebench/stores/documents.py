"""Documents: how values that have no columns of their own are kept as JSON text, and come back as they were."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from tastebench.domain.moments import from_micros, to_micros
from tastebench.domain.persona import Property

T = TypeVar("T")


def dumped(value: object) -> str:
    """Return `value` as compact JSON text, its order kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def tags(document: str) -> dict[str, tuple[str, ...]]:
    """Return facets or interests as they were stored.

    Examples
    --------
    >>> tags('{"genres":["noir"]}')
    {'genres': ('noir',)}
    """
    return {facet: tuple(names) for facet, names in json.loads(document).items()}


def plain(facets: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return facets or interests as JSON knows them."""
    return {facet: list(names) for facet, names in facets.items()}


def properties(document: str) -> dict[str, Property]:
    """Return a persona's properties as they were stored.

    Examples
    --------
    >>> properties('{"age":7,"likes":["tea","rain"]}')
    {'age': 7, 'likes': ('tea', 'rain')}
    """
    return {name: tuple(v) if isinstance(v, list) else v for name, v in json.loads(document).items()}


def loaded(document: str) -> Any:
    """Return the value in JSON text."""
    return json.loads(document)


def same(one: str, other: str) -> bool:
    """Tell whether two JSON texts say the same; the order of names does not count, 1 and true differ.

    Examples
    --------
    >>> same('{"a":1,"b":2}', '{"b":2,"a":1}'), same('{"a":1}', '{"a":true}')
    (True, False)
    """
    return one == other or _sorted(one) == _sorted(other)


def micros(moment: datetime | None) -> int | None:
    """Return microseconds since 1970, None for None."""
    return None if moment is None else to_micros(moment)


def moment(stored: int | None) -> datetime | None:
    """Return the aware UTC datetime, None for None."""
    return None if stored is None else from_micros(stored)


def trusted(cls: type[T], fields: Mapping[str, Any]) -> T:
    """Return a value of a frozen dataclass without checking its fields again.

    What is stored was checked on its way in. Checking once more would cost more than reading it, and a row
    stored under laxer rules must stay readable.
    """
    value = object.__new__(cls)
    for name, field in fields.items():
        object.__setattr__(value, name, field)
    return value


def _sorted(document: str) -> str:
    return json.dumps(json.loads(document), sort_keys=True)
