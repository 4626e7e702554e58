"""The films demo: what its files hold, as domain values dated back from the moment of loading."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.stores import interactions, items, personas
from tastebench.stores.database import Connection
from tastebench.stores.interactions import EventRow

SETTINGS = WorkspaceSettings(
    facets=("genres", "themes", "era"),
    category_facet="genres",
    note="The films are real, the eight personas are invented, and the population of 200 is simulated.",
)

_ATTRIBUTES = ("year", "running_time", "country")
_NEW_FROM_YEAR = 2015
_NEW_DAYS = 28.0
"""A recent film that nobody had touched this long ago counts as newly come in."""
_UNSEEN_DAYS = 3.0
_SETTLED_DAYS = 400.0
_LAST_YEAR = 2030
"""Older films joined earlier, a day a year, so that "newest" means something among them too."""


class Films(NamedTuple):
    """What the demo holds; events with the id of whose they are, oldest first."""

    items: list[Item]
    personas: list[Persona]
    events: list[tuple[str, Interaction]]


def read(folder: Path, loaded_at: datetime) -> Films:
    """Return what the files in `folder` hold, `loaded_at` being day zero."""
    records = _events(folder)
    first_by_film = _oldest(records, "target")
    first_by_persona = _oldest(records, "persona_id")
    people = [*_lines(folder / "personas.jsonl"), *_lines(folder / "population.jsonl")]
    return Films(
        [_item(film, first_by_film, loaded_at) for film in _lines(folder / "films.jsonl")],
        [_persona(record, first_by_persona, loaded_at) for record in people],
        [(record["persona_id"], _interaction(record, loaded_at)) for record in records],
    )


def write(connection: Connection, key: int, films: Films) -> None:
    """Write it all into a workspace."""
    items.upsert(connection, key, films.items)
    personas.upsert(connection, key, films.personas)
    keys = personas.keys_of(connection, key, [persona.persona_id for persona in films.personas])
    rows = [EventRow(keys[persona_id], interaction) for persona_id, interaction in films.events]
    interactions.append(connection, key, rows)


def _events(folder: Path) -> list[dict[str, Any]]:
    authored = list(_lines(folder / "interactions.jsonl"))
    with (folder / "population_interactions.csv").open(encoding="utf-8", newline="") as file:
        simulated = [{**row, "days_ago": float(row["days_ago"]), "origin": "simulated"} for row in csv.DictReader(file)]
    return sorted([*authored, *simulated], key=lambda record: -record["days_ago"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _oldest(records: list[dict[str, Any]], field: str) -> dict[str, float]:
    """Return the days since the first event of each value of `field`; the records come oldest first."""
    return {record[field]: record["days_ago"] for record in reversed(records)}


def _item(film: Mapping[str, Any], first: Mapping[str, float], loaded_at: datetime) -> Item:
    return Item(
        item_id=film["id"],
        title=film["title"],
        description=film["description"],
        facets={"genres": tuple(film["genres"]), "themes": tuple(film["themes"]), "era": (film["era"],)},
        creator=film["creator"],
        created_at=loaded_at - timedelta(days=_age(film, first)),
        attributes={name: film[name] for name in _ATTRIBUTES},
    )


def _age(film: Mapping[str, Any], first: Mapping[str, float]) -> float:
    """Return how many days ago the film joined the catalogue: a handful lately, the others over a year ago."""
    touched = first.get(film["id"], _UNSEEN_DAYS)
    year = int(film["year"])
    if year >= _NEW_FROM_YEAR and touched < _NEW_DAYS:
        return touched + 1.0
    return _SETTLED_DAYS + max(0, _LAST_YEAR - year)


def _persona(record: Mapping[str, Any], first: Mapping[str, float], loaded_at: datetime) -> Persona:
    fields = {name: value for name, value in record.items() if name != "id"}
    joined = loaded_at - timedelta(days=first[record["id"]]) if record["id"] in first else loaded_at
    return Persona(**fields, persona_id=record["id"], created_at=joined)


def _interaction(record: Mapping[str, Any], loaded_at: datetime) -> Interaction:
    return Interaction(
        target=record["target"],
        action=record["action"],
        at=loaded_at - timedelta(days=record["days_ago"]),
        origin=record.get("origin", "authored"),
        target_kind=record.get("target_kind", "item"),
    )
