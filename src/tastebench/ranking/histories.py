"""What of the persona's history the signals go by that sum over it; gathered only for those with weight."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tastebench.domain.columns import CatalogueColumns, Float, Ints, positions
from tastebench.domain.evidence import HistoryValue
from tastebench.domain.links import ItemLinks
from tastebench.domain.profile import ScoringProfile
from tastebench.learning import co_engagement
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
    """

    items: Ints
    amounts: Float
    links: ItemLinks

    def found(self, catalogue: CatalogueColumns) -> tuple[str, str, Float]:
        """Return the search for what the engagements speak for."""
        scores = self.links.said_for(self.items, self.amounts, catalogue.keys)
        return "engaged together", "Engaged with by those who engaged with the same items", scores

    def value(self, catalogue: CatalogueColumns, rows: Ints) -> HistoryValue:
        """Return what they say for the candidates at these catalogue rows."""
        places = positions(catalogue.keys, self.items)
        links = self.links.between(self.items, catalogue.keys[rows])
        return HistoryValue(*_named(catalogue, places), self.amounts, links)


def _engaged(snapshot: Snapshot, own: Own, links: ItemLinks, profile: ScoringProfile) -> Engaged:
    items, amounts = co_engagement.own_history(own.log, snapshot.action_weights, profile.co_engagement)
    known = (positions(snapshot.catalogue.keys, items) >= 0) & (positions(links.items, items) >= 0) & (amounts > 0)
    return Engaged(items[known], amounts[known], links)


def _named(catalogue: CatalogueColumns, places: Ints) -> tuple[tuple[str, ...], tuple[str, ...]]:
    chosen = places.tolist()
    return tuple(map(catalogue.item_ids.__getitem__, chosen)), tuple(map(catalogue.titles.__getitem__, chosen))
