"""The searches that find candidates, each with its provenance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tastebench.domain.columns import Bools, CatalogueColumns, Float, Ints, Vectors, positions
from tastebench.domain.errors import IndexUnavailable
from tastebench.domain.evidence import SearchTrace
from tastebench.domain.ports import Hits, VectorIndex
from tastebench.learning.likes import Standing
from tastebench.stores.exact_index import exact_search

_OVERFETCH_LIMIT = 50
"""So many results are fetched beyond need, for blocked items among them to be dropped: the index is exact to a few
hundred results, and what is left after dropping is still the head of the exact list."""
_BLOCKED_LIMIT = 300
"""With more blocked items than this, the exact search is the better one."""


@dataclass(frozen=True)
class VectorQuery:
    """A search by vector: its name, its sentence for people, and the unit vector looked for."""

    name: str
    provenance: str
    vector: Float


@dataclass(frozen=True)
class Field:
    """Where searches run: the catalogue, who may appear, and the index if there is one."""

    catalogue: CatalogueColumns
    permitted: Bools
    index: VectorIndex | None
    filtered: bool

    def trace(self, name: str, provenance: str, rows: Ints, scores: Float) -> SearchTrace:
        """Return the trace of a search that found these catalogue rows."""
        item_ids = tuple(map(self.catalogue.item_ids.__getitem__, rows.tolist()))
        return SearchTrace(name, provenance, self.catalogue.keys[rows], item_ids, scores)


def by_vector(field: Field, queries: Sequence[VectorQuery], limit: int) -> tuple[list[SearchTrace], str]:
    """Return the traces of all vector queries, run in one call, and a note where the index had to be passed over."""
    if not queries:
        return [], ""
    vectors = np.asarray([query.vector for query in queries], dtype=np.float32)
    try:
        found, note = _search(field, vectors, limit), ""
    except IndexUnavailable:
        found = _exact(field, vectors, limit)
        note = "The vector index doesn't answer, so all items were compared one by one. Rebuild it on Home."
    pairs = zip(queries, found, strict=True)
    rows_of = field.catalogue.keys
    return [field.trace(q.name, q.provenance, positions(rows_of, h.keys), h.similarities) for q, h in pairs], note


def _search(field: Field, vectors: Vectors, limit: int) -> list[Hits]:
    blocked = int(np.count_nonzero(~field.permitted))
    if field.index is None or field.filtered or blocked > _BLOCKED_LIMIT:
        return _exact(field, vectors, limit)
    found = field.index.search(vectors, limit + min(blocked, _OVERFETCH_LIMIT))
    return [_kept(field, hits, query, limit) for hits, query in zip(found, vectors, strict=True)]


def _exact(field: Field, vectors: Vectors, limit: int) -> list[Hits]:
    searchable = field.permitted & field.catalogue.embedded
    return exact_search(field.catalogue.vectors, field.catalogue.keys, searchable, vectors, limit)


def _kept(field: Field, hits: Hits, query: Vectors, limit: int) -> Hits:
    """Return the permitted hits, compared anew: the index chooses them, its own arithmetic decides no place."""
    rows = positions(field.catalogue.keys, hits.keys)
    allowed = rows >= 0
    allowed[allowed] = field.permitted[rows[allowed]]
    chosen = rows[allowed]
    return exact_search(field.catalogue.vectors[chosen], field.catalogue.keys[chosen], None, query[None, :], limit)[0]


def by_count(field: Field, name: str, provenance: str, scores: Float, limit: int) -> SearchTrace:
    """Return the permitted items with the largest positive scores (one per catalogue item), ties by id."""
    rows = np.flatnonzero(field.permitted & (scores > 0))
    if len(rows) > limit:
        edge = np.partition(scores[rows], len(rows) - limit)[len(rows) - limit]
        rows = rows[scores[rows] >= edge]
    order = np.lexsort((field.catalogue.id_order[rows], -scores[rows]))[:limit]
    return field.trace(name, provenance, rows[order], scores[rows[order]])


def liked_clusters(catalogue: CatalogueColumns, own: Standing, recent: int, clusters: int) -> list[VectorQuery]:
    """Return a query for the centre of each cluster of the last `recent` liked items.

    Average linkage over cosine distance, at most `clusters` of them; the newest like's cluster comes first.
    """
    rows = positions(catalogue.keys, own.liked_newest_first)
    rows = rows[rows >= 0]
    rows = rows[catalogue.embedded[rows]][:recent]
    if not len(rows) or not clusters:
        return []
    labels = _labels(catalogue.vectors[rows], clusters)
    first_seen = list(dict.fromkeys(labels.tolist()))
    groups = [rows[labels == label] for label in first_seen]
    return [_centre(catalogue, number, group) for number, group in enumerate(groups, start=1)]


def _labels(vectors: Vectors, clusters: int) -> Ints:
    if len(vectors) == 1:
        return np.ones(1, dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage  # slow to import: only who has likes pays for it

    cosine_distances = np.clip(1.0 - vectors.astype(np.float64) @ vectors.T, 0.0, 2.0)
    tree = linkage(cosine_distances[np.triu_indices(len(vectors), 1)], method="average")
    return np.asarray(fcluster(tree, t=clusters, criterion="maxclust"), dtype=np.int64)


def _centre(catalogue: CatalogueColumns, number: int, rows: Ints) -> VectorQuery:
    mean = catalogue.vectors[rows].astype(np.float64).mean(axis=0)
    norm = np.linalg.norm(mean)
    others = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    provenance = f"Close to {catalogue.titles[rows[0]]}{others} that you liked"
    return VectorQuery(f"liked {number}", provenance, mean / norm if norm > 0 else mean)
