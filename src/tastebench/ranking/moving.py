"""Columns that are carried over to a log of which some rows went and some came: mostly one, at its end."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tastebench.domain.columns import Ints


def differences(before: Ints, after: Ints) -> tuple[Ints, Ints]:
    """Return which rows of the keys before went, and which of those after came; both ascend.

    Examples
    --------
    >>> gone, fresh = differences(np.array([1, 2, 4]), np.array([1, 3, 4, 5]))
    >>> gone.tolist(), fresh.tolist()
    ([1], [1, 3])
    """
    shared = min(len(before), len(after))
    unequal = before[:shared] != after[:shared]
    start = int(unequal.argmax()) if unequal.any() else shared  # what is equal up to here is most of a log, mostly
    gone = np.flatnonzero(~np.isin(before[start:], after[start:]))
    fresh = np.flatnonzero(~np.isin(after[start:], before[start:]))
    return start + gone, start + fresh


def moved(values: npt.NDArray[Any], gone: Ints, fresh: Ints, new: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a column without its rows `gone`, and with `new` ones in such places that they become the rows `fresh`.

    Examples
    --------
    >>> moved(np.array([10, 20, 40]), np.array([1]), np.array([1, 3]), np.array([30, 50])).tolist()
    [10, 30, 40, 50]
    """
    kept = np.delete(values, gone) if len(gone) else values
    if not len(fresh) or fresh[0] == len(kept):
        return np.concatenate([kept, new])
    return np.insert(kept, fresh - np.arange(len(fresh)), new)
