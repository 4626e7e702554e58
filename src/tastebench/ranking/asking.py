"""Asking: what answers a question in words, and how far a persona bends the answer.

    fused(i) = alpha · meaning(i) + (1 − alpha) · words(i)
    score(i) = strength · base(i) + (1 − strength) · query(i)

`meaning` is the cosine of question and item, `words` its BM25: each from 0 to 1 between the last and the first of its
search's best, and 0 below them; BM25 counts from 0 where every item that has a word of the question is among the best.
`query` is `fused` from 0 to 1 between the last and the first of the candidates.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tastebench.domain.columns import Float, Ints, TagColumn, positions
from tastebench.domain.evidence import Evidence, QueryScores, SearchTrace
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.query import Query
from tastebench.ranking.blend import COMPARED_DECIMALS, Scores, summed
from tastebench.ranking.searches import Field

LINE = "query"
"""Name of the line that a question adds to a score."""


class Answers(NamedTuple):
    """The items that answer a question: catalogue rows, best first, and how well each does."""

    rows: Ints
    scores: QueryScores


def scaled(scores: Float, least: float) -> Float:
    """Return scores from 0 at `least` to 1 at the largest; 1 throughout where that is the same.

    Examples
    --------
    >>> scaled(np.array([4.0, 3.0, 2.0]), 2.0).tolist(), scaled(np.array([3.0, 3.0]), 3.0).tolist()
    ([1.0, 0.5, 0.0], [1.0, 1.0])
    """
    span = scores.max(initial=least) - least
    return (scores - least) / span if span > 0 else np.ones(len(scores))


def answers(field: Field, query: Query, meaning: SearchTrace | None, words: SearchTrace | None, most: int) -> Answers:
    """Return the candidates that a question brings, by their fused score, then newer, then item id.

    Parameters
    ----------
    meaning, words : SearchTrace, optional
        The two searches, best first; one alone counts in full, none at all answers nothing.
    most : int
        How many results each search was asked for.
    """
    alpha = query.meaning if meaning and words else float(words is None)
    by_meaning = _spread(field, meaning, alpha, meaning.scores[-1] if meaning else 0.0)
    by_words = _spread(field, words, 1 - alpha, words.scores[-1] if words and len(words.keys) == most else 0.0)
    found = np.union1d(*(_rows(field, trace) for trace in (meaning, words)))
    fused = np.round((by_meaning + by_words)[found], COMPARED_DECIMALS)
    order = np.lexsort((field.catalogue.id_order[found], ~field.catalogue.created_at[found], -fused))
    rows = found[order[: query.window]]
    return Answers(rows, _query_scores(by_meaning[rows], by_words[rows]))


def _rows(field: Field, trace: SearchTrace | None) -> Ints:
    return positions(field.catalogue.keys, trace.keys) if trace else np.zeros(0, dtype=np.int64)


def _spread(field: Field, trace: SearchTrace | None, share: float, least: float) -> Float:
    """Return share × scaled score for every item of the catalogue, 0 for those that the search didn't find."""
    spread = np.zeros(len(field.catalogue))
    if trace:
        spread[_rows(field, trace)] = share * scaled(trace.scores, least)
    return spread


def _query_scores(by_meaning: Float, by_words: Float) -> QueryScores:
    fused = by_meaning + by_words
    least, span = (float(fused.min()), float(np.ptp(fused))) if len(fused) else (0.0, 0.0)
    unit, floor = (span, least) if span > 0 else (1.0, least - 1.0)
    return QueryScores(scaled(fused, least), by_meaning / unit, by_words / unit, floor / unit)


def personalised(scores: Scores, query: QueryScores | None, strength: float) -> Scores:
    """Return scores as far as the persona bends an answer: its lines × strength, and the question's line for the rest.

    A line that counts for nothing is left out. Where there was no question, the scores stay as they are.
    """
    if query is None:
        return scores
    own = {name: strength * line for name, line in scores.lines.items()} if strength else {}
    asked = {LINE: (1 - strength) * query.values} if strength < 1 else {}
    lines = {**own, **asked}
    signals = {**scores.signals, LINE: query.values}
    return Scores(signals, lines, summed(lines, len(query.values)), scores.scales)


def ordering(profile: ScoringProfile, strength: float) -> ScoringProfile:
    """Return the profile to order an answer by: as long as the question counts, the score comes before the date."""
    return profile if strength == 1 else profile.model_copy(update={"fallback": "popular_first"})


def taken_apart(evidence: Evidence, row: int, strength: float) -> dict[str, float]:
    """Return what adds up to one candidate's `query` line, in words; nothing where there was no question."""
    if evidence.query is None or strength == 1:
        return {}
    query, share = evidence.query, 1 - strength
    parts = {
        "Close in meaning": share * float(query.meaning[row]),
        "Has its words": share * float(query.words[row]),
        "Less what the last candidate has": -share * query.least,
    }
    return {name: amount for name, amount in parts.items() if amount}


def named_tags(question: str, facets: Mapping[str, TagColumn]) -> tuple[tuple[str, str], ...]:
    """Return the tags whose words stand in a question side by side, as (facet, tag), in the order of the facets.

    Examples
    --------
    >>> themes = TagColumn(("slow-burn", "burn"), np.zeros(0, np.int64), np.zeros(1, np.int64))
    >>> named_tags("A Slow burn, please", {"themes": themes})
    (('themes', 'slow-burn'), ('themes', 'burn'))
    """
    asked = _worded(question)
    return tuple((facet, tag) for facet, column in facets.items() for tag in column.names if _worded(tag) in asked)


def _worded(text: str) -> str:
    """Return a text's words with a space around each; a text without a word is in no other."""
    words = re.findall(r"\w+", text.casefold())
    return f" {' '.join(words)} " if words else "?"
