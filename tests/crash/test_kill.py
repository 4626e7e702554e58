"""`kill -9` at random moments: the app comes up by itself, what was acknowledged is there, the index agrees."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tastebench import Workbench
from tests.doubles import HashingEncoder

pytestmark = pytest.mark.crash

WORKER = """
import sys, pandas as pd
from tastebench import Interaction, Item, Persona, Workbench
from tastebench.services import import_run
from tests.doubles import HashingEncoder

import_run.BATCH = 100  # many transactions an import, so that kills find some of them half read

def say(*words):
    print(*words, flush=True)

folder, start = sys.argv[1], int(sys.argv[2])
with Workbench.open(folder, encoder=HashingEncoder()) as bench:
    films = bench.workspace("films", create=True)
    if "p" not in films.persona_names():
        films.add_persona(Persona("P", persona_id="p"))
    films.save_item(Item("seed", "A first film"))
    films.recommend("p")
    say("ready")
    for n in range(start, start + 1000):
        ids = [f"b{n}-{k}" for k in range(700)]
        report = films.import_items(pd.DataFrame({"id": ids, "title": [f"Film {i}" for i in ids]}))
        say("import", n, report.embedded)
        for k in range(5):
            key, = films.add_interactions("p", [Interaction(ids[k], "like")])
            say("event", key)
        films.recommend("p")
"""


def run_and_kill(folder: Path, start: int, seconds: float, project: Path) -> list[list[str]]:
    """Return what the worker had acknowledged when it was killed, `seconds` after it was ready."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), str(start)], stdout=subprocess.PIPE, text=True, cwd=project
    ) as worker:
        assert worker.stdout is not None
        lines = [worker.stdout.readline()]
        assert lines == ["ready\n"]
        time.sleep(seconds)
        worker.kill()
        lines += worker.stdout.readlines()
    return [line.split() for line in lines if line.endswith("\n")]


def test_killed_at_random_moments_nothing_acknowledged_is_lost(
    tmp_path: Path, crash_rounds: int, project: Path
) -> None:
    luck = random.Random(7)
    folder, events, imported = tmp_path / "data", set[int](), set[int]()
    for number in range(crash_rounds):
        said = run_and_kill(folder, 1000 * number, luck.uniform(0.0, 1.5), project)
        events |= {int(words[1]) for words in said if words[0] == "event"}
        imported |= {int(words[1]) for words in said if words[0] == "import"}
        check(folder, events, imported)
    assert imported, "no round lived long enough to finish an import: the test shows nothing"
    assert events


def check(folder: Path, events: set[int], imported: set[int]) -> None:
    with Workbench.open(folder, encoder=HashingEncoder()) as bench:
        films = bench.workspace("films")
        log = films.interactions(limit=100_000)
        assert events <= {row.key for row in log.rows}
        ids = {item_id for item_id in films._snapshot().catalogue.item_ids if item_id != "seed"}
        batches = {int(item_id[1:].split("-")[0]) for item_id in ids}
        assert imported <= batches
        whole = [sum(item_id.startswith(f"b{batch}-") for item_id in ids) for batch in batches]
        assert set(whole) <= {700}, "an import is half there"
        bench.resume()
        ranking = films.recommend("p", limit=5)
        assert not any("index" in note for note in ranking.notes)
        catalogue = films._snapshot().catalogue
        assert catalogue.embedded.all()
        index = films._held.index()
        assert index is not None
        assert np.array_equal(index.keys(), catalogue.keys)
        probe = catalogue.vectors[:: max(len(catalogue) // 50, 1)]
        found = [hits.similarities[0] for hits in index.search(probe, 3)]
        np.testing.assert_allclose(found, 1.0, atol=1e-4)
        json.dumps(ranking.decision(), allow_nan=False)
