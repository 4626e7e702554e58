"""Home: act, run again, look."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tastebench import Item, Workbench
from tastebench.domain.errors import FolderInUse
from tastebench.services import Workspace
from tastebench.services.views import PartHealth
from tests.doubles import HashingEncoder
from tests.ui.stage import said, visit, words

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """An open bench without workspaces."""
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: bench)
        yield bench


def home(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params.update(parameters)
    return app.run()


def url(app: AppTest) -> dict[str, str]:
    """Return the URL's parameters; AppTest gives some as text, some as lists."""
    return {name: one if isinstance(one, str) else one[0] for name, one in app.query_params.items()}


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def bench_of(workspace: Workspace) -> Workbench:
    """Return the bench that the pages were given."""
    from tastebench.ui import page

    return page.workbench()


def wait_for(app: AppTest, slot: str) -> None:
    """Run the app until the job of a slot has ended; a quick one ended within the run that started it."""
    from tastebench.ui import page

    if slot not in url(app):
        return
    job = page.workbench().jobs.find(url(app)[slot].partition(" ")[0])
    assert job is not None
    assert job.wait(60)
    app.run()


def test_a_card_shows_the_workspaces_figures(films: Workspace) -> None:
    app = home()
    assert not app.exception
    text = words(app)
    for label, value in (("items", 13), ("personas", 3), ("interactions", 5)):
        assert f'>{label}</span><span style="font-variant-numeric:tabular-nums">{value}<' in text
    assert '>last change</span><span style="font-variant-numeric:tabular-nums">just now<' in text


def test_every_part_has_a_row_with_its_state(films: Workspace) -> None:
    text = words(home())
    assert text.count('role="row"') == len(bench_of(films).health())
    assert all(f">{name}</div>" in text for name in ("SQL", "Index", "Encoder", "Disk"))


