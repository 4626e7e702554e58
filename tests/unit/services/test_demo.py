"""The demos: dated from the moment of loading, loaded once, completed where a first attempt was cut off."""

import subprocess
import sys
import textwrap
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tastebench import Workbench, Workspace
from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tastebench.services import demo
from tastebench.services.embedding import BATCH
from tests.doubles import HashingEncoder

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KILLED = 9


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let loading take place at this moment."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    monkeypatch.setattr(demo, "datetime", Clock)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Both demos, loaded at noon; to be looked at only."""
    with (
        pytest.MonkeyPatch.context() as patch,
        Workbench.open(tmp_path_factory.mktemp("data"), encoder=HashingEncoder()) as bench,
    ):
        at(patch, NOON)
        bench.load_demo("films")
        bench.load_demo("shop")
        yield bench


@pytest.fixture(scope="module")
def films(loaded: Workbench) -> Workspace:
    return loaded.workspace("films")


@pytest.fixture(scope="module")
def shop(loaded: Workbench) -> Workspace:
    return loaded.workspace("shop")


def all_items(workspace: Workspace):
    return workspace.items(limit=1000).items


def all_events(workspace: Workspace):
    return workspace.interactions(limit=100_000).rows


def all_people(workspace: Workspace):
    return [summary.persona for summary in workspace.personas(limit=1000).personas]


def content(workspace: Workspace, folder: Path) -> dict[str, bytes]:
    """Everything in a workspace, byte by byte."""
    path = workspace.export(folder / "content.zip", overwrite=True)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def told(workspace: Workspace) -> tuple[object, ...]:
    """What a workspace holds, save when it was written."""
    events = [(e.persona_id, e.target, e.action, e.at, e.origin, e.target_kind) for e in all_events(workspace)]
    people = sorted((persona.persona_id, persona.name, persona.prior_text) for persona in all_people(workspace))
    report = [(r.kind, r.state, r.rows, r.added, r.rejected, r.funnel) for r in workspace.imports()]
    return all_items(workspace), people, sorted(events), report, workspace.settings, workspace.summary().pending_texts


class TestFilms:
    def test_what_is_there(self, films):
        summary = films.summary()
        assert (summary.items, summary.personas, summary.interactions) == (470, 208, 8_461)
        assert summary.pending_texts == 0
        assert films.settings.category == "genres"
        assert summary.facets == ("genres", "themes", "era")
        assert "real" in summary.note
        assert "invented" in summary.note
        assert "simulated" in summary.note
        assert not summary.synthetic

    def test_one_film(self, films):
        item = films.item("chinatown-1974")
        assert (item.title, item.creator) == ("Chinatown", "Roman Polanski")
        assert item.facets["genres"] == ("noir", "mystery", "crime")
        assert item.facets["era"] == ("1970s",)
        assert item.attributes == {"year": 1974, "running_time": 130, "country": "United States"}

    def test_the_population_is_marked_as_simulated(self, films):
        people = all_people(films)
        assert Counter(persona.origin for persona in people) == {"authored": 8, "simulated": 200}
        simulated = {persona.persona_id for persona in people if persona.origin == "simulated"}
        for event in all_events(films):
            assert (event.origin == "simulated") == (event.persona_id in simulated)

    def test_nothing_lies_in_the_future_and_a_handful_is_new(self, films):
        ages = [(NOON - item.created_at) / timedelta(days=1) for item in all_items(films)]
        assert min(ages) > 0
        assert 3 <= sum(age < 35 for age in ages) <= 12
        assert sum(age > 365 for age in ages) > 450
        newest = max(event.at for event in all_events(films))
        assert timedelta(0) < NOON - newest < timedelta(days=2)

    def test_nobody_watched_a_film_before_it_was_there(self, films):
        joined = {item.item_id: item.created_at for item in all_items(films)}
        events = [event for event in all_events(films) if event.target_kind == "item"]
        assert all(joined[event.target] <= event.at for event in events)
        born = {persona.persona_id: persona.created_at for persona in all_people(films)}
        assert all(born[event.persona_id] <= event.at for event in all_events(films))

    def test_days_ago_count_from_the_moment_of_loading(self, films):
        oldest = films.interactions(persona_id="maya", action="favorite").rows[-1]
        assert (oldest.target, oldest.at) == ("le-samourai-1967", NOON - timedelta(days=58.32))
        assert films.persona("noor").created_at == NOON


class TestShop:
    def test_what_is_there(self, shop):
        summary = shop.summary()
        assert (summary.items, summary.personas, summary.interactions) == (324, 120, 2_604)
        assert summary.synthetic
        assert "invented" in summary.note
        assert summary.pending_texts == 0

    def test_the_funnel_is_the_one_the_readme_tells_of(self, shop):
        report = shop.imports()[0]
        assert [step.left for step in report.funnel][-5:] == [2_760, 2_714, 2_654, 2_633, 2_604]
        assert report.source == "invoices.csv"

    def test_the_newest_line_is_of_the_moment_of_loading(self, shop):
        events = all_events(shop)
        assert max(event.at for event in events) <= NOON
        assert NOON - max(event.at for event in events) < timedelta(days=1)
        assert max(event.at for event in events) - min(event.at for event in events) > timedelta(days=80)

    def test_every_product_has_its_theme(self, shop):
        assert len(shop.tags()["themes"]) == 21
        assert all(len(item.facets["themes"]) == 1 for item in all_items(shop))
        assert shop.item("41010").facets["themes"] == ("kitchen & baking",)

    def test_undoing_its_import_takes_everything(self, bench):
        shop = bench.load_demo("shop")
        shop.undo_import(shop.imports()[0].import_id)
        summary = shop.summary()
        assert (summary.items, summary.personas, summary.interactions) == (0, 0, 0)


