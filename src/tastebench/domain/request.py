"""The request: all that a ranking may depend on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from tastebench.domain.errors import InvalidInput
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.query import Query

Range = tuple[float | None, float | None]


@dataclass(frozen=True)
class Filters:
    """Which items may appear. All conditions must hold; within one facet any of the tags will do.

    Parameters
    ----------
    facets : mapping of str to tuple of str
        Facet to accepted tags.
    ranges : mapping of str to (low, high)
        Numeric attribute to inclusive bounds; None is open. Items without the attribute are left out.
    text : str
        Must occur in title, description or creator, upper and lower case alike.
    only_items : tuple of str, optional
        Nothing but these ids.
    without : mapping of str to tuple of str
        Facet to tags that are ruled out: one of them is enough.
    """

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    ranges: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))
    text: str = ""
    only_items: tuple[str, ...] | None = None
    without: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name, (low, high) in self.ranges.items():
            if low is not None and high is not None and low > high:
                raise InvalidInput(f"the range of {name} starts above its end.", "Swap the two bounds.")

    def __bool__(self) -> bool:
        tags = (*self.facets.values(), *self.without.values())
        return bool(any(tags) or self.ranges or self.text or self.only_items is not None)

    def as_dict(self) -> dict[str, Any]:
        """Return the filters as plain JSON values, keys sorted."""
        return {
            "facets": _plain(self.facets),
            "ranges": {name: list(bounds) for name, bounds in sorted(self.ranges.items())},
            "text": self.text,
            "only_items": None if self.only_items is None else sorted(self.only_items),
            **({"without": _plain(self.without)} if any(self.without.values()) else {}),
        }


def _plain(facets: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: sorted(tags) for name, tags in sorted(facets.items()) if tags}


@dataclass(frozen=True)
class Request:
    """One question to the ranker: cache key, export and A/B arm in one.

    `now` is the only clock. `limit` and `offset` cut the page and change nothing else. `queries` are the operator's
    extra searches, `proposed` those a language model proposed having seen an earlier list. With a `query`, what answers
    that question is ranked in place of what the persona's own searches find.
    """

    persona_id: str
    now: datetime
    profile: ScoringProfile
    limit: int = 10
    offset: int = 0
    filters: Filters = Filters()
    exclude_items: tuple[str, ...] = ()
    instruction: str = ""
    queries: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    rerank: bool = False
    query: Query | None = None

    def __post_init__(self) -> None:
        for name, value, low in (("limit", self.limit, 1), ("offset", self.offset, 0)):
            if not low <= value <= 10_000:
                raise InvalidInput(f"{name} is {value}; {low} to 10,000 are allowed.")

    @property
    def wish(self) -> str:
        """What is asked for in words: the question, or else the instruction; may be empty."""
        return self.query.text if self.query else self.instruction

    def page(self, limit: int, offset: int) -> "Request":
        """Return the same question for another page of the list."""
        return replace(self, limit=limit, offset=offset)

    def as_dict(self) -> dict[str, Any]:
        """Return the request as plain JSON values."""
        return {
            "persona_id": self.persona_id,
            "now": self.now.isoformat(),
            "limit": self.limit,
            "offset": self.offset,
            "filters": self.filters.as_dict(),
            "exclude_items": sorted(self.exclude_items),
            "instruction": self.instruction,
            "queries": list(self.queries),
            "proposed": list(self.proposed),
            "rerank": self.rerank,
            "profile": self.profile.model_dump(mode="json"),
            **({"query": self.query.as_dict()} if self.query else {}),
        }

    def digest(self) -> str:
        """Return a short hash of the request; equal requests have equal hashes."""
        text = json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
