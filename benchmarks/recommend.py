"""Recommending: time, the index's part of it, recall, re-scoring and memory, on one workspace."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.data import GENRES, TOPICS, WORKSPACE, TopicEncoder, sentence
from benchmarks.timing import milliseconds, peak_megabytes, percentiles
from tastebench import Interaction, ScoringProfile, Workbench, Workspace
from tastebench.domain.request import Filters

VECTOR_SEARCHES = ("taste", "interests", "liked")


class IndexWatch:
    """How long Chroma's own query took, and how many vectors it was asked for."""

    def __init__(self) -> None:
        self._milliseconds = 0.0
        self._vectors = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        from chromadb.api.models.Collection import Collection

        plain: Callable[..., Any] = Collection.query

        def timed(collection: Collection, *positional: Any, **named: Any) -> Any:
            taken, result = milliseconds(lambda: plain(collection, *positional, **named))
            self._milliseconds += taken
            self._vectors += len(named["query_embeddings"])
            return result

        Collection.query = timed
        try:
            yield
        finally:
            Collection.query = plain

    def drain(self) -> tuple[float, int]:
        """Return the milliseconds and vectors since the last call."""
        seen = self._milliseconds, self._vectors
        self._milliseconds, self._vectors = 0.0, 0
        return seen


def measure(folder: Path, runs: int) -> dict[str, Any]:
    """Return every figure of one workspace."""
    watch, rng = IndexWatch(), np.random.default_rng(3)
    with Workbench.open(folder, encoder=TopicEncoder()) as bench, watch.watching():
        workspace = bench.workspace(WORKSPACE)
        people = [row.persona.persona_id for row in workspace.personas(limit=2000).personas]
        chosen = [people[i] for i in rng.integers(0, len(people), 4 * runs + 10)]
        figures: dict[str, Any] = {"first": milliseconds(lambda: workspace.recommend(chosen[0]))[0]}
        for persona_id in chosen[1:10]:
            workspace.recommend(persona_id)
        batches = [chosen[10 + n * runs : 10 + (n + 1) * runs] for n in range(4)]
        watch.drain()
        figures |= _plain(workspace, watch, batches[0])
        figures |= _filtered(workspace, batches[1], rng)
        figures |= _asked(workspace, batches[1], rng)
        figures["suggestions"] = percentiles(_suggested(workspace, batches[2]))
        figures |= _rescored(workspace, batches[2])
        figures["feedback"] = percentiles(_feedback(workspace, batches[3]))
        figures["recording"] = percentiles(_recording(workspace, batches[0]))
        figures["memory"] = peak_megabytes()
        figures["recall"] = recall(workspace, folder, batches[0][: max(10, runs // 2)])
    return figures


def _plain(workspace: Workspace, watch: IndexWatch, people: list[str]) -> dict[str, Any]:
    whole, index, vectors = [], [], 0
    for persona_id in people:
        taken, ranking = milliseconds(partial(workspace.recommend, persona_id))
        whole.append(taken)
        in_index, asked = watch.drain()
        index.append(in_index)
        vectors += asked
    return {
        "recommend": percentiles(whole),
        "index": percentiles(index),
        "vector_searches": vectors / len(people),
        "candidates": ranking.total,
    }


def _filtered(workspace: Workspace, people: list[str], rng: np.random.Generator) -> dict[str, Any]:
    times = []
    for persona_id in people:
        wanted = Filters(facets={"genres": (f"genre {rng.integers(0, GENRES):02d}",)})
        taken, _ = milliseconds(partial(workspace.recommend, persona_id, filters=wanted))
        times.append(taken)
    return {"filtered": percentiles(times)}


def _asked(workspace: Workspace, people: list[str], rng: np.random.Generator) -> dict[str, Any]:
    """Questions of a topic and three words that one item in seven has; the stand-in embeds them at next to no cost."""
    questions = [f"topic{rng.integers(0, TOPICS):03d} {sentence(rng, 3)}" for _ in people]
    first, _ = milliseconds(lambda: workspace.ask(people[0], questions[0]))
    pairs = zip(people, questions, strict=True)
    return {
        "first_question": first,
        "ask": percentiles(milliseconds(partial(workspace.ask, *pair))[0] for pair in pairs),
    }


def _suggested(workspace: Workspace, people: list[str]) -> Iterator[float]:
    """What to ask next, worked out once for each of them: a second time it would only be looked up."""
    for persona_id in dict.fromkeys(people):
        yield milliseconds(partial(workspace.suggestions, persona_id))[0]


def _feedback(workspace: Workspace, people: list[str]) -> Iterator[float]:
    """One like written, then the list again: both together, as a click costs them. The likes are taken back."""
    written: list[int] = []
    for persona_id in people:
        liked = workspace.recommend(persona_id).items[0].item_id

        def once(persona_id: str = persona_id, liked: str = liked) -> None:
            written.extend(workspace.add_interactions(persona_id, [Interaction(liked, "like", origin="simulated")]))
            workspace.recommend(persona_id)

        yield milliseconds(once)[0]
    workspace.delete_interactions(written)


def _recording(workspace: Workspace, people: list[str]) -> Iterator[float]:
    """One like written and all learned from it: columns, counters, tastes, preferences. The likes are taken back."""
    liked = workspace.items(limit=1).items[0].item_id
    written: list[int] = []
    for persona_id in people:

        def once(persona_id: str = persona_id) -> None:
            written.extend(workspace.add_interactions(persona_id, [Interaction(liked, "like", origin="simulated")]))
            workspace.preferences(persona_id)

        yield milliseconds(once)[0]
    workspace.delete_interactions(written)


def _rescored(workspace: Workspace, people: list[str]) -> dict[str, Any]:
    times, candidates = [], []
    for turn, persona_id in enumerate(people):
        request = workspace.request(persona_id, limit=20)
        evidence = workspace.gather(request)
        weights = {"similarity": 0.3 + turn / 100, "preference": 0.25, "behaviour": 0.25, "popularity": 0.05}
        moved = workspace.request(persona_id, limit=20, now=request.now, profile=ScoringProfile(weights=weights))
        taken, _ = milliseconds(partial(workspace.rank, evidence, moved))
        times.append(taken)
        candidates.append(len(evidence))
    return {"rescore": percentiles(times), "rescored_candidates": float(np.mean(candidates))}


def recall(workspace: Workspace, folder: Path, people: list[str]) -> dict[str, Any]:
    """Return, by kind of vector search, the mean share of its hits that the exact search finds too.

    Reading only, a bench searches exactly. By similarity, so that a tie with the last place counts as found.
    """
    shares: dict[str, list[float]] = {}
    with Workbench.open(folder, read_only=True, encoder=TopicEncoder()) as reading:
        exact = reading.workspace(WORKSPACE)
        for persona_id in people:
            request = workspace.request(persona_id)
            truth = {trace.name: trace.scores for trace in exact.gather(request).searches}
            for trace in workspace.gather(request).searches:
                if trace.name.startswith(VECTOR_SEARCHES):
                    best = truth[trace.name]
                    found = np.count_nonzero(trace.scores >= best[-1] - 1e-6)
                    shares.setdefault(trace.name, []).append(min(1.0, found / len(best)))
    means = {name: float(np.mean(values)) for name, values in sorted(shares.items())}
    return {"by_search": means, "least_mean": min(means.values()), "least": float(min(map(min, shares.values())))}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.folder, chosen.runs)))


if __name__ == "__main__":
    main()
