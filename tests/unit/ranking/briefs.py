"""Material for questions to a language model, and answers to them."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tastebench.domain.chat import ChatPrompt
from tastebench.domain.persona import Persona
from tastebench.ranking.prompting import Asked, Brief, Candidate, Deed

MAYA = Persona("Maya", "Drives a night bus.", {"genres": ["noir"], "themes": ["detective"]}, {"era": "1970s"})
KLUTE = Candidate("klute", "Klute", "A private eye in New York.", {"genres": ("crime", "mystery")}, "Alan J. Pakula")
LAURA = Candidate("laura", "Laura", "A portrait haunts a policeman.", {"genres": ("noir",)}, "Otto Preminger")
TOP_HAT = Candidate("top-hat", "Top Hat", "They dance all night.", {"genres": ("musical", "romance")}, "Mark Sandrich")
ALIEN = Candidate(
    "alien", "Alien", "A crew meets it.", {"genres": ("horror", "science fiction")}, "Ridley Scott", {"year": 1979}
)
FOUR = (KLUTE, LAURA, TOP_HAT, ALIEN)
LIKED = Deed("Double Indemnity", "like", datetime(2026, 10, 3, tzinfo=UTC))

HANDLES = {"c01": "klute", "c02": "laura", "c03": "top-hat", "c04": "alien"}
ASKED = Asked(ChatPrompt("", "", {}), HANDLES)


def brief(**fields: Any) -> Brief:
    return Brief(**{"persona": MAYA, "history": (LIKED,), "candidates": FOUR, "seed": 7, **fields})


def lines(asked: Asked) -> list[dict[str, str]]:
    """Return the candidates' lines of a question."""
    return [json.loads(line) for line in asked.prompt.user.splitlines() if line.startswith("{")]


def answer(grades: Mapping[str, Any], why: str = "Fits.", **more: Any) -> str:
    """Return an answer as it should be, with these grades by handle."""
    return json.dumps({**{handle: {"fit": fit, "why": why} for handle, fit in grades.items()}, **more})


def graded(asked: Asked, grade: Callable[[str], int], why: str = "Fits.") -> str:
    """Return the answer of a model that grades by item id."""
    return answer({handle: grade(item_id) for handle, item_id in asked.handles.items()}, why, summary="A list.")


def film(document: Mapping[str, Any]) -> Candidate:
    tags = {"genres": tuple(document["genres"]), "themes": tuple(document["themes"])}
    attributes = {name: document[name] for name in ("year", "country", "running_time", "era")}
    return Candidate(document["id"], document["title"], document["description"], tags, document["creator"], attributes)


def sample_films() -> list[Candidate]:
    path = Path(__file__).parents[3] / "sample_data" / "films" / "films.jsonl"
    return [film(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
