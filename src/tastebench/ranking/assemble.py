"""Evidence columns for chosen candidates."""

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, Vectors
from tastebench.domain.evidence import Evidence, SimilarPersonas
from tastebench.domain.moments import MICROSECONDS_PER_DAY
from tastebench.domain.profile import ScoringProfile
from tastebench.learning import interests
from tastebench.ranking.own import Own
from tastebench.ranking.snapshot import Snapshot


def evidence_of(
    snapshot: Snapshot, own: Own, similar: SimilarPersonas, rows: Ints, profile: ScoringProfile, now: int
) -> Evidence:
    """Return what is known of the candidates at these catalogue rows; searches and notes are the caller's to add."""
    catalogue = snapshot.catalogue
    vectors = catalogue.vectors[rows]
    facets = {name: column.take(rows) for name, column in catalogue.facets.items() if name in snapshot.facets}
    done, seen = _known(own, catalogue.keys[rows], rows, repeats=profile.repeats)
    return Evidence(
        keys=catalogue.keys[rows],
        item_ids=tuple(map(catalogue.item_ids.__getitem__, rows.tolist())),
        titles=tuple(map(catalogue.titles.__getitem__, rows.tolist())),
        id_order=catalogue.id_order[rows],
        created_at=catalogue.created_at[rows],
        vectors=vectors,
        facets=facets,
        category=snapshot.category,
        interests=own.interests,
        taste=own.taste,
        taste_similarity=_taste_similarity(own, vectors),
        overlaps={name: interests.overlap(column, own.interests.get(name, {})) for name, column in facets.items()},
        done=done,
        seen=seen,
        creator_likes=_creator_likes(snapshot, own, rows),
        follows_creator=_follows(snapshot, own)[catalogue.creators[rows]],
        has_history=own.has_history,
        similar=similar,
        likes=snapshot.liked(profile.popularity.window_days, now)[rows],
        velocity=snapshot.velocity(profile.popularity.half_life_days).shares[rows],
        like_counts=snapshot.like_counts[rows],
        ages=_ages(catalogue.created_at[rows], now),
        cold=own.unknown,
    )


def _known(own: Own, keys: Ints, rows: Ints, *, repeats: bool) -> tuple[Bools, Bools]:
    """Tell which candidates were liked or disliked, and which touched otherwise; with `repeats` not the purchased."""
    done, seen = np.isin(keys, own.standing.items), np.isin(rows, own.rows)
    if not repeats:
        return done, seen
    again = np.isin(keys, own.bought) & ~np.isin(keys, own.standing.items[~own.standing.likes])
    return done & ~again, seen & ~again


def _ages(created_at: Ints, now: int) -> Float:
    known = created_at > np.iinfo(np.int64).min
    return np.where(known, (now - np.where(known, created_at, now)) / MICROSECONDS_PER_DAY, np.nan)


def _taste_similarity(own: Own, vectors: Vectors) -> Float:
    if not own.taste:
        return np.full(len(vectors), np.nan)
    return cosines(vectors, own.taste.vector)


def cosines(vectors: Vectors, direction: Float) -> Float:
    """Return the cosine of each row with a unit vector; NaN for a zero row.

    Rows are normalised once more in float64: stored as float32, their length is off by up to 1e-7.
    """
    rows = vectors.astype(np.float64)
    norms = np.linalg.norm(rows, axis=1)
    # Row by row, not a matrix product: BLAS sums in an order that depends on where in the matrix a row stands.
    result = np.divide(np.vecdot(rows, direction), norms, out=np.full(len(rows), np.nan), where=norms > 0)
    clipped: Float = np.clip(result, -1.0, 1.0)
    return clipped


def _creator_likes(snapshot: Snapshot, own: Own, rows: Ints) -> Float:
    """Return how many *other* liked items each candidate's creator has."""
    creators = snapshot.catalogue.creators
    liked = creators[own.liked_rows]
    counts = np.bincount(liked[liked >= 0], minlength=len(snapshot.catalogue.creator_names) + 1)
    # Creator -1, "unknown", reads the extra last place, which is always 0.
    itself = np.isin(rows, own.liked_rows) & (creators[rows] >= 0)
    return (counts[creators[rows]] - itself).astype(np.float64)


def _follows(snapshot: Snapshot, own: Own) -> Bools:
    """Return for each creator code whether the persona follows it, with one more place for "unknown"."""
    follows = np.zeros(len(snapshot.catalogue.creator_names) + 1, dtype=np.bool_)
    codes = snapshot.catalogue.creator_code_of
    follows[[codes[name] for name in own.followed if name in codes]] = True
    return follows
