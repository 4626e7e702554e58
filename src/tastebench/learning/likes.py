"""Who likes what: liked unless disliked later."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tastebench.domain.columns import Bools, Ints, LogColumns
from tastebench.learning import events

T = TypeVar("T", bound=np.generic)


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

    def spans(self, personas: Ints) -> tuple[Ints, Ints]:
        """Return where each of these personas' entries begin, and where they end: personas ascend."""
        return np.searchsorted(self.personas, personas), np.searchsorted(self.personas, personas, "right")

    def of_all(self, personas: Ints) -> "Standing":
        """Return the part of these personas."""
        starts, ends = self.spans(np.unique(personas))
        return self.take(np.repeat(ends - np.cumsum(ends - starts), ends - starts) + np.arange((ends - starts).sum()))


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
    fresh, who = standing(log.take(np.flatnonzero(np.isin(log.personas, personas)))), np.unique(personas)
    places = np.stack([*held.spans(who), *fresh.spans(who)], axis=1).tolist()

    def spliced(old: npt.NDArray[T], new: npt.NDArray[T]) -> npt.NDArray[T]:
        pieces: list[npt.NDArray[T]] = []
        at = 0
        for start, end, first, last in places:
            pieces += [old[at:start], new[first:last]]
            at = end
        return np.concatenate([*pieces, old[at:]])

    return Standing(
        spliced(held.personas, fresh.personas),
        spliced(held.items, fresh.items),
        spliced(held.likes, fresh.likes),
        spliced(held.at, fresh.at),
    )
