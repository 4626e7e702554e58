"""The personas whose taste is closest, and what they liked."""

import numpy as np

from tastebench.domain.columns import Ints, positions
from tastebench.domain.evidence import SimilarPersonas, Taste
from tastebench.domain.profile import ScoringProfile
from tastebench.ranking.snapshot import Snapshot


def similar_personas(snapshot: Snapshot, key: int, taste: Taste, profile: ScoringProfile, now: int) -> SimilarPersonas:
    """Return the `profile.collaborative.neighbours` personas closest in taste, ties by key; `liked` is (n items, k)."""
    rows, cosines = _closest(snapshot, key, taste, profile, now)
    # Column by column in memory: it is filled and counted that way, sixteen times faster than row by row.
    liked = np.zeros((len(snapshot.catalogue), len(rows)), dtype=np.bool_, order="F")
    for column, row in enumerate(rows):
        theirs = snapshot.standing.of(int(snapshot.personas.keys[row]))
        items = positions(snapshot.catalogue.keys, theirs.items[theirs.likes])
        liked[items[items >= 0], column] = True
    return SimilarPersonas(tuple(snapshot.personas.persona_ids[row] for row in rows), cosines, liked)


def _closest(
    snapshot: Snapshot, key: int, taste: Taste, profile: ScoringProfile, now: int
) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    if not taste:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    cosines = snapshot.tastes(profile.taste).cosines(taste.vector, now)
    others = np.flatnonzero(~np.isnan(cosines) & (snapshot.personas.keys != key))
    order = np.lexsort((others, -np.round(cosines[others], 12)))
    rows = others[order[: profile.collaborative.neighbours]]
    return rows, np.clip(cosines[rows], -1.0, 1.0)
