"""Use cases of looking around: neighbours of an item, a taste in words, the map."""

from datetime import datetime

import numpy as np

from tastebench.domain.columns import Bools, Float, Vectors
from tastebench.domain.errors import NotFound
from tastebench.domain.moments import to_micros
from tastebench.domain.profile import ScoringProfile
from tastebench.ranking.own import Own, own_side
from tastebench.ranking.snapshot import Snapshot
from tastebench.services.moments import Moments
from tastebench.services.profiles import Profiles
from tastebench.services.views import Neighbour, TasteMap, TasteSummary
from tastebench.stores import personas
from tastebench.stores.exact_index import exact_search


class Exploring(Moments, Profiles):
    """What can be seen of a workspace's embedding space."""

    def similar(self, item_id: str, limit: int = 10) -> tuple[Neighbour, ...]:
        """Return the items closest in text, best first, itself left out. Raises `NotFound`."""
        snapshot = self._snapshot()
        row = snapshot.catalogue.position_of.get(item_id)
        if row is None:
            raise NotFound(f"There is no item {item_id!r} in this workspace.", "Check the item's id.")
        others = snapshot.catalogue.embedded.copy()
        others[row] = False
        return nearest(snapshot, snapshot.catalogue.vectors[row].astype(np.float64), limit, others)

    def taste(
        self, persona_id: str, now: datetime | None = None, profile: ScoringProfile | None = None, limit: int = 10
    ) -> TasteSummary:
        """Return a persona's taste as the tags and items nearest to it. Raises `NotFound`."""
        snapshot, own = self._own(persona_id, now, profile)
        if not own.taste:
            return TasteSummary((), (), len(own.log), "No taste yet: no history, and nothing stated.")
        note = "" if len(own.log) else "From stated interests and description alone; there is no history yet."
        items = nearest(snapshot, own.taste.vector, limit, snapshot.catalogue.embedded)
        return TasteSummary(nearest_tags(snapshot, own.taste.vector, limit), items, len(own.log), note)

    def map(self, persona_id: str | None = None, limit: int = 5000) -> TasteMap:
        """Return the items on their two principal components, the persona's taste among them.

        Beyond `limit` items, evenly spaced ones are shown.
        """
        import pandas as pd

        catalogue = self._snapshot().catalogue
        rows = np.flatnonzero(catalogue.embedded)
        rows = rows[np.linspace(0, len(rows) - 1, min(limit, len(rows))).astype(np.int64)] if len(rows) else rows
        taste = self._taste_vector(persona_id)
        points, place, explained = _projected(catalogue.vectors[rows], taste)
        column = catalogue.facets.get(self.settings.category)
        tags = [column.tags_of(int(row)) if column else () for row in rows]
        frame = pd.DataFrame(
            {
                "item_id": [catalogue.item_ids[row] for row in rows],
                "title": [catalogue.titles[row] for row in rows],
                "tags": tags,
                "x": points[:, 0],
                "y": points[:, 1],
            }
        )
        return TasteMap(frame, place, explained)

    def _taste_vector(self, persona_id: str | None) -> Float | None:
        if persona_id is None:
            return None
        _, own = self._own(persona_id, None, None)
        return own.taste.vector if own.taste else None

    def _own(self, persona_id: str, now: datetime | None, profile: ScoringProfile | None) -> tuple[Snapshot, Own]:
        moment = to_micros(now or self.default_now(persona_id).at)
        snapshot = self._snapshot().at(moment)
        with self._parts.database.read() as connection:
            stored = personas.find(connection, self._key, persona_id)
        settings = (profile or self.profile()).taste
        return snapshot, own_side(snapshot, stored.persona, stored.key, moment, settings)


def nearest_tags(snapshot: Snapshot, vector: Float, limit: int) -> tuple[tuple[str, str, float], ...]:
    """Return the tags whose items are on average closest to `vector`: (facet, tag, mean cosine), best first.

    Tags of a single item are left out: they would only repeat the nearest items.
    """
    catalogue, found = snapshot.catalogue, []
    cosines = catalogue.vectors @ vector.astype(np.float32)  # a copy of all vectors would take longer than all else
    for facet in snapshot.facets:
        column = catalogue.facets.get(facet)
        if column is None:
            continue
        rows = np.repeat(np.arange(len(catalogue)), column.counts)
        counts = np.bincount(column.codes, minlength=len(column.names))
        sums = np.bincount(column.codes, weights=cosines[rows], minlength=len(column.names))
        found += [
            (facet, name, float(total / count))
            for name, total, count in zip(column.names, sums, counts, strict=True)
            if count > 1
        ]
    return tuple(sorted(found, key=lambda tag: (-tag[2], tag[1]))[:limit])


def nearest(snapshot: Snapshot, vector: Float, limit: int, permitted: Bools) -> tuple[Neighbour, ...]:
    """Return the permitted items closest to a vector, best first."""
    catalogue = snapshot.catalogue
    hits = exact_search(catalogue.vectors, catalogue.keys, permitted, vector[None, :].astype(np.float32), limit)[0]
    column = catalogue.facets.get(snapshot.category)
    rows = np.searchsorted(catalogue.keys, hits.keys)
    return tuple(
        Neighbour(catalogue.item_ids[row], catalogue.titles[row], column.tags_of(row) if column else (), float(cosine))
        for row, cosine in zip(rows.tolist(), hits.similarities.tolist(), strict=True)
    )


def _projected(vectors: Vectors, taste: Float | None) -> tuple[Float, tuple[float, float] | None, tuple[float, float]]:
    """Return points (n, 2), the taste's place, and the share of variance of both axes."""
    if len(vectors) < 3 or not np.ptp(vectors, axis=0).any():  # in one place: there are no axes to find
        return np.zeros((len(vectors), 2)), None, (0.0, 0.0)
    from sklearn.decomposition import PCA

    model = PCA(n_components=2, random_state=0).fit(vectors.astype(np.float64))
    shares = tuple(float(share) for share in model.explained_variance_ratio_)
    place = None if taste is None else tuple(float(x) for x in model.transform(taste[None, :])[0])
    return model.transform(vectors), place, shares  # type: ignore[return-value]
