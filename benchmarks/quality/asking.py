"""Asking the peers: what they may know of a world, in a file; their lists, from another."""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.quality.tasks import K
from tastebench.domain.columns import Ints, positions
from tastebench.evaluation.world import World
from tastebench.ranking.permitted import known_by

SCRIPT = Path(__file__).with_name("peers.py")


def lists(world: World, settings: list[tuple[str, dict[str, Any]]], python: str) -> dict[str, Ints]:
    """Return each setting's lists as catalogue positions, by the setting as JSON."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "in.npz"), Path(folder, "out.npz")
        np.savez(source, **given(world), k=K, settings=json.dumps(settings))
        # implicit asks for it: its own threads do the work.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        environment.pop("PYTHONPATH", None)
        subprocess.run([python, str(SCRIPT), str(source), str(target)], check=True, env=environment)
        with np.load(target) as found:
            return dict(found)


def given(world: World) -> dict[str, Any]:
    """Return what peers may know: the training's likes, whom to make lists for, and what each may not be shown."""
    training, standing = world.training, world.training.standing
    who = positions(training.personas.keys, standing.personas)
    what = positions(training.catalogue.keys, standing.items)
    kept = standing.likes & (who >= 0) & (what >= 0)
    barred = [_barred(world, row) for row in range(len(world))]
    return {
        "users": who[kept],
        "items": what[kept],
        "at": standing.at[kept],
        "shape": np.array([len(training.personas), len(training.catalogue)]),
        "test_users": positions(training.personas.keys, world.split.personas),
        "barred": np.concatenate(barred),
        "barred_starts": np.concatenate([[0], np.cumsum([len(one) for one in barred])]),
    }


def _barred(world: World, row: int) -> Ints:
    absent = np.flatnonzero(~known_by(world.training.catalogue, int(world.split.moments[row])))
    return np.union1d(absent, world.barred_rows(row))
