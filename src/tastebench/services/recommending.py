"""Use cases of ranking: ask, gather, explain, show."""

from collections.abc import Sequence
from datetime import datetime

from tastebench.domain.columns import Ints
from tastebench.domain.errors import IndexUnavailable
from tastebench.domain.evidence import Evidence
from tastebench.domain.moments import as_utc
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Filters, Request
from tastebench.domain.text import TEXT_LIMIT, checked
from tastebench.ranking import Explanation, Sources, explained
from tastebench.ranking import gather as gather_evidence
from tastebench.services.co_engaging import CoEngaging
from tastebench.services.similar_people import SimilarPeople
from tastebench.signals import resolved
from tastebench.stores import impressions, items, personas


class Recommending(SimilarPeople, CoEngaging):
    """What can be asked of the ranker."""

    def request(
        self,
        persona_id: str,
        *,
        limit: int = 10,
        offset: int = 0,
        now: datetime | None = None,
        profile: ScoringProfile | None = None,
        filters: Filters | None = None,
        exclude_items: Sequence[str] = (),
        instruction: str | None = None,
        queries: Sequence[str] = (),
        proposed: Sequence[str] = (),
        rerank: bool = False,
    ) -> Request:
        """Return the complete request, defaults resolved: `now`, the workspace's default profile, the influence.

        Raises
        ------
        InvalidInput
            Where limit, offset, a text or a range cannot be used.
        InvalidProfile
            Where the profile names a signal that does not exist.
        """
        return Request(
            persona_id=persona_id,
            now=as_utc(now) if now is not None else self.default_now(persona_id).at,
            profile=self._resolved(profile or self.profile(), rerank=rerank),
            limit=limit,
            offset=offset,
            filters=filters or Filters(),
            exclude_items=tuple(exclude_items),
            instruction=checked(instruction or "", "the instruction", TEXT_LIMIT),
            queries=tuple(checked(query, "a query", TEXT_LIMIT, required=True) for query in queries),
            proposed=tuple(checked(query, "a proposed query", TEXT_LIMIT, required=True) for query in proposed),
            rerank=rerank,
        )

    def gather(self, request: Request) -> Evidence:
        """Return the evidence for a request, for `rank` to score as often as wanted."""
        return gather_evidence(request, self._sources(request.persona_id))

    def explain(self, evidence: Evidence, request: Request, item_id: str) -> Explanation:
        """Return why an item scores what it scores. Raises `NotFound` where it is not a candidate."""
        return explained(evidence, request.profile, item_id, request.query.strength if request.query else 1.0)

    def show(self, ranking: Ranking) -> str:
        """Record that this list was shown and return the impression's id, for interactions to answer."""
        with self._parts.database.write() as connection:
            stored = personas.find(connection, self._key, ranking.request.persona_id)
            return impressions.add(
                connection,
                self._key,
                stored.key,
                ranking.request.now,
                ranking.request.as_dict(),
                [item.item_id for item in ranking.items],
                ranking.request.profile.digest(),
            )

    def _sources(self, persona_id: str) -> Sources:
        with self._parts.database.read() as connection:
            stored = personas.find(connection, self._key, persona_id)
        try:
            index = self._held.index()
        except IndexUnavailable:
            index = None  # searched exactly instead; Home's health row says that the index is down and what to do
        snapshot = self._snapshot()
        return Sources(
            snapshot, stored.persona, stored.key, index, self._parts.encoder, self._matching,
            self.persona_index(snapshot), self.item_links, self._held.words.search,
        )  # fmt: skip

    def _resolved(self, profile: ScoringProfile, *, rerank: bool) -> ScoringProfile:
        complete = resolved(profile)
        if not rerank or profile.rerank.influence is not None:
            return complete
        influence = self._parts.language_model.settings.influence
        return complete.model_copy(update={"rerank": profile.rerank.model_copy(update={"influence": influence})})

    def _matching(self, text: str) -> Ints:
        with self._parts.database.read() as connection:
            return items.matching_keys(connection, self._key, text)
