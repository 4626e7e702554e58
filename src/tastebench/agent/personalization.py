"""The agent: what is chosen for a persona."""

from collections.abc import Iterable

from tastebench.agent.answers import objects_response
from tastebench.agent.filters import Conditions, filters_of
from tastebench.agent.people import People
from tastebench.agent.query import PersonalizedQuery
from tastebench.agent.tastes import profile_of
from tastebench.agent.values import Id, PersonalizationAgentGetObjectsResponse, text_of

_GRADED_LEAST, _GRADED_MOST = 2, 20


class PersonalizationAgent(People):
    """Chooses items of a workspace for personas. Get one from `create` or `connect`."""

    def get_objects(
        self,
        persona_id: Id,
        limit: int = 10,
        recent_interactions_count: int = 100,
        exclude_interacted_items: bool = True,
        decay_rate: float = 0.1,
        exclude_items: Iterable[Id] | None = None,
        use_agent_ranking: bool = True,
        explain_results: bool = True,
        instruction: str | None = None,
        filters: Conditions | None = None,
    ) -> PersonalizationAgentGetObjectsResponse:
        """Return the items that suit a persona, best first.

        Parameters
        ----------
        limit : int
            1 to 10,000.
        recent_interactions_count : int
            So many of the newest interactions make its taste; at least 1.
        exclude_interacted_items : bool
            Whether to leave out all that it ever did something with.
        decay_rate : float
            d in [0, 1]: an interaction counts weight × (1 − d)^place, the newest one's place being 0.
        exclude_items : ids, optional
            Left out too.
        use_agent_ranking : bool
            Whether the language model may rearrange the first 20; without one the list stays as it is and says so.
        explain_results : bool
            Whether it also comments on them.
        instruction : str, optional
            What to look for, in words.
        filters : Conditions, optional
            From `Filter`.

        Raises
        ------
        NotFound
            Where there is no such persona.
        InvalidInput
            Where a value cannot be used.
        """
        profile = profile_of(
            self.workspace, recent_interactions_count, decay_rate, exclude_interacted_items=exclude_interacted_items
        )
        rerank = profile.rerank.model_copy(
            update={
                "candidates": min(max(limit, _GRADED_LEAST), _GRADED_MOST),
                "explain": "short" if explain_results else "none",
            }
        )
        ranking = self.workspace.recommend(
            text_of(persona_id),
            limit,
            profile=profile.model_copy(update={"rerank": rerank}),
            filters=filters_of(filters, self.workspace),
            exclude_items=[text_of(one) for one in exclude_items or ()],
            instruction=instruction,
            rerank=use_agent_ranking,
        )
        return objects_response(self.workspace, ranking, explained=explain_results)

    def query(
        self,
        persona_id: Id,
        strength: float = 0.5,
        overfetch_factor: float = 1.5,
        recent_interactions_count: int = 100,
        decay_rate: float = 0.1,
    ) -> PersonalizedQuery:
        """Return a query to ask for a persona with `near_text`, `bm25` or `hybrid`.

        Parameters
        ----------
        strength : float
            0: the query alone, 1: the persona alone.
        overfetch_factor : float
            Items looked at per item returned, 1 to 10.
        recent_interactions_count, decay_rate
            As in `get_objects`.

        Raises
        ------
        InvalidInput
            Where a value cannot be used.
        """
        profile = profile_of(self.workspace, recent_interactions_count, decay_rate, exclude_interacted_items=False)
        return PersonalizedQuery(self.workspace, text_of(persona_id), profile, strength, overfetch_factor)
