"""The world of a split: what a ranker is asked, and all that it may read, for each persona to be tested."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tastebench.domain.columns import Ints, positions
from tastebench.domain.errors import InvalidInput
from tastebench.domain.moments import from_micros
from tastebench.domain.persona import Persona
from tastebench.domain.ports import Encoder
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.request import Request
from tastebench.evaluation.splits import Split, SplitSettings, split
from tastebench.ranking import Snapshot, Sources
from tastebench.ranking.prompting import HISTORY_SHOWN, Deed
from tastebench.signals import resolved


class Training(Snapshot):
    """A workspace whose log is the training part of a split, whatever the moment that is asked about.

    What of the log may be known was decided when it was split; a persona's own moment still dates its taste and
    decides which items were there.
    """

    def at(self, now: int) -> Snapshot:  # noqa: ARG002 — the moment has been decided on
        """Return the training as a whole."""
        return self

    def links_until(self, now: int) -> int:  # noqa: ARG002 — the moment has been decided on
        """Return the training's newest moment: links between items are fitted once, on all of it."""
        return self.newest_event or 0


@dataclass(frozen=True)
class World:
    """A split of a workspace's log, with all that replaying it may read.

    Parameters
    ----------
    training : Training
    split : Split
        Its likes are such that a list could show them.
    people : mapping of int to Persona
        By key. Their texts are today's: only the log goes back.
    encoder : Encoder
        Never asked, as no instruction is replayed.
    repeats : bool
        Whether items that a persona has met before may be shown.
    eligible : int
        How many personas could have been tested.
    unreachable : int
        Held-out likes that no list could show, and that are therefore not looked for.
    """

    training: Training
    split: Split
    people: Mapping[int, Persona]
    encoder: Encoder
    repeats: bool
    eligible: int = 0
    unreachable: int = 0

    def __len__(self) -> int:
        return len(self.split)

    def checked(self) -> "World":
        """Return it as it is. Raises `InvalidInput` where the split leaves nobody to test."""
        if not len(self):
            raise InvalidInput(
                "Nobody has a like to be held out under this split.",
                "Choose another split, or import more interactions.",
            )
        return self

    def request(self, row: int, profile: ScoringProfile, limit: int = 10) -> Request:
        """Return what is asked of the ranker for the persona at `row` of the split."""
        met = tuple(map(self.training.catalogue.item_ids.__getitem__, self.barred_rows(row).tolist()))
        now = from_micros(int(self.split.moments[row]))
        return Request(self.person(row).persona_id, now, resolved(profile), limit=limit, exclude_items=met)

    def sources(self, row: int) -> Sources:
        """Return what is read for the persona at `row`: the training, exactly searched, and nothing else."""
        key = int(self.split.personas[row])
        return Sources(self.training, self.person(row), key, None, self.encoder, _no_text)

    def person(self, row: int) -> Persona:
        """Return the persona at `row` of the split."""
        return self.people[int(self.split.personas[row])]

    def deeds(self, row: int, most: int = HISTORY_SHOWN) -> tuple[Deed, ...]:
        """Return what the persona at `row` did last with items of the catalogue, newest last, as of the training."""
        log, catalogue = self.training.log, self.training.catalogue
        mine = np.flatnonzero((log.personas == self.split.personas[row]) & (self.training.item_rows >= 0))
        newest = mine[np.lexsort((log.keys[mine], log.at[mine]))][-most:]
        events = zip(self.training.item_rows[newest], log.actions[newest], log.at[newest], strict=True)
        return tuple(
            Deed(catalogue.titles[item] or catalogue.item_ids[item], log.action_names[action], from_micros(int(at)))
            for item, action, at in events
        )

    def barred_rows(self, row: int) -> Ints:
        """Return the catalogue positions of the items the persona at `row` may not be shown: met ones, or none."""
        if self.repeats:
            return np.zeros(0, dtype=np.int64)
        rows = np.unique(self.training.item_rows[self.training.log.personas == self.split.personas[row]])
        return rows[rows >= 0]

    def wanted_rows(self, row: int) -> Ints:
        """Return the catalogue positions of what is to be found for the persona at `row`."""
        mine = self.split.items[self.split.starts[row] : self.split.starts[row + 1]]
        return positions(self.training.catalogue.keys, mine)


def world_of(
    snapshot: Snapshot,
    people: Mapping[int, Persona],
    encoder: Encoder,
    settings: SplitSettings,
    sample: int | None = None,
    seed: int = 0,
) -> World:
    """Return the world of a split of this workspace's log.

    Parameters
    ----------
    people : mapping of int to Persona
        By key; who isn't among them isn't tested, and stays in the training.
    sample : int, optional
        So many personas are tested at most, drawn with `seed`.
    """
    whole = split(snapshot.log, settings)
    parts = whole.reachable(snapshot.catalogue)
    tested = np.flatnonzero([int(key) in people for key in parts.personas])
    eligible, unreachable = len(tested), len(whole.items) - len(parts.items)
    if sample is not None and eligible > sample:
        tested = np.sort(np.random.default_rng(seed).choice(tested, sample, replace=False))
    # Field by field: whatever a snapshot may one day carry that was made from its whole log stays out.
    training = Training(
        snapshot.catalogue, parts.training, snapshot.personas, snapshot.action_weights, snapshot.facets,
        snapshot.category, snapshot.preferences,
    )  # fmt: skip
    return World(training, parts.take(tested), people, encoder, settings.repeats, eligible, unreachable)


def _no_text(_text: str) -> Ints:
    return np.zeros(0, dtype=np.int64)
