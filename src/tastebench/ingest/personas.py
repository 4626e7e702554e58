"""Rows to personas."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from tastebench.domain.errors import InvalidInput
from tastebench.domain.persona import Persona, Property
from tastebench.domain.reports import Rejection
from tastebench.ingest.columns import BadCell, bad_cell, read, read_optional
from tastebench.ingest.fields import PersonaMapping, check_mapping
from tastebench.ingest.mapping import guess_personas
from tastebench.ingest.rows import RowSource, sentence, shown
from tastebench.ingest.values import is_missing, parse_attribute, parse_id, parse_tags, parse_text, parse_time

T = TypeVar("T")

_CHOICES = ("skill_level", "communication_style", "origin")


def parse_personas(source: RowSource, mapping: PersonaMapping | None = None) -> Iterator[Persona | Rejection]:
    """Return the source's personas, and the rejection of each row that gives none; one result per row, in order.

    JSON Lines, a JSON array or a table. Without an origin of their own they are ``imported``; the first row with an
    id counts. A JSON object in `interests` or `properties` and columns of their own may stand side by side.

    Parameters
    ----------
    mapping : PersonaMapping, optional
        Guessed from the columns' names when missing.

    Raises
    ------
    InvalidInput
        Where the mapping does not fit the columns; at once, before a row is read.
    """
    mapping = mapping or guess_personas(source.columns, source.peek())
    check_mapping(mapping, source.columns)
    return _personas(source, mapping)


def _personas(source: RowSource, mapping: PersonaMapping) -> Iterator[Persona | Rejection]:
    rows_of: dict[str, int] = {}
    for row in source.rows:
        if isinstance(row, Rejection):
            yield row
            continue
        try:
            persona = _persona(row.values, mapping)
        except BadCell as bad:
            yield Rejection(row.number, bad.column, bad.reason)
            continue
        first = rows_of.setdefault(persona.persona_id, row.number) if persona.persona_id else row.number
        if first == row.number:
            yield persona
        else:
            doubled = f"The id {shown(persona.persona_id)} already stands in row {first:,}; ids must differ."
            yield Rejection(row.number, mapping.persona_id, doubled)


def _persona(values: Mapping[str, object], mapping: PersonaMapping) -> Persona:
    persona_id = read_optional(values, mapping.persona_id, parse_id) or ""
    fields: dict[str, Any] = {
        "persona_id": persona_id,
        "name": read_optional(values, mapping.name, parse_text) or persona_id,
        "description": read_optional(values, mapping.description, parse_text) or "",
        "face": read_optional(values, mapping.face, parse_text) or "",
        "created_at": read_optional(values, mapping.created_at, partial(parse_time, date_order=mapping.date_order)),
        "interests": _interests(values, mapping),
        "properties": _properties(values, mapping),
        "origin": "imported",
    }
    for choice in _CHOICES:
        if written := read_optional(values, getattr(mapping, choice), parse_text):
            fields[choice] = written.strip().lower()
    try:
        return Persona(**fields)
    except ValidationError as error:
        raise bad_cell(error, mapping.as_dict()) from None


def _interests(values: Mapping[str, object], mapping: PersonaMapping) -> dict[str, tuple[str, ...]]:
    tags = partial(parse_tags, separator=mapping.tag_separator)
    interests = _parsed_object(values, mapping.interests, tags)
    for facet, column in mapping.interest_columns.items():
        own = read_optional(values, column, tags) or ()
        interests[facet] = tuple(dict.fromkeys((*interests.get(facet, ()), *own)))
    return interests


def _properties(values: Mapping[str, object], mapping: PersonaMapping) -> dict[str, Property]:
    properties: dict[str, Property | None] = _parsed_object(values, mapping.properties, _parse_property)
    for name, column in mapping.property_columns.items():
        properties[name] = read_optional(values, column, _parse_property)
    return {name: value for name, value in properties.items() if value is not None}


def _parse_property(value: object) -> Property | None:
    if not isinstance(value, list):
        return parse_attribute(value)
    found = [parse_attribute(one) for one in value]
    return tuple(one for one in found if one is not None) or None


def _parsed_object(values: Mapping[str, object], column: str, parse: Callable[[Any], T]) -> dict[str, T]:
    """Return the values of a column's object, each parsed; missing ones are left out."""
    if not column or is_missing(values.get(column)):
        return {}
    stated = read(values, column, _parse_object)
    try:
        return {name: read(stated, name, parse) for name, value in stated.items() if not is_missing(value)}
    except BadCell as bad:
        raise BadCell(column, f"In {shown(bad.column)}: {bad.reason}") from None


def _parse_object(value: object) -> Mapping[str, object]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise InvalidInput(f"{shown(value)} is not a JSON object.") from None
    if not isinstance(value, Mapping):
        raise InvalidInput(sentence(f"{shown(value)} is not an object"))
    return value
