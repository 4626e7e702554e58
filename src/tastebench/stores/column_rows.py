"""Rows on their way into columns: read in batches, straight from the driver."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from tastebench.domain.columns import Ints, Vectors
from tastebench.domain.errors import EncoderMismatch

_ROWS_AT_ONCE = 300
"""Small enough that a batch's objects are gone before Python's collector comes to look through them."""


def batches(connection: Connection, query: str, **values: object) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """Yield the columns of a few hundred rows at a time. The driver's own rows cost half of what SQLAlchemy's do."""
    with closing(connection.execute(text(query), values)) as result:
        cursor: Any = result.cursor
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield tuple(zip(*rows, strict=True))


def integers(values: Any) -> Ints:
    """Return `values` as int64."""
    return np.array(values, dtype=np.int64)


def matrix(blobs: list[bytes], dimension: int) -> Vectors:
    """Return stored vectors as the rows of a float32 array.

    Raises
    ------
    EncoderMismatch
        Where one hasn't `dimension` numbers.
    """
    strange = {len(blob) for blob in blobs} - {4 * dimension}
    if strange:
        raise EncoderMismatch(
            f"Stored vectors have {strange.pop() // 4} numbers each; {dimension} are expected.",
            "Choose the embedding model they were made with, or embed anew: tastebench rebuild --embed.",
        )
    return np.frombuffer(b"".join(blobs), dtype="<f4").reshape(-1, dimension)
