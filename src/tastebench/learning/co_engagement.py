"""Co-engagement: which items the same personas engage with, fitted as links from item to item.

EASE where its closed form can be afforded, the nearest items by cosine beyond.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, LogColumns, Vectors
from tastebench.domain.links import ItemLinks
from tastebench.domain.profile import CoEngagementSettings
from tastebench.learning import events, likes
from tastebench.learning.decay import half_life_factor

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    Matrix = csr_array[np.float32, tuple[int, int]]

EASE_LIMIT = 10_000
"""Up to so many items the closed form is solved: half a minute of one core and 1.5 GB at the most."""
NEIGHBOURS = 100
"""Links kept from each item where there are more."""
_ROWS = 64
"""Rows of a product at once: a few dozen milliseconds, in which nobody else can run."""
_LEAF = 512

Tick = Callable[[], None]
"""Called between two pieces of work: to let others run, or to raise where the fit isn't wanted any more."""


def strengths(log: LogColumns, action_weights: Mapping[str, float]) -> Float:
    """Return how strong an engagement each event is, in [0, 1]: its amount ÷ the largest action weight; 0 below."""
    largest = max(action_weights.values(), default=0.0)
    return np.clip(events.amounts(log, action_weights) / largest, 0.0, 1.0) if largest > 0 else np.zeros(len(log))


def fit(
    log: LogColumns,
    action_weights: Mapping[str, float],
    settings: CoEngagementSettings,
    until: int,
    tick: Tick = lambda: None,
    limit: int = EASE_LIMIT,
) -> ItemLinks:
    """Return the links between all items that anybody engaged with, as of `until`.

    What a persona dislikes now, it never engaged with; of several engagements with an item the strongest counts.

    Parameters
    ----------
    log : LogColumns
        Its events at or before `until`.
    limit : int
        Up to so many items, links come from EASE; beyond, from the nearest items.
    """
    strong = strengths(log, action_weights) * _undisliked(log)
    if settings.learned_half_life_days:
        strong = strong * half_life_factor(until - log.at, settings.learned_half_life_days)
    rows = np.flatnonzero(strong)
    people, persona_rows = np.unique(log.personas[rows], return_inverse=True)
    items, item_rows = np.unique(log.items[rows], return_inverse=True)
    matrix = _strongest(persona_rows, item_rows, strong[rows], (len(people), len(items)))
    solve = ease if len(items) <= limit else nearest
    return ItemLinks(items, solve(matrix, settings.regularisation, tick), until, len(log))


def own_history(
    own: LogColumns, action_weights: Mapping[str, float], settings: CoEngagementSettings
) -> tuple[Ints, Float]:
    """Return the items that one persona engaged with, newest first, and what decay leaves of each engagement.

    By age, counted from the newest engagement: 0.5^(age ÷ half-life). By position: decay^j, j = 0 for the newest item.
    """
    strong = strengths(own, action_weights) * _undisliked(own)
    rows = np.flatnonzero(strong)
    left, at = strong[rows], own.at[rows]
    if settings.decay == "age" and len(rows):
        left = left * half_life_factor(at.max() - at, settings.half_life_days)
    items, of_item = np.unique(own.items[rows], return_inverse=True)
    amounts, latest = np.zeros(len(items)), np.full(len(items), np.iinfo(np.int64).min)
    np.maximum.at(amounts, of_item, left)
    np.maximum.at(latest, of_item, at)
    order = np.lexsort((items, -latest))
    faded = settings.position_decay ** np.arange(len(items)) if settings.decay == "position" else 1.0
    return items[order], amounts[order] * faded


