"""What of the persona's history the signals go by that sum over it; gathered only for those with weight."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tastebench.domain.columns import CatalogueColumns, Float, Ints, positions
from tastebench.domain.evidence import HistoryValue
from tastebench.domain.links import ItemLinks, LinkRows
from tastebench.domain.profile import ScoringProfile
from tastebench.learning import co_engagement, events
from tastebench.learning.decay import half_life_factor
from tastebench.ranking.own import Own
from tastebench.ranking.snapshot import Snapshot
from tastebench.signals.registry import on_demand


class Recalled(Protocol):
    """What a signal goes by of the history."""

    def found(self, catalogue: CatalogueColumns) -> tuple[str, str, Float] | None:
        """Return a search by it: name, sentence and a number per item of the catalogue; None where it has none."""

    def value(self, catalogue: CatalogueColumns, rows: Ints) -> HistoryValue:
        """Return what it says for the candidates at these catalogue rows."""


def recalled(snapshot: Snapshot, own: Own, links: ItemLinks | None, profile: ScoringProfile) -> Mapping[str, Recalled]:
    """Return what those signals go by that are on demand and have weight in this profile."""
    wanted, found = on_demand(profile), dict[str, Recalled]()
    if "co_engagement" in wanted and links is not None:
        found["co_engagement"] = _engaged(snapshot, own, links, profile)
    if "neighbours" in wanted:
        found["neighbours"] = _near(snapshot, own, profile)
    if "repurchase" in wanted:
        found["repurchase"] = _bought(own, profile)
    return found


@dataclass(frozen=True)
class Engaged:
    """The persona's engagements, and the links from them to all items.

    Parameters
    ----------
    items : int array (h,)
        Keys; only items of the catalogue that have links.
    amounts : float array (h,)
        What decay leaves of each engagement.
    links : LinkRows
        From each of them to all items.
    """

    items: Ints
    amounts: Float
    links: LinkRows

    def found(self, catalogue: CatalogueColumns) -> tuple[str, str, Float]:
        """Return the search for what the engagements speak for."""
        scores = self.links.summed(self.amounts, catalogue.keys)
        return "engaged together", "Engaged with by those who engaged with the same items", scores

    def value(self, catalogue: CatalogueColumns, rows: Ints) -> HistoryValue:
        """Return what they say for the candidates at these catalogue rows."""
        places = positions(catalogue.keys, self.items)
        return HistoryValue(*_named(catalogue, places), self.amounts, self.links.to(catalogue.keys[rows]))


def _engaged(snapshot: Snapshot, own: Own, links: ItemLinks, profile: ScoringProfile) -> Engaged:
    items, amounts = co_engagement.own_history(own.log, snapshot.action_weights, profile.co_engagement)
    known = (positions(snapshot.catalogue.keys, items) >= 0) & links.known(items) & (amounts > 0)
    return Engaged(items[known], amounts[known], links.of(items[known]))


@dataclass(frozen=True)
class Near:
    """The newest liked items, to whose texts candidates are compared one by one.

    Parameters
    ----------
    rows : int array (h,)
        Catalogue positions; only items that have a vector.
    amounts : float array (h,)
        Shares of the whole, newest first.
    """

    rows: Ints
    amounts: Float

    def found(self, _catalogue: CatalogueColumns) -> None:
        """Return nothing: the searches around recent likes find what is near."""

    def value(self, catalogue: CatalogueColumns, rows: Ints) -> HistoryValue:
        """Return the cosines with each candidate, vectors taken from the catalogue's centre; 0 with itself."""
        # Pair by pair, so that a cosine doesn't depend on which candidates stand beside its own.
        cosines = np.vecdot(_centred(catalogue, self.rows)[:, None, :], _centred(catalogue, rows)[None, :, :])
        cosines[self.rows[:, None] == rows] = 0.0
        return HistoryValue(*_named(catalogue, self.rows), self.amounts, np.clip(cosines, -1.0, 1.0))


def _near(snapshot: Snapshot, own: Own, profile: ScoringProfile) -> Near:
    rows = positions(snapshot.catalogue.keys, own.standing.liked_newest_first)
    rows = rows[rows >= 0]
    rows = rows[snapshot.catalogue.embedded[rows]][: profile.neighbours.recent]
    left = profile.neighbours.position_decay ** np.arange(len(rows))
    return Near(rows, left / left.sum())


def _centred(catalogue: CatalogueColumns, rows: Ints) -> Float:
    """Return unit vectors from the catalogue's centre; NaN for an item without a vector."""
    vectors = catalogue.vectors[rows] - catalogue.centre
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    known = catalogue.embedded[rows][:, None] & (norms > 0)
    unit: Float = np.divide(vectors, norms, out=np.full(vectors.shape, np.nan), where=known)
    return unit


@dataclass(frozen=True)
class Bought:
    """The persona's purchases, item by item.

    Parameters
    ----------
    rows : int array (h,)
        Catalogue positions.
    amounts : float array (h,)
        Decayed count of the purchases of each.
    """

    rows: Ints
    amounts: Float

    def found(self, catalogue: CatalogueColumns) -> tuple[str, str, Float]:
        """Return the search for what was bought."""
        scores = np.bincount(self.rows, weights=self.amounts, minlength=len(catalogue)).astype(np.float64)
        return "bought before", "Bought before, often and lately", scores

    def value(self, catalogue: CatalogueColumns, rows: Ints) -> HistoryValue:
        """Return each candidate's own count: a purchase says nothing of other items."""
        links = (self.rows[:, None] == rows).astype(np.float32)
        return HistoryValue(*_named(catalogue, self.rows), self.amounts, links)


def _bought(own: Own, profile: ScoringProfile) -> Bought:
    counted = events.purchased(own.log) & (own.rows >= 0)
    rows, at = own.rows[counted], own.log.at[counted]
    # Only ratios matter, so ages count from the newest purchase: long ago they would underflow to nothing.
    left = half_life_factor(at.max(initial=0) - at, profile.repurchase.half_life_days)
    bought, of_item = np.unique(rows, return_inverse=True)
    return Bought(bought, np.bincount(of_item, weights=left, minlength=len(bought)).astype(np.float64))


def _named(catalogue: CatalogueColumns, places: Ints) -> tuple[tuple[str, ...], tuple[str, ...]]:
    chosen = places.tolist()
    return tuple(map(catalogue.item_ids.__getitem__, chosen)), tuple(map(catalogue.titles.__getitem__, chosen))
