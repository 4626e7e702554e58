"""What a check of a vector index finds wrong."""

from dataclasses import dataclass, field

import numpy as np

from tastebench.domain.columns import Ints


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class IndexFindings:
    """What a check found wrong; false where nothing is.

    Parameters
    ----------
    fault : str
        Why the index must be rebuilt, as a sentence; empty where it answers.
    missing : int array
        Keys that SQL has a vector for and the index lacks, ascending: `upsert` them, or rebuild.
    surplus : int array
        Keys that the index holds and SQL doesn't, ascending: `delete` them, or rebuild.
    """

    fault: str = ""
    missing: Ints = field(default_factory=_none)
    surplus: Ints = field(default_factory=_none)

    def __bool__(self) -> bool:
        return bool(self.fault or len(self.missing) or len(self.surplus))

    def __str__(self) -> str:
        if self.fault or not self:
            return self.fault
        return f"The index lacks {len(self.missing):,} items and holds {len(self.surplus):,} too many."


def compared(expected: Ints, held: Ints) -> IndexFindings:
    """Return the findings for an index that answers, from SQL's keys and its own.

    Examples
    --------
    >>> print(compared(np.array([1, 2, 3]), np.array([2, 3, 9])))
    The index lacks 1 items and holds 1 too many.
    >>> bool(compared(np.array([1, 2]), np.array([2, 1])))
    False
    """
    return IndexFindings(missing=np.setdiff1d(expected, held), surplus=np.setdiff1d(held, expected))
