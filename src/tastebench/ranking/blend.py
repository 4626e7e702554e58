"""The blend: score(i) = Σ_k share_k · x_k(i) + diversity(i) + llm(i), x_k as it is or standardised."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tastebench.domain.columns import Float, Ints
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Scale
from tastebench.ranking.scale import RAW, scaled, standard
from tastebench.signals.registry import REGISTRY, resolved

COMPARED_DECIMALS = 12
"""Scores are compared after rounding to this many decimals, so that the order of summing can't decide a place."""


@dataclass(frozen=True)
class Scores:
    """Every line of every candidate's score.

    Parameters
    ----------
    signals : mapping of str to float array (n,)
        Values of every signal but those on demand that have no weight; NaN for no evidence.
    lines : mapping of str to float array (n,)
        Additive lines in breakdown order: each signal with weight, then adjustments as stages add them.
    base : float array (n,)
        Sum of the signals' lines.
    scales : mapping of str to Scale
        What the values were measured by; empty where they count as they are.
    """

    signals: Mapping[str, Float]
    lines: Mapping[str, Float]
    base: Float
    scales: Mapping[str, Scale]

    def with_line(self, name: str, values: Float) -> "Scores":
        """Return the scores with one more adjustment."""
        return replace(self, lines={**self.lines, name: values})

    @cached_property
    def totals(self) -> Float:
        """Correctly rounded sum of each candidate's lines."""
        return summed(self.lines, len(self.base))


def summed(lines: Mapping[str, Float], n: int) -> Float:
    """Return each candidate's sum over its lines, correctly rounded as `math.fsum` does.

    Examples
    --------
    >>> summed({"a": np.array([0.1]), "b": np.array([0.2]), "c": np.array([0.3])}, 1).tolist()
    [0.6]
    """
    if not lines:
        return np.zeros(n)
    rows = np.vstack(list(lines.values())).T.tolist()
    return np.fromiter(map(math.fsum, rows), dtype=np.float64, count=n)


def blended(evidence: Evidence, profile: ScoringProfile) -> Scores:
    """Return the candidates' scores before any adjustment: applied weight × scaled value, no evidence adding 0."""
    complete = resolved(profile)
    shares = complete.shares()
    wanted = (signal for name, signal in REGISTRY.items() if name in shares or not signal.on_demand)
    signals = {signal.name: signal.compute(evidence, complete) for signal in wanted}
    scales = {name: standard(signals[name]) for name in shares} if complete.scale == "standardised" else {}
    lines = {name: share * scaled(signals[name], scales.get(name, RAW)) for name, share in shares.items()}
    return Scores(signals, lines, summed(lines, len(evidence)), scales)


def order_of(evidence: Evidence, profile: ScoringProfile, totals: Float, base: Float) -> Ints:
    """Return the rows from first to last place: by score, ties by base score, then newer, then item id.

    Of a persona of whom nothing is known, a profile that falls back to the newest puts the date first.
    """
    newer = ~evidence.created_at  # descending, as minus would be, but without overflow at "always been there"
    score, first = -np.round(totals, COMPARED_DECIMALS), -np.round(base, COMPARED_DECIMALS)
    if evidence.cold and profile.fallback == "newest_first":
        return np.lexsort((evidence.id_order, first, score, newer))
    return np.lexsort((evidence.id_order, newer, first, score))
