"""The ranking: scored items, the searches behind them, the ranks per stage, notes."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tastebench.domain.errors import NotFound
from tastebench.domain.request import Request

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ScoredItem:
    """One place of a ranking.

    Parameters
    ----------
    item_id, title : str
    rank : int
        1 is best; counts from the top of the whole list, whatever page is asked for.
    ranks : mapping of str to int
        Place after each stage: ``base``, ``diversity``, ``llm``.
    signals : mapping of str to float or None
        Each signal's value in [-1, 1]; None for no evidence.
    contributions : mapping of str to float
        One additive line per signal with weight, plus ``diversity`` and ``llm``.
    tags : tuple of str
        Tags of the category facet.
    reason : str
        Why, in one line, from the breakdown.
    """

    item_id: str
    title: str
    rank: int
    ranks: Mapping[str, int]
    signals: Mapping[str, float | None]
    contributions: Mapping[str, float]
    tags: tuple[str, ...] = ()
    reason: str = ""

    @property
    def score(self) -> float:
        """Sum of the contributions, correctly rounded: it cannot disagree with its breakdown."""
        return math.fsum(self.contributions.values())


class Scale(NamedTuple):
    """What a signal's values are measured by in a standardised ranking: their mean and deviation over the candidates.

    A line is share × (value − mean) ÷ deviation; no evidence counts as the mean, and a deviation of 0 gives 0.
    """

    mean: float
    deviation: float


@dataclass(frozen=True)
class SearchHits:
    """One search behind a ranking: its provenance and what it found, best first."""

    name: str
    provenance: str
    item_ids: tuple[str, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Ranking:
    """The answer to one request.

    Parameters
    ----------
    request : Request
    items : tuple of ScoredItem
        The page asked for.
    total : int
        Number of ranked candidates.
    searches : tuple of SearchHits
    notes : tuple of str
        Sentences for people: fallbacks, limits, clippings.
    model : mapping
        What the language model did; empty where it wasn't asked.
    timings : mapping of str to float
        Milliseconds per step. Not part of the decision.
    scales : mapping of str to Scale
        Of each signal with weight, where the profile asks for standardised values; empty where it doesn't.
    influence : mapping of str to float
        What each line really does: its part of the differences in score over all candidates. The parts sum to 1; empty
        where all score alike. Not part of the decision.
    """

    request: Request
    items: tuple[ScoredItem, ...]
    total: int
    searches: tuple[SearchHits, ...] = ()
    notes: tuple[str, ...] = ()
    model: Mapping[str, Any] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    influence: Mapping[str, float] = field(default_factory=dict)

    def decision(self) -> dict[str, Any]:
        """Return items, values, ranks and searches as plain JSON values, equal for equal requests on equal data."""
        return {
            "items": [_entry(item) for item in self.items],
            "total": self.total,
            "searches": [
                {
                    "name": search.name,
                    "provenance": search.provenance,
                    "hits": [
                        {"item_id": item_id, "score": score}
                        for item_id, score in zip(search.item_ids, search.scores, strict=True)
                    ],
                }
                for search in self.searches
            ],
            **({"scales": {name: scale._asdict() for name, scale in self.scales.items()}} if self.scales else {}),
        }

    def record(self, item_id: str) -> dict[str, Any]:
        """Return the decision about one item of the page: its values and places, and the searches that found it.

        Raises
        ------
        NotFound
            Where the page doesn't hold it.
        """
        item = next((one for one in self.items if one.item_id == item_id), None)
        if item is None:
            raise NotFound(f"{item_id!r} is not on this page of the list.", "Ask for one of its items.")
        found = [
            {"name": search.name, "provenance": search.provenance, "place": place, "score": search.scores[place - 1]}
            for search in self.searches
            for place in [search.item_ids.index(item_id) + 1 if item_id in search.item_ids else 0]
            if place
        ]
        profile = {"name": self.request.profile.name, "digest": self.request.profile.digest()}
        asked = {"persona_id": self.request.persona_id, "now": self.request.now.isoformat(), "profile": profile}
        return {"request": asked, "item": _entry(item), "of": self.total, "found_by": found}

    def to_json(self) -> str:
        """Return the whole record: request, decision, model, notes and timings."""
        record = {
            "request": self.request.as_dict(),
            "decision": self.decision(),
            "model": dict(self.model),
            "notes": list(self.notes),
            "timings": dict(self.timings),
        }
        return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per item: rank, item_id, title, score, one column per contribution."""
        import pandas as pd  # half a second to import, and only tables need it

        rows = [
            {"rank": i.rank, "item_id": i.item_id, "title": i.title, "score": i.score, **i.contributions}
            for i in self.items
        ]
        return pd.DataFrame(rows, columns=None if rows else ["rank", "item_id", "title", "score"])


def _entry(item: ScoredItem) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "title": item.title,
        "rank": item.rank,
        "ranks": dict(item.ranks),
        "score": item.score,
        "signals": dict(item.signals),
        "contributions": dict(item.contributions),
    }
