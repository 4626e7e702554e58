"""The profile behind an answer: the workspace's own, with the agent's way of looking at a history."""

from tastebench.domain.errors import InvalidInput
from tastebench.domain.profile import ScoringProfile
from tastebench.services.workspace import Workspace

_INTERACTIONS_LIMIT = 100_000


def profile_of(
    workspace: Workspace, recent_interactions_count: int, decay_rate: float, *, exclude_interacted_items: bool
) -> ScoringProfile:
    """Return the workspace's profile with a taste of the newest interactions, each × (1 − decay_rate)^place.

    What the persona knows is hidden, or it is neither hidden nor penalised.

    Raises
    ------
    InvalidInput
        Where the count or the rate cannot be used.
    """
    if not 0 <= decay_rate <= 1:
        raise InvalidInput(f"decay_rate is {decay_rate}; 0 to 1 are allowed.", "0: nothing fades; 1: only the newest.")
    if not 1 <= recent_interactions_count <= _INTERACTIONS_LIMIT:
        raise InvalidInput(
            f"recent_interactions_count is {recent_interactions_count}; 1 to {_INTERACTIONS_LIMIT:,} are allowed."
        )
    profile = workspace.profile()
    decay = {"decay": "position", "position_decay": 1 - decay_rate, "recent": recent_interactions_count}
    taste = profile.taste.model_copy(update=decay)
    if exclude_interacted_items:
        hidden = {"hide_after": tuple(workspace.settings.actions), "repeats": False}
        return profile.model_copy(update={"taste": taste, **hidden})
    behaviour = profile.behaviour.model_copy(update={"done_penalty": 0.0, "seen_penalty": 0.0})
    return profile.model_copy(update={"taste": taste, "behaviour": behaviour, "hide_after": ()})
