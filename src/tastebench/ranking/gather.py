"""Gather: every read of a recommendation. What comes after is pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from tastebench.domain.columns import Ints, Vectors, positions
from tastebench.domain.errors import EncoderUnavailable
from tastebench.domain.evidence import Evidence, SearchTrace, SimilarPersonas
from tastebench.domain.links import ItemLinks
from tastebench.domain.moments import to_micros
from tastebench.domain.persona import Persona
from tastebench.domain.ports import Encoder, VectorIndex
from tastebench.domain.profile import CoEngagementSettings, ScoringProfile
from tastebench.domain.request import Request
from tastebench.ranking import searches
from tastebench.ranking.assemble import evidence_of
from tastebench.ranking.fusion import fused
from tastebench.ranking.histories import Recalled, recalled
from tastebench.ranking.own import Own, own_side
from tastebench.ranking.permitted import permitted
from tastebench.ranking.retrieval import Found, WordSearch, no_words, retrieved
from tastebench.ranking.searches import Field, VectorQuery
from tastebench.ranking.similar import PersonaIndex, similar_personas
from tastebench.ranking.snapshot import Snapshot
from tastebench.signals.registry import REGISTRY, on_demand

ReadLinks = Callable[[CoEngagementSettings, int], tuple[ItemLinks | None, str]]
"""Settings and a moment to the links that a list made then may use, None where there are none, and a note on them."""


@dataclass(frozen=True)
class Sources:
    """What gather reads from.

    Parameters
    ----------
    snapshot : Snapshot
        The workspace's columns, today's.
    index : VectorIndex, optional
        None searches exactly.
    encoder : Encoder
        Only asked where the request has an instruction, queries or a question.
    text_search : callable
        Text to keys of the items that contain it; only asked where the request filters by text.
    persona_index : PersonaIndex, optional
        None compares all personas.
    item_links : callable, optional
        Reads the links between items; only asked where the profile gives co-engagement weight. None fits them at once.
    word_search : callable
        Question to the items that have a word of it; only asked where the request has one.
    """

    snapshot: Snapshot
    persona: Persona
    persona_key: int
    index: VectorIndex | None
    encoder: Encoder
    text_search: Callable[[str], Ints]
    persona_index: PersonaIndex | None = None
    item_links: ReadLinks | None = None
    word_search: WordSearch = no_words


def gather(request: Request, sources: Sources) -> Evidence:
    """Return the evidence for one request: the candidates the searches found, and all that signals may read."""
    now, profile = to_micros(request.now), request.profile
    snapshot = sources.snapshot.at(now)
    own = own_side(snapshot, sources.persona, sources.persona_key, now, profile.taste)
    field = _field(request, sources, snapshot, own, now)
    similar, similar_note = similar_personas(
        snapshot, sources.persona_key, own.taste, profile, now, sources.persona_index
    )

    links, links_note = _item_links(sources, profile, now)
    memories = recalled(snapshot, own, links, profile)

    if request.query is None:
        found = _found(request, sources, snapshot, own, field, similar, memories.values())
    else:
        found = retrieved(request.query, field, sources.encoder, sources.word_search, profile.search.results)
    rows, notes = found.rows, [*found.notes, similar_note, links_note, *_notes(request, field, own, len(found.rows))]
    evidence = evidence_of(snapshot, own, replace(similar, liked=similar.liked[rows]), rows, profile, now)
    return replace(
        evidence,
        histories={name: memory.value(snapshot.catalogue, rows) for name, memory in memories.items()},
        searches=tuple(found.traces),
        notes=tuple(note for note in notes if note),
        query=found.query,
    )


def _found(
    request: Request,
    sources: Sources,
    snapshot: Snapshot,
    own: Own,
    field: Field,
    similar: SimilarPersonas,
    memories: Iterable[Recalled],
) -> Found:
    """Return the candidates that the persona's own searches find."""
    profile = request.profile
    queries, encoding_note = _vector_queries(request, sources, snapshot, own)
    traces, index_note = searches.by_vector(field, queries, profile.search.results)
    traces += _counted_searches(profile, snapshot, field, similar, to_micros(request.now))
    traces += _recalled_searches(field, memories, profile.search.results)
    traces = [trace for trace in traces if len(trace.keys)]
    return Found(_candidates(request, field, traces), traces, [encoding_note, index_note])


def _item_links(sources: Sources, profile: ScoringProfile, now: int) -> tuple[ItemLinks | None, str]:
    if "co_engagement" not in on_demand(profile):
        return None, ""
    if sources.item_links is None:
        return sources.snapshot.item_links(profile.co_engagement, now), ""
    return sources.item_links(profile.co_engagement, now)


