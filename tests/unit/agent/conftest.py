"""A workspace of films with UUIDs, as they come from a Weaviate collection, and a language model that is a script."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from tastebench import Workbench
from tastebench.agent import DataType, PersonalizationAgent, generate_uuid5
from tests.doubles import HashingEncoder, ScriptedChat, grading

FILMS = {
    "Avatar 2": ("The sea people of a moon defend their reef.", ["Action", "Science Fiction"], 2022),
    "Twister": ("Storm chasers follow tornadoes over the plains.", ["Action", "Drama"], 1996),
    "The Howling": ("A reporter meets werewolves at a retreat.", ["Horror"], 1981),
    "Magic Mike": ("A dancer dreams of a furniture business.", ["Drama", "Comedy"], 2012),
    "The Emoji Movie": ("A face in a phone wants to feel more.", ["Animation", "Comedy"], 2017),
    "Monster Isle": ("A giant monster rises from the sea and storms a city.", ["Action", "Horror"], 1968),
    "The Long Storm": ("A family waits out tornadoes in a cellar.", ["Drama"], 2003),
    "Reef": ("Divers find a drowned city below the sea.", ["Action", "Drama"], 1985),
    "Full Moon Diner": ("Werewolves run a diner by the road.", ["Horror", "Comedy"], 1984),
    "Paper Hearts": ("Two clerks write letters to each other.", ["Romance"], 1999),
}
ID = {title: UUID(generate_uuid5(title)) for title in FILMS}
USER_PROPERTIES = {
    "age": DataType.NUMBER,
    "favorite_genres": DataType.TEXT_ARRAY,
    "favorite_years": DataType.NUMBER_ARRAY,
    "language": DataType.TEXT,
}


@pytest.fixture
def chat() -> ScriptedChat:
    return ScriptedChat(grading({"Reef": 10, "Paper Hearts": 0}, "Storms and the sea."))


@pytest.fixture
def encoder() -> HashingEncoder:
    return HashingEncoder()


@contextmanager
def films(folder: Path, encoder: HashingEncoder, chat: ScriptedChat) -> Iterator[Workbench]:
    """Open a new data folder with the films as the workspace *Movie*."""
    lines = [
        {"id": str(ID[title]), "title": title, "description": text, "genres": genres, "year": year, "colour": "yes"}
        for title, (text, genres, year) in FILMS.items()
    ]
    (folder / "films.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with Workbench.open(folder / "data", encoder=encoder, chat=chat) as bench:
        bench.workspace("Movie", create=True).import_items(folder / "films.jsonl")
        yield bench


@pytest.fixture
def client(tmp_path: Path, encoder: HashingEncoder, chat: ScriptedChat) -> Iterator[Workbench]:
    with films(tmp_path, encoder, chat) as bench:
        yield bench


@pytest.fixture
def agent(client: Workbench) -> PersonalizationAgent:
    return PersonalizationAgent.create(client, "Movie", USER_PROPERTIES)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PersonalizationAgent]:
    """An agent for all tests of a module that only ask."""
    with films(tmp_path_factory.mktemp("films"), HashingEncoder(), ScriptedChat(grading({}))) as bench:
        yield PersonalizationAgent.create(bench, "Movie", USER_PROPERTIES)
