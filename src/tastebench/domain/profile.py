"""The scoring profile: every knob of a ranking in one frozen, exportable document."""

import hashlib
import json
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tastebench.domain.errors import InvalidProfile

Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[float, Field(gt=0, le=3650)]
Weight = Annotated[float, Field(ge=0, le=1000)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TasteSettings(_Section):
    """How history becomes a taste vector."""

    decay: Literal["age", "position"] = "age"
    half_life_days: Days = 7.0
    position_decay: Share = Field(default=0.9, description="factor per place, newest first; for decay by position")
    recent: int = Field(default=0, ge=0, le=100_000, description="so many of the newest interactions count; 0: all")
    prior: float = Field(default=1.0, ge=0, le=100, description="weight of stated interests and description")
    action_weights: dict[str, Annotated[float, Field(ge=-100, le=100)]] = Field(
        default_factory=dict, description="overrides of the workspace's action weights"
    )


class BehaviourSettings(_Section):
    """Penalties for what the persona knows, a bonus for creators it likes."""

    done_penalty: float = Field(default=-0.8, ge=-1, le=0, description="already liked or disliked")
    seen_penalty: float = Field(default=-0.5, ge=-1, le=0, description="already viewed, clicked or carted")
    creator_bonus: Share = Field(default=0.1, description="per other liked item of the creator")
    creator_cap: Share = 0.3
    follow_counts: int = Field(default=3, ge=0, le=100, description="liked items that a follow is worth")


class CollaborativeSettings(_Section):
    """Who counts as similar."""

    neighbours: int = Field(default=10, ge=1, le=500)


class CoEngagementSettings(_Section):
    """What items that the same personas engage with say for each other."""

    decay: Literal["age", "position"] = "age"
    half_life_days: Days = Field(default=60.0, description="of the persona's own history; for decay by age")
    position_decay: Share = Field(default=0.9, description="factor per item, newest first; for decay by position")
    learned_half_life_days: float = Field(
        default=0.0, ge=0, le=3650, description="of what all personas did, which it is learned from; 0: nothing fades"
    )
    regularisation: float = Field(default=100.0, ge=1, le=100_000, description="the higher, the less is read into few")

    @property
    def fitting(self) -> tuple[float, float]:
        """What the fit itself depends on; the rest only weighs the persona's own history."""
        return self.learned_half_life_days, self.regularisation


class NeighbourSettings(_Section):
    """How close an item's text is to single items that the persona liked."""

    recent: int = Field(default=50, ge=1, le=200, description="liked items that count, the newest ones")
    position_decay: Share = Field(default=0.9, description="factor per liked item, newest first")
    sharpness: float = Field(default=3.0, ge=1, le=10, description="power of the cosine: the higher, the closer")


class RepurchaseSettings(_Section):
    """How long a purchase speaks for buying the same again."""

    half_life_days: Days = 60.0


class FreshnessSettings(_Section):
    """How long an item is new."""

    half_life_days: Days = 30.0


class PopularitySettings(_Section):
    """The mix of likes and recent velocity."""

    likes_share: Share = 0.5
    half_life_days: Days = 7.0
    window_days: float = Field(default=0.0, ge=0, le=3650, description="only likes of so many days count; 0: all")


class DiversitySettings(_Section):
    """How lists are kept from repeating themselves."""

    method: Literal["repeat", "mmr", "none"] = "repeat"
    strength: Share = Field(default=0.02, description="penalty per repeat of a category tag, or weight of MMR")
    cap: int = Field(default=5, ge=0, le=1000, description="repeats that count at most")
    mmr_lambda: Share = Field(default=0.7, description="MMR: 1 is relevance alone, 0 is novelty alone")


class SearchSettings(_Section):
    """How candidates are found."""

    results: int = Field(default=300, ge=1, le=1000, description="results of each vector search")
    candidate_limit: int = Field(default=1000, ge=1, le=10_000)
    recent_likes: int = Field(default=20, ge=0, le=200)
    liked_clusters: int = Field(default=3, ge=0, le=10)


class RerankSettings(_Section):
    """How the language model's grades enter, where a request asks for them."""

    influence: float | None = Field(
        default=None, ge=0, le=0.5, description="share of the way to the model's order; none: the data folder's default"
    )
    candidates: int = Field(default=10, ge=2, le=20, description="items put before the model, from the top")
    explain: Literal["none", "short", "full"] = Field(default="short", description="length of the model's comments")
    shuffles: int = Field(default=1, ge=1, le=5, description="calls in different orders, averaged; thorough above 1")


class ScoringProfile(_Section):
    """Every knob of a ranking.

    `weights` and `facet_weights` are raw: what applies is each weight over their sum. An empty mapping
    means the registry's defaults, or equal weights over the workspace's facets. With `scale` a weight multiplies a
    signal's value as it is, or what it differs from the candidates' mean in standard deviations.

    Examples
    --------
    >>> ScoringProfile(weights={"similarity": 3, "popularity": 1}).shares()
    {'similarity': 0.75, 'popularity': 0.25}
    """

    name: str = Field(default="For You", min_length=1, max_length=80)
    weights: dict[str, Weight] = Field(default_factory=dict)
    facet_weights: dict[str, Weight] = Field(default_factory=dict)
    scale: Literal["raw", "standardised"] = "raw"
    taste: TasteSettings = TasteSettings()
    behaviour: BehaviourSettings = BehaviourSettings()
    collaborative: CollaborativeSettings = CollaborativeSettings()
    co_engagement: CoEngagementSettings = CoEngagementSettings()
    neighbours: NeighbourSettings = NeighbourSettings()
    repurchase: RepurchaseSettings = RepurchaseSettings()
    popularity: PopularitySettings = PopularitySettings()
    freshness: FreshnessSettings = FreshnessSettings()
    diversity: DiversitySettings = DiversitySettings()
    search: SearchSettings = SearchSettings()
    rerank: RerankSettings = RerankSettings()
    hide_after: tuple[str, ...] = ("like", "favorite", "purchase", "dislike")
    repeats: bool = Field(default=False, description="what was purchased may be shown again, without a penalty")
    fallback: Literal["popular_first", "newest_first"] = "popular_first"

    @model_validator(mode="after")
    def _refuse_all_zero(self) -> Self:
        for field in ("weights", "facet_weights"):
            values = getattr(self, field).values()
            if values and not any(values):
                raise ValueError(f"all {field} are zero: give at least one a value above 0")
        return self

    def shares(self) -> dict[str, float]:
        """Return each signal's applied share: raw weight over the sum of weights, zero weights left out."""
        total = sum(self.weights.values())
        return {name: weight / total for name, weight in self.weights.items() if weight > 0}

    def canonical_json(self) -> str:
        """Return the document as JSON with sorted keys; equal profiles give equal text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)

    def digest(self) -> str:
        """Return a short hash of the document without its name."""
        document = self.model_copy(update={"name": "-"}).canonical_json()
        return hashlib.sha256(document.encode()).hexdigest()[:16]

    @classmethod
    def parse(cls, document: object) -> Self:
        """Return the profile in `document`, or raise `InvalidProfile` naming the first field that is wrong."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the profile"
            reason = first["msg"].removeprefix("Value error, ")
            raise InvalidProfile(f"{place}: {reason}.", "Correct it and load the profile again.") from error
