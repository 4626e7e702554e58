"""Workspaces with many personas: an index of them, built once a day in the background, beside comparing them all."""

import json
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tastebench import Interaction, Persona, ScoringProfile, Workbench, Workspace
from tastebench.domain.moments import to_micros
from tastebench.domain.profile import TasteSettings
from tastebench.services import held_personas, similar_people
from tests.doubles import HashingEncoder

GENRES = ("crime", "family", "western", "musical")
PEOPLE = 60
TODAY = datetime.now(UTC).date()
LATER = datetime.combine(TODAY, time(), UTC) + timedelta(hours=30)
"""A moment after all that the tests record."""


@pytest.fixture(autouse=True)
def low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_personas, "PERSONA_MATRIX_LIMIT", 20)


@pytest.fixture
def crowd(bench: Workbench, tmp_path: Path) -> Workspace:
    """Sixty personas, fifteen for each of four genres, each with eight likes of the last two months."""
    filled(bench, "crowd", tmp_path)
    return bench.workspace("crowd")


def filled(bench: Workbench, name: str, folder: Path) -> None:
    luck = np.random.default_rng(4)
    space = bench.workspace(name, create=True)
    titles = [f"{GENRES[n % 4]} number{n} of{n % 7}" for n in range(80)]
    space.import_items(
        pd.DataFrame(
            {"id": [f"f{n}" for n in range(80)], "title": titles, "genres": [[GENRES[n % 4]] for n in range(80)]}
        )
    )
    people = folder / "people.jsonl"
    rows = [{"persona_id": f"p{n}", "name": f"P{n}", "description": f"word{n}"} for n in range(PEOPLE)]
    people.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    space.import_personas(people)
    who = np.repeat(np.arange(PEOPLE), 8)
    what = luck.integers(0, 20, len(who)) * 4 + who % 4
    ages = pd.to_timedelta(luck.uniform(1.1, 60, len(who)), unit="D")
    space.import_interactions(
        pd.DataFrame(
            {
                "persona_id": [f"p{n}" for n in who],
                "item_id": [f"f{n}" for n in what],
                "action": "like",
                "timestamp": pd.Timestamp(TODAY, tz="UTC") + pd.Timedelta(hours=1) - ages,
            }
        )
    )


def built(bench: Workbench) -> int:
    """Wait for what runs in the background and return how many refreshes there were so far."""
    for job in bench.jobs._jobs.values():
        assert job.wait(60)
        assert job.state == "done", job.error
    return len(bench.jobs._jobs)


def neighbours(space: Workspace, persona_id: str, **asked: object) -> tuple[str, ...]:
    return space.gather(space.request(persona_id, now=LATER, **asked)).similar.persona_ids


def told(space: Workspace, **asked: object) -> list[str]:
    return [
        note for note in space.recommend("p0", **{"now": LATER, **asked}).notes if "personas were looked up" in note
    ]


def collections(bench: Workbench) -> list[str]:
    with bench._parts.indexes._home.answering() as client:
        return sorted(found.name for found in client.list_collections())


def test_up_to_the_limit_there_is_none(films: Workspace, bench: Workbench) -> None:
    films.add_persona(Persona("Maya", interests={"genres": ["crime"]}, persona_id="p0"))
    assert told(films) == []
    assert films.persona_index() is None
    assert films.refresh_personas() == 0
    bench.wake()
    assert built(bench) == 0
    assert collections(bench) == ["tastebench-1-000001"]


def test_the_first_list_waits_for_nothing_and_the_next_ones_are_looked_up(crowd: Workspace, bench: Workbench) -> None:
    assert told(crowd) == []
    assert built(bench) == 1
    assert told(crowd) == [f"Similar personas were looked up in the index of {TODAY:%d %B %Y}."]
    assert crowd.persona_index().index.count() == PEOPLE
    assert built(bench) == 1


