"""Queries in words, personalised."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from tastebench.agent.answers import personalized, with_properties
from tastebench.agent.filters import Conditions, filters_of
from tastebench.agent.values import PersonalizedQueryResponse
from tastebench.domain.errors import InvalidInput
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.query import Method
from tastebench.services.workspace import Workspace

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "certainty": "a list is cut by `limit`, not by closeness",
        "distance": "a list is cut by `limit`, not by closeness",
        "max_vector_distance": "a list is cut by `limit`, not by closeness",
        "auto_limit": "a list is cut by `limit`, not by closeness",
        "move_to": "the persona moves the answer, not other words",
        "move_away": "the persona moves the answer, not other words",
        "query_properties": "title, description, tags and creator are searched together",
        "vector": "the question is the text, and the workspace's model reads it",
        "target_vector": "an item has one vector",
        "include_vector": "vectors stay inside",
        "fusion_type": "both searches are scaled from 0 to 1 and added",
        "rerank": "`get_objects` reranks with the language model",
        "return_metadata": "score and contributions come with every object",
        "return_references": "items don't refer to others",
    }
)
"""What Weaviate's queries take and these don't, and why. Their defaults are accepted."""


class PersonalizedQuery:
    """A question still to be asked, for one persona. Get one from `PersonalizationAgent.query`.

    Every way of asking returns ten objects from the first on unless `limit` and `offset` say otherwise; `filters` come
    from `Filter`, and `return_properties` names the properties wanted. `others` are refused, see `REFUSED`. Each raises
    `NotFound` where there is no such persona, and `InvalidInput` where a value cannot be used.
    """

    def __init__(
        self, workspace: Workspace, persona_id: str, profile: ScoringProfile, strength: float, overfetch_factor: float
    ) -> None:
        self._workspace, self._persona_id, self._profile = workspace, persona_id, profile
        self._strength, self._overfetch = strength, overfetch_factor

    def near_text(
        self,
        query: str | Sequence[str],
        *,
        limit: int | None = None,
        offset: int | None = None,
        filters: Conditions | None = None,
        return_properties: Sequence[str] | None = None,
        **others: object,
    ) -> PersonalizedQueryResponse:
        """Return what is close in meaning to the question; several texts are read as one."""
        _refuse("near_text", others)
        text = query if isinstance(query, str) else ". ".join(query)
        return self._asked(text, "near_text", 1.0, _Page(limit, offset, filters, return_properties))

    def bm25(
        self,
        query: str,
        *,
        limit: int | None = None,
        offset: int | None = None,
        filters: Conditions | None = None,
        return_properties: Sequence[str] | None = None,
        **others: object,
    ) -> PersonalizedQueryResponse:
        """Return what has the question's words."""
        _refuse("bm25", others)
        return self._asked(query, "bm25", 0.0, _Page(limit, offset, filters, return_properties))

    def hybrid(
        self,
        query: str,
        *,
        alpha: float = 0.7,
        limit: int | None = None,
        offset: int | None = None,
        filters: Conditions | None = None,
        return_properties: Sequence[str] | None = None,
        **others: object,
    ) -> PersonalizedQueryResponse:
        """Return what does either, meaning counting `alpha` and words 1 − `alpha`."""
        _refuse("hybrid", others)
        return self._asked(query, "hybrid", alpha, _Page(limit, offset, filters, return_properties))

    def _asked(self, question: str, method: Method, alpha: float, page: "_Page") -> PersonalizedQueryResponse:
        limit, offset = 10 if page.limit is None else page.limit, page.offset or 0
        asked = self._workspace.ask(
            self._persona_id,
            question,
            method=method,
            alpha=alpha,
            strength=self._strength,
            limit=limit,
            offset=offset,
            depth=limit + offset,
            overfetch=self._overfetch,
            profile=self._profile,
            filters=filters_of(page.filters, self._workspace),
        )
        found = with_properties(self._workspace, asked.personal.items, page.return_properties)
        return PersonalizedQueryResponse(
            objects=[personalized(one, known, *asked.places[one.item_id]) for one, known in found],
            notes=asked.personal.notes,
        )


class _Page(NamedTuple):
    limit: int | None
    offset: int | None
    filters: Conditions | None
    return_properties: Sequence[str] | None


def _refuse(method: str, others: Mapping[str, object]) -> None:
    for name, value in others.items():
        if name not in REFUSED:
            raise InvalidInput(f"{method} knows no {name!r}.", "See docs/agent.md for what can be asked.")
        if value is not None and value is not False:
            raise InvalidInput(f"{method} takes no {name!r} here: {REFUSED[name]}.", "Leave it out.")
