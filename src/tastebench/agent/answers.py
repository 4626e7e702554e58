"""Rankings as the agent answers them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tastebench.agent.values import PersonalizationAgentGetObjectsResponse, PersonalizedObject, Usage
from tastebench.domain.item import Item
from tastebench.domain.model_state import ModelState
from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.services.workspace import Workspace


def objects_response(
    workspace: Workspace, ranking: Ranking, *, explained: bool
) -> PersonalizationAgentGetObjectsResponse:
    """Return a ranking as the answer of `get_objects`."""
    judged = bool(ranking.model) and ModelState(ranking.model["state"]).answered
    return PersonalizationAgentGetObjectsResponse(
        objects=[
            personalized(
                one, properties, one.ranks["diversity"], one.ranks["llm"] if judged else None, _comment(ranking, one)
            )
            for one, properties in with_properties(workspace, ranking.items)
        ],
        ranking_rationale=_rationale(ranking, judged=judged, explained=explained),
        usage=usage(ranking),
        notes=ranking.notes,
    )


def with_properties(
    workspace: Workspace, items: Sequence[ScoredItem], names: Sequence[str] | None = None
) -> list[tuple[ScoredItem, dict[str, Any]]]:
    """Return each item with its properties, or those of these names; an item that has just been deleted is left out."""
    found = workspace.items_by_id(tuple(item.item_id for item in items))
    facets = workspace.settings.facets
    known = [(item, _properties(found[item.item_id], facets)) for item in items if item.item_id in found]
    if names is None:
        return known
    return [(item, {name: properties.get(name) for name in names}) for item, properties in known]


def personalized(
    item: ScoredItem, properties: dict[str, Any], before: int, after: int | None, comment: str = ""
) -> PersonalizedObject:
    """Return one place of a ranking; both places count from 1 here."""
    return PersonalizedObject(
        uuid=item.item_id,
        original_rank=before - 1,
        personalized_rank=None if after is None else after - 1,
        properties=properties,
        reason=item.reason,
        comment=comment,
        score=item.score,
        contributions=dict(item.contributions),
    )


def usage(ranking: Ranking) -> Usage:
    """Return what the language model was asked for."""
    counted: Mapping[str, Any] = ranking.model.get("usage", {})
    if not counted:
        return Usage()
    asked, answered = counted["prompt_tokens"], counted["answer_tokens"]
    known = [tokens for tokens in (asked, answered) if tokens is not None]
    return Usage(
        requests=counted["calls"],
        request_tokens=asked,
        response_tokens=answered,
        total_tokens=sum(known) if known else None,
        details={"cached": counted["cached"]},
    )


def _properties(item: Item, facets: Sequence[str]) -> dict[str, Any]:
    return {
        **item.attributes,
        **{facet: list(item.facets.get(facet, ())) for facet in dict.fromkeys((*facets, *item.facets))},
        "title": item.title,
        "description": item.description,
        "creator": item.creator,
    }


def _comment(ranking: Ranking, item: ScoredItem) -> str:
    return str(ranking.model.get("items", {}).get(item.item_id, {}).get("comment", ""))


def _rationale(ranking: Ranking, *, judged: bool, explained: bool) -> str | None:
    if not ranking.model:
        return None
    if not judged:
        return ranking.notes[-1]  # where the model gave no answer, the last note says why
    return str(ranking.model["summary"] or ranking.model["sentence"]) if explained else None
