"""Rerankings by llama.cpp's own server under a model of random weights: how many are whole, how long they take.

`python -m benchmarks.llama_peer --server …/bin/llama-server` (see README.md beside this file).
"""

import argparse
import socket
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np

from benchmarks.llama_peer import model, shim
from tastebench.domain.chat import ChatAnswer, LanguageModelSettings
from tastebench.domain.item import Item
from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_chat import OllamaChat
from tastebench.ranking.prompting import Asked, Brief, Candidate, Deed, judging
from tastebench.ranking.reading import read, verdict
from tastebench.services import demo_films

FILMS = Path("sample_data/films")
CANDIDATES = 10
STARTS_WITHIN = 60.0


@contextmanager
def llama_server(binary: str, weights: Path) -> Iterator[str]:
    """Run llama-server on a free port of this machine; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [binary, "-m", str(weights), "-c", "8192", "-np", "1", "-t", "1", "--host", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--port", str(port), "--slots"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(url: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass  # it hasn't opened its port yet
        time.sleep(0.1)
    raise SystemExit("llama-server did not start in time")


def questions(count: int) -> Iterator[tuple[Asked, Brief]]:
    """Yield a question per list: the demo's people, ten films drawn for each."""
    films = demo_films.read(FILMS, datetime.now(UTC))
    titles = {item.item_id: item.title for item in films.items}
    luck = np.random.default_rng(7)
    for number in range(count):
        persona = films.personas[number % len(films.personas)]
        own = [event for owner, event in films.events if owner == persona.persona_id]
        deeds = [
            Deed(titles.get(event.target, event.target), event.action, event.at or datetime.now(UTC)) for event in own
        ]
        drawn = [films.items[place] for place in luck.choice(len(films.items), CANDIDATES, replace=False)]
        brief = Brief(persona, tuple(deeds), "Something for tonight.", "", tuple(map(_candidate, drawn)), seed=number)
        yield from ((asked, brief) for asked in judging(brief))


def _candidate(item: Item) -> Candidate:
    return Candidate(item.item_id, item.title, item.description, item.facets, item.creator, item.attributes)


def corpus() -> str:
    """Return text like that of the questions, for the vocabulary."""
    return "\n".join(asked.prompt.system + asked.prompt.user for asked, _ in questions(20))


def cancelled_after(chat: OllamaChat, llama: str, asked: Asked) -> float:
    """Return how many seconds after a call was stopped llama-server had its slot free again."""
    stopped: list[float] = []

    def stop() -> bool:
        if not stopped and httpx.get(f"{llama}/slots", trust_env=False).json()[0]["is_processing"]:
            stopped.append(time.monotonic())
        return bool(stopped)

    chat.ask(shim.MODEL, asked.prompt, lambda _: ModelState.OK, cancelled=stop, insist=True)
    while httpx.get(f"{llama}/slots", trust_env=False).json()[0]["is_processing"]:
        time.sleep(0.005)
    return time.monotonic() - stopped[0] if stopped else 0.0


def main() -> None:
    """Ask, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.llama_peer", description=__doc__)
    parser.add_argument("--server", required=True, help="the built llama-server")
    parser.add_argument("--lists", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the random weights")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "random.gguf"
        model.write(weights, corpus(), options.seed)
        print(f"model: {weights.stat().st_size / 1024:.0f} KiB")
        with llama_server(options.server, weights) as llama, shim.serving(llama) as url:
            chat = OllamaChat(lambda: LanguageModelSettings(model=shim.MODEL), lambda: url)
            report(chat, list(questions(options.lists)))
            waits = [cancelled_after(chat, llama, asked) for asked, _ in questions(10)]
            print(f"stopped calls: slot free again after {max(waits):.2f} s at most, of {len(waits)}")
            asked, _ = next(questions(1))
            long = replace(asked.prompt, user=asked.prompt.user * 12)
            answer = chat.ask(shim.MODEL, long, lambda _: ModelState.OK, insist=True)
            print(f"a question beyond the window: {answer.state}")


def report(chat: OllamaChat, asked: list[tuple[Asked, Brief]]) -> None:
    """Print what became of all questions."""
    answers: list[ChatAnswer] = []
    whole = 0
    for one, brief in asked:
        answer = chat.ask(shim.MODEL, one.prompt, verdict(one, brief.explain), insist=True)
        answers.append(answer)
        reading = read(answer.text, one, brief.explain)
        whole += len(reading.grades) == len(one.handles) and not reading.repairs
    seconds = sorted(answer.usage.total_ms / 1000 for answer in answers)
    tokens = [answer.usage for answer in answers]
    print(f"lists: {len(answers)}; states: {dict(Counter(str(answer.state) for answer in answers))}")
    print(f"valid and complete without repair: {whole} of {len(answers)}")
    print(f"seconds a list: median {statistics.median(seconds):.2f}, 95 % {seconds[int(0.95 * len(seconds))]:.2f}")
    print(f"tokens a list: question {_median([one.prompt_tokens for one in tokens])}, ", end="")
    print(f"answer {_median([one.answer_tokens for one in tokens])}")


def _median(counts: list[int | None]) -> int:
    return int(statistics.median(count for count in counts if count is not None))


if __name__ == "__main__":
    main()
