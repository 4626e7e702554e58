"""Keys, vectors and hits as Chroma spells them: an id is an item's key as text, and says nothing else."""

import numpy as np

from tastebench.domain.columns import Ints
from tastebench.domain.ports import Hits


def ids_of(keys: Ints) -> list[str]:
    """Return the ids of these keys."""
    return [str(key) for key in keys.tolist()]


def keys_of(ids: list[str]) -> Ints:
    """Return the keys of these ids."""
    return np.fromiter(map(int, ids), dtype=np.int64, count=len(ids))


def hits_of(ids: list[str], distances: list[float]) -> Hits:
    """Return what one query found: similarity is 1 − cosine distance, descending, ties by key.

    Examples
    --------
    >>> hits = hits_of(["12", "7", "9"], [0.5, 0.5, 0.25])
    >>> hits.keys.tolist(), hits.similarities.tolist()
    ([9, 7, 12], [0.75, 0.5, 0.5])
    """
    keys = keys_of(ids)
    similarities = np.clip(1.0 - np.asarray(distances, dtype=np.float64), -1.0, 1.0)
    order = np.lexsort((keys, -similarities))
    return Hits(keys[order], similarities[order])
