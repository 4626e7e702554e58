"""Law 7 at length: thousands of random operations over five workspaces, and nothing of one is found in another.

Ids are the same everywhere, so that they would collide; texts all hold a word of their workspace, so that they would be
seen. One workspace is compared with a twin that went through the same alone: then its counts and lists, which hold no
words, are its own too.
"""

import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from tastebench import ScoringProfile, Workbench, Workspace
from tastebench.agent import PersonalizationAgent
from tastebench.cli.main import app
from tastebench.domain.errors import InvalidInput
from tastebench.evaluation.report import EvaluationSettings
from tastebench.evaluation.splits import SplitSettings
from tastebench.services import held_links, held_personas
from tastebench.signals import REGISTRY
from tastebench.stores import engines
from tastebench.stores.schema import metadata
from tests.doubles import HashingEncoder
from tests.ui.stage import visit
from tests.unit.services.holdings import files, traces
from tests.unit.services.tenants import LATER, OPERATIONS, WORDS, Tenant

ALL_SIGNALS = ScoringProfile(name="All", weights=dict.fromkeys(REGISTRY, 1.0))
PAGES = (
    ("recommendations", {}), ("ask", {"q": "a film of rain"}), ("tuning", {}), ("personas", {}),
    ("interactions", {}), ("catalogue", {}), ("catalogue", {"view": "Map"}), ("evaluation", {}),
)  # fmt: skip
MUTE = {"item_ids.jsonl", "preference_snapshots.jsonl", "priors.npy", "vectors.npy"}
"""Ways that hold no word of anybody's here: only the comparison with the twin tells of them."""


def shared(space: Workspace) -> dict[str, object]:
    """Everything that can be read of a workspace and doesn't depend on keys or the clock."""
    people = sorted(space.persona_names())
    read: dict[str, object] = {
        "items": space.items(limit=1000), "tags": space.tags(), "ranges": space.attribute_ranges(),
        "found": space.items(search="title", limit=1000), "names": space.persona_names(),
        "profiles": [(one.version, one.note, space.profile(one.name, one.version)) for one in space.profiles()],
        "log": sorted(
            (row.persona_id, row.persona_name, row.target, str(row.title), row.action, row.at, str(row.weight))
            for row in space.interactions(limit=100_000).rows
        ),
        "similar": [space.similar(item.item_id) for item in space.items(limit=1000).items],
        "settings": space.settings,
    }  # fmt: skip
    for who in people:
        asked = space.ask(who, "a film of rain", now=LATER)
        read[who] = {
            "list": space.recommend(who, now=LATER, profile=ALL_SIGNALS, limit=50).decision(),
            "plain": space.recommend(who, now=LATER, limit=50).decision(),
            "asked": (asked.plain.decision(), asked.personal.decision(), dict(asked.places)),
            "by words": space.ask(who, "film rain director title", method="bm25", now=LATER).plain.decision(),
            "taste": space.taste(who, LATER), "preferences": space.preferences(who, LATER),
            "expertise": space.expertise(who, LATER), "suggestions": space.suggestions(who, LATER, limit=50),
            "turns": [(turn.question, turn.item_ids, str(turn.reading)) for turn in space.turns(who)],
            "map": space.map(who),
        }  # fmt: skip
    return read


