"""A line of a score taken apart over the history, down to single items."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tastebench.domain.columns import Float
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Scale
from tastebench.ranking.scale import RAW
from tastebench.signals.registry import REGISTRY, resolved


@dataclass(frozen=True)
class Cause:
    """One item of the history and what it adds to a line, in score units."""

    item_id: str
    title: str
    amount: float


@dataclass(frozen=True)
class Parts:
    """What sums to one line of a score.

    Parameters
    ----------
    history : tuple of Cause
        Largest amount first.
    prior : float or None
        What stated interests and description add; None where nothing is stated, or they don't enter this line.
    clipped : bool
        History and prior come to less than zero and count as zero.
    mean : float or None
        What the candidates' mean takes away in a standardised ranking; None in any other.
    """

    history: tuple[Cause, ...]
    prior: float | None = None
    clipped: bool = False
    mean: float | None = None

    def times(self, share: float) -> "Parts":
        """Return the parts of `share` times the line."""
        history = tuple(replace(cause, amount=share * cause.amount) for cause in self.history)
        prior, mean = (None if one is None else share * one for one in (self.prior, self.mean))
        return replace(self, history=history, prior=prior, mean=mean)


def parts_of(evidence: Evidence, profile: ScoringProfile, scales: Mapping[str, Scale], row: int) -> dict[str, Parts]:
    """Return the lines of one candidate that come from the history, taken apart; without evidence, one is left out.

    Exact, because these values are sums over the history: what a value is measured by, its parts are measured by too.
    """
    complete = resolved(profile)
    shares = complete.shares()
    found = {}
    for name in ("similarity", *(name for name in shares if REGISTRY[name].over_history)):
        scale = scales.get(name, RAW)
        unit = shares.get(name, 0.0) / scale.deviation if scale.deviation else 0.0
        apart = _similarity if name == "similarity" else _over_history
        parts = apart(evidence, complete, name, row, unit)
        if parts is not None:
            found[name] = replace(parts, mean=0.0 - unit * scale.mean if scales else None)
    return found


def _over_history(evidence: Evidence, profile: ScoringProfile, name: str, row: int, unit: float) -> Parts | None:
    over_history = REGISTRY[name].over_history
    value = over_history(evidence, profile) if over_history else None
    if value is None or not len(value.amounts):
        return None
    amounts = unit * value.parts(row)
    causes = _by_item(value.item_ids, value.titles, amounts)
    return None if np.isnan(amounts).any() else Parts(tuple(cause for cause in causes if cause.amount))


def _similarity(evidence: Evidence, _profile: ScoringProfile, _name: str, row: int, unit: float) -> Parts | None:
    """Return the parts unit × a_j (v_j · v_i) ÷ ‖u‖, and the prior's: the cosine is linear in the taste."""
    if math.isnan(evidence.taste_similarity[row]):
        return None
    taste = evidence.taste
    vector = evidence.vectors[row].astype(np.float64)
    vector /= np.linalg.norm(vector)
    amounts = unit * taste.amounts * (taste.vectors.astype(np.float64) @ vector) / taste.norm
    prior = float(unit * (taste.prior @ vector) / taste.norm) if taste.prior.any() else None
    return Parts(_by_item(taste.item_ids, taste.titles, amounts), prior, bool(evidence.taste_similarity[row] < 0))


def _by_item(item_ids: Sequence[str], titles: Sequence[str], amounts: Float) -> tuple[Cause, ...]:
    """Return one cause per item, its events summed."""
    title_of = dict(zip(item_ids, titles, strict=True))
    parts: dict[str, list[float]] = {}
    for item_id, amount in zip(item_ids, amounts.tolist(), strict=True):
        parts.setdefault(item_id, []).append(amount)
    causes = [Cause(item_id, title_of[item_id], math.fsum(values)) for item_id, values in parts.items()]
    return tuple(sorted(causes, key=lambda cause: (-cause.amount, cause.item_id)))
