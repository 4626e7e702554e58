"""Presets: profiles to start from, each with what it is for and what it costs."""

from dataclasses import dataclass

from tastebench.domain.profile import (
    BehaviourSettings,
    CoEngagementSettings,
    DiversitySettings,
    FreshnessSettings,
    NeighbourSettings,
    PopularitySettings,
    RepurchaseSettings,
    ScoringProfile,
    TasteSettings,
)


@dataclass(frozen=True)
class Preset:
    """A profile to start from; it goes by the profile's name.

    Parameters
    ----------
    use : str
        One sentence: when to take it.
    cost : str
        One sentence: what one gives for it.
    """

    profile: ScoringProfile
    use: str
    cost: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.profile.name


_FITTED = "Links between items are fitted once a day: half a minute of one core at 10,000 items."

_FOR_YOU = Preset(
    ScoringProfile(),
    "For films, books or articles, whatever there is to go by; nothing has to be fitted.",
    "What the same people engage with counts only through the most similar ones.",
)
_SHOP = Preset(
    ScoringProfile(
        name="Shop",
        scale="standardised",
        weights={"co_engagement": 0.5, "popularity": 0.25, "neighbours": 0.1, "preference": 0.15},
        taste=TasteSettings(half_life_days=60),
        co_engagement=CoEngagementSettings(half_life_days=60, learned_half_life_days=60, regularisation=300),
        popularity=PopularitySettings(likes_share=0.0, half_life_days=3),
        diversity=DiversitySettings(strength=0.05),
    ),
    "For a shop whose visitors look for what they don't have yet.",
    f"What is out of season hardly comes up. {_FITTED}",
)
_SHOP_WITH_REPEATS = Preset(
    _SHOP.profile.model_copy(
        update={
            "name": "Shop with repeats",
            "weights": {"repurchase": 0.7, "co_engagement": 0.25, "popularity": 0.05},
            "repurchase": RepurchaseSettings(half_life_days=180),
            "repeats": True,
            "diversity": DiversitySettings(method="none"),
        }
    ),
    "For groceries and supplies, which are bought again.",
    f"Little on a list is new to the person. {_FITTED}",
)
_CONTENT_FEED = Preset(
    ScoringProfile(
        name="Content feed",
        weights={"freshness": 0.35, "similarity": 0.2, "preference": 0.15, "behaviour": 0.2, "popularity": 0.1},
        taste=TasteSettings(half_life_days=3),
        popularity=PopularitySettings(likes_share=0.2, half_life_days=1, window_days=7),
        freshness=FreshnessSettings(half_life_days=2),
        hide_after=("like", "favorite", "purchase", "dislike", "view", "click"),
        fallback="newest_first",
    ),
    "For news and posts, where last week is old.",
    "Good old items don't come up, and items without a date get no lift.",
)
_JOBS = Preset(
    ScoringProfile(
        name="Jobs",
        weights={"preference": 0.45, "similarity": 0.35, "behaviour": 0.2},
        taste=TasteSettings(half_life_days=90, prior=3),
    ),
    "For openings, courses or homes: what people say they want comes first, and for long.",
    "Who states nothing gets little, and what everybody wants gets no lift.",
)
_COLD_START = Preset(
    ScoringProfile(
        name="Cold start",
        weights={"preference": 0.35, "similarity": 0.3, "popularity": 0.25, "freshness": 0.1},
        taste=TasteSettings(prior=2),
        diversity=DiversitySettings(strength=0.04),
    ),
    "For a new workspace, or people of whom little is known yet.",
    "Lists are much alike; who has a history is served better by another preset.",
)
_DISCOVERY = Preset(
    ScoringProfile(
        name="Discovery",
        weights={"neighbours": 0.35, "similarity": 0.2, "preference": 0.2, "behaviour": 0.25},
        neighbours=NeighbourSettings(position_decay=0.98),
        behaviour=BehaviourSettings(creator_bonus=0),
        diversity=DiversitySettings(method="mmr", mmr_lambda=0.7),
    ),
    "To bring up what few know: nothing gets a lift for being popular, and lists are kept varied.",
    "Fewer finds of what people would have come to anyway.",
)
# Found, not set by hand: by the search that docs/evaluation.md names.
_FILMS = Preset(
    ScoringProfile(
        name="Films",
        weights={
            "similarity": 0.223,
            "preference": 0.355,
            "behaviour": 0.122,
            "collaborative": 0.009,
            "popularity": 0.05,
            "co_engagement": 0.169,
            "neighbours": 0.053,
            "freshness": 0.019,
        },
        taste=TasteSettings(decay="position"),
        co_engagement=CoEngagementSettings(regularisation=10),
        diversity=DiversitySettings(strength=0.0),
    ),
    "For films and the like: the best a search found for the films demo, NDCG@10 .296 there where For You has .219.",
    "Lists may dwell on one genre, links are fitted. Found on 207 people: other data wants a search of its own.",
)

PRESETS: tuple[Preset, ...] = (
    _FOR_YOU, _SHOP, _SHOP_WITH_REPEATS, _CONTENT_FEED, _JOBS, _COLD_START, _DISCOVERY, _FILMS,
)  # fmt: skip
"""Every preset, in the order of the Tuning page."""
