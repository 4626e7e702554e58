"""The language model over a real server: beside the list, never in its way, and gone when nobody wants it any more."""

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tastebench import Item, Workbench
from tests.e2e.conftest import Serving, Watch, settled
from tests.e2e.reading import titles
from tests.e2e.servers import Server, start
from tests.ollama_double import OllamaDouble
from tests.ollama_double.minds import even
from tests.ollama_double.values import Question

_log = logging.getLogger(__name__)

HOSTILE = '<img src=x onerror="window.taken=1"><script>window.taken=2</script> **Odd** [one](http://127.0.0.1:1/)'
COMMENT = 'Quiet & slow <b onmouseover="window.taken=3">throughout</b> <script>window.taken=4</script>'
SLOW = 20.0
"""Tokens a second."""

SWITCHED = """on => new Promise(done => {
  const labels = [...document.querySelectorAll("label")];
  const began = performance.now();
  labels.find(label => label.innerText.includes("Rerank with the language model")).querySelector("input").click();
  const look = () => {
    const drawn = Boolean(document.querySelector(".st-key-model_panel")) === on
      && document.querySelectorAll(".tb-sum b").length === 20
      && !document.querySelector('.st-key-recommendations_list [data-stale="true"]');
    return drawn ? done(performance.now() - began) : requestAnimationFrame(look);
  };
  look();
})"""
"""Switch the model on or off; milliseconds until this run's list is drawn."""


def hostile(question: Question):
    """Sensible grades, and comments that are markup where the item's title is."""
    calm = even(question)

    def choose(path, schema):
        if path[-1:] == ("why",) and "onerror" in question.candidates.get(path[0], ""):
            return COMMENT
        return calm(path, schema)

    return choose


@pytest.fixture(scope="module")
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble(mind=hostile) as server:
        yield server


@pytest.fixture(scope="module")
def films(
    project: Path, films_folder: Path, tmp_path_factory: pytest.TempPathFactory, double: OllamaDouble
) -> Iterator[Server]:
    """The films demo and two items with hostile texts, with a language model beside it."""
    folder = tmp_path_factory.mktemp("judged")
    shutil.copytree(films_folder, folder / "data", ignore=shutil.ignore_patterns("*.lock"))
    with Workbench.open(folder / "data") as bench:
        for item_id in ("odd", "odder"):
            bench.workspace("films").save_item(Item(item_id, HOSTILE, HOSTILE, {"genres": ["odd"]}))
    server = start(project, folder / "data", folder / "server.log", ollama=double.url)
    yield server
    server.end()


@pytest.fixture(autouse=True)
def _quick(double: OllamaDouble) -> Iterator[None]:
    """Every test begins with a model that answers at once, and nothing under way."""
    double.timing.tokens_per_second = 0.0
    yield
    double.heal()
    double.timing.tokens_per_second = 0.0


def questions(double: OllamaDouble) -> int:
    """Return how many questions came; a call without messages only loads the model."""
    return sum(bool(body.get("messages")) for body in double.chats)


def opened(page: Page, server: Server, persona: str = "maya", **parameters: str) -> list[str]:
    page.goto(server.url("recommendations", workspace="films", persona=persona, **parameters))
    settled(page)
    return titles(page)


def switch(page: Page) -> None:
    page.get_by_text("Rerank with the language model").click()


def graded(page: Page, model: str = "qwen3:4b") -> Page:
    """Wait until the model has answered and the page shows it."""
    expect(page.locator(".st-key-model_finding")).to_contain_text("graded the top of the list")
    settled(page)
    assert model in page.locator(".st-key-model_finding").inner_text().replace("\u2060", "")
    return page


def comments(page: Page) -> int:
    return page.locator(".tb-model:visible").count()


def pick(page: Page, persona: str) -> None:
    box = page.get_by_role("combobox", name="Persona")
    box.click()
    box.fill(persona)
    page.get_by_role("option", name=persona).click()
    expect(page.locator(".tb-facts")).to_contain_text(persona)


