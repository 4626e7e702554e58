"""The catalogue in columns."""

import json
from array import array
from collections.abc import Iterator, Mapping
from itertools import compress
from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import Connection

from tastebench.domain.columns import CatalogueColumns, Float, Ints, TagColumn, Vectors, positions
from tastebench.stores.column_rows import batches, integers, matrix

Cells: TypeAlias = "tuple[array[int], array[float]]"
"""Rows that have a value, and the values."""

_ALWAYS = int(np.iinfo(np.int64).min)
_LARGEST = 1e300

# A bare workspace_key would send SQLite through an index, row by row; the plus keeps it on the table, in key order.
_ITEMS = """
    SELECT key, item_id, title, creator, COALESCE(created_at, :always), available, facets, attributes
    FROM items WHERE +workspace_key = :workspace AND deleted_at IS NULL ORDER BY key"""
_VECTORS = "SELECT item_key, vector FROM item_vectors WHERE +workspace_key = :workspace ORDER BY item_key"


class SparseAttributes(Mapping[str, Float]):
    """Numeric attributes, each spread over all items (NaN where one lacks it) only when asked for.

    A file may bring thousands of columns that few items fill: all of them spread out would not fit in memory.
    """

    def __init__(self, count: int, cells: Mapping[str, Cells]) -> None:
        self._count = count
        self._cells = cells

    def __getitem__(self, name: str) -> Float:
        rows, values = self._cells[name]
        column = np.full(self._count, np.nan)
        column[np.frombuffer(rows, dtype=np.int64)] = np.frombuffer(values)
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def load_catalogue(connection: Connection, workspace: int, dimension: int) -> CatalogueColumns:
    """Return the items that are not deleted, with their vectors; an item without a title goes by its id.

    Raises
    ------
    EncoderMismatch
        Where a stored vector hasn't `dimension` numbers.
    """
    items = _Items()
    for batch in batches(connection, _ITEMS, workspace=workspace, always=_ALWAYS):
        items.add(*batch)
    keys = np.frombuffer(items.keys, dtype=np.int64)
    return CatalogueColumns(
        keys,
        tuple(items.ids),
        tuple(items.titles),
        _vectors(connection, workspace, keys, dimension),
        np.frombuffer(items.created_at, dtype=np.int64),
        np.frombuffer(items.available, dtype=np.bool_),
        np.frombuffer(items.creators, dtype=np.int64),
        tuple(items.creator_names)[1:],
        {name: facet.column(len(keys)) for name, facet in items.facets.items()},
        SparseAttributes(len(keys), items.attributes),
    )


class _Facet:
    """Tags of one facet on their way into a column."""

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.rows = array("q")

    def add(self, row: int, tags: list[str]) -> None:
        self.tags += tags
        self.rows.extend([row] * len(tags))

    def column(self, count: int) -> TagColumn:
        codes = {tag: code for code, tag in enumerate(dict.fromkeys(self.tags))}
        cells = np.fromiter(map(codes.__getitem__, self.tags), dtype=np.int64, count=len(self.tags))
        starts = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(np.frombuffer(self.rows, dtype=np.int64), minlength=count), out=starts[1:])
        return TagColumn(tuple(codes), cells, starts)


class _Items:
    """Rows of the catalogue on their way into columns."""

    def __init__(self) -> None:
        self.keys, self.created_at, self.available, self.creators = array("q"), array("q"), array("b"), array("q")
        self.ids: list[str] = []
        self.titles: list[str] = []
        self.creator_names = {"": -1}
        self.facets: dict[str, _Facet] = {}
        self.attributes: dict[str, Cells] = {}

    def add(
        self,
        keys: tuple[int, ...],
        ids: tuple[str, ...],
        titles: tuple[str, ...],
        creators: tuple[str, ...],
        created_at: tuple[int, ...],
        available: tuple[int, ...],
        facets: tuple[str, ...],
        attributes: tuple[str, ...],
    ) -> None:
        first = len(self.ids)
        self.keys.extend(keys)
        self.ids += ids
        self.titles += [title or item_id for title, item_id in zip(titles, ids, strict=True)]
        self.created_at.extend(created_at)
        self.available.extend(map(bool, available))
        self.creators.extend(self.creator_names.setdefault(name, len(self.creator_names) - 1) for name in creators)
        for row, (tags, values) in enumerate(zip(_parsed(facets), _parsed(attributes), strict=True), start=first):
            self._add_tags(row, tags)
            self._add_values(row, values)

    def _add_tags(self, row: int, facets: dict[str, list[str]]) -> None:
        for name, tags in facets.items():
            if name not in self.facets:
                self.facets[name] = _Facet()
            self.facets[name].add(row, tags)

    def _add_values(self, row: int, attributes: dict[str, Any]) -> None:
        for name, value in attributes.items():
            # A truth value is no number here, and neither is one too large for a float.
            if type(value) in (int, float) and -_LARGEST < value < _LARGEST:
                rows, values = self.attributes.setdefault(name, (array("q"), array("d")))
                rows.append(row)
                values.append(value)


def _parsed(documents: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what the JSON documents say, read in one go."""
    parsed: list[dict[str, Any]] = json.loads(f"[{','.join(documents)}]")
    return parsed


def _vectors(connection: Connection, workspace: int, keys: Ints, dimension: int) -> Vectors:
    vectors = np.zeros((len(keys), dimension), dtype=np.float32)
    for item_keys, blobs in batches(connection, _VECTORS, workspace=workspace):
        rows = positions(keys, integers(item_keys))
        found = rows >= 0
        vectors[rows[found]] = matrix(list(compress(blobs, found)), dimension)
    return vectors
