"""Every knob of a scoring profile: what it is called, what it may be, and how a profile is read and changed by it.

Bounds come from the profile itself, the weights' knobs from the signals' registry: neither is written a second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, cast

from tastebench.domain.profile import ScoringProfile
from tastebench.signals import REGISTRY, resolved

Value = float | int | str | tuple[str, ...] | None
Kind = Literal["weight", "share", "number", "whole", "choice", "actions", "switch", "optional"]


@dataclass(frozen=True)
class Knob:
    """One knob.

    Parameters
    ----------
    path : str
        Where it stands in the profile, such as ``taste.half_life_days``.
    label, hint : str
        For people.
    kind : str
        How it is turned.
    step : float
        One turn.
    options : mapping of str to str
        A choice's values, in words.
    only_with : (path, value), optional
        It means something only where another knob stands so.
    """

    path: str
    label: str
    hint: str
    kind: Kind
    step: float = 0.01
    options: Mapping[str, str] = field(default_factory=dict)
    only_with: tuple[str, str] | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that a profile takes."""
        section, _, name = self.path.partition(".")
        model = ScoringProfile.model_fields[section].annotation
        limits = {} if model is None else _limits(model.model_fields[name].metadata)
        return limits.get("low", 0.0), limits.get("high", 1.0)


LEAST = 0.001
"""Where a value is above 0, this is the least that a knob offers."""


def _limits(metadata: Sequence[Any]) -> dict[str, float]:
    found = {}
    for limit in metadata:
        for end, names in (("low", ("ge", "gt")), ("high", ("le", "lt"))):
            for name in names:
                if hasattr(limit, name):
                    found[end] = float(getattr(limit, name)) + (LEAST if name == "gt" else 0.0)
    return found


DECAY = {"age": "by age", "position": "by position, newest first"}
METHOD = {"repeat": "penalty for repeats", "mmr": "MMR over embeddings", "none": "none"}
SCALE = {"raw": "a signal's value as it is", "standardised": "its distance from the candidates' mean, in deviations"}
EXPLAIN = {"none": "none", "short": "short", "full": "full"}
FALLBACK = {"popular_first": "popular, then newest", "newest_first": "newest, then popular"}

