"""Which rows of a log were deleted or restored of late, so that whoever holds it need not read it all again."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from tastebench.domain.columns import Ints

_ROWS_AT_MOST = 1_000
"""Looking up more rows one by one costs as much as reading the log."""
_CHANGES_KEPT = 100


class LogChanges:
    """The rows of one workspace's log that this process deleted or restored, by the count of rewrites they made it.

    It says which rows may differ, and SQL how they are. A rewrite that it doesn't know (another process's, an undone
    import, a deleted persona) makes a gap, and the log is read afresh.

    Examples
    --------
    >>> changes = LogChanges()
    >>> changes.note(4, [17])
    >>> changes.note(5, [3, 17])
    >>> changes.between(3, 5).tolist()
    [3, 17]
    >>> changes.between(3, 6) is None
    True
    """

    def __init__(self) -> None:
        self._rows: OrderedDict[int, Ints] = OrderedDict()
        self._lock = Lock()

    def note(self, rewrites: int, keys: Sequence[int]) -> None:
        """Note rows that a rewrite touched. Call it after the commit: a count that was rolled back is used again.

        Parameters
        ----------
        rewrites : int
            The workspace's `log_rewrites` as that rewrite left it.
        """
        with self._lock:
            self._rows[rewrites] = np.array(keys, dtype=np.int64)
            while len(self._rows) > _CHANGES_KEPT:
                self._rows.popitem(last=False)

    def between(self, held: int, now: int) -> Ints | None:
        """Return the rows, ascending, that may differ between two counts of rewrites; None where it can't tell."""
        with self._lock:
            rows = [self._rows.get(rewrites) for rewrites in range(held + 1, now + 1)]
        known = [keys for keys in rows if keys is not None]
        if len(known) < len(rows) or now < held:
            return None
        changed = np.unique(np.concatenate(known)) if known else np.zeros(0, dtype=np.int64)
        return changed if len(changed) <= _ROWS_AT_MOST else None