def _recalled_searches(field: Field, memories: Iterable[Recalled], limit: int) -> list[SearchTrace]:
    found = (memory.found(field.catalogue) for memory in memories)
    return [searches.by_count(field, *search, limit) for search in found if search is not None]


def _field(request: Request, sources: Sources, snapshot: Snapshot, own: Own, now: int) -> Field:
    text_keys = sources.text_search(request.filters.text) if request.filters.text else None
    allowed = permitted(snapshot.catalogue, own.log, request, now, text_keys)
    return Field(snapshot.catalogue, allowed, sources.index, bool(request.filters or request.exclude_items))


def _vector_queries(request: Request, sources: Sources, snapshot: Snapshot, own: Own) -> tuple[list[VectorQuery], str]:
    search = request.profile.search
    queries = []
    if own.taste and own.log.keys.size:
        queries.append(VectorQuery("taste", "Close to the taste vector", own.taste.vector))
    if own.prior.any():
        queries.append(
            VectorQuery("interests", "Close to stated interests and description", own.prior.astype(np.float64))
        )
    queries += searches.liked_clusters(snapshot.catalogue, own.standing, search.recent_likes, search.liked_clusters)
    asked = [("instruction", f"Asked for: {request.instruction}", request.instruction)] if request.instruction else []
    asked += [(f"query {n}", f"Query: {text}", text) for n, text in enumerate(request.queries, start=1)]
    asked += [
        (f"proposed {n}", f"Proposed by the language model: {text}", text)
        for n, text in enumerate(request.proposed, start=1)
    ]
    if not asked:
        return queries, ""
    try:
        vectors = sources.encoder.encode([text for _, _, text in asked])
    except EncoderUnavailable as error:
        return queries, f"The embedding model is not available, so no text was searched for. {error.next_step}"
    return queries + _asked_queries(asked, vectors), ""


def _asked_queries(asked: list[tuple[str, str, str]], vectors: Vectors) -> list[VectorQuery]:
    pairs = zip(asked, vectors, strict=True)
    return [VectorQuery(name, sentence, row.astype(np.float64)) for (name, sentence, _), row in pairs if row.any()]


def _counted_searches(
    profile: ScoringProfile, snapshot: Snapshot, field: Field, similar: SimilarPersonas, now: int
) -> list[SearchTrace]:
    limit, popular = profile.search.results, snapshot.popular(profile.popularity, now)
    return [
        searches.by_count(field, "similar personas", "Liked by personas of a similar taste", similar.counts, limit),
        searches.by_count(field, "popular", "Popular in this workspace", popular, limit),
        searches.by_count(field, "newest", "Newest in the catalogue", snapshot.recency, limit),
    ]


def _candidates(request: Request, field: Field, traces: list[SearchTrace]) -> Ints:
    """Return the candidates' catalogue rows, best fused rank first.

    Where the searches found fewer than the limit, the other permitted items follow by id: small catalogues are
    ranked whole, and no filter leaves fewer items than pass it.
    """
    limit, catalogue = request.profile.search.candidate_limit, field.catalogue
    rows = fused([positions(catalogue.keys, trace.keys) for trace in traces], catalogue.id_order, limit)
    if len(rows) == limit:
        return rows
    left = field.permitted.copy()
    left[rows] = False
    rest = np.flatnonzero(left)
    return np.concatenate([rows, rest[np.argsort(catalogue.id_order[rest])]])[:limit]


def _notes(request: Request, field: Field, own: Own, found: int) -> list[str]:
    notes = []
    allowed = int(np.count_nonzero(field.permitted))
    if found == allowed <= request.offset + request.limit and field.filtered:
        notes.append(f"Only {allowed:,} items match the filters; all are shown.")
    if not allowed:
        notes = ["No item matches. Loosen the filters, or check what hides items in the profile."]
    if request.query and found == request.query.window < request.offset + request.limit:
        notes.append(f"The {found:,} best answers were looked at; with a greater depth there are more.")
    if own.unknown:
        order = "popular items first, then the newest"
        if request.profile.fallback == "newest_first":
            order = "the newest items first, then popular ones"
        if request.query is not None:
            order = "only what is popular here bends the answer"
        notes.append(f"Nothing is known of this persona yet, so {order}.")
    elif not own.taste:
        notes.append(f"There is no taste vector yet, so {REGISTRY['similarity'].label.lower()} shows no evidence.")
    elif not own.has_history:
        notes.append("There is no history yet: the taste comes from stated interests and the description.")
    return notes
