"""Evidence: everything the signals may read, in aligned columns for n candidates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, TagColumn, Vectors


@dataclass(frozen=True)
class Taste:
    """A persona's place in the embedding space, still taken apart.

    Parameters
    ----------
    vector : float64 array (d,)
        Unit length; zeros where there is no taste.
    amounts : float array (h,)
        a_j of each history event (decayed, signed weight), aligned with `items`.
    item_ids, titles : tuple of str, length h
        Each event's item; only items that have a vector.
    vectors : float32 array (h, d)
        Their unit vectors.
    prior : float64 array (d,)
        prior weight · p, already weighted.
    norm : float
        ‖Σ a_j v_j + prior‖ before normalising; 0 where there is no taste.
    """

    vector: Float
    amounts: Float
    item_ids: tuple[str, ...]
    titles: tuple[str, ...]
    vectors: Vectors
    prior: Float
    norm: float

    def __bool__(self) -> bool:
        return self.norm > 0

    @cached_property
    def by_item(self) -> tuple[dict[str, int], Ints, Ints]:
        """Items of the history by id, numbered; each event's number; and an event of each."""
        numbers: dict[str, int] = {}
        events = np.array([numbers.setdefault(one, len(numbers)) for one in self.item_ids], dtype=np.int64)
        return numbers, events, np.unique(events, return_index=True)[1]


@dataclass(frozen=True)
class SimilarPersonas:
    """The personas whose taste is closest, and what they liked.

    Parameters
    ----------
    persona_ids : tuple of str, length k
        Closest first.
    similarities : float array (k,)
        Cosine of taste vectors.
    liked : bool array (n, k)
        Whether each liked each candidate.
    """

    persona_ids: tuple[str, ...]
    similarities: Float
    liked: Bools

    @property
    def counts(self) -> Float:
        """How many of them liked each candidate, shape (n,)."""
        counts: Ints = np.add.reduce(self.liked, axis=1, dtype=np.uint16)
        return counts.astype(np.float64)


@dataclass(frozen=True)
class HistoryValue:
    """A value of each of n candidates that is a sum over h items of the persona's history: Σ_j amounts_j · links_ji.

    Parameters
    ----------
    item_ids, titles : tuple of str, length h
    amounts : float array (h,)
        What each item of the history counts.
    links : float array (h, n)
        What it says for each candidate; a column of NaN: there is no evidence for that candidate.
    """

    item_ids: tuple[str, ...]
    titles: tuple[str, ...]
    amounts: Float
    links: Float | Vectors

    @property
    def values(self) -> Float:
        """The sums, shape (n,); NaN without evidence, and throughout without history."""
        if not len(self.amounts):
            return np.full(self.links.shape[1], np.nan)
        # Row after row, not a matrix product: a column's sum must not depend on which candidates stand beside it.
        return np.asarray(np.multiply(self.amounts[:, None], self.links, order="C").sum(axis=0))

    def parts(self, row: int) -> Float:
        """Return what each item of the history adds to one candidate's value, shape (h,)."""
        return np.asarray(self.amounts * self.links[:, row])


@dataclass(frozen=True)
class SearchTrace:
    """One search as it was run: where it came from and what it found.

    Parameters
    ----------
    name : str
        Stable id: ``taste``, ``interests``, ``liked 1`` …, ``instruction``, ``similar personas``, ``popular``,
        ``newest``, ``query 1`` …; of a question ``meaning`` and ``words``.
    provenance : str
        One sentence for people.
    keys : int array
        Item keys of the hits, best first.
    item_ids : tuple of str
        Their ids.
    scores : float array
        What the search ranked by: similarity, count or share; descending.
    """

    name: str
    provenance: str
    keys: Ints
    item_ids: tuple[str, ...]
    scores: Float


@dataclass(frozen=True)
class QueryScores:
    """How well each of n candidates answers a question.

    Parameters
    ----------
    values : float array (n,)
        From 0, the last of the candidates, to 1, the first.
    meaning, words : float array (n,)
        What each of the two searches makes of it: values = meaning + words − least.
    least : float
        What the last candidate has.
    """

    values: Float
    meaning: Float
    words: Float
    least: float


@dataclass(frozen=True)
class Evidence:
    """What gather found out about n candidates. Missing numbers are NaN and mean "no evidence".

    Parameters
    ----------
    keys : int array (n,)
        Item keys, in candidate order (best reciprocal rank fusion first).
    item_ids, titles : tuple of str, length n
    id_order : int array (n,)
        Rank of the id in code point order, for ties.
    created_at : int array (n,)
    vectors : float32 array (n, d)
    facets : mapping of str to TagColumn
        The candidates' tags.
    category : str
        Name of the category facet; empty where the workspace has no facets.
    interests : mapping of str to mapping of str to float
        The persona's tags by facet, each with its confidence in (0, 1].
    taste : Taste
    taste_similarity : float array (n,)
        Cosine of taste and item in [-1, 1]; NaN without taste or vector.
    overlaps : mapping of str to float array (n,)
        Facet to confidence of the persona's tags found on the item ÷ number of the item's tags; NaN where item or
        persona lacks the facet.
    done, seen : bool array (n,)
        Already liked or disliked; already touched otherwise.
    creator_likes : float array (n,)
        *Other* liked items of the same creator.
    follows_creator : bool array (n,)
    has_history : bool
        Whether `done`, `seen`, `creator_likes` mean anything.
    similar : SimilarPersonas
    likes, velocity : float array (n,)
        Share of the workspace's largest like count and velocity, in [0, 1]; NaN where that maximum is 0.
    like_counts : int array (n,)
        How many personas like it as of now.
    histories : mapping of str to HistoryValue
        What signals of that name sum over the persona's history; gathered only where the profile gives them weight.
    ages : float array (n,)
        Days since each candidate was created; NaN where that isn't known.
    cold : bool
        Nothing at all is known of the persona.
    searches : tuple of SearchTrace
    notes : tuple of str
        Sentences for the page: fallbacks, clippings, few results.
    query : QueryScores, optional
        How well each answers the question; None where there was none.
    """

    keys: Ints
    item_ids: tuple[str, ...]
    titles: tuple[str, ...]
    id_order: Ints
    created_at: Ints
    vectors: Vectors
    facets: Mapping[str, TagColumn]
    category: str
    interests: Mapping[str, Mapping[str, float]]
    taste: Taste
    taste_similarity: Float
    overlaps: Mapping[str, Float]
    done: Bools
    seen: Bools
    creator_likes: Float
    follows_creator: Bools
    has_history: bool
    similar: SimilarPersonas
    likes: Float
    velocity: Float
    like_counts: Ints
    ages: Float
    histories: Mapping[str, HistoryValue] = field(default_factory=dict)
    cold: bool = False
    searches: tuple[SearchTrace, ...] = ()
    notes: tuple[str, ...] = field(default=())
    query: QueryScores | None = None

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def categories(self) -> TagColumn:
        """The candidates' tags in the category facet; no tags where there is none."""
        return self.facets.get(self.category) or TagColumn((), np.zeros(0, np.int64), np.zeros(len(self) + 1, np.int64))
