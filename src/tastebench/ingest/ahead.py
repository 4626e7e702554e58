"""Reading ahead: the first rows of a file as an import would take them, in words."""

from collections.abc import Mapping
from itertools import islice

from tastebench.domain.item import Item
from tastebench.domain.reports import Rejection
from tastebench.ingest.fields import InteractionMapping, ItemMapping
from tastebench.ingest.interactions import ParsedEvent, parse_interactions
from tastebench.ingest.items import parse_items
from tastebench.ingest.rows import RowSource

LEFT_OUT = "left out"
"""The column that says why a row gives nothing."""


def read_ahead(source: RowSource, mapping: object, limit: int) -> list[dict[str, str]]:
    """Return up to `limit` rows as they would be read: a name to its value in words, one dictionary per row.

    A row that would be left out says why under `LEFT_OUT`. Invoices and personas give no rows: what becomes of
    them is settled by the file as a whole.

    Raises
    ------
    InvalidInput
        Where the mapping does not fit the columns.
    """
    if isinstance(mapping, ItemMapping):
        return [_item(one) for one in islice(parse_items(source, mapping), limit)]
    if isinstance(mapping, InteractionMapping):
        return [_event(one) for one in islice(parse_interactions(source, mapping), limit)]
    return []


def _item(read: Item | Rejection) -> dict[str, str]:
    if isinstance(read, Rejection):
        return _refused(read)
    since = "" if read.created_at is None else f"{read.created_at:%Y-%m-%d}"
    return _said({
        "id": read.item_id, "title": read.title, **read.facets, "description": read.description,
        "creator": read.creator, "in the catalogue since": since,
        "available": "yes" if read.available else "no", **read.attributes,
    })  # fmt: skip


def _event(read: ParsedEvent | Rejection) -> dict[str, str]:
    if isinstance(read, Rejection):
        return _refused(read)
    event = read.interaction
    return _said({
        "persona": read.persona_id, "item": event.target, "action": event.action,
        "time (UTC)": "" if event.at is None else f"{event.at:%Y-%m-%d %H:%M}",
        "weight": "" if event.weight is None else f"{event.weight:+.2f}",
    })  # fmt: skip


def _refused(read: Rejection) -> dict[str, str]:
    return {LEFT_OUT: f"Row {read.row:,}{f', {read.column}' if read.column else ''}: {read.reason}"}


def _said(values: Mapping[str, object]) -> dict[str, str]:
    return {name: ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
            for name, value in values.items()}  # fmt: skip