def test_off_on_and_the_list_says_what_the_model_said_and_moved(
    films: Server, visitor: Page, double: OllamaDouble
) -> None:
    plain, asked = opened(visitor, films), questions(double)
    assert comments(visitor) == 0
    assert questions(double) == asked
    switch(visitor)
    graded(visitor)
    assert sorted(titles(visitor)) == sorted(plain)
    assert titles(visitor)[10:] == plain[10:]
    assert comments(visitor) == 10
    assert questions(double) == asked + 1
    assert "rerank=1" in visitor.url

    visitor.reload()
    settled(graded(visitor))
    expect(visitor.get_by_text("kept answer")).to_be_visible()
    assert questions(double) == asked + 1
    switch(visitor)
    expect(visitor.locator(".st-key-model_panel")).to_have_count(0)
    settled(visitor)
    assert titles(visitor) == plain


def test_the_list_is_there_before_the_model_is_and_stays_usable(
    films: Server, visitor: Page, double: OllamaDouble
) -> None:
    double.timing.tokens_per_second = SLOW
    on, off = [], []
    for persona in ("joon", "rafael", "maya"):
        plain = opened(visitor, films, persona, instruction="something quiet")
        on.append(visitor.evaluate(SWITCHED, arg=True))
        expect(visitor.locator(".st-key-watch_judging")).to_contain_text("is reading the list")
        assert titles(visitor) == plain
        off.append(visitor.evaluate(SWITCHED, arg=False))
    milliseconds = [[round(one) for one in took] for took in (on, off)]
    _log.info("the list stands %s ms after the click, without the model %s ms", *milliseconds)
    # Half a second on a machine with nothing else to do; on any, hardly longer than without the model.
    assert min(on) < max(750, 2 * min(off))

    switch(visitor)
    visitor.get_by_role("button", name=plain[2], exact=True).click()
    expect(visitor.locator(".st-key-breakdown")).to_contain_text(f"Why {plain[2]}")
    expect(visitor.locator(".st-key-watch_judging")).to_contain_text("characters")
    assert comments(visitor) == 0
    assert double.wait_for(lambda one: one.ollama.pending == 0, 60)
    complete = time.monotonic()
    expect(visitor.locator(".tb-model:visible")).to_have_count(10)
    late = time.monotonic() - complete
    _log.info("the comments stand %.0f ms after the answer is complete", late * 1000)
    assert late < 5  # a page looks twice a second
    graded(visitor)


def test_cancel_reaches_the_server_within_a_second(films: Server, visitor: Page, double: OllamaDouble) -> None:
    double.timing.tokens_per_second = SLOW
    opened(visitor, films, "joon", instruction="something short", rerank="1")
    expect(visitor.locator(".st-key-watch_judging")).to_contain_text("characters")
    took: list[float] = []
    while not took or (took[-1] >= 1.0 and len(took) < 3):  # a busy machine is given another chance
        if took:
            visitor.get_by_role("button", name="Try again").click()
            expect(visitor.locator(".st-key-watch_judging")).to_contain_text("characters")
        before = len(double.disconnects)
        clicked = time.monotonic()
        visitor.get_by_role("button", name="Cancel", exact=True).click()
        assert double.wait_for(lambda one, before=before: len(one.disconnects) > before)
        took.append(double.disconnects[-1].at - clicked)
        expect(visitor.get_by_text("You stopped the language model.")).to_be_visible()
    _log.info("cancel reached the server after %s ms", [round(1000 * one) for one in took])
    assert took[-1] < 1.0
    double.timing.tokens_per_second = 0.0
    visitor.get_by_role("button", name="Try again").click()
    graded(visitor)


def test_ten_switches_of_persona_leave_no_orphan(films: Server, visitor: Page, double: OllamaDouble) -> None:
    double.timing.tokens_per_second = SLOW
    opened(visitor, films, "maya", instruction="something old", rerank="1")
    for _ in range(5):
        pick(visitor, "Joon Park")
        pick(visitor, "Maya Okafor")
    assert double.wait_for(lambda one: one.ollama.pending <= 1, 2)
    double.timing.tokens_per_second = 0.0
    graded(visitor)
    assert double.ollama.pending == 0


def test_leaving_the_page_or_closing_the_tab_ends_the_call(
    films: Server, visitor: Page, window: tuple[object, Watch], double: OllamaDouble
) -> None:
    double.timing.tokens_per_second = 2.0
    opened(visitor, films, "maya", instruction="something new", rerank="1")
    assert double.wait_for(lambda one: one.ollama.pending == 1, 20)
    left = time.monotonic()
    visitor.get_by_role("link", name="Tuning", exact=True).click()
    assert double.wait_for(lambda one: one.ollama.pending == 0)
    _log.info("leaving the page reached the server after %.0f ms", (time.monotonic() - left) * 1000)

    context, _ = window
    tab = context.new_page()
    opened(tab, films, "maya", instruction="something loud", rerank="1")
    assert double.wait_for(lambda one: one.ollama.pending == 1, 20)
    tab.close()
    assert double.wait_for(lambda one: one.ollama.pending == 0, 20)


