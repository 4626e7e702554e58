"""What personas did, on its way into the log and back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from tastebench.agent.values import PersonaInteraction, PersonaInteractionResponse
from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.interaction import ACTION_WEIGHTS, LIKED_WEIGHT, Interaction
from tastebench.services.workspace import Workspace

ACTIONS: Mapping[str, float] = MappingProxyType({name: ACTION_WEIGHTS[name] for name in ("view", "like", "dislike")})
"""What the log may call an interaction; what counts of it is its own weight."""

_PAGE = 10_000


def by_persona(
    interactions: Sequence[PersonaInteraction], *, replacing: bool
) -> dict[str, tuple[list[Interaction], list[str]]]:
    """Return each persona's events, and the items whose earlier events they replace.

    Those without a time happened now, a microsecond apart, the last one last.
    """
    found: dict[str, tuple[list[Interaction], list[str]]] = {}
    first = datetime.now(UTC) - timedelta(microseconds=len(interactions))
    for place, one in enumerate(interactions, start=1):
        events, replaced = found.setdefault(str(one.persona_id), ([], []))
        at = one.created_at or first + timedelta(microseconds=place)
        events.append(Interaction(str(one.item_id), _action(one.weight), at, one.weight))
        if replacing or one.replace_previous_interactions:
            replaced.append(str(one.item_id))
    return found


def check_items(workspace: Workspace, interactions: Sequence[PersonaInteraction]) -> None:
    """Raise `NotFound` where one of the items isn't in the workspace."""
    wanted = tuple(dict.fromkeys(str(one.item_id) for one in interactions))
    known = workspace.items_by_id(wanted)
    for item_id in wanted:
        if item_id not in known:
            raise NotFound(f"There is no item {item_id!r} in the workspace {workspace.name!r}.", "Check the item's id.")


def check_actions(workspace: Workspace, interactions: Sequence[PersonaInteraction]) -> None:
    """Raise `InvalidInput` where the workspace lacks an action that the log calls one of these."""
    known = workspace.settings.actions
    lacking = [action for one in interactions if (action := _action(one.weight)) not in known]
    if lacking:
        raise InvalidInput(
            f"The workspace {workspace.name!r} has no action {lacking[0]!r}.", "Add it on the page Interactions."
        )


def told(workspace: Workspace, persona_id: str, interaction_type: str | None) -> list[PersonaInteractionResponse]:
    """Return what a persona did with items, newest first: all of it, or what its weight's sign says.

    Raises
    ------
    InvalidInput
        Where the type is neither "positive" nor "negative".
    """
    if interaction_type not in (None, *_SIGNS):
        raise InvalidInput(f"There is no interaction type {interaction_type!r}.", "Ask for positive or negative ones.")
    found = list(_responses(workspace, persona_id))
    if interaction_type is None:
        return found
    return [one for one in found if one.weight * _SIGNS[interaction_type] > 0]


_SIGNS: Mapping[str, int] = MappingProxyType({"positive": 1, "negative": -1})


def _responses(workspace: Workspace, persona_id: str) -> Iterator[PersonaInteractionResponse]:
    actions, offset, total = workspace.settings.actions, 0, 1
    while offset < total:
        page = workspace.interactions(persona_id, limit=_PAGE, offset=offset)
        for row in page.rows:
            if row.target_kind == "item":
                weight = _share(row.action, actions) if row.weight is None else row.weight
                yield PersonaInteractionResponse(
                    item_id=row.target, weight=weight, created_at=row.at.isoformat(), key=row.key, action=row.action
                )
        offset, total = offset + _PAGE, page.total


def _share(action: str, actions: Mapping[str, float]) -> float:
    """Return what an action weighs among the others, in [-1, 1]: an interaction of that weight counts the same."""
    return max(-1.0, actions.get(action, 0.0) / max(actions.values()))


def _action(weight: float) -> str:
    if abs(weight) < LIKED_WEIGHT:
        return "view"
    return "like" if weight > 0 else "dislike"
