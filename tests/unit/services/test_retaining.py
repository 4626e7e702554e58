"""Retention: counted from when a row was recorded here, removed for good, and what was learned stays."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from tastebench import Interaction, Persona, Workbench, Workspace
from tastebench.domain.errors import DatabaseUnavailable
from tastebench.domain.preferences import SNAPSHOT
from tastebench.domain.retention import RetentionSettings
from tastebench.services.retaining import Retained
from tastebench.stores.expiry import Due
from tests.doubles import HashingEncoder

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)
"""After all that the tests record."""
NINETY = RetentionSettings(interaction_days=90)
OLD = 100


def age(space: Workspace, days: float = OLD, where: str = "1=1") -> None:
    """Make rows of the log look as if they had been recorded so many days ago."""
    moment = int((NOW - timedelta(days=days)).timestamp() * 1e6)
    with space._parts.database.write() as connection:
        connection.execute(text(f"UPDATE interactions SET recorded_at = {moment} WHERE {where}"))


@pytest.fixture
def nia(films: Workspace) -> Workspace:
    """Nia liked a crime film a day for six days, chose a chart, follows Mann; Bo viewed one; some were imported."""
    films.add_persona(Persona("Nia", persona_id="nia"))
    films.add_persona(Persona("Bo", persona_id="bo"))
    films.add_interactions("nia", [Interaction("heat", "like", NOW - timedelta(days=6 - n)) for n in range(6)])
    films.add_interactions("nia", [Interaction("Mann", "follow", NOW - timedelta(days=1), target_kind="creator")])
    films.choose("nia", "presentation", "chart", "bar")
    films.add_interactions("bo", [Interaction("totoro", "view", NOW - timedelta(days=2))])
    rows = [{"user": "bo", "item": "heat", "action": "like", "time": NOW - timedelta(days=3)}]
    films.import_interactions(pd.DataFrame(rows))
    return films


def learned(space: Workspace, persona: str = "nia", now: datetime = LATER) -> dict[str, tuple[float, int, datetime]]:
    return {str(one.name): (one.confidence, one.count, one.last_seen) for one in space.preferences(persona, now)}


def assert_close(one: dict[str, tuple[float, int, datetime]], other: dict[str, tuple[float, int, datetime]]) -> None:
    assert one.keys() == other.keys()
    for name, (confidence, *rest) in one.items():
        assert other[name][0] == pytest.approx(confidence, abs=1e-9), name
        assert [*other[name][1:]] == rest, name


def signals(space: Workspace) -> dict[str, float | None]:
    return {item.item_id: item.signals["preference"] for item in space.recommend("nia", now=LATER).items}


def test_it_is_off_and_removes_nothing(nia: Workspace) -> None:
    age(nia)
    assert nia.settings.retention == RetentionSettings()
    assert nia.retention_due() == Due()
    assert nia.retain() == Retained()
    assert nia.interactions().total == 10


def test_a_preview_counts_by_origin_and_changes_nothing(nia: Workspace) -> None:
    age(nia, OLD, "origin = 'authored'")
    age(nia, 95, "origin = 'imported'")
    due = nia.retention_due(NINETY)
    assert (due.interactions, due.by_origin, due.personas) == (9, {"authored": 9}, 2)
    assert due.oldest is not None
    assert abs(due.oldest - (NOW - timedelta(days=OLD))) < timedelta(seconds=1)
    ticked = nia.retention_due(NINETY.model_copy(update={"imported": True}))
    assert (ticked.interactions, ticked.by_origin) == (10, {"authored": 9, "imported": 1})
    assert nia.interactions().total == 10


def test_event_time_does_not_matter_only_when_it_was_recorded_here(films: Workspace) -> None:
    films.add_persona(Persona("Nia", persona_id="nia"))
    films.add_interactions("nia", [Interaction("heat", "like", NOW - timedelta(days=5000))])
    films.save_retention(NINETY)
    assert films.retain().interactions == 0
    films.add_interactions("nia", [Interaction("klute", "like", NOW)])
    age(films, 89)
    assert films.retain().interactions == 0
    age(films, 91)
    assert films.retain().interactions == 2


def test_what_was_learned_stays_to_the_ninth_decimal(nia: Workspace) -> None:
    before = learned(nia)
    listed = signals(nia)
    assert before["taste:genres=crime"][0] == pytest.approx(0.3522, abs=1e-3)
    age(nia)
    nia.save_retention(NINETY)
    done = nia.retain()
    assert (done.interactions, nia.interactions().total) == (9, 1)
    assert done.snapshots == len(before) == 3, "what one view taught Bo has faded too far to be tracked"
    assert_close(learned(nia), before)
    assert {item: signals(nia)[item] for item in listed} == pytest.approx(listed)
    assert set(signals(nia)) - set(listed) == {"heat"}, "that it was liked is no longer known: it isn't hidden any more"
    history = nia.preference_history("nia", "taste", "genres", "crime", LATER)
    assert [point.action for point in history.points] == [SNAPSHOT]
    assert history.curve[-1] == (LATER, pytest.approx(before["taste:genres=crime"][0]))


def test_it_waits_for_whoever_embeds_and_holds_nothing_they_need(nia: Workspace) -> None:
    nia.save_retention(NINETY)
    age(nia)
    held, embedding = nia._parts.held_for(nia.key), threading.Event()

    def commit() -> None:
        embedding.set()
        retaining.join(0.5)  # long enough for it to take the database first, if it did
        with nia._parts.database.write():
            pass

    catalogue = nia._snapshot().catalogue
    nia.add_interactions("bo", [Interaction("klute", "view", NOW)])  # what is held has to be read anew
    retaining = threading.Thread(target=lambda: embedding.wait(10) and nia.retain(), daemon=True)
    work = (catalogue.keys[:1], catalogue.vectors[:1], commit)
    writing = threading.Thread(target=held.replace_vectors, args=work, daemon=True)
    retaining.start()
    writing.start()
    writing.join(20)
    retaining.join(20)
    assert (writing.is_alive(), retaining.is_alive()) == (False, False), "each waits for what the other holds"
    assert nia.interactions("nia").total == 0


def test_learning_goes_on_from_where_it_stood(nia: Workspace) -> None:
    nia.save_retention(NINETY)
    fresh = [Interaction("heat", "like", NOW), Interaction("klute", "dislike", NOW)]
    age(nia)
    nia.add_interactions("nia", fresh)
    before = learned(nia)
    assert nia.retain().interactions == 9
    assert_close(learned(nia), before)
    age(nia)
    assert nia.retain().interactions == 2
    assert_close(learned(nia), before)
    assert nia.interactions("nia").total == 0
    assert nia.recompute().agrees


def test_a_log_that_is_all_gone_keeps_its_now(nia: Workspace) -> None:
    """Events of long ago make `now` the newest of them; without them it must not jump, or everything would fade."""
    nia.delete_interactions([row.key for row in nia.interactions(limit=100).rows])
    past = NOW - timedelta(days=800)
    nia.add_interactions("nia", [Interaction("heat", "like", past - timedelta(days=n)) for n in range(6)])
    before, then = learned(nia, now=past), nia.default_now().at
    assert then == past
    age(nia)
    nia.save_retention(NINETY.model_copy(update={"imported": True}))
    nia.retain()
    assert nia.interactions().total == 0
    assert nia.default_now().at == then
    assert_close(learned(nia, now=past), before)


def test_rows_that_were_deleted_go_too(nia: Workspace) -> None:
    key = nia.interactions("bo", action="view").rows[0].key
    nia.delete_interactions([key])
    age(nia)
    nia.save_retention(NINETY)
    assert nia.retain().interactions == 9
    with nia._parts.database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM interactions")) == 1


def test_no_byte_of_them_is_left(nia: Workspace, bench: Workbench) -> None:
    nia.add_interactions("bo", [Interaction("somebody called Zaubernuss", "follow", target_kind="creator")])
    age(nia)
    nia.save_retention(NINETY)
    secret = b"Zaubernuss"
    folder = bench.settings.data
    assert any(secret in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    nia.retain()
    # What a persona follows is something that was learned, and stays: until that is forgotten, or the persona erased.
    assert any(secret in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    nia.erase_persona("bo")
    assert not any(secret in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_other_workspaces_keep_theirs(nia: Workspace, bench: Workbench) -> None:
    shop = bench.workspace("shop", create=True)
    shop.import_items(pd.DataFrame([{"id": "x", "title": "X"}]))
    shop.add_interactions(shop.add_persona(Persona("Nia", persona_id="nia")), [Interaction("x", "like")])
    age(nia)
    nia.save_retention(NINETY)
    assert {name: done.interactions for name, done in bench.retain().items()} == {"films": 9, "shop": 0}
    assert shop.interactions().total == 1


def test_the_app_does_so_when_it_starts(nia: Workspace, bench: Workbench) -> None:
    age(nia)
    nia.save_retention(NINETY)
    folder = bench.settings.data
    bench.close()
    with Workbench.open(folder, encoder=HashingEncoder()) as again:
        again.wake()
        assert again.workspace("films").interactions().total == 1


def test_an_archive_takes_what_was_kept_along(nia: Workspace, bench: Workbench, tmp_path: Path) -> None:
    age(nia)
    nia.save_retention(NINETY)
    nia.retain()
    path = nia.export(tmp_path / "films.zip")
    copy = bench.restore(path, "copy")
    assert_close(learned(copy), learned(nia))
    assert copy.settings.retention == NINETY


def test_a_clone_learned_the_same_and_somebody_new_under_an_old_id_nothing(nia: Workspace) -> None:
    age(nia)
    nia.save_retention(NINETY)
    nia.retain()
    assert_close(learned(nia, nia.clone_persona("nia", "Mia")), learned(nia))
    nia.delete_persona("nia")
    nia.add_persona(Persona("Other", persona_id="nia"), anew=True)
    assert learned(nia) == {}


def test_an_undone_import_of_personas_takes_what_was_kept_of_them_along(films: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(json.dumps({"persona_id": "zoe", "name": "Zoe"}), encoding="utf-8")
    report = films.import_personas(file)
    films.add_interactions("zoe", [Interaction("heat", "like", NOW)])
    films.remember("zoe", "something", ["heat"])
    age(films)
    films.save_retention(NINETY)
    assert films.retain().snapshots > 0
    films.undo_import(report.import_id)
    assert "zoe" not in films.persona_names()


def test_rows_that_are_gone_though_traces_are_left_are_told_of(nia: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    age(nia)
    nia.save_retention(NINETY)
    with monkeypatch.context() as patched:
        patched.setattr("tastebench.stores.traces.overwrite", lambda _cursor: False)
        with pytest.raises(DatabaseUnavailable, match="The rows are gone"):
            nia.retain()
    assert nia.interactions().total == 1


def test_many_personas_at_once(films: Workspace) -> None:
    rng = np.random.default_rng(3)
    for n in range(30):
        films.add_persona(Persona(f"P{n}", persona_id=f"p{n}"))
        events = [
            Interaction(str(rng.choice(["klute", "heat", "totoro", "parallax"])), str(rng.choice(["view", "like"])),
                        NOW - timedelta(days=float(rng.uniform(0, 60))))
            for _ in range(12)
        ]  # fmt: skip
        films.add_interactions(f"p{n}", events)
    before = {f"p{n}": learned(films, f"p{n}") for n in range(30)}
    age(films, OLD, "key % 3 = 0")
    films.save_retention(NINETY)
    assert films.retain().interactions == 120
    for persona, expected in before.items():
        assert_close(learned(films, persona), expected)
