"""`make bench`: every figure beside its target.

Each part runs in a process of its own. Workspaces are built once under build/benchmarks and used again.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import data, report, server

FOLDER = Path("build/benchmarks")
SIZES = {"10,000": data.Size(10_000), "100,000": data.Size(100_000)}
QUICK = {"1,000": data.Size(1_000, 200, 20_000), "4,000": data.Size(4_000, 200, 20_000)}
PARTS = ("recommend", "fitting", "importing", "startup", "slider")


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    recommend: int
    starts: int
    moves: int
    rounds: int
    share: float


FULL = Effort(recommend=200, starts=5, moves=40, rounds=5, share=1.0)
SHORT = Effort(recommend=30, starts=2, moves=8, rounds=1, share=0.2)


def run(module: str, *arguments: str) -> dict[str, Any]:
    """Return what `python -m benchmarks.<module>` prints as its last line."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"benchmarks.{module} ended with {done.returncode}; its output stands above.")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure_size(name: str, size: data.Size, effort: Effort, parts: set[str]) -> dict[str, Any]:
    """Return the figures of one workspace size."""
    folder = FOLDER / name.replace(",", "")
    print(f"{name} items: building or reusing {folder} …", file=sys.stderr, flush=True)
    figures: dict[str, Any] = {"build": run("build", str(folder), json.dumps(vars(size)))}
    per_part = {
        "recommend": ("--runs", str(effort.recommend)),
        "fitting": ("--runs", str(effort.recommend)),
        "startup": ("--runs", str(effort.starts)),
        "slider": ("--runs", str(effort.moves)),
    }
    for part, arguments in per_part.items():
        if part in parts:
            print(f"{name} items: {part} …", file=sys.stderr, flush=True)
            figures[part] = run(part, str(folder), *arguments)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="small workspaces, few repeats: does it run at all")
    parser.add_argument("--fresh", action="store_true", help="build the workspaces again")
    parser.add_argument("--only", choices=PARTS, action="append", help="just this part; may be repeated")
    chosen = parser.parse_args()
    parts = set(chosen.only or PARTS)
    if server.browser_path() is None and parts & {"startup", "slider"}:
        print(
            "No Chromium found: start-up and slider are left out (Debian: apt-get install chromium).", file=sys.stderr
        )
        parts -= {"startup", "slider"}
    if chosen.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    effort = SHORT if chosen.quick else FULL
    sizes = QUICK if chosen.quick else SIZES
    figures: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "sizes": {name: measure_size(name, size, effort, parts) for name, size in sizes.items()},
    }
    if "importing" in parts:
        print("importing …", file=sys.stderr, flush=True)
        figures["importing"] = run("importing", "--rounds", str(effort.rounds), "--share", str(effort.share))
    (FOLDER / "figures.json").write_text(json.dumps(figures, indent=2))
    print(report.table(figures))


if __name__ == "__main__":
    main()
