"""The films demo's files as records, for the tests beside this one."""

import csv
import json
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[3]
FOLDER = PROJECT / "sample_data" / "films"
EXPECTED: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_name("expected.json").read_text("utf-8"))


def records(name: str) -> list[dict[str, Any]]:
    """Return the lines of one JSON Lines file."""
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def population_events() -> list[dict[str, str]]:
    """Return the rows of the population's log."""
    with (FOLDER / "population_interactions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FILMS = records("films.jsonl")
PERSONAS = records("personas.jsonl")
INTERACTIONS = records("interactions.jsonl")
POPULATION = records("population.jsonl")
FILM_IDS = {film["id"] for film in FILMS}
CREATORS = {film["creator"] for film in FILMS}
TAGS = {
    "genres": {tag for film in FILMS for tag in film["genres"]},
    "themes": {tag for film in FILMS for tag in film["themes"]},
    "era": {film["era"] for film in FILMS},
}


def history(persona_id: str) -> list[dict[str, Any]]:
    """Return an authored persona's interactions."""
    return [event for event in INTERACTIONS if event["persona_id"] == persona_id]


def seen(persona_id: str) -> set[str]:
    """Return the films an authored persona did anything with."""
    return {event["target"] for event in history(persona_id) if event.get("target_kind", "item") == "item"}
