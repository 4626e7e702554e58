"""The persona's own side of a recommendation, as of now."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tastebench.domain.columns import Ints, LogColumns, Vectors, positions
from tastebench.domain.evidence import Taste
from tastebench.domain.persona import Persona
from tastebench.domain.profile import TasteSettings
from tastebench.learning import events, interests, likes
from tastebench.learning.lessons import tag_lessons
from tastebench.learning.likes import Standing
from tastebench.learning.preferences import learned
from tastebench.learning.taste import taste_of
from tastebench.ranking.snapshot import Snapshot


@dataclass(frozen=True)
class Own:
    """What is known of one persona.

    Parameters
    ----------
    log : LogColumns
        Its events with items.
    rows : int array
        Catalogue position of each event's item, -1 where it is missing.
    standing : Standing
        What it likes and dislikes.
    prior : float32 array (d,)
        Embedding of what it states; zeros where it states nothing.
    interests : mapping of str to mapping of str to float
        Tags by facet, with confidences.
    followed : frozenset of str
        Creators it follows.
    """

    log: LogColumns
    rows: Ints
    standing: Standing
    taste: Taste
    prior: Vectors
    interests: Mapping[str, Mapping[str, float]]
    followed: frozenset[str]

    @property
    def has_history(self) -> bool:
        """Whether it ever did anything with an item or followed a creator."""
        return bool(len(self.log) or self.followed)

    @property
    def unknown(self) -> bool:
        """Whether nothing at all is known: no history, no taste, no interests."""
        return not (self.has_history or self.taste or self.interests)

    @cached_property
    def bought(self) -> Ints:
        """Keys of the items it purchased."""
        return np.unique(self.log.items[events.purchased(self.log)])

    @cached_property
    def liked_rows(self) -> Ints:
        """Catalogue positions of the items it likes."""
        items = self.standing.items[self.standing.likes]
        return np.unique(self.rows[np.isin(self.log.items, items) & (self.rows >= 0)])


def own_side(snapshot: Snapshot, persona: Persona, key: int, now: int, settings: TasteSettings) -> Own:
    """Return what the snapshot knows of one persona at `now`."""
    log = snapshot.log.of(key).until(now)
    rows = positions(snapshot.catalogue.keys, log.items)
    prior = _prior(snapshot, key)
    taste = taste_of(log, rows, snapshot.catalogue, prior, now, snapshot.action_weights, settings)
    stated = interests.stated(persona.stated_interests(snapshot.facets))
    found = _tags(snapshot, log, rows, now)
    known = interests.together(stated, found)
    return Own(log, rows, likes.standing(log), taste, prior, known, frozenset(log.follow_creators))


def _tags(snapshot: Snapshot, log: LogColumns, rows: Ints, now: int) -> dict[str, dict[str, float]]:
    """Return the tags that the persona was found to prefer, those that are established at `now`."""
    settings = snapshot.preferences
    lessons = tag_lessons(snapshot.catalogue, snapshot.facets, settings)
    return interests.learned(learned(log, rows, lessons, settings, named=False), now, settings)


def _prior(snapshot: Snapshot, key: int) -> Vectors:
    row = positions(snapshot.personas.keys, np.array([key]))[0]
    if row < 0:
        return np.zeros(snapshot.catalogue.vectors.shape[1], dtype=np.float32)
    prior: Vectors = snapshot.personas.priors[row]
    return prior
