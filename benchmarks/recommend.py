"""Recommending: time, the index's part of it, recall, re-scoring and memory, on one workspace."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.data import GENRES, WORKSPACE, TopicEncoder
from benchmarks.timing import milliseconds, peak_megabytes, percentiles
from tastebench import Interaction, ScoringProfile, Workbench
from tastebench.domain.request import Filters


class IndexWatch:
    """What passed through Chroma's own query: how long it took, what was asked, what it answered."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self.queries: list[tuple[np.ndarray, list[list[str]]]] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        from chromadb.api.models.Collection import Collection

        plain: Callable[..., Any] = Collection.query

        def timed(collection: Collection, *positional: Any, **named: Any) -> Any:
            taken, result = milliseconds(lambda: plain(collection, *positional, **named))
            self.milliseconds += taken
            self.queries.append((np.asarray(named["query_embeddings"], dtype=np.float32), result["ids"]))
            return result

        Collection.query = timed  # type: ignore[method-assign]
        try:
            yield
        finally:
            Collection.query = plain  # type: ignore[method-assign]

    def drain(self) -> float:
        """Return the milliseconds since the last call."""
        taken, self.milliseconds = self.milliseconds, 0.0
        return taken


def recall(queries: list[tuple[np.ndarray, list[list[str]]]], keys: np.ndarray, vectors: np.ndarray) -> list[float]:
    """Return each vector search's share of the exact nearest items, by similarity: a tie with the last one counts."""
    row_of = {str(key): row for row, key in enumerate(keys)}
    shares = []
    for asked, answered in queries:
        for query, ids in zip(asked, answered, strict=True):
            exact = vectors @ (query / np.linalg.norm(query))
            last = np.partition(exact, -len(ids))[-len(ids)]
            found = exact[[row_of[one] for one in ids]]
            shares.append(float((found >= last - 1e-6).mean()))
    return shares


def measure(folder: Path, runs: int) -> dict[str, Any]:
    """Return every figure of one workspace."""
    watch = IndexWatch()
    rng = np.random.default_rng(3)
    figures: dict[str, Any] = {}
    with Workbench.open(folder, encoder=TopicEncoder()) as bench, watch.watching():
        workspace = bench.workspace(WORKSPACE)
        people = [row.persona.persona_id for row in workspace.personas(limit=2000).personas]
        chosen = [people[i] for i in rng.integers(0, len(people), 4 * runs + 10)]
        figures["first"], _ = milliseconds(lambda: workspace.recommend(chosen[0]))
        for persona_id in chosen[1:10]:
            workspace.recommend(persona_id)
        batches = [chosen[10 + n * runs : 10 + (n + 1) * runs] for n in range(4)]
        watch.drain()
        watch.queries.clear()
        figures |= _plain(workspace, watch, batches[0])
        figures |= _filtered(workspace, batches[1], rng)
        figures["feedback"] = percentiles(_feedback(workspace, batches[2]))
        figures |= _rescored(workspace, batches[3])
        figures["memory"] = peak_megabytes()
        queries = watch.queries[: max(1, runs // 2)]
        figures["recall"] = _recall(folder, queries)
    return figures


def _plain(workspace: Any, watch: IndexWatch, people: list[str]) -> dict[str, Any]:
    whole, index, searches = [], [], []
    for persona_id in people:
        taken, ranking = milliseconds(lambda persona_id=persona_id: workspace.recommend(persona_id))
        whole.append(taken)
        index.append(watch.drain())
        searches.append(len(ranking.searches))
    asked = [len(queries) for queries, _ in watch.queries]
    return {
        "recommend": percentiles(whole),
        "index": percentiles(index),
        "searches": float(np.mean(searches)),
        "vector_searches": float(np.sum(asked) / len(people)),
        "candidates": ranking.total,
    }


def _filtered(workspace: Any, people: list[str], rng: np.random.Generator) -> dict[str, Any]:
    times = []
    for persona_id in people:
        wanted = Filters(facets={"genres": (f"genre {rng.integers(0, GENRES):02d}",)})
        taken, _ = milliseconds(lambda p=persona_id, f=wanted: workspace.recommend(p, filters=f))
        times.append(taken)
    return {"filtered": percentiles(times)}


def _feedback(workspace: Any, people: list[str]) -> Iterator[float]:
    """One like written, then the list again: both together, as a click costs them."""
    for persona_id in people:
        liked = workspace.recommend(persona_id).items[0].item_id

        def once(persona_id: str = persona_id, liked: str = liked) -> None:
            workspace.add_interactions(persona_id, [Interaction(liked, "like", origin="simulated")])
            workspace.recommend(persona_id)

        yield milliseconds(once)[0]


def _rescored(workspace: Any, people: list[str]) -> dict[str, Any]:
    times, candidates = [], []
    for turn, persona_id in enumerate(people):
        request = workspace.request(persona_id, limit=20)
        evidence = workspace.gather(request)
        weights = {"similarity": 0.3 + turn / 100, "preference": 0.25, "behaviour": 0.25, "popularity": 0.05}
        moved = workspace.request(persona_id, limit=20, now=request.now, profile=ScoringProfile(weights=weights))
        taken, _ = milliseconds(lambda e=evidence, r=moved: workspace.rank(e, r))
        times.append(taken)
        candidates.append(len(evidence))
    return {"rescore": percentiles(times), "rescored_candidates": float(np.mean(candidates))}


def _recall(folder: Path, queries: list[tuple[np.ndarray, list[list[str]]]]) -> dict[str, float]:
    keys, vectors = stored_vectors(folder)
    shares = recall(queries, keys, vectors)
    return {"mean": float(np.mean(shares)), "least": float(np.min(shares)), "searches": len(shares)}


def stored_vectors(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys and vectors of the benchmark's workspace, read from SQL."""
    raise NotImplementedError


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.folder, chosen.runs)))


if __name__ == "__main__":
    main()