def test_those_looked_up_are_those_that_comparing_all_finds(
    crowd: Workspace, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd.refresh_personas()
    crowd.add_interactions("p3", [Interaction("f4", "like"), Interaction("f8", "purchase")])  # tastes move on
    looked_up = {n: neighbours(crowd, f"p{n}") for n in range(PEOPLE)}
    assert told(crowd)
    monkeypatch.setattr(held_personas, "PERSONA_MATRIX_LIMIT", PEOPLE)
    assert told(crowd) == []
    compared = {n: neighbours(crowd, f"p{n}") for n in range(PEOPLE)}
    shared = [len(set(looked_up[n]) & set(compared[n])) / 10 for n in range(PEOPLE)]
    assert np.mean(shared) >= 0.99
    assert all(int(persona_id[1:]) % 4 == 1 for persona_id in compared[1])


def test_it_is_built_on_the_next_day_and_not_before(
    crowd: Workspace, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd.persona_index()
    assert built(bench) == 1
    crowd.add_persona(Persona("Newcomer", description="word1", persona_id="new"))
    crowd.recommend("p1")
    assert built(bench) == 1
    assert "new" not in neighbours(crowd, "p1")
    tomorrow = TODAY + timedelta(days=1)
    monkeypatch.setattr(similar_people, "_today", lambda: tomorrow)
    before = crowd.persona_index()
    assert before.day == TODAY  # it serves until the other is there
    assert built(bench) == 2
    after = crowd.persona_index()
    assert (after.day, after.index.count()) == (tomorrow, PEOPLE + 1)
    assert told(crowd) == [f"Similar personas were looked up in the index of {tomorrow:%d %B %Y}."]
    assert built(bench) == 2


def test_it_is_still_there_after_a_restart(crowd: Workspace, bench: Workbench, tmp_path: Path) -> None:
    crowd.refresh_personas()
    bench.close()
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as again:
        again.wake()
        assert told(again.workspace("crowd"))
        assert built(again) == 0


def test_lists_as_of_an_earlier_day_and_other_taste_settings_compare_all(crowd: Workspace) -> None:
    crowd.refresh_personas()
    assert told(crowd)
    assert told(crowd, now=datetime.combine(TODAY, time(), UTC)) != []
    assert told(crowd, now=datetime.combine(TODAY, time(), UTC) - timedelta(microseconds=1)) == []
    assert told(crowd, profile=ScoringProfile(taste=TasteSettings(prior=0))) == []
    crowd.save_actions({**crowd.settings.actions, "like": 4.0})
    assert told(crowd) == []


def test_it_follows_the_default_profile(crowd: Workspace) -> None:
    slow = ScoringProfile(name="Slow", taste=TasteSettings(half_life_days=90))
    crowd.set_default_profile("Slow", crowd.save_profile(slow))
    crowd.refresh_personas()
    assert told(crowd)
    assert told(crowd, profile=ScoringProfile()) == []


def test_old_data_is_taken_as_of_its_newest_event(bench: Workbench, crowd: Workspace) -> None:
    old = bench.workspace("old", create=True)
    old.import_items(pd.DataFrame({"id": ["a"], "title": ["A"]}))
    newest = datetime(2011, 12, 9, 12, tzinfo=UTC)
    for n in range(21):
        old.add_persona(Persona(f"P{n}", persona_id=f"p{n}"))
        old.add_interactions(f"p{n}", [Interaction("a", "like", at=newest)])
    assert old.refresh_personas() == 21
    assert old.persona_index().moment == to_micros(newest)
    assert told(old, now=None) == [f"Similar personas were looked up in the index of {TODAY:%d %B %Y}."]


def test_deleted_personas_never_appear(crowd: Workspace) -> None:
    crowd.refresh_personas()
    found = neighbours(crowd, "p0")
    for persona_id in found[:4]:
        crowd.delete_persona(persona_id)
    left = neighbours(crowd, "p0")
    assert told(crowd)
    assert left[:6] == found[4:]
    assert not set(left) & set(found[:4])


def test_another_workspace_is_neither_read_nor_dropped(crowd: Workspace, bench: Workbench, tmp_path: Path) -> None:
    filled(bench, "other", tmp_path)
    other = bench.workspace("other")
    crowd.refresh_personas()
    other.refresh_personas()
    mine, theirs = (set(space._snapshot().personas.keys.tolist()) for space in (crowd, other))
    assert not mine & theirs
    assert set(crowd.persona_index().index.keys().tolist()) == mine
    assert set(other.persona_index().index.keys().tolist()) == theirs
    bench.delete_workspace("crowd")
    assert [name for name in collections(bench) if "personas" in name] == ["tastebench-personas-2-000002"]
    assert told(other)


def test_a_refresh_is_broken_off_where_the_workspace_goes_or_the_bench_closes(
    crowd: Workspace, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tastebench.ranking.similar._BATCH", 10)
    crowd.refresh_personas()
    day = crowd.persona_index().day
    with pytest.raises(held_personas.Cancelled):
        crowd.refresh_personas(iter([False, True]).__next__)
    assert crowd.persona_index().day == day
    assert [name for name in collections(bench) if "building" in name] == []
    held = crowd._held
    held.personas.stop()
    with pytest.raises(held_personas.Cancelled):
        crowd.refresh_personas()


def test_rebuilding_the_index_rebuilds_that_of_personas(crowd: Workspace, bench: Workbench) -> None:
    crowd.refresh_personas()
    index = crowd.persona_index().index
    index.delete(index.keys()[:30])
    bench.rebuild("crowd")
    assert crowd.persona_index().index.count() == PEOPLE


def test_an_index_that_cannot_be_opened_is_built_anew(
    crowd: Workspace, bench: Workbench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crowd.refresh_personas()
    name = next(name for name in collections(bench) if "personas" in name)
    bench.close()
    (tmp_path / "data" / "index" / f"{name}.touched").touch()  # a process ended while it was reading it …
    monkeypatch.setattr("tastebench.stores.chroma_folder._TRIAL_SECONDS", 0.0)  # … and a trial shows that it is torn
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as again:
        space = again.workspace("crowd")
        assert told(space) == []
        assert built(again) == 1
        assert told(space)


def test_for_reading_only_all_are_compared(crowd: Workspace, bench: Workbench, tmp_path: Path) -> None:
    crowd.refresh_personas()
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder(), read_only=True) as reader:
        assert told(reader.workspace("crowd")) == []
        assert built(reader) == 0


KILLED = """
import os, signal, sys
from tastebench import Workbench
from tastebench.services import held_personas
from tastebench.stores.chroma_generations import Generations
from tests.doubles import HashingEncoder

held_personas.PERSONA_MATRIX_LIMIT = 20
Generations.promote = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with Workbench.open(sys.argv[1], encoder=HashingEncoder()) as bench:
    bench.workspace("crowd").refresh_personas()
"""


def test_killed_between_building_and_swapping_it_is_built_by_the_next_process(
    crowd: Workspace, bench: Workbench, tmp_path: Path, project: Path
) -> None:
    bench.close()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "data")], cwd=project, check=False)
    assert killed.returncode == -9
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as again:
        space = again.workspace("crowd")
        left = next(name for name in collections(again) if name.endswith("-building"))
        assert left.startswith("tastebench-personas-1-")
        assert told(space) == []
        assert built(again) == 1
        assert told(space)
        assert [name for name in collections(again) if "personas" in name] == ["tastebench-personas-1-000002"]
