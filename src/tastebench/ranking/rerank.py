"""The language model's influence: an additive line, zero-sum and bounded, over the head of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tastebench.domain.columns import Float, Ints
from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.domain.ranking import Ranking
from tastebench.ranking.blend import COMPARED_DECIMALS

DEFAULT_INFLUENCE = 0.2
"""Share of the way to the model's order, where neither profile nor settings say one."""


@dataclass(frozen=True)
class Movement:
    """How far the model's order is from the order before it.

    Parameters
    ----------
    moved : int
        Items that stand on another place.
    tau : float
        Kendall's τ of the two orders in [-1, 1]; 1 where they agree or there are fewer than two items.
    of : int
        Items compared.
    """

    moved: int
    tau: float
    of: int


def llm_line(
    totals: Float, order: Ints, item_ids: Sequence[str], judgement: Judgement | None, influence: float
) -> Float:
    """Return each candidate's `llm` line: the share `influence` of the way to the score of the place the model gives.

    Only the head the judgement was made for changes, and only its graded items; they trade scores among themselves,
    so the line sums to 0 and no score moves by more than `influence` × the range of theirs. Equal grades keep their
    order. Zeros where the judgement is for another head, or is neither OK nor PARTIAL.

    Parameters
    ----------
    totals : float array (n,)
        Scores before this stage.
    order : int array (n,)
        Rows from first to last place.
    item_ids : sequence of str, length n
    influence : float
        In [0, 1].

    Examples
    --------
    The model likes the last of three best; halfway, it gains what the other two lose.

    >>> graded = Judgement(("a", "b", "c"), {"a": 5, "b": 2, "c": 9})
    >>> llm_line(np.array([0.6, 0.4, 0.2]), np.array([0, 1, 2]), ("a", "b", "c"), graded, 0.5).round(9).tolist()
    [-0.1, -0.1, 0.2]
    """
    line = np.zeros(len(totals))
    if judgement is None or judgement.state not in {ModelState.OK, ModelState.PARTIAL} or influence == 0:
        return line
    head = order[: len(judgement.item_ids)]
    if tuple(item_ids[row] for row in head) != judgement.item_ids:
        return line
    graded = np.array([row for row in head if item_ids[row] in judgement.grades], dtype=np.int64)
    by_score = graded[np.argsort(-np.round(totals[graded], COMPARED_DECIMALS), kind="stable")]
    grades = np.array([judgement.grades[item_ids[row]] for row in by_score])
    by_grade = by_score[np.argsort(-grades, kind="stable")]
    line[by_grade] = influence * (totals[by_score] - totals[by_grade])
    return line


def movement(ranking: Ranking, count: int) -> Movement:
    """Return how the model moved the first `count` items; counts those that are on the ranking's page."""
    items = [item for item in ranking.items if item.ranks["diversity"] <= count]
    before, after = [item.ranks["diversity"] for item in items], [item.ranks["llm"] for item in items]
    return moved_between(before, after)


def moved_between(before: Sequence[int], after: Sequence[int]) -> Movement:
    """Return how far the places `after` are from the places `before`, of the same items in the same order, no ties.

    Examples
    --------
    One of six pairs is turned round: (5 − 1) / 6.

    >>> moved_between([1, 2, 3, 4], [2, 1, 3, 4])
    Movement(moved=2, tau=0.666666666667, of=4)
    """
    places = list(zip(before, after, strict=True))
    pairs = [(b[0] - a[0]) * (b[1] - a[1]) > 0 for a, b in combinations(places, 2)]
    tau = (2 * sum(pairs) - len(pairs)) / len(pairs) if pairs else 1.0
    return Movement(sum(old != new for old, new in places), round(tau, 12), len(places))
