"""Fitting the links between items in the background: time, memory, and what lists cost meanwhile and afterwards."""

import argparse
import itertools
import json
import shutil
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.data import WORKSPACE, TopicEncoder
from benchmarks.timing import milliseconds, peak_megabytes, percentiles
from tastebench import ScoringProfile, Workbench
from tastebench.services import held_links
from tastebench.signals import REGISTRY

TOGETHER = ScoringProfile(weights={name: one.default_weight for name, one in REGISTRY.items()} | {"co_engagement": 0.2})


def measure(folder: Path, runs: int) -> dict[str, Any]:
    """Return every figure of one workspace, its links fitted anew."""
    shutil.rmtree(folder / "links", ignore_errors=True)
    held_links.AT_ONCE_ITEMS = 0  # however small: what is measured is the way of large workspaces
    rng = np.random.default_rng(5)
    with Workbench.open(folder, encoder=TopicEncoder()) as bench:
        workspace = bench.workspace(WORKSPACE)
        people = [row.persona.persona_id for row in workspace.personas(limit=2000).personas]
        chosen = itertools.cycle(people[i] for i in rng.integers(0, len(people), runs))
        for persona_id in itertools.islice(chosen, 10):
            workspace.recommend(persona_id)
        quiet = [milliseconds(partial(workspace.recommend, next(chosen)))[0] for _ in range(runs)]
        before = peak_megabytes()
        begun, known = time.perf_counter(), set(bench.jobs._jobs)
        asked, _ = milliseconds(partial(workspace.recommend, next(chosen), profile=TOGETHER))
        job = next(job for job_id, job in bench.jobs._jobs.items() if job_id not in known)
        waits, meanwhile = [], []
        while not job.wait(0):
            waits.append(_lateness())
            meanwhile.append(milliseconds(partial(workspace.recommend, next(chosen)))[0])
        seconds = time.perf_counter() - begun
        if job.error is not None:
            raise SystemExit(f"the fit failed: {job.error}")
        fitted = peak_megabytes()
        workspace.recommend(next(chosen), profile=TOGETHER)
        lists = [milliseconds(partial(workspace.recommend, next(chosen), profile=TOGETHER))[0] for _ in range(runs)]
    return {
        "seconds": seconds, "items": job.result, "asked": asked, "memory": fitted, "memory_before": before,
        "waits": percentiles(waits) | {"longest": max(waits)},
        "quiet": percentiles(quiet), "meanwhile": percentiles(meanwhile), "lists": percentiles(lists),
    }  # fmt: skip


def _lateness() -> float:
    """Return how many milliseconds late a thread comes to run that wants to wake up after five."""
    return milliseconds(lambda: time.sleep(0.005))[0] - 5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=100)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.folder, chosen.runs)))


if __name__ == "__main__":
    main()
