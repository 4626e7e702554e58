"""Metrics of ranked lists: array functions, one number per list, and two of all lists together.

Written here because the weight search needs them as arrays, per list, thousands of times a minute, which no
maintained library offers (scikit-learn's `ndcg_score` gives only the mean, trec_eval wants a dictionary per list).
What they say is not ours: the tests hold them to trec_eval and to scikit-learn, to the ninth decimal.

Lists are rows of an array (p, k): catalogue positions from first to last place, -1 where a list is shorter than k.
`hits` is the same shape and tells which places hold something that was to be found; `wanted` (p,) counts what was.
"""

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, Vectors


def ndcg(hits: Bools, wanted: Ints) -> Float:
    """Return the normalised discounted cumulative gain at k, in [0, 1], higher is better; 0 where nothing was wanted.

    A find at place r is worth 1 ÷ log2(r + 1); the best possible list has min(wanted, k) finds at the top.

    References
    ----------
    Järvelin and Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques.

    Examples
    --------
    The one wanted item stands at place 3: 1 ÷ log2(4).

    >>> ndcg(np.array([[False, False, True]]), np.array([1])).tolist()
    [0.5]
    """
    discounts = 1.0 / np.log2(np.arange(2, hits.shape[1] + 2))
    best = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(wanted, hits.shape[1])]
    return _ratio(hits @ discounts, best)


def recall(hits: Bools, wanted: Ints) -> Float:
    """Return the share of what was wanted that stands among the first k, in [0, 1]; 0 where nothing was wanted.

    Examples
    --------
    >>> recall(np.array([[True, False, True]]), np.array([4])).tolist()
    [0.5]
    """
    return _ratio(hits.sum(axis=1).astype(np.float64), wanted.astype(np.float64))


def precision(hits: Bools, _wanted: Ints) -> Float:
    """Return the share of the k places that hold a find, in [0, 1]; the missing places of a short list count.

    Examples
    --------
    >>> precision(np.array([[True, False, True, False]]), np.array([9])).tolist()
    [0.5]
    """
    return np.asarray(hits.mean(axis=1))


def reciprocal_rank(hits: Bools, _wanted: Ints) -> Float:
    """Return 1 ÷ the place of the first find, in [0, 1]; 0 without one. Its mean over lists is the MRR.

    Examples
    --------
    >>> reciprocal_rank(np.array([[False, True, True], [False, False, False]]), np.array([2, 2])).tolist()
    [0.5, 0.0]
    """
    return np.asarray(hits.any(axis=1) / (1.0 + hits.argmax(axis=1)))


def hit_rate(hits: Bools, _wanted: Ints) -> Float:
    """Return 1 where there is any find among the first k, else 0.

    Examples
    --------
    >>> hit_rate(np.array([[False, True], [False, False]]), np.array([1, 1])).tolist()
    [1.0, 0.0]
    """
    return np.asarray(hits.any(axis=1), dtype=np.float64)


def average_precision(hits: Bools, wanted: Ints) -> Float:
    """Return the precision at each find, summed and divided by what was wanted, in [0, 1]. Its mean is the MAP at k.

    Finds beyond k count nothing; nothing wanted gives 0.

    Examples
    --------
    Finds at places 1 and 4 of two wanted: (1/1 + 2/4) ÷ 2.

    >>> average_precision(np.array([[True, False, False, True]]), np.array([2])).tolist()
    [0.75]
    """
    at_each = hits.cumsum(axis=1) / np.arange(1, hits.shape[1] + 1)
    return _ratio((at_each * hits).sum(axis=1), wanted.astype(np.float64))


def list_mean(rows: Ints, values: Float) -> Float:
    """Return the mean over each list of a number per catalogue item; NaN for an empty list.

    Examples
    --------
    >>> list_mean(np.array([[0, 2], [1, -1], [-1, -1]]), np.array([1.0, 5.0, 2.0])).tolist()
    [1.5, 5.0, nan]
    """
    filled = rows >= 0
    sums = np.where(filled, values[rows] if len(values) else 0.0, 0.0).sum(axis=1)
    return _ratio(sums, filled.sum(axis=1).astype(np.float64), empty=np.nan)


def self_information(known_by: Ints, personas: int) -> Float:
    """Return each item's novelty: −log2 of the share of the personas that know it, in bits; of one for unknown items.

    References
    ----------
    Zhou et al. (2010), Solving the apparent diversity-accuracy dilemma of recommender systems.

    Examples
    --------
    Known by all four, by one of them, by none.

    >>> self_information(np.array([4, 1, 0]), 4).tolist()
    [0.0, 2.0, 2.0]
    """
    return np.asarray(np.log2(max(personas, 1)) - np.log2(np.maximum(known_by, 1)))


def intra_list_diversity(rows: Ints, vectors: Vectors) -> Float:
    """Return the mean of 1 − cosine over all pairs of each list, in [0, 2]; NaN with fewer than two embedded items.

    Parameters
    ----------
    vectors : float32 array (n, d)
        Unit rows; a zero row is an item that isn't embedded, and is left out.

    References
    ----------
    Ziegler et al. (2005), Improving recommendation lists through topic diversification.

    Examples
    --------
    Two alike and one unlike both: the three pairs differ by 0, 1 and 1.

    >>> vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    >>> intra_list_diversity(np.array([[0, 1, 2], [0, -1, -1]]), vectors).round(6).tolist()
    [0.666667, nan]
    """
    shown = np.where((rows >= 0)[:, :, None], vectors[rows].astype(np.float64), 0.0)
    squares = np.einsum("pkd,pkd->pk", shown, shown)
    of_sum = shown.sum(axis=1)
    pairs = (squares > 0).sum(axis=1)
    cosines = (np.einsum("pd,pd->p", of_sum, of_sum) - squares.sum(axis=1)) / 2  # (Σv)² = Σv² + twice the pairs
    return 1.0 - _ratio(cosines, pairs * (pairs - 1) / 2, empty=np.nan)


def coverage(rows: Ints, items: int) -> float:
    """Return the share of `items` that stand on at least one list, in [0, 1]; 0 without items.

    Examples
    --------
    >>> coverage(np.array([[0, 1], [1, -1]]), 8)
    0.25
    """
    return len(np.unique(rows[rows >= 0])) / items if items else 0.0


def gini(rows: Ints, items: int) -> float:
    """Return how unequally the places of all lists fall on `items`, in [0, 1): 0 is equal, 1 is all on one.

    0 where there are no items or no places.

    Examples
    --------
    Four items; all eight places on one of them, and on each alike.

    >>> gini(np.zeros((4, 2), dtype=np.int64), 4)
    0.75
    >>> gini(np.array([[0, 1], [2, 3]]), 4)
    0.0
    """
    shown = np.unique(rows[rows >= 0], return_counts=True)[1]
    if not len(shown) or items < len(shown):
        return 0.0
    counts = np.concatenate([np.zeros(items - len(shown)), np.sort(shown)])
    weights = 2 * np.arange(1, items + 1) - items - 1
    return float(weights @ counts / (items * counts.sum()))


def _ratio(amounts: Float, totals: Float, empty: float = 0.0) -> Float:
    ratio: Float = np.divide(amounts, totals, out=np.full(len(amounts), empty), where=totals > 0)
    return ratio