def everything(space: Workspace, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield all that can be read of a workspace, by its way, as text."""
    yield "shared", repr(shared(space))
    yield "summary", repr(space.summary())
    yield "imports", repr(space.imports())
    yield "rejections", "".join(space.rejections(one.import_id).to_csv() for one in space.imports())
    yield "evaluations", repr([space.evaluation(head.key) for head in space.evaluations()])
    yield "personas", space.export_personas()
    for who in space.persona_names():
        yield "held about a persona", space.export_persona(who)
        yield "edits", repr(space.preference_edits(who))
    with zipfile.ZipFile(space.export(folder / "all.zip", overwrite=True)) as archive:
        yield from ((name, archive.read(name).decode("utf-8", "replace")) for name in archive.namelist())


def by_agent(bench: Workbench, space: Workspace, who: str) -> Iterator[tuple[str, str]]:
    agent = PersonalizationAgent.create(bench, space.name, {"home": "text"})
    yield "objects for an agent", repr(agent.get_objects(who, use_agent_ranking=False))
    query = agent.query(who)
    yield "answers for an agent", repr([query.near_text("rain"), query.bm25("rain"), query.hybrid("rain")])
    yield "an agent's personas", repr((agent.personas(limit=100), agent.get_interactions(who)))


def on_pages(space: Workspace, who: str) -> Iterator[tuple[str, str]]:
    """Yield what pages send for a workspace, but for the pickers, which name all workspaces of the folder."""
    st.cache_data.clear()
    for name, parameters in PAGES:
        shown: AppTest = visit(f"pages/{name}.py", workspace=space.name, persona=who, **parameters)
        assert not shown.exception, name
        yield f"the page {name} {parameters}", "".join(str(getattr(one, "proto", "")) for one in shown.main)


def on_the_command_line(name: str, who: str) -> Iterator[tuple[str, str]]:
    for command in (
        ("recommend", who, "--json"), ("ask", who, "a film of rain", "--json"), ("export-persona", who),
        ("retain", "--preview"),
    ):  # fmt: skip
        result = CliRunner().invoke(app, [*command, "--workspace", name])
        assert result.exit_code == 0, result.output
        yield " ".join(command), result.stdout


def work_out(space: Workspace, word: str) -> None:
    """Fill what is otherwise filled in the background, and measure."""
    space.refresh_personas()
    space.fit_links(ALL_SIGNALS)
    with suppress(InvalidInput):  # after few steps there may be nobody to measure with
        profiles, split = {f"{word} profile": ScoringProfile()}, SplitSettings(kind="share", share=0.3, repeats=True)
        space.evaluate(profiles, EvaluationSettings(split=split, k=3))


def rows_left(bench: Workbench) -> dict[str, int]:
    with bench._parts.database.read() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits that needn't survive a power cut; an index of personas and fitted links in small workspaces too."""
    prepare = engines._prepare

    def without_sync(connection: sqlite3.Connection, *, writes: bool) -> None:
        prepare(connection, writes=writes)
        connection.execute("PRAGMA synchronous = OFF")

    monkeypatch.setattr(engines, "_prepare", without_sync)
    monkeypatch.setattr(held_personas, "PERSONA_MATRIX_LIMIT", 5)
    monkeypatch.setattr(held_links, "AT_ONCE_ITEMS", 5)


@pytest.mark.parametrize("steps", [400, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_nothing_of_one_workspace_is_found_in_another(
    tmp_path: Path, steps: int, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    with Workbench.open(folder, encoder=HashingEncoder()) as bench:
        tenants = [Tenant(bench, word) for word in WORDS]
        for turn in np.random.default_rng(9).integers(len(tenants), size=steps).tolist():
            tenants[turn].step()
        if steps == 10_000:
            assert {name for tenant in tenants for name in tenant.done} == {*OPERATIONS}
        for tenant in tenants:
            work_out(tenant.space, tenant.word)
        compared_with_a_twin(tenants[0], tmp_path / "twin")
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: bench)
        ways = [way for tenant in tenants for way in read_through(bench, tenant, tmp_path)]
        if steps == 10_000:
            assert {way for way, _ in ways} - {way for way, told in ways if told} == MUTE
        names = [(tenant.space.name, min(tenant.space.persona_names())) for tenant in tenants]
    read_by_command(names, folder, monkeypatch)
    leave_one_by_one(folder)


def read_through(bench: Workbench, tenant: Tenant, folder: Path) -> Iterator[tuple[str, bool]]:
    """Hold that no way of reading a workspace tells of another; yield each way, and whether it tells of this one."""
    space, who = tenant.space, min(tenant.space.persona_names())
    others = [word for word in WORDS if word != tenant.word]
    pages = on_pages(space, who) if tenant.word == WORDS[0] else ()
    for way, said in (*everything(space, folder), *by_agent(bench, space, who), *pages):
        assert [word for word in others if word in said] == [], f"in {way} of {tenant.word}"
        yield way, tenant.word in said


def compared_with_a_twin(tenant: Tenant, folder: Path) -> None:
    """Compare a workspace with one that went through the same with nobody beside it."""
    with Workbench.open(folder, encoder=HashingEncoder()) as bench:
        twin = Tenant(bench, tenant.word)
        for _ in range(tenant.steps):
            twin.step()
        work_out(twin.space, twin.word)
        mine, theirs = shared(tenant.space), shared(twin.space)
        assert mine.keys() == theirs.keys()
        for name, value in mine.items():
            assert repr(value) == repr(theirs[name]), name


def read_by_command(names: list[tuple[str, str]], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tastebench.models.encoder.SentenceTransformerEncoder", lambda **_: HashingEncoder())
    monkeypatch.setenv("TASTEBENCH_DATA", str(folder))
    for (name, who), word in zip(names, WORDS, strict=True):
        for way, said in on_the_command_line(name, who):
            assert [other for other in WORDS if other != word and other in said] == [], f"{way} of {word}"


def leave_one_by_one(folder: Path) -> None:
    """Delete the workspaces one by one: those that are left stay as they were, those that went leave nothing."""
    with Workbench.open(folder, encoder=HashingEncoder()) as bench:
        gone: list[str] = []
        for name in bench.workspace_names():
            bench.delete_workspace(name)
            gone.append(name.split(" ", maxsplit=1)[0])
            assert {word: where for word, where in traces(folder, {word: word for word in gone}).items() if where} == {}
            left = [bench.workspace(one) for one in bench.workspace_names()]
            assert all(space.recommend(min(space.persona_names()), now=LATER).items for space in left)
        assert rows_left(bench) == {}
        assert not [name for name in files(folder) if name.startswith("links")]
        with bench._parts.indexes._home.answering() as client:  # type: ignore[union-attr]
            assert client.list_collections() == []
