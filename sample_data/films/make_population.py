"""Write the simulated population: 200 personas and what they did in the last twelve weeks.

    python sample_data/films/make_population.py [FOLDER]

writes ``population.jsonl`` and ``population_interactions.csv``, the same bytes every time. Each persona is drawn a
hidden taste over genres, themes and eras; it picks films by that taste and by how widely a film is seen, and
reacts to them by the taste and by chance. The tastes live only while this script runs: they are not written out,
and the file refuses to be imported, so that nothing which ranks or tests can look at the answers.
"""

import csv
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

if __name__ != "__main__":
    raise ImportError("Hidden tastes are not for import. Run this file as a script; read what it writes.")

HERE = Path(__file__).resolve().parent
FACETS = ("genres", "themes", "era")

SEED = 20261
PERSONAS = 200
DAYS = 84.0  # twelve weeks
NEWEST = 0.6  # days before loading; leaves room for an evening of four films
LATECOMERS = 0.6
SHARE_STATING_INTERESTS = 0.3
FEWEST_FILMS, MOST_FILMS = 6, 70

HOME_SIZE = 16  # films
LESSER = 0.4  # what the second home counts beside the first
FIT = 3.2
PULL = 1.5  # how much more a film draws per point of affinity
TRAILER_MINUTES = 20
BROAD_GENRES = {"action", "adventure", "animation", "comedy", "family", "science fiction", "thriller"}
ENGLISH_SPEAKING = {"United States", "United Kingdom", "Australia", "Ireland", "New Zealand"}

Tag: TypeAlias = tuple[str, str]  # facet, tag
Taste: TypeAlias = dict[Tag, float]


@dataclass(frozen=True)
class Film:
    """What the population can know of a film; ``reach`` is how likely anybody is to come across it."""

    film_id: str
    tags: tuple[Tag, ...]
    reach: float


@dataclass(frozen=True)
class Event:
    """One line of the log."""

    persona_id: str
    film_id: str
    action: str
    days_ago: float


# --- the films ---------------------------------------------------------------------------


def tags_of(record: dict[str, object]) -> tuple[Tag, ...]:
    """Return a film's tags with their facets."""
    tags: list[Tag] = []
    for facet in FACETS:
        value = record[facet]
        tags += [(facet, str(tag)) for tag in (value if isinstance(value, list) else [value])]
    return tuple(tags)


def breadth(record: dict[str, object], rng: Random) -> float:
    """Return a rough guess of how many people a film speaks to: newer, in English, of a broad genre; and chance."""
    tags = {tag for _, tag in tags_of(record)}
    newer = (int(str(record["year"])) - 1920) / 70
    english = 0.6 * (record["country"] in ENGLISH_SPEAKING)
    return newer + english + 0.4 * len(tags & BROAD_GENRES) - 0.4 * ("slow-burn" in tags) + rng.gauss(0, 0.45)