def ease(matrix: "Matrix", regularisation: float, tick: Tick = lambda: None) -> Vectors:
    """Return B of EASE, (m, m): the links that rebuild the matrix best when no item may say anything of itself.

    B_ji = −P_ji ÷ P_ii with P = (XᵀX + λ·1)⁻¹, and 0 on the diagonal.

    References
    ----------
    Steck (2019), Embarrassingly shallow autoencoders for sparse data.

    Examples
    --------
    Two personas engaged with both of two items, λ = 2: XᵀX + 2 = [[4, 2], [2, 4]], its inverse [[4, −2], [−2, 4]] ÷ 12.

    >>> from scipy.sparse import csr_array
    >>> ease(csr_array(np.ones((2, 2), dtype=np.float32)), 2.0).round(6).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    from scipy.sparse import csr_array  # 0.2 s to import: only who fits pays for it

    size = matrix.shape[1]
    transposed, gram = csr_array(matrix.T), np.empty((size, size))
    for start in range(0, size, _ROWS):
        tick()
        gram[start : start + _ROWS] = (transposed[start : start + _ROWS] @ matrix).toarray()
    diagonal = np.diag_indices(size)
    gram[diagonal] += regularisation
    invert(gram, tick)
    gram /= -gram[diagonal]
    gram[diagonal] = 0.0
    return gram.astype(np.float32)


def invert(square: Float, tick: Tick = lambda: None) -> None:
    """Put the inverse of a symmetric, positive definite matrix in its place.

    By halves (Schur complement): all but the smallest steps are products, which need little room and hold nobody up,
    while LAPACK's own inverse of 10,000 rows would stop every other thread for half a minute.
    """
    half = len(square) // 2
    if len(square) <= _LEAF:
        square[...] = np.linalg.inv(square)
        return
    tick()
    first, cross, last = square[:half, :half], square[:half, half:], square[half:, half:]
    invert(first, tick)
    carried = first @ cross
    last -= cross.T @ carried
    invert(last, tick)
    moved = carried @ last
    first += moved @ carried.T
    cross[...] = -moved
    square[half:, :half] = -moved.T


def nearest(matrix: "Matrix", shrinkage: float, tick: Tick = lambda: None, kept: int = NEIGHBOURS) -> "Matrix":
    """Return the links from each item to the `kept` nearest by cosine, those that few share made weaker.

    s_ji = x_j · x_i ÷ (‖x_j‖ ‖x_i‖ + shrinkage), 0 on the diagonal.

    Examples
    --------
    The first two items have both personas in common, the third is the second persona's alone.

    >>> from scipy.sparse import csr_array
    >>> matrix = csr_array(np.array([[1, 1, 0], [1, 1, 1]], dtype=np.float32))
    >>> nearest(matrix, 2.0, kept=1).toarray().astype(np.float64).round(6).tolist()
    [[0.0, 0.5, 0.0], [0.5, 0.0, 0.0], [0.292893, 0.0, 0.0]]
    """
    from scipy.sparse import csr_array, vstack

    transposed = csr_array(matrix.T)
    norms = np.sqrt(np.asarray(transposed.multiply(transposed).sum(axis=1)).ravel())
    blocks = []
    for start in range(0, len(norms), _ROWS):
        tick()
        block = (transposed[start : start + _ROWS] @ matrix).tocoo()
        row, column = (code.astype(np.int64) for code in block.coords)
        weights = (block.data / (norms[start + row] * norms[column] + shrinkage)).astype(np.float32)
        best = _best(row, column, np.where(start + row == column, 0.0, weights), kept)
        blocks.append(csr_array((weights[best], (row[best], column[best])), shape=block.shape))
    return csr_array(vstack(blocks, dtype=np.float32)) if blocks else matrix


def _best(rows: Ints, columns: Ints, weights: Vectors, kept: int) -> Ints:
    """Return the places of the `kept` largest weights above 0 in each row, ties by column."""
    order = np.lexsort((columns, -weights, rows))
    place = np.arange(len(order)) - np.searchsorted(rows[order], rows[order])
    return order[(place < kept) & (weights[order] > 0)]


def _strongest(rows: Ints, columns: Ints, values: Float, shape: tuple[int, int]) -> "Matrix":
    """Return the matrix of these entries; of several in one place the largest counts."""
    from scipy.sparse import csr_array

    order = np.lexsort((-values, columns, rows))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(rows[order]) != 0) | (np.diff(columns[order]) != 0)
    chosen = order[first]
    return csr_array((values[chosen].astype(np.float32), (rows[chosen], columns[chosen])), shape=shape)


def _undisliked(log: LogColumns) -> Bools:
    """Tell for each event whether its persona does not dislike its item."""
    standing = likes.standing(log)
    disliked = standing.take(~standing.likes)
    if not len(disliked.items):
        return np.ones(len(log), dtype=np.bool_)
    _, places = np.unique(np.concatenate([log.personas, disliked.personas]), return_inverse=True)
    things, codes = np.unique(np.concatenate([log.items, disliked.items]), return_inverse=True)
    pairs = places * len(things) + codes
    return ~np.isin(pairs[: len(log)], pairs[len(log) :])
