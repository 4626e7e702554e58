"""Influence: what a weight really does to a list."""

from collections.abc import Mapping

import numpy as np

from tastebench.domain.columns import Float
from tastebench.ranking.blend import COMPARED_DECIMALS


def influence(lines: Mapping[str, Float]) -> dict[str, float]:
    """Return each line's part of the differences in score, Cov(line, score) ÷ Var(score) over the candidates.

    The parts sum to 1. A line that is the same for all has none; one that pulls against the order has less than none.
    Where all score alike, there is nothing to take apart: an empty mapping.

    Examples
    --------
    Similarity makes three quarters of what sets these two apart, popularity the rest; behaviour is the same for both.

    >>> lines = {"similarity": np.array([0.375, 0.0]), "popularity": np.array([0.125, 0.0]), "behaviour": np.ones(2)}
    >>> influence(lines)
    {'similarity': 0.75, 'popularity': 0.25, 'behaviour': 0.0}
    """
    values = np.vstack(list(lines.values()))
    scores = values.sum(axis=0)
    centred = scores - scores.mean() if len(scores) else scores
    variance = float(centred @ centred)
    if variance <= len(scores) * 10.0 ** (-2 * COMPARED_DECIMALS):
        return {}
    parts = values @ centred / variance
    return dict(zip(lines, parts.tolist(), strict=True))
