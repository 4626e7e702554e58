"""`make bench-quality`: the profile that a search finds against plain methods, on real data, all in one run.

Everything is tuned on the same validation part and measured on the same later part, as lists of ten with the same
candidates barred. The data is no part of this project: TASTEBENCH_SHARED_DATA names its folder.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality import asking, report, speed
from benchmarks.quality.tasks import START, TASKS, K, Task, grid, imported, search_settings, worlds
from tastebench import ScoringProfile, Workbench
from tastebench.domain.columns import Float, Ints
from tastebench.evaluation.measuring import METRICS, Judge, measured
from tastebench.evaluation.ordering import lists
from tastebench.evaluation.replay import replayed
from tastebench.evaluation.search import Search
from tastebench.evaluation.world import World

FOLDER = Path("build/benchmarks/quality")
COLD = 5
"""So many likes at most, and a persona is a cold one."""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def ndcg(judge: Judge, rows: Ints) -> Float:
    """Return the NDCG of each list."""
    values, _ = measured(judge, rows)
    found: Float = values[list(METRICS).index("ndcg")]
    return found


def tuned_peers(validation: World, test: World, python: str) -> dict[str, tuple[str, Float]]:
    """Return each peer's best setting on the validation part, and what its lists come to on the later one."""
    judge = Judge(validation)
    scored = {key: ndcg(judge, rows).mean() for key, rows in asking.lists(validation, grid(), python).items()}
    best: dict[str, str] = {}
    for key in sorted(scored, key=scored.__getitem__):
        best[json.loads(key)[0]] = key
    on_test = asking.lists(test, [tuple(json.loads(key)) for key in best.values()], python)
    return {name: (key, ndcg(Judge(test), on_test[key])) for name, key in best.items()}


def found_profile(validation: World, vectors: int) -> tuple[ScoringProfile, dict[str, Any]]:
    """Return the profile that is best on the validation part, and what finding it took."""
    search = Search(validation, search_settings(vectors), K, lambda *_: None)
    found = search.run(START)
    return found.profile(0), {"validation": float(found.objective[0]), **vars(search.effort)}


def answered(task: Task, bench: Workbench, vectors: int, python: str) -> dict[str, Any]:
    """Return everything that is said of one task."""
    started, workspace = time.perf_counter(), bench.workspace(task.workspace)
    validation, test = worlds(workspace, task.split)
    say(f"{task.name}: {len(validation):,} personas to tune on, {len(test):,} to measure on")
    peers = tuned_peers(validation, test, python)
    say("  searching weights")
    profile, effort = found_profile(validation, vectors)
    judge = Judge(test)
    values = {name: value for name, (_, value) in peers.items()}
    for name, one in (("default profile", workspace.profile()), ("profile found", profile)):
        say(f"  measuring the {name}")
        values[name] = ndcg(judge, lists(replayed(test, one), one, K))
    standing = test.training.standing
    liked = standing.personas[standing.likes]
    history = np.array([np.count_nonzero(liked == key) for key in test.split.personas])
    return {
        "task": task.name,
        "target": task.target,
        "personas": len(test),
        "settings": {name: json.loads(key)[1] for name, (key, _) in peers.items()},
        "profile": profile.model_dump(mode="json"),
        "effort": effort,
        "all": report.compared(values),
        "cold": report.compared({name: value[history <= COLD] for name, value in values.items()}),
        "seconds": time.perf_counter() - started,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=2000, help="weight vectors per setting")
    parser.add_argument("--peers", default="build/peers/bin/python", help="the interpreter of the peers")
    parser.add_argument("--only", default="", help="tasks whose name contains this")
    arguments = parser.parse_args()
    default = Path(__file__).parents[2].parent / "shared" / "data"
    shared = Path(os.environ.get("TASTEBENCH_SHARED_DATA", default))
    if not shared.is_dir():
        raise SystemExit(f"The real data is not at {shared}; set TASTEBENCH_SHARED_DATA to its folder.")
    with Workbench.open(FOLDER / "data") as bench:
        say("importing the data, or using what was imported before")
        imported(bench, shared)
        chosen = [task for task in TASKS if arguments.only in task.name]
        figures: dict[str, Any] = {
            "tasks": [answered(task, bench, arguments.vectors, arguments.peers) for task in chosen],
            "speed": speed.figures(worlds(bench.workspace("lens"), TASKS[0].split)[1]),
        }
    (FOLDER / "quality.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
    print(report.table(figures))
    print(f"Written to {FOLDER / 'quality.json'} as well.")


if __name__ == "__main__":
    main()
