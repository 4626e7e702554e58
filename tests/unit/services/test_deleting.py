"""A workspace that is deleted leaves nothing: no row, no vector, no file, no word in any byte of the folder."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from tastebench import Interaction, Item, Persona, ScoringProfile, Workbench, Workspace
from tastebench.domain.model_state import ModelState
from tastebench.services import held_links, held_personas
from tastebench.stores import app_state, model_calls
from tastebench.stores.model_calls import ModelCall
from tastebench.stores.schema import metadata
from tests.doubles import HashingEncoder
from tests.unit.services.holdings import SECRETS, files, fill, traces

WORDS = {
    "workspace": "quittenbrot",
    "title": "Mispelbaum",
    "item description": "about Drachenfrüchte",
    "facet": "obstsorten",
    "attribute": "reifegrad",
    "profile": "Stachelbeere",
    "note": "tried with Berberitzen",
    "evaluation": "Johannisbrot",
    "model": "kornelkirsche:1b",
    "state": "vogelbeere",
    "operator": "sanddorn@example.com",
    "member": "sanddorn@example.org",
}
"""Words that only the workspace brings in, in one place each."""


def fruit(bench: Workbench, folder: Path) -> Workspace:
    """A workspace with all that is about personas, and the rest of what a workspace may hold."""
    space = bench.workspace(WORDS["workspace"], create=True)
    fill(space, folder)
    space.import_items(pd.DataFrame([{"id": "gone", "title": "x", WORDS["facet"]: ["a"]}]))
    space.save_item(Item("m", WORDS["title"], WORDS["item description"], attributes={WORDS["attribute"]: 1}))
    space.delete_item("gone")
    space.add_member(WORDS["member"])
    space.save_profile(ScoringProfile(name=WORDS["profile"]), WORDS["note"])
    space.evaluate({WORDS["evaluation"]: ScoringProfile()})
    with bench._parts.database.write() as connection:
        app_state.save(connection, space.key, "hint", WORDS["state"])
        model_calls.add(connection, space.key, ModelCall("rank", WORDS["model"], ModelState.OK, 1, 1, 0, 1.0, 0, 1.0))
    space.note_choice("presentation", "chart", "bars", operator=WORDS["operator"])
    space.recommend("p1")
    return space


@pytest.fixture
def both(bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, Workspace]:
    """The workspace to be deleted, and a small one that stays."""
    monkeypatch.setattr(held_personas, "PERSONA_MATRIX_LIMIT", 5)
    monkeypatch.setattr(held_links, "AT_ONCE_ITEMS", 5)
    kept = bench.workspace("kept", create=True)
    kept.import_items(pd.DataFrame([{"id": "i0", "title": "Kept title"}]))
    kept.add_interactions(kept.add_persona(Persona("Bo", persona_id="bo")), [Interaction("i0", "view")])
    kept.recommend("bo")
    return fruit(bench, tmp_path), kept


def rows(bench: Workbench, key: int) -> dict[str, int]:
    """Return how many rows of each table are a workspace's."""
    counts = {}
    with bench._parts.database.read() as connection:
        for table in metadata.sorted_tables:
            column = table.c.key if table.name == "workspaces" else table.c.workspace_key
            counts[table.name] = connection.scalar(select(func.count()).select_from(table).where(column == key)) or 0
    return counts


def test_deleting_leaves_no_trace_and_says_how_much_there_was(
    bench: Workbench, both: tuple[Workspace, Workspace]
) -> None:
    gone, kept = both
    folder, key, secrets = bench.settings.data, gone.key, SECRETS | WORDS
    before, there = traces(folder, secrets), rows(bench, key)
    assert all(before.values()), f"the search would not find: {[what for what, where in before.items() if not where]}"
    assert all(there.values()), f"nothing to look for in: {[name for name, count in there.items() if not count]}"
    links = [name for name in files(folder) if name.startswith("links")]
    lists = kept.items(), kept.interactions(), kept.recommend("bo").decision()["items"]

    removed = bench.delete_workspace(WORDS["workspace"])

    assert {what: where for what, where in traces(folder, secrets).items() if where} == {}
    assert removed == there | {"files": len(links), "collections": 2}
    assert sum(rows(bench, key).values()) == 0
    assert not [name for name in files(folder) if name.startswith("links")]
    with bench._parts.indexes._home.answering() as client:  # type: ignore[union-attr]
        assert [one.name for one in client.list_collections()] == [f"tastebench-{kept.key}-000001"]
    assert (kept.items(), kept.interactions(), kept.recommend("bo").decision()["items"]) == lists


def test_whoever_is_killed_while_deleting_is_finished_with_at_the_next_start(
    bench: Workbench, both: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, secrets = bench.settings.data, SECRETS | WORDS

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tastebench.services.bootstrap.Parts.forget", killed)
        with pytest.raises(KeyboardInterrupt):
            bench.delete_workspace(WORDS["workspace"])
    bench.close()
    assert any(traces(folder, secrets).values())
    with Workbench.open(folder, encoder=HashingEncoder()) as again:
        assert not any(traces(folder, secrets).values())
        assert not [name for name in files(folder) if name.startswith("links")]
        with again._parts.indexes._home.answering() as client:  # type: ignore[union-attr]
            assert [one.name for one in client.list_collections()] == [f"tastebench-{both[1].key}-000001"]
        assert again.workspace("kept").items().total == 1