def test_the_influence_makes_no_call(films: Server, visitor: Page, double: OllamaDouble) -> None:
    opened(visitor, films, rerank="1")
    graded(visitor)
    asked, scores = questions(double), visitor.locator(".tb-sum b").all_inner_texts()
    slider = visitor.get_by_role("slider", name="Influence")
    slider.press("End")
    expect(visitor.locator(".tb-sum b").first).not_to_have_text(scores[0])
    slider.press("Home")
    expect(visitor.get_by_text("at this influence none changes its place")).to_be_visible()
    settled(visitor)
    assert titles(visitor) == opened(visitor, films)
    assert questions(double) == asked


def test_markup_in_titles_and_comments_is_text(films: Server, visitor: Page) -> None:
    opened(visitor, films, tag="genres:odd", rerank="1", item="odd")
    graded(visitor)
    assert comments(visitor) == 2
    expect(visitor.locator(".st-key-breakdown")).to_contain_text("Language model")
    visitor.get_by_text("The exact question and the raw answer").click()
    expect(visitor.get_by_text("Raw answer", exact=True)).to_be_visible()
    settled(visitor)
    main = visitor.get_by_test_id("stMainBlockContainer")
    assert main.locator("img, script, [onmouseover], [onerror]").count() == 0
    assert main.locator('a[href*="127.0.0.1:1/"]').count() == 0
    assert visitor.evaluate("window.taken") is None


def test_a_server_that_dies_midway_leaves_the_list_and_works_again_when_it_is_back(
    films: Server, visitor: Page, double: OllamaDouble
) -> None:
    plain = opened(visitor, films, "rafael")
    double.timing.tokens_per_second = SLOW
    switch(visitor)
    expect(visitor.locator(".st-key-watch_judging")).to_contain_text("characters")
    double.inject("refused")
    expect(visitor.locator(".st-key-model_finding")).to_contain_text("Ollama isn't running at")
    settled(visitor)
    assert titles(visitor) == plain
    expect(visitor.get_by_text("The list below is ranked without it.")).to_be_visible()
    double.heal()
    double.timing.tokens_per_second = 0.0
    visitor.get_by_role("button", name="Try again").click()
    graded(visitor)


def test_a_missing_model_is_pulled_and_asked(serve: Serving, films_folder: Path, visitor: Page) -> None:
    with OllamaDouble(models=[], pull_seconds=4.0) as server:
        app = serve(films_folder, ollama=server.url)
        plain = opened(visitor, app, rerank="1")
        expect(visitor.locator(".st-key-model_finding")).to_contain_text("Ollama has no model yet.")
        visitor.get_by_role("button", name="Pull it").click()
        expect(visitor.get_by_role("progressbar").first).to_be_visible()
        expect(visitor.get_by_text("of 2.5 GB")).to_be_visible()
        assert titles(visitor) == plain
        graded(visitor, "llama3.2:3b")
        assert comments(visitor) == 10


def test_settings_and_a_test_of_the_model(serve: Serving, films_folder: Path, visitor: Page) -> None:
    with OllamaDouble(mind="knowing", truth={"The Keeper": 10, "Wheels on Fire": 0, "Last Laughs": 1}) as server:
        app = serve(films_folder)
        opened(visitor, app, rerank="1")
        expect(visitor.get_by_text("Start it with")).to_be_visible()
        visitor.goto(app.url("", workspace="films", show="language-model"))
        settled(visitor)
        visitor.get_by_role("textbox", name="Address of Ollama").fill(server.url)
        visitor.get_by_role("button", name="Save", exact=True).click()
        expect(visitor.get_by_text("has 1 model;")).to_be_visible()
        visitor.get_by_role("button", name="Test the model").click()
        expect(visitor.get_by_text("It works: the film that fits got the best grade")).to_be_visible()
        opened(visitor, app, rerank="1")
        finding = visitor.locator(".st-key-model_finding")
        expect(finding).to_contain_text("gave every item the same grade, so nothing moved")  # it knows none of them
