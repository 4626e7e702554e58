"""Filters as Weaviate's programs write them, as far as a ranking's filters can say the same."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from tastebench.agent.values import identity
from tastebench.domain.errors import InvalidInput
from tastebench.domain.request import Filters, Range
from tastebench.services.workspace import Workspace

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "not_equal": "a filter says what items must be",
        "like": "texts are not compared with patterns",
        "contains_all": "of a facet's tags, any one will do",
        "contains_none": "a filter says what items must be",
        "is_none": "a filter says what items must be",
        "within_geo_range": "items have no places on a map",
        "any_of": "all conditions must hold",
        "not_": "a filter says what items must be",
        "by_ref": "items don't refer to others",
        "by_ref_multi_target": "items don't refer to others",
        "by_ref_count": "items don't refer to others",
        "by_creation_time": "a list as of a moment leaves out what is newer",
        "by_update_time": "what is known of an item is what it is today",
    }
)
"""What can be written with Weaviate's `Filter` and not here, and why."""


def _refuse(name: str) -> NoReturn:
    if name not in REFUSED:
        raise AttributeError(f"filters have no {name!r}")
    raise InvalidInput(f"Filters have no {name!r} here: {REFUSED[name]}.", "Filter by tags, numbers and ids.")


@dataclass(frozen=True)
class Condition:
    """What must hold of one property, or of the id where `name` is empty: one of these values, or a range."""

    name: str
    any_of: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Conditions:
    """Conditions that must all hold."""

    parts: tuple[Condition, ...]

    def __and__(self, other: "Conditions") -> "Conditions":
        return Conditions((*self.parts, *other.parts))

    def __or__(self, other: "Conditions") -> NoReturn:
        _refuse("any_of")

    def __invert__(self) -> NoReturn:
        _refuse("not_")


class _ByProperty:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> NoReturn:
        _refuse(name)

    def equal(self, value: object) -> Conditions:
        """Require a tag of a facet, or a number."""
        if isinstance(value, str):
            return self.contains_any([value])
        number = self._number(value)
        return self._range(number, number)

    def contains_any(self, values: Sequence[object]) -> Conditions:
        """Require one of these tags of a facet."""
        tags = tuple(value for value in values if isinstance(value, str) and value)
        if isinstance(values, str) or not tags or len(tags) < len(values):
            raise InvalidInput(f"{self._name} cannot contain any of {values!r}.", "Give a list of tags.")
        return Conditions((Condition(self._name, tags),))

    def greater_than(self, value: object) -> Conditions:
        """Require a number above `value`."""
        return self._range(math.nextafter(self._number(value), math.inf), None)

    def greater_or_equal(self, value: object) -> Conditions:
        """Require a number of at least `value`."""
        return self._range(self._number(value), None)

    def less_than(self, value: object) -> Conditions:
        """Require a number below `value`."""
        return self._range(None, math.nextafter(self._number(value), -math.inf))

    def less_or_equal(self, value: object) -> Conditions:
        """Require a number of at most `value`."""
        return self._range(None, self._number(value))

    def _range(self, low: float | None, high: float | None) -> Conditions:
        return Conditions((Condition(self._name, low=low, high=high),))

    def _number(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
            raise InvalidInput(f"{self._name} is compared with {value!r}, which is no number.", "Give a number.")
        return float(value)


class _ById:
    def __getattr__(self, name: str) -> NoReturn:
        _refuse(name)

    def equal(self, value: object) -> Conditions:
        """Require this item."""
        return self.contains_any([value])

    def contains_any(self, values: Sequence[object]) -> Conditions:
        """Require one of these items."""
        if isinstance(values, str) or not values:
            raise InvalidInput(f"No item has one of the ids {values!r}.", "Give a list of ids.")
        return Conditions((Condition("", tuple(str(identity(value)) for value in values)),))


class _Refusing(type):
    def __getattr__(cls, name: str) -> NoReturn:
        _refuse(name)


class Filter(metaclass=_Refusing):
    """Where conditions begin, as in ``Filter.by_property("year").greater_than(1990)``; ``&`` joins them.

    What Weaviate's `Filter` can say and this one cannot is refused with a sentence, see `REFUSED`.
    """

    @staticmethod
    def by_property(name: str) -> _ByProperty:
        """Begin a condition on a facet or a numeric attribute."""
        return _ByProperty(name)

    @staticmethod
    def by_id() -> _ById:
        """Begin a condition on items' ids."""
        return _ById()

    @staticmethod
    def all_of(filters: Sequence[Conditions]) -> Conditions:
        """Return the conditions of all of these."""
        return Conditions(tuple(part for one in filters for part in one.parts))


def filters_of(conditions: Conditions | None, workspace: Workspace) -> Filters | None:
    """Return the ranking's filters that say the same.

    Raises
    ------
    InvalidInput
        Where the workspace has no facet or numeric attribute of a name, or one facet is named twice.
    """
    if conditions is None:
        return None
    if not isinstance(conditions, Conditions):
        raise InvalidInput(f"The filters are {conditions!r}.", "Write them with tastebench.agent.Filter.")
    tags = [part for part in conditions.parts if part.name and part.any_of]
    ids = [set(part.any_of) for part in conditions.parts if not part.name]
    return Filters(
        facets=_facets(tags, workspace),
        ranges=_ranges([part for part in conditions.parts if not part.any_of], workspace),
        only_items=tuple(sorted(set.intersection(*ids))) if ids else None,
    )


def _facets(parts: Sequence[Condition], workspace: Workspace) -> dict[str, tuple[str, ...]]:
    known, facets = workspace.tags() if parts else {}, dict[str, tuple[str, ...]]()
    for part in parts:
        if part.name not in known:
            there = f"Its facets are: {', '.join(known)}." if known else "It has none."
            raise InvalidInput(f"The workspace has no facet {part.name!r}.", there)
        if part.name in facets:
            raise InvalidInput(f"{part.name} is asked for twice.", "Put all its tags into one contains_any.")
        wanted = {tag.casefold() for tag in part.any_of}
        alike = [tag for tag in known[part.name] if tag.casefold() in wanted]
        facets[part.name] = tuple(alike) or part.any_of
    return facets


def _ranges(parts: Sequence[Condition], workspace: Workspace) -> dict[str, Range]:
    known, ranges = workspace.attribute_ranges() if parts else {}, dict[str, Range]()
    for part in parts:
        if part.name not in known:
            there = f"Its numbers are: {', '.join(known)}." if known else "It has none."
            raise InvalidInput(f"The workspace has no numeric attribute {part.name!r}.", there)
        low, high = ranges.get(part.name, (None, None))
        ranges[part.name] = (_of(max, low, part.low), _of(min, high, part.high))
    return ranges


def _of(choose: Callable[[list[float]], float], *bounds: float | None) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    return choose(known) if known else None
