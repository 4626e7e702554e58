"""Everything we hold about one persona: handed out whole, and after erasing found in no file of the data folder."""

import json
import logging
from pathlib import Path

import pandas as pd
import pytest

from tastebench import Interaction, Persona, Workbench, Workspace
from tastebench.domain.errors import AlreadyExists, IndexUnavailable, NotFound
from tastebench.services import held_links, held_personas
from tastebench.stores.chroma_folder import FolderHome
from tests.doubles import HashingEncoder
from tests.unit.services.holdings import SECRETS, files, fill, persona, traces, vector_in


@pytest.fixture
def space(bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(held_personas, "PERSONA_MATRIX_LIMIT", 5)  # so that there is an index of personas
    monkeypatch.setattr(held_links, "AT_ONCE_ITEMS", 5)  # so that links are fitted to files
    made = bench.workspace("films", create=True)
    fill(made, tmp_path)
    return made


@pytest.fixture
def small(bench: Workbench) -> Workspace:
    """A workspace with the persona, somebody else, who both did something with the one item."""
    made = bench.workspace("films", create=True)
    made.import_items(pd.DataFrame([{"id": "i0", "title": "Title", "genres": ["noir"]}]))
    for one, action in ((persona(), "like"), (Persona("Bo", persona_id="bo"), "view")):
        made.add_interactions(made.add_persona(one), [Interaction("i0", action)])
    return made


def prior_of(space: Workspace) -> bytes:
    held = json.loads(space.export_persona(SECRETS["id"]))["held"]
    return bytes.fromhex(held["personas"][0]["prior"])


def test_no_log_tells_of_the_persona(bench: Workbench, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "tastebench")
    made = bench.workspace("films", create=True)
    fill(made, tmp_path)
    made.erase_persona(SECRETS["id"])
    assert [what for what, secret in SECRETS.items() if secret in caplog.text] == []


def test_erasing_leaves_no_trace_in_any_file(bench: Workbench, space: Workspace) -> None:
    folder, prior = bench.settings.data, prior_of(space)
    snapshot = space._snapshot()
    row = snapshot.personas.keys.tolist().index(max(snapshot.personas.keys))
    taste = space._held.personas._opened(snapshot)
    assert taste is not None
    assert taste.count() == 21
    before = traces(folder, SECRETS)
    assert all(before.values()), f"the search would not find: {[what for what, where in before.items() if not where]}"
    assert vector_in(folder, prior)
    assert snapshot.personas.priors[row].tobytes() == prior
    links = [name for name in files(folder) if name.startswith("links")]
    assert links

    removed = space.erase_persona(SECRETS["id"])

    assert {what: where for what, where in traces(folder, SECRETS).items() if where} == {}
    assert vector_in(folder, prior) == []
    assert not [name for name in files(folder) if name.startswith("links")], "what was fitted with its likes goes"
    assert {table: count for table, count in removed.items() if count} == {
        "personas": 1, "persona_versions": 2, "interactions": 10, "impressions": 1, "preference_edits": 1,
        "preference_snapshots": 1,
        "rejections": 1, "turns": 1, "imports": 1, "evaluations": 1, "item_ids": 1,
    }  # fmt: skip
    assert space.fit_links() > 0
    assert space.refresh_personas() == 20


def test_after_a_restart_there_is_no_trace_either(space: Workspace, bench: Workbench) -> None:
    space.erase_persona(SECRETS["id"])
    folder = bench.settings.data
    bench.close()
    with Workbench.open(folder, encoder=HashingEncoder()) as again:
        films = again.workspace("films")
        assert SECRETS["id"] not in films.persona_names()
        films.recommend("p1")
        assert not any(traces(folder, SECRETS).values())


def test_whoever_is_killed_in_between_is_finished_with_at_the_next_start(
    space: Workspace, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.settings.data

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tastebench.services.bootstrap.Parts.forget_learned", killed)
        with pytest.raises(KeyboardInterrupt):
            space.erase_persona(SECRETS["id"])
    assert any(traces(folder, SECRETS).values())
    bench.close()
    with Workbench.open(folder, encoder=HashingEncoder()):
        assert not any(traces(folder, SECRETS).values())
        assert not [name for name in files(folder) if name.startswith("links")]


def test_an_index_out_of_reach_is_told_of_and_seen_to_at_the_next_start(
    space: Workspace, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(home: FolderHome) -> None:
        raise home.unavailable("may still hold deleted vectors")

    with monkeypatch.context() as patched:
        patched.setattr(FolderHome, "overwrite_traces", locked)
        with pytest.raises(IndexUnavailable, match="may still hold"):
            space.erase_persona(SECRETS["id"])
    assert SECRETS["id"] not in space.persona_names()
    bench.close()
    with Workbench.open(bench.settings.data, encoder=HashingEncoder()) as again:
        assert not again._parts.database.has_traces()


def test_lists_of_others_are_made_without_it_and_a_second_time_there_is_nobody(small: Workspace) -> None:
    before = small.recommend("bo")
    assert before.items[0].signals["collaborative"] == 1.0
    small.erase_persona(SECRETS["id"])
    assert small.recommend("bo").items[0].signals["collaborative"] is None
    assert small.interactions().total == 1
    with pytest.raises(NotFound, match="xq-elfriede-7"):
        small.erase_persona(SECRETS["id"])


def test_a_deleted_persona_can_be_exported_and_erased(small: Workspace) -> None:
    small.delete_persona(SECRETS["id"])
    record = json.loads(small.export_persona(SECRETS["id"]))
    assert record["held"]["personas"][0]["deleted_at"] is not None
    assert record["learned"] == []
    assert small.erase_persona(SECRETS["id"])["personas"] == 1


def test_the_export_holds_all_that_erasing_would_remove(space: Workspace, tmp_path: Path) -> None:
    text = space.export_persona(SECRETS["id"], tmp_path / "all.json")
    assert (tmp_path / "all.json").read_text(encoding="utf-8") == text
    record = json.loads(text)
    assert (record["workspace"], record["persona_id"], record["format"]) == ("films", SECRETS["id"], 1)
    assert [secret for secret in SECRETS.values() if secret not in text] == []
    counts = {name: len(rows) for name, rows in record["held"].items()}
    removed = space.erase_persona(SECRETS["id"])
    assert counts == {name: count for name, count in removed.items() if name != "item_ids"}
    corrected = [one for one in record["learned"] if one["value"] == SECRETS["correction"]]
    assert [(one["key"], one["confidence"]) for one in corrected] == [("genres", pytest.approx(0.5, abs=1e-3))]


def test_the_export_overwrites_nothing_unless_told_to(small: Workspace, tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text("mine")
    with pytest.raises(AlreadyExists):
        small.export_persona(SECRETS["id"], tmp_path / "all.json")
    assert (tmp_path / "all.json").read_text() == "mine"
    small.export_persona(SECRETS["id"], tmp_path / "all.json", overwrite=True)
    assert SECRETS["name"] in (tmp_path / "all.json").read_text(encoding="utf-8")


def test_a_persona_of_another_workspace_with_the_same_id_stays(small: Workspace, bench: Workbench) -> None:
    shop = bench.workspace("shop", create=True)
    shop.add_persona(persona(description="Somebody else."))
    small.erase_persona(SECRETS["id"])
    assert shop.persona(SECRETS["id"]).description == "Somebody else."
    assert shop.export_persona(SECRETS["id"]).count("Somebody else.") >= 1


def test_the_id_is_free_again_and_begins_with_nothing(small: Workspace) -> None:
    small.erase_persona(SECRETS["id"])
    small.add_persona(persona())
    assert small.interactions(SECRETS["id"]).total == 0
    assert small.preferences(SECRETS["id"]) == ()
