"""Retrieval: the candidates that a question in words brings, by meaning, by its words, or by both."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from tastebench.domain.columns import Ints, positions
from tastebench.domain.errors import EncoderUnavailable
from tastebench.domain.evidence import QueryScores, SearchTrace
from tastebench.domain.ports import Encoder
from tastebench.domain.query import Query
from tastebench.ranking import searches
from tastebench.ranking.asking import answers
from tastebench.ranking.searches import Field, VectorQuery
from tastebench.stores.word_index import WordHits

WordSearch: TypeAlias = Callable[[str], WordHits]

_NO_WORD = "None of the items that may appear has a word of the question, so the list goes by meaning."
_NO_MEANING = "Nothing here can be searched by meaning, so the list goes by the question's words alone."
_NOTHING = "Nothing here answers the question. Ask in other words."


def no_words(_question: str) -> WordHits:
    """Return no hits: there is no index of words."""
    return WordHits(np.zeros(0, dtype=np.int64), np.zeros(0))


class Found(NamedTuple):
    """Candidates: catalogue rows, the searches behind them, sentences for people, how well each answers a question."""

    rows: Ints
    traces: list[SearchTrace]
    notes: list[str]
    query: QueryScores | None = None


def retrieved(query: Query, field: Field, encoder: Encoder, word_search: WordSearch, results: int) -> Found:
    """Return the candidates that answer a question; where one search finds nothing, the other does it alone.

    Parameters
    ----------
    results : int
        How many each search is asked for; never fewer than there shall be candidates.
    """
    most = max(query.window, results)
    words = _by_words(query.text, field, word_search, most) if query.meaning < 1 else None
    meaning, note = None, ""
    if query.meaning > 0 or words is None:
        meaning, note = _by_meaning(query.text, field, encoder, most)
    if meaning is None and words is None:
        words = _by_words(query.text, field, word_search, most)
    traces = [trace for trace in (meaning, words) if trace is not None]
    rows, scores = answers(field, query, meaning, words, most)
    return Found(rows, traces, [note, _said(query, field, meaning, words)], scores)


def _by_meaning(question: str, field: Field, encoder: Encoder, most: int) -> tuple[SearchTrace | None, str]:
    try:
        vector = encoder.encode([question])[0].astype(np.float64)
    except EncoderUnavailable as error:
        return None, f"The embedding model is not available. {error.next_step}"
    if not vector.any():
        return None, ""
    asked = VectorQuery("meaning", "Close in meaning to the question", vector)
    traces, note = searches.by_vector(field, [asked], most)
    return traces[0] if len(traces[0].keys) else None, note


def _by_words(question: str, field: Field, word_search: WordSearch, most: int) -> SearchTrace | None:
    hits = word_search(question)
    rows = positions(field.catalogue.keys, hits.keys)
    scores = np.zeros(len(field.catalogue))
    scores[rows[rows >= 0]] = hits.scores[rows >= 0]
    trace = searches.by_count(field, "words", "Has words of the question", scores, most)
    return trace if len(trace.keys) else None


def _said(query: Query, field: Field, meaning: SearchTrace | None, words: SearchTrace | None) -> str:
    if meaning is None and words is None:
        return _NOTHING if field.permitted.any() else ""
    if words is None:
        return _NO_WORD if query.meaning < 1 else ""
    return _NO_MEANING if meaning is None and query.meaning > 0 else ""
