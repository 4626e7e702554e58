"""The simulated population: reproducible, complete, marked, and its hidden tastes out of reach."""

import subprocess
import sys
from pathlib import Path

import pytest

from tastebench.domain.interaction import Interaction
from tastebench.domain.persona import Persona
from tests.unit.sample_data.films import FILM_IDS, FOLDER, PERSONAS, POPULATION, PROJECT, TAGS, population_events

SCRIPT = FOLDER / "make_population.py"
FILES = ("population.jsonl", "population_interactions.csv")
EVENTS = population_events()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=PROJECT)


def test_the_script_reproduces_the_files_byte_for_byte(tmp_path):
    done = _run(str(SCRIPT), str(tmp_path))
    assert done.returncode == 0, done.stderr
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_there_are_200_personas_and_about_8000_interactions():
    assert len({persona["id"] for persona in POPULATION}) == len(POPULATION) == 200
    assert 7_600 <= len(EVENTS) <= 8_400
    assert (FOLDER / FILES[1]).stat().st_size < 400_000


def test_every_persona_is_valid_and_marked_simulated():
    for number, record in enumerate(POPULATION, start=1):
        fields = {name: value for name, value in record.items() if name != "id"}
        persona = Persona(**fields, persona_id=record["id"])
        assert persona.origin == "simulated"
        assert (persona.persona_id, persona.name) == (f"sim-{number:03}", f"Simulated {number:03}")
        for facet, tags in persona.interests.items():
            assert set(tags) <= TAGS[facet]


def test_most_state_no_interests_and_none_a_text_that_all_share():
    assert 20 <= sum(bool(record["interests"]) for record in POPULATION) <= 99
    assert not any(record["description"] for record in POPULATION)


def test_no_id_is_dangling_and_nobody_is_idle():
    assert {event["persona_id"] for event in EVENTS} == {persona["id"] for persona in POPULATION}
    assert {event["target"] for event in EVENTS} <= FILM_IDS
    assert not {persona["id"] for persona in POPULATION} & {persona["id"] for persona in PERSONAS}


def test_every_event_is_valid_and_of_the_last_twelve_weeks_oldest_first():
    ages = [float(event["days_ago"]) for event in EVENTS]
    assert ages == sorted(ages, reverse=True)
    assert 0 < ages[-1] < 1
    assert 83 < ages[0] <= 84
    for event in EVENTS:
        assert Interaction(event["target"], event["action"], origin="simulated").action == event["action"]
    assert {event["action"] for event in EVENTS} == {"view", "click", "like", "favorite", "dislike"}


def test_few_films_draw_most_views():
    """The long tail: a fifth of the films draws two fifths to two thirds of the views; hardly any draws none."""
    views = sorted((sum(e["target"] == f and e["action"] == "view" for e in EVENTS) for f in FILM_IDS), reverse=True)
    assert 0.4 < sum(views[: len(views) // 5]) / sum(views) < 0.67
    assert views.count(0) < 0.05 * len(views)


def test_the_hidden_tastes_cannot_be_imported():
    done = _run("-c", "from sample_data.films import make_population")
    assert done.returncode != 0
    assert "ImportError: Hidden tastes are not for import." in done.stderr


@pytest.mark.parametrize("folder", ["src", "tests", "pages", "benchmarks"])
def test_no_module_mentions_the_script(folder):
    modules = [path for path in (PROJECT / folder).rglob("*.py") if path != Path(__file__)]
    assert [str(path) for path in modules if SCRIPT.stem in path.read_text(encoding="utf-8")] == []
