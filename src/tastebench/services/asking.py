"""Use cases of asking: a persona's question in words, answered by the question alone and for this persona."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from tastebench.domain.errors import InvalidInput
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.query import Method, Query
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Filters, Request
from tastebench.domain.text import clean
from tastebench.ranking import rank as rank_evidence
from tastebench.ranking.asking import named_tags
from tastebench.services.judged import Judged
from tastebench.services.reranking import Reranking


class Places(NamedTuple):
    """Where a candidate stands by the question alone, and where for the persona; 1 is best."""

    plain: int
    personal: int


@dataclass(frozen=True)
class Asked:
    """The answer to a question: the same page of the same candidates in two orders.

    Parameters
    ----------
    plain : Ranking
        By the question alone.
    personal : Ranking
        As far as the persona bends it.
    places : mapping of str to Places
        Both places of every candidate, by item id.
    """

    plain: Ranking
    personal: Ranking
    places: Mapping[str, Places]

    def to_json(self) -> str:
        """Return the whole record: request, both decisions, model, notes and timings."""
        record = json.loads(self.personal.to_json())
        return json.dumps({**record, "plain": self.plain.decision()}, ensure_ascii=False, indent=2, allow_nan=False)


class Asking(Reranking):
    """What can be asked in words."""

    def asking(
        self,
        persona_id: str,
        question: str,
        *,
        method: Method = "hybrid",
        alpha: float = 0.7,
        strength: float = 0.5,
        limit: int = 10,
        offset: int = 0,
        depth: int = 100,
        overfetch: float = 1.5,
        now: datetime | None = None,
        profile: ScoringProfile | None = None,
        filters: Filters | None = None,
        exclude_items: Sequence[str] = (),
        rerank: bool = False,
    ) -> Request:
        """Return the complete request behind `ask`, defaults resolved: for `gather`, and `answer` as often as wanted.

        Raises
        ------
        InvalidInput
            Where question, method or a number cannot be used.
        """
        if not isinstance(question, str):
            raise InvalidInput("The question is not a text.", "Write what is looked for, in a few words.")
        query = Query(clean(question), method, alpha, strength, overfetch, depth)
        request = self.request(
            persona_id, limit=limit, offset=offset, now=now, profile=profile, filters=filters,
            exclude_items=exclude_items, rerank=rerank,
        )  # fmt: skip
        return replace(request, query=query)

    def ask(
        self,
        persona_id: str,
        question: str,
        *,
        method: Method = "hybrid",
        alpha: float = 0.7,
        strength: float = 0.5,
        limit: int = 10,
        offset: int = 0,
        depth: int = 100,
        overfetch: float = 1.5,
        now: datetime | None = None,
        profile: ScoringProfile | None = None,
        filters: Filters | None = None,
        exclude_items: Sequence[str] = (),
        rerank: bool = False,
    ) -> Asked:
        """Return what answers a persona's question, by the question alone and for this persona.

        The candidates are the `overfetch` × `depth` best for the question; `limit` and `offset` cut a page of their
        order, so that pages join up. See `Query` for what the other numbers mean.

        Raises
        ------
        NotFound
            Where there is no such persona.
        InvalidInput
            Where question, method or a number cannot be used.
        """
        request = self.asking(
            persona_id, question, method=method, alpha=alpha, strength=strength, limit=limit, offset=offset,
            depth=depth, overfetch=overfetch, now=now, profile=profile, filters=filters, exclude_items=exclude_items,
            rerank=rerank,
        )  # fmt: skip
        evidence = self.gather(request)
        return self.answer(evidence, request, self.judge(self.question(request, evidence)) if rerank else None)

    def answer(self, evidence: Evidence, request: Request, judged: Judged | None = None) -> Asked:
        """Return both orders of held evidence, under the request's strength and profile. Pure."""
        if request.query is None:
            raise InvalidInput("The request holds no question.", "Make it with `asking`.")
        alone = replace(request.query, strength=0.0)
        whole = self.rank(evidence, request.page(max(1, len(evidence)), 0), judged)
        page = whole.items[request.offset : request.offset + request.limit]
        return Asked(
            plain=rank_evidence(evidence, replace(request, query=alone, rerank=False)),
            personal=replace(whole, request=request, items=page),
            places=MappingProxyType({item.item_id: Places(item.ranks["query"], item.rank) for item in whole.items}),
        )

    def note_question(self, persona_id: str, question: str, at: datetime | None = None) -> list[int]:
        """Record that a persona asked this and return the rows' keys; `ask` itself records nothing.

        What is kept is which tags of this workspace the question names, as preferences of the category ``query``. The
        moment is `default_now` unless given.
        """
        moment = at or self.default_now(persona_id).at
        catalogue = self._snapshot().catalogue
        facets = {name: catalogue.facets[name] for name in self.settings.facets if name in catalogue.facets}
        with self._parts.database.write():
            named = named_tags(clean(question), facets)
            return [key for tag in named for key in self.choose(persona_id, "query", *tag, at=moment)]