def read_films(rng: Random) -> list[Film]:
    """Return the catalogue with a long tail: the film of rank r is come across in proportion to 1 ÷ (r + 8)."""
    lines = (HERE / "films.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    ranked = sorted(((breadth(record, rng), record["id"], record) for record in records), reverse=True)
    return [Film(name, tags_of(record), 1 / (rank + 8)) for rank, (_, name, record) in enumerate(ranked, start=1)]


# --- the hidden tastes -------------------------------------------------------------------


def home_of(film: Film, films: Sequence[Film], rng: Random) -> list[Film]:
    """Return the films most like one, that one first: a corner of the catalogue to be at home in."""
    rarity = {tag: -math.log(share) for tag, share in shares(films).items()}

    def likeness(other: Film) -> tuple[float, float]:
        shared, either = set(film.tags) & set(other.tags), set(film.tags) | set(other.tags)
        return math.fsum(map(rarity.__getitem__, shared)) / math.fsum(map(rarity.__getitem__, either)), rng.random()

    return sorted(films, key=likeness, reverse=True)[:HOME_SIZE]


def shares(films: Sequence[Film]) -> Taste:
    """Return for each tag the share of these films that bear it."""
    return {tag: count / len(films) for tag, count in Counter(tag for film in films for tag in film.tags).items()}


def draw_taste(rng: Random, first: Film, films: Sequence[Film]) -> Taste:
    """Return a taste for the home of one film and, less so, of another: how much commoner a tag is there than anywhere.

    Tags that are rarer at home weigh below zero. The main home's films have an affinity of `FIT` on average.
    """
    main, lesser = home_of(first, films, rng), home_of(rng.choices(films)[0], films, rng)
    everywhere, here, there = shares(films), shares(main), shares(lesser)
    raw = {
        tag: (here.get(tag, 0.0) - share) + LESSER * (there.get(tag, 0.0) - share) for tag, share in everywhere.items()
    }
    scale = FIT * len(main) / math.fsum(affinity(raw, film) for film in main)
    return {tag: weight * scale for tag, weight in raw.items()}


def affinity(taste: Taste, film: Film) -> float:
    """Return how well a film fits: about 0 for most films, about `FIT` at home."""
    return math.fsum(taste.get(tag, 0.0) for tag in film.tags)


# --- what they do ------------------------------------------------------------------------


def choose_films(rng: Random, taste: Taste, films: Sequence[Film]) -> list[Film]:
    """Draw different films, each in proportion to its reach and to exp(pull × affinity)."""
    activity = FEWEST_FILMS + math.exp(rng.gauss(2.45, 0.7))
    keys = [
        (math.log(1 - rng.random()) / (film.reach * math.exp(PULL * affinity(taste, film))), film.film_id, film)
        for film in films
    ]
    chosen = [film for _, _, film in sorted(keys, reverse=True)[: min(MOST_FILMS, round(activity))]]
    return sorted(chosen, key=lambda _: rng.random())


def reaction(rng: Random, fit: float) -> str:
    """Draw what a persona says after a film, empty where it says nothing."""
    felt = fit + rng.gauss(0, 0.8)
    if felt < -0.8:
        return "dislike"
    if felt < 1.6 or rng.random() < 0.1:
        return ""
    return "favorite" if felt > 3.5 else "like"


def watch(rng: Random, persona_id: str, film: Film, fit: float, days_ago: float) -> Iterator[Event]:
    """Yield what comes of one film: a look at its page, perhaps the trailer, perhaps a word after watching."""
    yield Event(persona_id, film.film_id, "view", days_ago)
    if rng.random() < 0.35:
        yield Event(persona_id, film.film_id, "click", days_ago - rng.uniform(2, TRAILER_MINUTES) / 1440)
    said = reaction(rng, fit)
    if said:
        yield Event(persona_id, film.film_id, said, days_ago - rng.uniform(100, 140) / 1440)


def live(rng: Random, persona_id: str, taste: Taste, films: Sequence[Film]) -> Iterator[Event]:
    """Yield a persona's whole history, in evenings of one to four films."""
    joined = rng.uniform(14, DAYS) if rng.random() < LATECOMERS else DAYS
    evening, left = 0.0, 0
    for film in choose_films(rng, taste, films):
        if left == 0:
            evening, left = NEWEST + (joined - NEWEST) * rng.random() ** 1.3, rng.choices((1, 2, 3, 4), (5, 3, 1, 1))[0]
        yield from watch(rng, persona_id, film, affinity(taste, film), evening)
        evening, left = evening - 0.1, left - 1


# --- the files ---------------------------------------------------------------------------


def interests(rng: Random, taste: Taste) -> dict[str, list[str]]:
    """Return the one to three tags that some personas state, as people do when they sign up; most state none."""
    stated: dict[str, list[str]] = {}
    if rng.random() < SHARE_STATING_INTERESTS:
        known = sorted((tag for tag in taste if tag[0] != "era"), key=lambda tag: -taste[tag])[:6]
        for facet, tag in sorted({rng.choices(known)[0] for _ in range(3)}):
            stated.setdefault(facet, []).append(tag)
    return stated


def persona(rng: Random, number: int, taste: Taste) -> dict[str, object]:
    """Return one persona as it is written.

    The description is empty: it would be embedded into the taste, and any sentence that all 200 share would make
    them alike. The name and the origin say what they are.
    """
    return {
        "id": f"sim-{number:03}",
        "name": f"Simulated {number:03}",
        "face": f"S{number}",
        "origin": "simulated",
        "description": "",
        "interests": interests(rng, taste),
    }


def populate(rng: Random) -> tuple[list[dict[str, object]], list[Event]]:
    """Return all personas, and all events with the oldest first."""
    films = read_films(rng)
    personas: list[dict[str, object]] = []
    events: list[Event] = []
    seeds = sorted(films, key=lambda _: rng.random())[:PERSONAS]
    for number, seed in enumerate(seeds, start=1):
        taste = draw_taste(rng, seed, films)
        personas.append(persona(rng, number, taste))
        events += live(rng, f"sim-{number:03}", taste, films)
    return personas, sorted(events, key=lambda event: -event.days_ago)


def write(folder: Path, personas: Sequence[dict[str, object]], events: Sequence[Event]) -> None:
    """Write both files with plain line feeds, so that their bytes don't depend on the system."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in personas)
    (folder / "population.jsonl").write_text(lines, encoding="utf-8", newline="\n")
    with (folder / "population_interactions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("persona_id", "target", "action", "days_ago"))
        writer.writerows((e.persona_id, e.film_id, e.action, f"{e.days_ago:.3f}") for e in events)


write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE, *populate(Random(SEED)))
