"""Links from item to item, as fitted from what all personas did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, Vectors, positions

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    LinkWeights: TypeAlias = "Vectors | csr_array[np.float32, tuple[int, int]]"


@dataclass(frozen=True)
class ItemLinks:
    """How much an engagement with one item says for another, in m items, as a log told until a moment.

    Parameters
    ----------
    items : int array (m,)
        Keys, ascending.
    weights : float32 array (m, m) or sparse array of that shape
        Row: the item engaged with; column: the one it speaks for, below 0 against. None for itself.
    until : int
        Microseconds since 1970; nothing that happened later is in it.
    events : int
        How many interactions of the log there were until then.
    """

    items: Ints
    weights: "LinkWeights"
    until: int
    events: int

    def known(self, keys: Ints) -> Bools:
        """Tell which of these items have links."""
        return positions(self.items, keys) >= 0

    def of(self, history: Ints) -> "LinkRows":
        """Return the links from these items, all of which are known."""
        return LinkRows(self.items, self.weights[positions(self.items, history)])


@dataclass(frozen=True)
class LinkRows:
    """The links from h items to all m: rows of `ItemLinks`."""

    items: Ints
    weights: "LinkWeights"

    def to(self, candidates: Ints) -> Vectors:
        """Return the weights to each of these items, shape (h, n); a column of NaN for what isn't among the m."""
        places = positions(self.items, candidates)
        found = np.full((self.weights.shape[0], len(candidates)), np.nan, dtype=np.float32)
        block = self.weights[:, places[places >= 0]]
        found[:, places >= 0] = block if isinstance(block, np.ndarray) else block.toarray()
        return found

    def summed(self, amounts: Float, items: Ints) -> Float:
        """Return the weights to each of these items, each times its row's amount, summed; 0 for what isn't known."""
        total = np.zeros(len(self.items) + 1)  # the last place is that of an unknown item, -1
        total[:-1] = amounts.astype(np.float32) @ self.weights
        return total[positions(self.items, items)]
