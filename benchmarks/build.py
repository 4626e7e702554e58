"""Build one workspace in a process of its own, so that its memory is gone before anything is measured."""

import argparse
import json
from pathlib import Path

from benchmarks import data
from benchmarks.timing import peak_megabytes


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", help="the fields of data.Size as JSON")
    chosen = parser.parse_args()
    seconds = data.build(chosen.folder, data.Size(**json.loads(chosen.size)))
    print(json.dumps({"seconds": seconds, "memory": peak_megabytes()}))


if __name__ == "__main__":
    main()
