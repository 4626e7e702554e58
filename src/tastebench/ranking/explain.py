"""Why an item stands where it stands: its breakdown, taken apart down to single events."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from tastebench.domain.errors import NotFound
from tastebench.domain.evidence import Evidence
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Scale
from tastebench.ranking.asking import taken_apart
from tastebench.ranking.blend import blended
from tastebench.ranking.parts import Parts, parts_of
from tastebench.signals.registry import REGISTRY

LEADING = 6
"""So many of the causes of a line are named one by one; the reason in one line names one of them."""


@dataclass(frozen=True)
class FoundBy:
    """A search that found the item, and at which place."""

    name: str
    provenance: str
    rank: int


@dataclass(frozen=True)
class Explanation:
    """One item's breakdown, taken apart.

    Parameters
    ----------
    scales : mapping of str to Scale
        What each line's values are measured by; empty where they count as they are.
    parts : mapping of str to Parts
        Each line with evidence that comes from the history, taken apart.
    tags : mapping of str to mapping of str to float
        Facet to the item's tags, each with the persona's confidence (0: not an interest).
    similar_personas : tuple of (str, float)
        Which of the most similar personas like it: id and cosine, closest first.
    neighbours : int
        How many similar personas were asked.
    popularity : mapping of str to float or None
        ``likes`` (count), ``likes_share``, ``velocity_share``; shares are of the workspace's largest.
    found_by : tuple of FoundBy
    query : mapping of str to float
        What adds up to the question's line, in words; empty where there was no question.
    strength : float
        How much the persona's own lines count beside the question's, in [0, 1]; 1 where there was none.
    known : {"done", "seen", ""}
        Whether the persona is done with the item, or has touched it otherwise.
    by_a_liked_creator : bool
        Whether it likes other items of the same creator, or follows the creator.
    """

    scales: Mapping[str, Scale]
    parts: Mapping[str, Parts]
    tags: Mapping[str, Mapping[str, float]]
    similar_personas: tuple[tuple[str, float], ...]
    neighbours: int
    popularity: Mapping[str, float | None]
    found_by: tuple[FoundBy, ...]
    query: Mapping[str, float] = field(default_factory=dict)
    strength: float = 1.0
    known: Literal["done", "seen", ""] = ""
    by_a_liked_creator: bool = False


def explained(evidence: Evidence, profile: ScoringProfile, item_id: str, strength: float = 1.0) -> Explanation:
    """Return why `item_id` scores what it scores, with the persona's own lines counting `strength`.

    Raises
    ------
    NotFound
        Where it is not a candidate.
    """
    if item_id not in evidence.item_ids:
        raise NotFound(f"{item_id!r} is not among the candidates.", "Open an item of the list.")
    row = evidence.item_ids.index(item_id)
    likers = np.flatnonzero(evidence.similar.liked[row])
    scales = blended(evidence, profile).scales
    return Explanation(
        scales=scales,
        parts={name: parts.times(strength) for name, parts in parts_of(evidence, profile, scales, row).items()},
        tags=_tags(evidence, row),
        similar_personas=tuple(
            (evidence.similar.persona_ids[k], float(evidence.similar.similarities[k])) for k in likers
        ),
        neighbours=len(evidence.similar.persona_ids),
        popularity={
            "likes": float(evidence.like_counts[row]),
            "likes_share": _known(evidence.likes[row]),
            "velocity_share": _known(evidence.velocity[row]),
        },
        found_by=_found_by(evidence, row),
        query=taken_apart(evidence, row, strength),
        strength=strength,
        known="done" if evidence.done[row] else "seen" if evidence.seen[row] else "",
        by_a_liked_creator=bool(evidence.creator_likes[row] > 0 or evidence.follows_creator[row]),
    )


def _tags(evidence: Evidence, row: int) -> dict[str, dict[str, float]]:
    found = {}
    for facet, column in evidence.facets.items():
        confidences = {tag.casefold(): c for tag, c in evidence.interests.get(facet, {}).items()}
        found[facet] = {tag: confidences.get(tag.casefold(), 0.0) for tag in column.tags_of(row)}
    return {facet: tags for facet, tags in found.items() if tags}


def _found_by(evidence: Evidence, row: int) -> tuple[FoundBy, ...]:
    places = ((search, np.flatnonzero(search.keys == evidence.keys[row])) for search in evidence.searches)
    return tuple(FoundBy(search.name, search.provenance, int(place[0]) + 1) for search, place in places if len(place))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def reason(evidence: Evidence, row: int, lines: Mapping[str, float]) -> str:
    """Return why an item is here in one line: the largest positive line of its breakdown, in words."""
    name = max(lines, key=lambda line: lines[line], default="")
    if not name or lines[name] <= 0:
        return "No positive evidence; it fills the list"
    return _SENTENCES[name](evidence, row) if name in _SENTENCES else _meaning(name)


def _meaning(name: str) -> str:
    return REGISTRY[name].meaning.rstrip(".") if name in REGISTRY else f"Mostly {name}"


def _because_similar(evidence: Evidence, row: int) -> str:
    """Name the closest of the items that say most for it: the first of them would be the newest purchase every time."""
    taste = evidence.taste
    numbers, events, first = taste.by_item
    closeness = taste.vectors @ evidence.vectors[row]
    amounts = np.bincount(events, weights=taste.amounts * closeness)
    if (own := numbers.get(evidence.item_ids[row])) is not None:
        amounts[own] = -np.inf
    leading = np.argsort(-amounts, kind="stable")[:LEADING]
    closest = np.where(amounts[leading] > 0, closeness[first[leading]], -np.inf)
    if not len(leading) or closest.max() <= 0:
        return "Close to your stated interests"
    return f"Close to {taste.titles[first[leading[closest.argmax()]]]} in your history"


def _because_preferred(evidence: Evidence, row: int) -> str:
    matched = [tag for tags in _tags(evidence, row).values() for tag, confidence in tags.items() if confidence > 0]
    return f"Matches your interests: {', '.join(matched[:3])}"


def _because_creator(evidence: Evidence, row: int) -> str:
    if evidence.follows_creator[row]:
        return "By a creator you follow"
    if not evidence.creator_likes[row]:
        return "New to you"
    return f"You liked {int(evidence.creator_likes[row]):,} more by the same creator"


def _because_others(evidence: Evidence, row: int) -> str:
    count, asked = int(evidence.similar.liked[row].sum()), len(evidence.similar.persona_ids)
    return f"Liked by {count} of {asked} personas of a similar taste"


def _because_popular(evidence: Evidence, row: int) -> str:
    return f"Popular here: liked by {int(evidence.like_counts[row]):,}"


def _because_asked(evidence: Evidence, row: int) -> str:
    query = evidence.query
    by_meaning, by_words = (bool(query.meaning[row] > 0), bool(query.words[row] > 0)) if query else (False, False)
    if by_meaning and by_words:
        return "Answers the question in meaning and in words"
    return "Has words of the question" if by_words else "Close in meaning to the question"


def _because_of_item(name: str, words: str) -> Callable[[Evidence, int], str]:
    """Return the sentence that names the item of the history which says most for a candidate, however long ago."""

    def because(evidence: Evidence, row: int) -> str:
        value = evidence.histories[name]
        links = np.where(value.amounts > 0, value.links[:, row], -np.inf)
        strongest = int(links.argmax())
        return words.format(value.titles[strongest]) if links[strongest] > 0 else "Ahead of most candidates"

    return because


def _because_bought(_evidence: Evidence, _row: int) -> str:
    return "You bought it before"


_SENTENCES = {
    "similarity": _because_similar,
    "preference": _because_preferred,
    "behaviour": _because_creator,
    "collaborative": _because_others,
    "popularity": _because_popular,
    "co_engagement": _because_of_item("co_engagement", "Goes with {} in your history"),
    "neighbours": _because_of_item("neighbours", "Close to {} that you liked"),
    "repurchase": _because_bought,
    "query": _because_asked,
}