@pytest.mark.parametrize("which", ["films", "shop"])
class TestAgain:
    def test_a_second_time_changes_nothing_even_hours_later(self, bench, encoder, tmp_path, monkeypatch, which):
        at(monkeypatch, NOON)
        before = content(bench.load_demo(which), tmp_path)
        embedded = encoder.encoded
        at(monkeypatch, NOON + timedelta(hours=5))
        assert content(bench.load_demo(which), tmp_path) == before
        assert encoder.encoded == embedded

    def test_two_at_once_write_it_once(self, bench, monkeypatch, which):
        alone = bench.load_demo(which, "alone").summary()
        reading, again = demo._folder, []

        def meanwhile(name):
            if not again:
                again.append(name)
                bench.load_demo(which)
            return reading(name)

        monkeypatch.setattr(demo, "_folder", meanwhile)
        both = bench.load_demo(which).summary()
        assert (both.items, both.personas, both.interactions) == (alone.items, alone.personas, alone.interactions)

    def test_what_was_deleted_by_hand_stays_deleted(self, bench, which):
        workspace = bench.load_demo(which)
        gone = all_items(workspace)[0].item_id
        workspace.delete_item(gone)
        bench.load_demo(which)
        assert gone not in {item.item_id for item in all_items(workspace)}

    def test_once_loaded_it_needs_no_files(self, bench, tmp_path, monkeypatch, which):
        bench.load_demo(which)
        monkeypatch.setattr(demo, "SAMPLE_DATA", tmp_path / "nowhere")
        assert bench.load_demo(which).name == which

    def test_deleted_and_loaded_again(self, bench, which):
        bench.load_demo(which)
        bench.delete_workspace(which)
        assert bench.load_demo(which).summary().items > 0

    def test_under_another_name(self, bench, which):
        bench.load_demo(which)
        assert bench.load_demo(which, "mine").summary().items == bench.workspace(which).summary().items
        assert bench.workspace_names() == sorted(["mine", which])

    def test_a_workspace_of_ones_own_is_left_alone(self, bench, which):
        bench.workspace(which, create=True)
        with pytest.raises(AlreadyExists, match="holds something else"):
            bench.load_demo(which)
        assert bench.workspace(which).summary().items == 0

    def test_an_encoder_that_fails_half_way_costs_only_what_is_left(self, tmp_path, noon, which):
        class Failing(HashingEncoder):
            def encode(self, texts):
                if self.encoded + len(texts) > 300:
                    raise KeyboardInterrupt
                return super().encode(texts)

        with Workbench.open(tmp_path / "a", encoder=Failing()) as bench, pytest.raises(KeyboardInterrupt):
            bench.load_demo(which)
        encoder = HashingEncoder()
        with Workbench.open(tmp_path / "a", encoder=encoder) as bench:
            found = told(bench.load_demo(which))
        undisturbed = HashingEncoder()
        with Workbench.open(tmp_path / "b", encoder=undisturbed) as bench:
            assert told(bench.load_demo(which)) == found
        assert encoder.encoded <= undisturbed.encoded


@pytest.mark.parametrize(
    ("which", "place"),
    [
        ("films", "interactions.append"),
        ("shop", "interactions.append"),
        ("shop", "items.upsert"),
        ("shop", "app_state.save"),
    ],
)
def test_a_killed_loading_is_completed_by_the_next(loaded, tmp_path, which, place):
    killed_in(tmp_path, which, place)
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        found = bench.load_demo(which)
        again = bench.load_demo(which)
        figures = ("items", "personas", "interactions", "pending_texts", "facets", "note")
        for workspace in (found, again):
            for name in figures:
                assert getattr(workspace.summary(), name) == getattr(loaded.workspace(which).summary(), name)
        assert found.tags() == loaded.workspace(which).tags()


def killed_in(folder: Path, which: str, place: str) -> None:
    """Load a demo in a process of its own that ends without a word in the last call of a store's function."""
    module, function = place.split(".")
    code = f"""
        import os
        from tastebench import Workbench
        from tastebench.stores import {module}
        from tests.doubles import HashingEncoder
        calls, original = [], {module}.{function}
        last = {{"append": 1, "upsert": 1 if {which!r} == "films" else 2, "save": 2}}[{function!r}]
        def dying(*args, **kwargs):
            calls.append(1)
            if len(calls) == last:
                os._exit({KILLED})
            return original(*args, **kwargs)
        {module}.{function} = dying
        Workbench.open({str(folder)!r}, encoder=HashingEncoder()).load_demo({which!r})
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, capture_output=True, text=True)
    assert done.returncode == KILLED, done.stderr


def test_a_demo_there_is_none_of(bench):
    with pytest.raises(InvalidInput, match="no demo 'music'") as raised:
        bench.load_demo("music")
    assert raised.value.next_step == "Choose one of: films, shop."


def test_without_the_sample_data(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "SAMPLE_DATA", tmp_path / "nowhere")
    with pytest.raises(NotFound, match="nowhere") as raised:
        bench.load_demo("films")
    assert "clone" in raised.value.next_step
    assert bench.workspace_names() == []


def test_progress_is_told(bench):
    told_of = []
    bench.load_demo("films", progress=told_of.append)
    steps = [(step.phase, step.done, step.total) for step in told_of]
    texts = [("Embedding texts", done, 470) for done in (*range(0, 470, BATCH), 470)]
    assert steps == [*texts, ("Embedding personas", 128, 208), ("Embedding personas", 208, 208)]
