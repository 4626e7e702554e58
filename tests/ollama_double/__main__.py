"""The double by hand: `python -m tests.ollama_double --port 11435 --fault stall`."""

import argparse
import contextlib
import json
import sys
from pathlib import Path

from tests.ollama_double import CLOUD, EMBEDDER, FAULTS, PLAIN, HeldModel, OllamaDouble
from tests.ollama_double.minds import MINDS

KNOWN = {model.name: model for model in (CLOUD, EMBEDDER, PLAIN)}


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.ollama_double", description="A stand-in for Ollama.")
    parser.add_argument("--port", type=int, default=11435)
    parser.add_argument("--models", default="qwen3:4b", help="names with commas between; empty for none")
    parser.add_argument("--mind", choices=[*MINDS], default="even")
    parser.add_argument("--truth", type=Path, help="JSON object, title to grade, for the mind called knowing")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fault", choices=["", *FAULTS], default="", metavar="NAME")
    parser.add_argument("--tokens-per-second", type=float, default=20.0, help="0: all at once")
    parser.add_argument("--load-seconds", type=float, default=3.0)
    parser.add_argument("--pull-seconds", type=float, default=10.0)
    parser.add_argument("--list", action="store_true", help="print all faults and end")
    return parser.parse_args(arguments)


def main() -> None:
    """Serve until the input ends; every line typed switches to that fault, an empty one to none."""
    options = parsed()
    if options.list:
        say(*(f"{one.group:10} {one.name:24} {one.meaning}" for one in FAULTS.values()))
        return
    with OllamaDouble(
        options.fault,
        models=[KNOWN.get(name, HeldModel(name)) for name in options.models.split(",") if name],
        mind=options.mind,
        truth=json.loads(options.truth.read_text("utf-8")) if options.truth else None,
        seed=options.seed,
        tokens_per_second=options.tokens_per_second,
        load_seconds=options.load_seconds,
        pull_seconds=options.pull_seconds,
        port=options.port,
    ) as server:
        say(f"{server.url}  (type a fault's name, or nothing for none; Ctrl+C ends)")
        with contextlib.suppress(KeyboardInterrupt):
            serve(server)


def serve(server: OllamaDouble) -> None:
    """Follow what is typed; without a keyboard, wait for the end."""
    for line in sys.stdin:
        name = line.strip()
        if name and name not in FAULTS:
            say(f"No fault is called {name}; --list names them.")
            continue
        server.inject(name) if name else server.heal()
        say(f"now: {name or 'no fault'}")
    server.wait_for(lambda _: False, float("inf"))


def say(*lines: str) -> None:
    """Print at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
