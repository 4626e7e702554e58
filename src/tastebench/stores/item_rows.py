"""Items as rows and back."""

import hashlib
from typing import Any

from sqlalchemy import RowMapping

from tastebench.domain.errors import NotFound
from tastebench.domain.item import Item
from tastebench.stores import documents
from tastebench.stores.folding import search_text
from tastebench.stores.item_keys import allocated_keys
from tastebench.stores.schema import item_versions, items
from tastebench.stores.versioned import Versioned

COLUMNS = [
    items.c[name]
    for name in (
        "key", "item_id", "title", "description", "facets", "creator", "created_at", "available", "attributes",
        "content_hash",
    )
]  # fmt: skip
"""What `item_of` reads."""


def text_hash(text: str) -> bytes:
    """Return the 16 bytes by which an embedded text is recognised."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def content_hash(item: Item) -> bytes:
    """Return 16 bytes that change whenever what the encoder reads of the item does."""
    return text_hash(item.embedded_text)


def item_of(row: RowMapping) -> Item:
    """Return the item in a row of `COLUMNS`."""
    return documents.trusted(
        Item,
        {
            **{name: row[name] for name in ("item_id", "title", "description", "creator", "available")},
            "facets": documents.tags(row["facets"]),
            "created_at": documents.moment(row["created_at"]),
            "attributes": documents.loaded(row["attributes"]),
        },
    )


def _content(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "description": item.description,
        "creator": item.creator,
        "created_at": documents.micros(item.created_at),
        "available": item.available,
        "facets": documents.dumped(documents.plain(item.facets)),
        "attributes": documents.dumped(dict(item.attributes)),
    }


def _derived(item: Item) -> dict[str, Any]:
    searched = search_text(item.title, item.description, item.creator)
    return {"content_hash": content_hash(item), "search_text": searched}


def _missing(item_id: str) -> NotFound:
    return NotFound(f"There is no item {item_id!r} in this workspace.", "Search the catalogue for it.")


ITEMS = Versioned(
    table=items,
    versions=item_versions,
    id_name="item_id",
    revisions=("catalogue",),
    documents=("facets", "attributes"),
    content=_content,
    derived=_derived,
    fresh=lambda _: {},
    missing=_missing,
    keys=allocated_keys,
)
