"""The personas whose taste is closest, and what they liked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from tastebench.domain.columns import Float, Ints, Vectors, positions
from tastebench.domain.errors import IndexUnavailable
from tastebench.domain.evidence import SimilarPersonas, Taste
from tastebench.domain.ports import VectorIndex
from tastebench.domain.profile import ScoringProfile, TasteSettings
from tastebench.ranking.snapshot import Snapshot

_BATCH = 5_000
"""Personas whose tastes are worked out at once: some thirty megabytes."""


@dataclass(frozen=True)
class PersonaIndex:
    """Every persona's taste as it once was, for workspaces with too many to compare all of them each time.

    It chooses whom to compare, and decides no place: tastes are compared as of the request's now.

    Parameters
    ----------
    index : VectorIndex
        Unit taste vectors by persona key; who had no taste then is not in it.
    settings : TasteSettings
        What the tastes were worked out with.
    moment : int
        Microseconds since 1970; nothing that happened later is in them.
    day : date
        The day it was built on.
    """

    index: VectorIndex
    settings: TasteSettings
    moment: int
    day: date

    def serves(self, settings: TasteSettings, now: int) -> bool:
        """Tell whether it may choose for these settings at `now`: a list as of then must not know what came later."""
        return self.settings == settings and self.moment <= now


def taste_batches(snapshot: Snapshot, settings: TasteSettings, moment: int) -> Iterator[tuple[Ints, Vectors]]:
    """Yield keys and unit tastes at `moment` of all personas that have one, to fill an index with."""
    world = snapshot.at(moment)
    for start in range(0, len(world.personas), _BATCH):
        rows = np.arange(start, min(start + _BATCH, len(world.personas)))
        tastes = world.tastes_of(rows, settings).vectors(moment).astype(np.float32)
        some = tastes.any(axis=1)
        yield world.personas.keys[rows[some]], tastes[some]


def similar_personas(
    snapshot: Snapshot, key: int, taste: Taste, profile: ScoringProfile, now: int, index: PersonaIndex | None = None
) -> tuple[SimilarPersonas, str]:
    """Return the `profile.collaborative.neighbours` personas closest in taste, ties by key, and a note on the search.

    `liked` is (n items, k). Without an index that serves the request, all personas are compared.
    """
    chosen, note = _chosen(snapshot, taste, profile, now, index)
    rows, cosines = _closest(snapshot, key, taste, profile, now, chosen)
    # Column by column in memory: it is filled and counted that way, sixteen times faster than row by row.
    liked = np.zeros((len(snapshot.catalogue), len(rows)), dtype=np.bool_, order="F")
    for column, row in enumerate(rows):
        theirs = snapshot.standing.of(int(snapshot.personas.keys[row]))
        items = positions(snapshot.catalogue.keys, theirs.items[theirs.likes])
        liked[items[items >= 0], column] = True
    return SimilarPersonas(tuple(snapshot.personas.persona_ids[row] for row in rows), cosines, liked), note


def _chosen(
    snapshot: Snapshot, taste: Taste, profile: ScoringProfile, now: int, index: PersonaIndex | None
) -> tuple[Ints | None, str]:
    """Return the rows of the personas to compare, ascending, or None for all of them; and what to say of it."""
    if not taste or index is None or not index.serves(profile.taste, now):
        return None, ""
    wanted = profile.collaborative.neighbours
    try:
        # More than are wanted: tastes have moved since it was built, and who was deleted is still in it.
        (found,) = index.index.search(taste.vector[None, :].astype(np.float32), 5 * wanted + 50)
    except IndexUnavailable:
        return None, "The index of personas doesn't answer, so all were compared. It is built anew every day."
    rows = np.sort(positions(snapshot.personas.keys, found.keys))
    rows = rows[rows >= 0]
    if len(rows) <= wanted:  # the persona itself may be among them
        return None, ""
    return rows, f"Similar personas were looked up in the index of {index.day:%d %B %Y}."


def _closest(
    snapshot: Snapshot, key: int, taste: Taste, profile: ScoringProfile, now: int, chosen: Ints | None
) -> tuple[Ints, Float]:
    if not taste:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    rows = np.arange(len(snapshot.personas)) if chosen is None else chosen
    tastes = snapshot.tastes(profile.taste) if chosen is None else snapshot.tastes_of(chosen, profile.taste)
    cosines = tastes.cosines(taste.vector, now)
    others = np.flatnonzero(~np.isnan(cosines) & (snapshot.personas.keys[rows] != key))
    order = np.lexsort((others, -np.round(cosines[others], 12)))
    best = others[order[: profile.collaborative.neighbours]]
    return rows[best], np.clip(cosines[best], -1.0, 1.0)
