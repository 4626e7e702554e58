"""One recommendation, from request to ranking, on one screen."""

import math
import time

import numpy as np

from tastebench.domain.columns import Ints
from tastebench.domain.evidence import Evidence
from tastebench.domain.judgement import Judgement
from tastebench.domain.ranking import Ranking, ScoredItem, SearchHits
from tastebench.domain.request import Request
from tastebench.ranking.asking import LINE, ordering, personalised
from tastebench.ranking.blend import Scores, blended, order_of
from tastebench.ranking.diversify import diversity_line
from tastebench.ranking.explain import reason
from tastebench.ranking.gather import Sources, gather
from tastebench.ranking.influence import influence
from tastebench.ranking.rerank import DEFAULT_INFLUENCE, llm_line


def recommend(request: Request, sources: Sources) -> Ranking:
    """Return the ranking that answers `request`: gather, then everything pure."""
    started = time.perf_counter()
    evidence = gather(request, sources)
    return rank(evidence, request, {"gather": _milliseconds_since(started)})


def rank(
    evidence: Evidence,
    request: Request,
    timings: dict[str, float] | None = None,
    judgement: Judgement | None = None,
) -> Ranking:
    """Return the ranking of held evidence: signals, blend, diversity, the language model's line. Reads nothing.

    `request` may differ from the one gathered for in weights, scale, diversity, influence, limit and offset, and in how
    strongly the persona bends the answer to a question. A signal on demand that had no weight then has no evidence.
    `judgement` counts where the request asks for reranking and the list still begins with the items it was made for.
    """
    started = time.perf_counter()
    strength = request.query.strength if request.query else 1.0
    profile = ordering(request.profile, strength)
    scores = personalised(blended(evidence, profile), evidence.query, strength)
    base_order = order_of(evidence, profile, scores.base, scores.base)
    repeats = diversity_line(evidence, scores.base, base_order, profile.diversity)
    scores = scores.with_line("diversity", strength * repeats + 0.0)  # + 0.0: never a minus zero
    diverse_order = order_of(evidence, profile, scores.totals, scores.base)
    judged = judgement if request.rerank else None
    most = DEFAULT_INFLUENCE if profile.rerank.influence is None else profile.rerank.influence
    line = llm_line(scores.totals, diverse_order, evidence.item_ids, judged, most)
    scores = scores.with_line("llm", line)
    llm_order = order_of(evidence, profile, scores.totals, scores.base) if line.any() else diverse_order
    ranks = {"base": _places(base_order), "diversity": _places(diverse_order), "llm": _places(llm_order)}
    if evidence.query is not None:
        asked = evidence.query.values
        ranks = {"query": _places(order_of(evidence, ordering(profile, 0), asked, asked)), **ranks}
    page = llm_order[request.offset : request.offset + request.limit]
    items = tuple(_scored(evidence, scores, ranks, int(row)) for row in page)
    return Ranking(
        request=request,
        items=items,
        total=len(evidence),
        searches=_searches(evidence),
        notes=evidence.notes,
        timings={**(timings or {}), "rank": _milliseconds_since(started)},
        scales=scores.scales,
        influence=influence(scores.lines),
    )


def _scored(evidence: Evidence, scores: Scores, ranks: dict[str, Ints], row: int) -> ScoredItem:
    lines = {name: float(values[row]) for name, values in scores.lines.items()}
    signals = {name: float(values[row]) for name, values in scores.signals.items()}
    places = {stage: int(places[row]) for stage, places in ranks.items()}
    return ScoredItem(
        item_id=evidence.item_ids[row],
        title=evidence.titles[row],
        rank=places["llm"],
        ranks=places,
        signals={name: None if math.isnan(value) else value for name, value in signals.items()},
        contributions=lines,
        tags=evidence.categories.tags_of(row),
        reason=reason(evidence, row, _reasons({name: lines[name] for name in scores.signals if name in lines})),
    )


def _reasons(lines: dict[str, float]) -> dict[str, float]:
    """Return the lines that may give the reason: the question's own only where nothing personal speaks for the item."""
    own = {name: value for name, value in lines.items() if name != LINE}
    return own if max(own.values(), default=0.0) > 0 else lines


def _places(order: Ints) -> Ints:
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(1, len(order) + 1)
    return places


def _searches(evidence: Evidence) -> tuple[SearchHits, ...]:
    traces = evidence.searches
    return tuple(SearchHits(t.name, t.provenance, t.item_ids, tuple(t.scores.tolist())) for t in traces)


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
