"""The exact index: every vector compared, in NumPy. Small catalogues, filtered searches and read-only commands."""

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, Vectors, positions
from tastebench.domain.ports import Hits
from tastebench.stores.vectors import checked_rows, no_hits, unit_queries

_FLOAT32_ERROR = 2e-6
"""More than two float32 products of unit vectors are off together (measured: 7e-7 each, 32 to 4,096 dimensions)."""
_COPIED_SHARE = 0.3
"""Up to this share of permitted rows, copying them out is the faster way (measured at 100,000 × 384)."""


def exact_search(vectors: Vectors, keys: Ints, permitted: Bools | None, queries: Vectors, limit: int) -> list[Hits]:
    """Return for each query the up to `limit` nearest of the permitted rows, best first, ties by key.

    Equal vectors have equal similarities, whatever stands beside them: a float32 product chooses who comes into
    question, and each of those is then computed anew in float64.

    Parameters
    ----------
    vectors : float32 array (n, d)
        Unit rows. A zero row is compared like any other (similarity 0): leave out what is not embedded.
    keys : int array (n,)
    permitted : bool array (n,), optional
        Rows that may be found; None for all.
    queries : float array (q, d)
        Any length but zero; a zero query has no direction and finds nothing.
    limit : int
        Fewer come back where fewer are permitted.

    Examples
    --------
    >>> hits = exact_search(np.eye(2, dtype=np.float32), np.array([4, 7]), None, np.array([[3.0, 4.0]]), 1)
    >>> hits[0].keys.tolist(), hits[0].similarities.round(3).tolist()
    ([7], [0.8])
    """
    directions = unit_queries(queries, vectors.shape[1])
    rows = np.arange(len(keys)) if permitted is None else np.flatnonzero(permitted)
    if limit < 1 or not len(rows):
        return [no_hits() for _ in directions]
    return [
        _best(vectors, keys, rows, direction, product, limit) if direction.any() else no_hits()
        for direction, product in zip(directions, _products(vectors, rows, directions), strict=True)
    ]


def _products(vectors: Vectors, rows: Ints, directions: Vectors) -> Vectors:
    """Return each direction's product with the rows. Copying many of them out first costs more than multiplying all."""
    if len(rows) < _COPIED_SHARE * len(vectors):
        return directions @ vectors[rows].T
    products = directions @ vectors.T
    return products if len(rows) == len(vectors) else products[:, rows]


def _best(vectors: Vectors, keys: Ints, rows: Ints, direction: Vectors, product: Vectors, limit: int) -> Hits:
    if limit < len(rows):
        edge = np.partition(product, len(rows) - limit)[len(rows) - limit]
        rows = rows[product >= edge - _FLOAT32_ERROR]
    similarities = _similarities(vectors[rows], direction)
    order = np.lexsort((keys[rows], -similarities))[:limit]
    return Hits(keys[rows[order]], similarities[order])


def _similarities(vectors: Vectors, direction: Vectors) -> Float:
    # Row by row, not a matrix product: BLAS sums in an order that depends on where in the matrix a row stands.
    sums = np.vecdot(vectors.astype(np.float64), direction)
    return np.asarray(np.clip(sums, -1.0, 1.0), dtype=np.float64)


class ExactIndex:
    """A vector index that compares every vector: exact, in memory, gone with the process.

    Parameters
    ----------
    dimension : int
        Length of a vector.
    keys, vectors : arrays, optional
        What it holds from the start. They are kept, not copied, and never written to.
    """

    def __init__(self, dimension: int, keys: Ints | None = None, vectors: Vectors | None = None) -> None:
        self.dimension = dimension
        nothing = np.empty(0, dtype=np.int64), np.empty((0, dimension), dtype=np.float32)
        # One tuple that is replaced as a whole: a search in another thread sees the old rows or the new ones.
        self._rows = nothing if keys is None or vectors is None else checked_rows(keys, vectors, dimension)

    def count(self) -> int:
        """Return how many vectors it holds."""
        return len(self._rows[0])

    def keys(self) -> Ints:
        """Return the item keys it holds, ascending."""
        return self._rows[0]

    def upsert(self, keys: Ints, vectors: Vectors) -> None:
        """Add or replace vectors. Raises `InvalidInput` where one hasn't the index's dimension or isn't finite."""
        fresh_keys, fresh = checked_rows(keys, vectors, self.dimension)
        held_keys, held = self._rows
        staying = positions(fresh_keys, held_keys) < 0
        merged = np.concatenate([held_keys[staying], fresh_keys])
        order = np.argsort(merged)
        self._rows = merged[order], np.concatenate([held[staying], fresh])[order]

    def delete(self, keys: Ints) -> None:
        """Remove vectors; unknown keys are ignored."""
        held_keys, held = self._rows
        staying = ~np.isin(held_keys, keys)
        self._rows = held_keys[staying], held[staying]

    def search(self, queries: Vectors, limit: int) -> list[Hits]:
        """Return for each query row its up to `limit` nearest items, best first, ties by key."""
        keys, vectors = self._rows
        return exact_search(vectors, keys, None, queries, limit)