SECTIONS: Mapping[str, tuple[Knob, ...]] = MappingProxyType(
    {
        "Scale": (
            Knob("scale", "A weight multiplies", "Standardised, equal weights tell items apart equally.", "choice",
                 options=SCALE),
        ),
        "Taste": (
            Knob("taste.decay", "History fades", "How an event loses weight.", "choice", options=DECAY),
            Knob("taste.half_life_days", "Half-life, days", "After so many days an event counts half.", "number", 1.0,
                 only_with=("taste.decay", "age")),
            Knob("taste.position_decay", "Factor per place", "What an event keeps per newer one.", "share", 0.01,
                 only_with=("taste.decay", "position")),
            Knob("taste.recent", "Newest interactions that count", "Older ones leave the taste. 0: all count.", "whole",
                 10),
            Knob("taste.prior", "Weight of what is stated", "Interests and description beside history.", "number", 0.1),
        ),
        "Behaviour": (
            Knob("behaviour.done_penalty", "Liked or disliked before", "Value of such an item.", "share", 0.05),
            Knob("behaviour.seen_penalty", "Viewed, clicked or carted before", "Value of such an item.", "share", 0.05),
            Knob("behaviour.creator_bonus", "Bonus per other item of the creator", "Per liked one.", "share"),
            Knob("behaviour.creator_cap", "Creator bonus, at most", "However many were liked.", "share", 0.05),
            Knob("behaviour.follow_counts", "A follow counts as so many likes", "Of the followed creator.", "whole", 1),
            Knob("hide_after", "Hide an item after", "These actions take an item out of the list.", "actions"),
            Knob("repeats", "Repeats are wanted", "What was purchased is shown again, without a penalty.", "switch"),
        ),
        "Others and popularity": (
            Knob("collaborative.neighbours", "Similar people asked", "How many count as similar.", "whole", 1),
            Knob("popularity.likes_share", "All-time likes against velocity", "1: only likes of all time.", "share"),
            Knob("popularity.window_days", "Likes of so many days", "Older ones don't count. 0: of all time.", "number",
                 1.0),
            Knob("popularity.half_life_days", "Half-life of velocity, days", "How fast it fades.", "number", 1.0),
            Knob("fallback", "Where nothing is known", "What a stranger is shown.", "choice", options=FALLBACK),
        ),
        "Co-engagement": (
            Knob("co_engagement.decay", "Own history fades", "How an engagement loses weight.", "choice",
                 options=DECAY),
            Knob("co_engagement.half_life_days", "Half-life, days", "After so many days an engagement counts half.",
                 "number", 1.0, only_with=("co_engagement.decay", "age")),
            Knob("co_engagement.position_decay", "Factor per place", "What an item keeps per newer one.", "share", 0.01,
                 only_with=("co_engagement.decay", "position")),
            Knob("co_engagement.learned_half_life_days", "Half-life of what is learned from, days",
                 "How fast all people's history fades. 0: never. Changing it fits anew.", "number", 10.0),
            Knob("co_engagement.regularisation", "Caution", "The higher, the less is read into what few did. Changing "
                 "it fits anew.", "number", 10.0),
        ),
        "Neighbours, repurchase, freshness": (
            Knob("neighbours.recent", "Liked items compared with", "The newest ones.", "whole", 5),
            Knob("neighbours.position_decay", "Factor per liked item", "What one keeps per newer one.", "share", 0.01),
            Knob("neighbours.sharpness", "Sharpness", "The higher, the more only the closest count.", "number", 0.5),
            Knob("repurchase.half_life_days", "Half-life of a purchase, days", "How fast it stops to speak for buying "
                 "again.", "number", 1.0),
            Knob("freshness.half_life_days", "Half-life of newness, days", "After so many days an item is half as new.",
                 "number", 1.0),
        ),
        "Diversity": (
            Knob("diversity.method", "Method", "How a list is kept from repeating itself.", "choice", options=METHOD),
            Knob("diversity.strength", "Strength", "Penalty per repeat of a category tag; 0: none.", "number", 0.01),
            Knob("diversity.cap", "Repeats that count, at most", "More are not punished further.", "whole", 1,
                 only_with=("diversity.method", "repeat")),
            Knob("diversity.mmr_lambda", "MMR: relevance against novelty", "1: relevance alone.", "share", 0.05,
                 only_with=("diversity.method", "mmr")),
        ),
        "Search": (
            Knob("search.results", "Results per search", "Of each search by vector.", "whole", 50),
            Knob("search.candidate_limit", "Candidates, at most", "What is scored at all.", "whole", 100),
            Knob("search.recent_likes", "Recent likes searched around", "The newest ones.", "whole", 1),
            Knob("search.liked_clusters", "Clusters of likes, at most", "Each is a search of its own.", "whole", 1),
        ),
        "Language model, where a list is reranked": (
            Knob("rerank.influence", "Influence", "How far a graded item goes towards the score of the place the model "
                 "gives it. Empty: as the settings on Home say.", "optional"),
            Knob("rerank.candidates", "Items put before it", "The first ones of the list.", "whole", 1),
            Knob("rerank.explain", "Comments", "None: grades alone, which is quicker.", "choice", options=EXPLAIN),
            Knob("rerank.shuffles", "Orders asked in", "Their grades are averaged; each takes a call.", "whole", 1),
        ),
    }
)  # fmt: skip
"""The knobs beside the weights, by section."""

REST: tuple[Knob, ...] = tuple(knob for knobs in SECTIONS.values() for knob in knobs)

OPTIONAL = frozenset(knob.path for knob in REST if knob.kind == "optional")
"""Paths of the knobs that may stand at nothing: somebody else decides then."""


def weights() -> tuple[Knob, ...]:
    """Return a knob per signal of the registry."""
    return tuple(Knob(f"weights.{s.name}", s.label, s.meaning, "weight") for s in REGISTRY.values())


def facet_weights(facets: Sequence[str]) -> tuple[Knob, ...]:
    """Return a knob per facet of the workspace."""
    hint = "How much this facet counts within preference."
    return tuple(Knob(f"facet_weights.{facet}", facet.replace("_", " "), hint, "weight") for facet in facets)


def value(profile: ScoringProfile, path: str) -> Value:
    """Return what a knob stands at in a profile; a weight that isn't written out counts as the profile says."""
    section, _, name = path.partition(".")
    if section == "weights":
        return resolved(profile).weights[name]
    if section == "facet_weights":
        return profile.facet_weights.get(name, 0.0) if profile.facet_weights else 1.0
    found: Any = profile
    for part in path.split("."):
        found = getattr(found, part)
    return cast("Value", found)


def turned(profile: ScoringProfile, changes: Mapping[str, Value], facets: Sequence[str]) -> ScoringProfile:
    """Return the profile with these knobs turned, and every other as it was.

    Raises
    ------
    InvalidProfile
        Where all weights are zero, or a value is out of its bounds.
    """
    if not changes:
        return profile
    document = resolved(profile).model_dump(mode="json")
    if any(path.startswith("facet_weights.") for path in changes) and not profile.facet_weights:
        document["facet_weights"] = dict.fromkeys(facets, 1.0)
    for path, new in changes.items():
        section, _, name = path.partition(".")
        if name:
            document[section][name] = new
        else:
            document[section] = new
    return ScoringProfile.parse(document)
