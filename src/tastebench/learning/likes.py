"""Who likes what: liked unless disliked later."""

from dataclasses import dataclass

import numpy as np

from tastebench.domain.columns import Bools, Ints, LogColumns
from tastebench.learning import events


@dataclass(frozen=True)
class Standing:
    """How personas stand to items, one entry per (persona, item) that was liked or disliked, by persona, then item.

    Parameters
    ----------
    personas, items : int array (s,)
        Keys.
    likes : bool array (s,)
        True: liked; False: disliked.
    at : int array (s,)
        When the deciding event happened.
    """

    personas: Ints
    items: Ints
    likes: Bools
    at: Ints

    def of(self, persona: int) -> "Standing":
        """Return one persona's part."""
        return self.take(slice(*np.searchsorted(self.personas, [persona, persona + 1])))

    @property
    def liked_newest_first(self) -> Ints:
        """Keys of the items that are liked, the latest first, ties by key."""
        liked = self.take(self.likes)
        return liked.items[np.lexsort((liked.items, -liked.at))]

    def take(self, rows: slice | Bools | Ints) -> "Standing":
        """Return just these entries."""
        return Standing(self.personas[rows], self.items[rows], self.likes[rows], self.at[rows])


def standing(log: LogColumns) -> Standing:
    """Return how each persona stands to each item it liked or disliked: the later event decides.

    Events of the same moment count in the order of their action's names, then weights.
    """
    deciding = log.take(events.liked(log) | events.disliked(log))
    order = np.lexsort(
        (np.nan_to_num(deciding.weights), events.action_ranks(deciding), deciding.at, deciding.items, deciding.personas)
    )
    personas, items = deciding.personas[order], deciding.items[order]
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (personas[1:] != personas[:-1]) | (items[1:] != items[:-1])
    rows = order[last]
    return Standing(deciding.personas[rows], deciding.items[rows], events.liked(deciding)[rows], deciding.at[rows])


def updated(held: Standing, log: LogColumns, personas: Ints) -> Standing:
    """Return `held` with these personas' entries worked out anew from `log`; equal to ``standing(log)``."""
    kept = held.take(~np.isin(held.personas, personas))
    fresh = standing(log.take(np.isin(log.personas, personas)))
    places = np.searchsorted(kept.personas, fresh.personas)
    return Standing(
        np.insert(kept.personas, places, fresh.personas),
        np.insert(kept.items, places, fresh.items),
        np.insert(kept.likes, places, fresh.likes),
        np.insert(kept.at, places, fresh.at),
    )
