"""What both vector indexes ask of the vectors they are given."""

import numpy as np

from tastebench.domain.columns import Ints, Vectors
from tastebench.domain.errors import InvalidInput
from tastebench.domain.ports import Hits


def no_hits() -> Hits:
    """Return the result of a search that found nothing."""
    return Hits(np.empty(0, dtype=np.int64), np.empty(0))


def checked_rows(keys: Ints, vectors: Vectors, dimension: int) -> tuple[Ints, Vectors]:
    """Return keys ascending and each once, with their vectors; of a key named twice the last vector counts.

    Raises
    ------
    InvalidInput
        Where keys and vectors differ in number, a vector hasn't `dimension` numbers, or one isn't finite.

    Examples
    --------
    >>> keys, vectors = checked_rows(np.array([5, 2, 5]), np.array([[1, 0], [0, 1], [0, -1]]), 2)
    >>> keys.tolist(), vectors.tolist()
    ([2, 5], [[0.0, 1.0], [0.0, -1.0]])
    """
    rows = _matrix(vectors, dimension)
    if len(keys) != len(rows):
        raise InvalidInput(f"{len(keys)} keys came with {len(rows)} vectors.", "Give one vector for each key.")
    names = np.asarray(keys, dtype=np.int64)
    if len(names) < 2 or (np.diff(names) > 0).all():
        return names, rows
    unique, last = np.unique(names[::-1], return_index=True)
    return unique, rows[len(names) - 1 - last]


def unit_queries(queries: Vectors, dimension: int) -> Vectors:
    """Return the queries as unit rows; a zero row has no direction and stays zero. Raises `InvalidInput` as above."""
    rows = _matrix(queries, dimension)
    # float32 all the way: a float64 norm would promote the rows, and the product with them takes ten times as long.
    norms = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
    directions = np.zeros_like(rows)
    np.divide(rows, norms, out=directions, where=norms > 0)
    return directions


def _matrix(vectors: Vectors, dimension: int) -> Vectors:
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != dimension:
        raise InvalidInput(
            f"vectors of shape {rows.shape} came to an index of {dimension} dimensions.",
            "Embed the texts again with the workspace's model.",
        )
    if not np.isfinite(rows).all():
        raise InvalidInput("a vector has a number that is not finite.", "Embed its text again.")
    return rows
