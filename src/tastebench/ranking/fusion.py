"""Reciprocal rank fusion: several searches to one candidate order."""

from collections.abc import Sequence

import numpy as np

from tastebench.domain.columns import Ints

RANK_CONSTANT = 60
"""The k of reciprocal rank fusion.

References
----------
Cormack, Clarke and Büttcher (2009), Reciprocal rank fusion outperforms Condorcet and individual rank learning methods.
"""


def fused(searches: Sequence[Ints], id_order: Ints, limit: int) -> Ints:
    """Return up to `limit` positions by descending Σ 1 ÷ (60 + rank), ties by id.

    Parameters
    ----------
    searches : sequence of int array
        Positions found by each search, best first, no position twice in one search.
    id_order : int array (n,)
        Rank of each position's id.

    Examples
    --------
    Position 2 is found by both searches, 0 and 1 by one each, at the same rank.

    >>> fused([np.array([2, 0]), np.array([2, 1])], np.array([1, 0, 2]), 10).tolist()
    [2, 1, 0]
    """
    found = np.concatenate([np.zeros(0, dtype=np.int64), *searches])
    worth = np.concatenate([np.zeros(0), *(1.0 / (RANK_CONSTANT + 1 + np.arange(len(hits))) for hits in searches)])
    candidates, group = np.unique(found, return_inverse=True)
    scores = np.bincount(group, weights=worth, minlength=len(candidates))
    order = np.lexsort((id_order[candidates], -np.round(scores, 12)))
    return np.asarray(candidates[order[:limit]], dtype=np.int64)
