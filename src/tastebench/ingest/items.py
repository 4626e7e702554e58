"""Rows to items of a catalogue."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from pydantic import ValidationError

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput
from tastebench.domain.item import Attribute, Item
from tastebench.domain.reports import Rejection
from tastebench.ingest.columns import BadCell, bad_cell, read, read_optional
from tastebench.ingest.fields import ItemMapping, check_mapping
from tastebench.ingest.names import YEAR_IN_TITLE
from tastebench.ingest.rows import RawRow, RowSource, sentence, shown
from tastebench.ingest.values import (
    parse_attribute,
    parse_bool,
    parse_id,
    parse_tags,
    parse_text,
    parse_time,
)


def parse_items(source: RowSource, mapping: ItemMapping) -> Iterator[Item | Rejection]:
    """Return the source's items, and the rejection of each row that gives none; one result per row, in order.

    The first row with an id counts; later ones with the same id (after cleaning) are rejected.

    Raises
    ------
    InvalidInput
        Where the mapping does not fit the columns; at once, before a row is read.
    """
    check_mapping(mapping, source.columns)
    return _items(source, mapping)


def _items(source: RowSource, mapping: ItemMapping) -> Iterator[Item | Rejection]:
    rows_of: dict[str, int] = {}
    for row in source.rows:
        if isinstance(row, Rejection):
            yield row
            continue
        try:
            item = _item(row.values, mapping)
        except BadCell as bad:
            yield Rejection(row.number, bad.column, bad.reason)
            continue
        first = rows_of.setdefault(item.item_id, row.number)
        yield item if first == row.number else _doubled(row, item.item_id, mapping.item_id, first)


def _doubled(row: RawRow, one_id: str, column: str, first: int) -> Rejection:
    return Rejection(row.number, column, f"The id {shown(one_id)} already stands in row {first:,}; ids must differ.")


def _item(values: Mapping[str, object], mapping: ItemMapping) -> Item:
    tags = partial(parse_tags, separator=mapping.tag_separator, none=mapping.no_tags)
    available = read_optional(values, mapping.available, parse_bool)
    fields: dict[str, Any] = {
        "item_id": read(values, mapping.item_id, parse_id),
        "title": read_optional(values, mapping.title, parse_text) or "",
        "description": read_optional(values, mapping.description, parse_text) or "",
        "creator": _creator(values, mapping),
        "created_at": _created_at(values, mapping),
        "available": True if available is None else available,
        "facets": {facet: read_optional(values, column, tags) or () for facet, column in mapping.facets.items()},
        "attributes": _attributes(values, mapping),
    }
    try:
        return Item(**fields)
    except ValidationError as error:
        _refuse(error, fields, mapping)


def _creator(values: Mapping[str, object], mapping: ItemMapping) -> str:
    """Return the creator; several in a list are joined."""
    value = values.get(mapping.creator) if mapping.creator else None
    if isinstance(value, (list, tuple)):
        return ", ".join(read(values, mapping.creator, parse_tags))
    return read_optional(values, mapping.creator, parse_text) or ""


def _created_at(values: Mapping[str, object], mapping: ItemMapping) -> datetime | None:
    return read_optional(values, mapping.created_at, partial(parse_time, date_order=mapping.date_order))


def _attributes(values: Mapping[str, object], mapping: ItemMapping) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    for name, column in mapping.attributes.items():
        parse = partial(parse_attribute, as_text=column in mapping.text_columns)
        if (value := read_optional(values, column, parse)) is not None and value != "":
            attributes[name] = value
    if mapping.year_from_title and mapping.title and "year" not in attributes:
        year = YEAR_IN_TITLE.search(str(values.get(mapping.title) or ""))
        attributes.update({"year": int(year[1])} if year else {})
    return attributes


def _refuse(error: ValidationError, fields: Mapping[str, Any], mapping: ItemMapping) -> NoReturn:
    """Raise `BadCell` for the column at fault, looking into facets and attributes one by one."""
    for facet, tags in fields["facets"].items():
        try:
            text.checked_tags({facet: tags}, "facets")
        except InvalidInput as problem:
            raise BadCell(mapping.facets[facet], sentence(problem.message)) from None
    for name, value in fields["attributes"].items():
        try:
            text.checked(str(value), name, text.TEXT_LIMIT)
        except InvalidInput as problem:
            raise BadCell(mapping.attributes.get(name, ""), sentence(problem.message)) from None
    raise bad_cell(error, dict(mapping.columns_used())) from None