def test_a_part_that_is_not_well_says_what_to_do(films: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [PartHealth("index", "warning", "Holds 3 of <13> vectors.", "Run `tastebench rebuild`.")]
    monkeypatch.setattr(Workbench, "health", lambda self: parts)
    app = home()
    assert "Holds 3 of &lt;13&gt; vectors." in words(app)
    assert "Run <code>tastebench rebuild</code>." in words(app)
    app.button(key="rebuild_index").click().run()
    wait_for(app, "rebuild")
    assert "rebuilt from the database" in words(app)


def test_the_url_carries_workspace_and_persona(films: Workspace) -> None:
    app = home()
    assert url(app)["workspace"] == "films"
    assert url(app)["persona"] == "joon"


def test_a_link_to_a_workspace_that_is_gone_says_so_and_shows_another(films: Workspace) -> None:
    app = home(workspace="gone")
    assert "There is no workspace “gone” here any more." in said(app)
    assert url(app)["workspace"] == "films"


def test_picking_a_persona_is_kept_in_the_url(films: Workspace) -> None:
    app = home(persona="maya", item="no0")
    app.selectbox(key="pick_persona").set_value("sim").run()
    assert (url(app)["persona"], url(app)["item"]) == ("sim", "no0")


def test_picking_a_workspace_takes_what_belonged_to_the_other_out_of_the_url(films: Workspace) -> None:
    bench_of(films).workspace("shop", create=True)
    app = home(workspace="films", persona="maya", item="no0")
    app.selectbox(key="pick_workspace").set_value("shop").run()
    assert url(app) == {"workspace": "shop"}


def test_simulated_personas_are_named_so_in_the_picker(films: Workspace) -> None:
    assert home().selectbox(key="pick_persona").options == ["Joon", "Maya", "Sim (simulated)"]


def test_two_personas_of_one_name_are_told_apart(films: Workspace) -> None:
    films.clone_persona("maya", "Joon")
    assert [option for option in home().selectbox(key="pick_persona").options if option.startswith("Joon · ")] != []


@pytest.mark.parametrize(("typed", "kept"), [("cinema", "cinema"), ("zz  top", "zz top")])
def test_renaming_a_workspace(films: Workspace, typed: str, kept: str) -> None:
    bench_of(films).workspace("zoo", create=True)
    app = home()
    app.text_input(key="rename_to_films").set_value(typed)
    press(app, "Rename it")
    assert bench_of(films).workspace_names() == sorted([kept, "zoo"])
    assert url(app)["workspace"] == kept


def test_deleting_a_workspace_takes_its_name_typed(films: Workspace) -> None:
    app = home()
    app.text_input(key="confirm_films").set_value("film")
    press(app, "Delete for good")
    assert bench_of(films).workspace_names() == ["films"]
    assert "That is not the workspace&#39;s name" in words(app)
    app.text_input(key="confirm_films").set_value("films")
    press(app, "Delete for good")
    assert bench_of(films).workspace_names() == []
    assert not app.exception
    assert "any more" not in words(app)
    assert "Load the films demo" in labels(app)


def test_an_own_workspace_is_created_and_leads_to_the_import(nothing: Workbench) -> None:
    app = home()
    app.text_input(key="new_workspace").set_value("  books ")
    press(app, "Create and import")
    assert nothing.workspace_names() == ["books"]
    assert [title.value for title in app.title] == ["Catalogue"]
    assert url(app)["view"] == "Import"


def test_a_taken_name_is_refused_without_harm(films: Workspace) -> None:
    app = home()
    app.text_input(key="new_workspace").set_value("films")
    press(app, "Create and import")
    assert "There is a workspace of that name" in words(app)


def test_an_empty_name_is_refused_with_a_next_step(nothing: Workbench) -> None:
    app = home()
    press(app, "Create and import")
    assert "the workspace&#39;s name is empty" in words(app)
    assert not app.exception


def test_without_workspaces_home_offers_the_films_first(nothing: Workbench) -> None:
    app = home()
    assert not app.exception
    assert "Load the films demo" in labels(app)
    assert [header.value for header in app.subheader] == ["Begin", "Parts"]
    assert not app.selectbox


@pytest.mark.parametrize("page", ["recommendations", "tuning", "personas", "interactions", "catalogue", "evaluation"])
def test_without_workspaces_every_other_page_has_one_way_on(nothing: Workbench, page: str) -> None:
    app = visit(f"pages/{page}.py")
    assert not app.exception
    assert labels(app) == ["Load the films demo"]


def test_a_demo_is_loaded_in_the_background_and_leads_to_its_list(
    nothing: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(bench: Workbench, which: str, name: object = None, progress: object = None) -> Workspace:
        time.sleep(0.3)
        return bench.workspace(which, create=True)

    monkeypatch.setattr(Workbench, "load_demo", load)
    app = home()
    app.button(key="begin_films").click().run()
    assert app.button(key="begin_shop").disabled
    assert "Loading the films demo" in next(str(bar.proto.text) for bar in app.get("progress"))
    wait_for(app, "demo")
    assert [title.value for title in app.title] != ["Home"]
    assert url(app)["workspace"] == "films"


def test_two_workspaces_with_texts_that_wait_embed_side_by_side(
    films: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tastebench.ui import page

    go = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr("tastebench.services.catalogue.embed_item", lambda *_: None)
        for space in (films, page.workbench().workspace("books", create=True)):
            space.save_item(Item("new", "New"))
    embed = Workspace.embed_pending
    monkeypatch.setattr(Workspace, "embed_pending", lambda one, *how: go.wait(30) and embed(one, *how))
    app = home()
    app.button(key="embed_films").click().run()
    assert "embed_books" in [button.key for button in app.button]
    app.button(key="embed_books").click().run()
    assert "Something unexpected" not in said(app)
    texts = [str(bar.proto.text) for bar in app.get("progress")]
    assert [name for name in ("books", "films") if any(f"Embedding {name}" in text for text in texts)] == [
        "books",
        "films",
    ]
    go.set()
    wait_for(app, "embedding")


def test_a_failed_demo_says_why_and_offers_it_again(nothing: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: object, **__: object) -> Workspace:
        time.sleep(0.3)
        raise FolderInUse("The model is <gone>.", "Install it again.")

    monkeypatch.setattr(Workbench, "load_demo", load)
    app = home()
    app.button(key="begin_films").click().run()
    wait_for(app, "demo")
    assert "The model is &#60;gone&#62;&#46;" in words(app)
    assert not app.button(key="begin_films").disabled


def test_a_folder_in_use_is_told_calmly_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Workbench:
        raise FolderInUse("Process 4711 uses the folder.", "Stop it, or choose another folder with TASTEBENCH_DATA.")

    monkeypatch.setattr("tastebench.ui.page.workbench", refuse)
    app = home()
    assert not app.exception
    assert [error.value.startswith("Process 4711 uses the folder") for error in app.error] == [True]


def test_an_unforeseen_failure_shows_no_traceback(films: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workbench, "health", lambda self: 1 / 0)
    app = home()
    assert not app.exception
    assert "Something unexpected happened here" in words(app)
    assert "ZeroDivisionError" not in words(app)
