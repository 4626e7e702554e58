"""Statements: what was said of preferences by name, in columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tastebench.domain.feedback import DISLIKE, LIKE
from tastebench.domain.preferences import EDIT_KINDS, SNAPSHOT, PreferenceName

_SETTING = frozenset({*EDIT_KINDS, SNAPSHOT})


@dataclass(frozen=True)
class Statements:
    """Choices and feedback of personas, snapshots and edits of operators, aligned.

    Snapshots stand before edits, and edits in the order in which they were made.

    Parameters
    ----------
    personas, at : int array (s,)
        Whose preference it is, and when: microseconds since 1970.
    actions : tuple of str
        An action, such as ``choose`` or ``like``, the kind of an edit, such as ``pin``, or ``snapshot``.
    names : tuple of PreferenceName
    amounts : float array (s,)
        Of an edit or snapshot the confidence it sets; of a choice its explicit weight in [-1, 1], NaN where there is
        none.
    counts : int array (s,)
        Of a snapshot how many pieces of evidence it stands for, the last of them at its moment; else 0.
    """

    personas: NDArray[np.int64]
    at: NDArray[np.int64]
    actions: tuple[str, ...]
    names: tuple[PreferenceName, ...]
    amounts: NDArray[np.float64]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)

    @property
    def edits(self) -> NDArray[np.bool_]:
        """Whether each one is an operator's edit or a snapshot: it sets a confidence, whatever was learned before."""
        return np.array([action in _SETTING for action in self.actions], dtype=np.bool_)

    @property
    def thumbs(self) -> NDArray[np.bool_]:
        """Whether each one is feedback on what was shown: it takes no other evidence's place in a history."""
        return np.array([action in {LIKE, DISLIKE} for action in self.actions], dtype=np.bool_)

    @property
    def snapshots(self) -> NDArray[np.bool_]:
        """Whether each one is a snapshot."""
        return np.array([action == SNAPSHOT for action in self.actions], dtype=np.bool_)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> "Statements":
        """Return just these."""
        places = np.arange(len(self))[rows].tolist()
        return Statements(
            self.personas[rows], self.at[rows], tuple(self.actions[place] for place in places),
            tuple(self.names[place] for place in places), self.amounts[rows], self.counts[rows],
        )  # fmt: skip

    def joined(self, others: "Statements") -> "Statements":
        """Return these, then the others."""
        return Statements(
            np.concatenate([self.personas, others.personas]), np.concatenate([self.at, others.at]),
            self.actions + others.actions, self.names + others.names, np.concatenate([self.amounts, others.amounts]),
            np.concatenate([self.counts, others.counts]),
        )  # fmt: skip

    def until(self, now: int) -> "Statements":
        """Return those made at or before `now`."""
        kept = self.at <= now
        return self if kept.all() else self.take(kept)


NONE_SAID = Statements(np.zeros(0, np.int64), np.zeros(0, np.int64), (), (), np.zeros(0), np.zeros(0, np.int64))
