"""Links from item to item, as fitted from what all personas did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tastebench.domain.columns import Float, Ints, Vectors, positions

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

    def between(self, history: Ints, candidates: Ints) -> Vectors:
        """Return the weights from each item of `history` to each of `candidates`, shape (h, n).

        What isn't among the m items has no weights: zeros in its row, NaN in its column.
        """
        rows, columns = positions(self.items, history), positions(self.items, candidates)
        found = np.zeros((len(history), len(candidates)), dtype=np.float32)
        found[:, columns < 0] = np.nan
        if (rows >= 0).any():
            block = self._rows(rows[rows >= 0])[:, columns[columns >= 0]]
            found[np.ix_(rows >= 0, columns >= 0)] = block
        return found

    def said_for(self, history: Ints, amounts: Float, items: Ints) -> Float:
        """Return for each of `items` the weights from `history` to it, each times its amount, summed; 0 for unknown."""
        rows, places = positions(self.items, history), positions(self.items, items)
        total = np.zeros(len(self.items) + 1)  # the last place is that of an unknown item, -1
        known = rows >= 0
        if known.any():
            total[:-1] = amounts[known] @ self._rows(rows[known])
        return total[places]

    def _rows(self, rows: Ints) -> Vectors:
        chosen = self.weights[rows]
        return np.asarray(chosen if isinstance(chosen, np.ndarray) else chosen.toarray())
