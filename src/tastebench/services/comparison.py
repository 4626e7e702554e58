"""Two rankings of one persona side by side: what stayed, what came, what went."""

from collections.abc import Sequence
from dataclasses import dataclass

from tastebench.domain.ranking import Ranking

PERSISTENCE = 0.9
"""How patient the reader of a list is: the chance to go on from one place to the next."""


@dataclass(frozen=True)
class Comparison:
    """How the top of a list changed.

    Parameters
    ----------
    top : int
        Length of the part that is compared.
    kept : tuple of str
        Ids that both tops hold, in the new order.
    entered : tuple of str
        Ids that only the new top holds, in its order.
    left : tuple of str
        Ids that only the old top held, in its order.
    moved : int
        How many of the kept ones stand at another place.
    overlap : float
        Rank-biased overlap of the two tops, in [0, 1]; 1 is the same order.
    """

    top: int
    kept: tuple[str, ...]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    moved: int
    overlap: float


def compare(before: Ranking, after: Ranking, top: int = 10) -> Comparison:
    """Return what changed in the first `top` places; shorter lists are compared as far as they go."""
    old = _places(before, top)
    new = _places(after, top)
    kept = tuple(item_id for item_id in new if item_id in old)
    return Comparison(
        top=top,
        kept=kept,
        entered=tuple(item_id for item_id in new if item_id not in old),
        left=tuple(item_id for item_id in old if item_id not in new),
        moved=sum(old[item_id] != new[item_id] for item_id in kept),
        overlap=rank_biased_overlap(list(old), list(new)),
    )


def rank_biased_overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two orders are, the first places counting most: 1 the same, 0 nothing in common.

    The share that both have among their first d places, averaged over the depths d at which a reader stops who goes
    on from each place with the chance `PERSISTENCE`; what lies beyond the lists is taken to be as alike as their ends.

    Parameters
    ----------
    one, other : sequence of str
        Ids from first to last place, each at most once; the lengths may differ.

    References
    ----------
    Webber, Moffat and Zobel (2010), A similarity measure for indefinite rankings, equation 32.

    Examples
    --------
    Nothing in common at depth 1, all at depth 2 and beyond: 1 − (1 − .9).

    >>> round(rank_biased_overlap("ab", "ba"), 12)
    0.9
    """
    short, long = sorted((one, other), key=len)
    if not short:
        return float(not long)
    common = [len(set(short[:depth]) & set(long[:depth])) for depth in range(1, len(long) + 1)]
    whole, end = common[len(short) - 1] / len(short), common[-1]
    total = 0.0
    for depth, both in enumerate(common, start=1):
        beyond = whole * max(depth - len(short), 0)  # what the shorter list would share if it went on as it is
        total += (both + beyond) / depth * PERSISTENCE**depth
    ahead = (end - common[len(short) - 1]) / len(long) + whole
    return total * (1 - PERSISTENCE) / PERSISTENCE + ahead * PERSISTENCE ** len(long)


def _places(ranking: Ranking, top: int) -> dict[str, int]:
    return {item.item_id: item.rank for item in ranking.items[:top]}
