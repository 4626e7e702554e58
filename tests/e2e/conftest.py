"""A real server and a real Chromium, watched: no console error, no exception, no request leaves the machine."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)

from tests.e2e.servers import NOWHERE, Server, start

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 30_000
"""Milliseconds a page may take on a busy machine. What has to be fast is measured in the benchmarks."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


class Serving:
    """Starts servers of one test, which end with it."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._project, self._folder = project, folder
        self.started: list[Server] = []

    def __call__(self, source: Path | None = None, ollama: str = NOWHERE) -> Server:
        """Start a server on a copy of a folder, or on an empty one."""
        folder = self._folder / f"data{len(self.started)}"
        if source is not None:
            shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.lock"))
        return self.on(folder, ollama=ollama)

    def on(self, folder: Path, port: int | None = None, ollama: str = NOWHERE) -> Server:
        """Start a server on this very folder."""
        self.started.append(start(self._project, folder, self._folder / "server.log", port, ollama))
        return self.started[-1]


@pytest.fixture
def serve(project: Path, tmp_path: Path) -> Iterator[Serving]:
    """Start servers that end with the test."""
    serving = Serving(project, tmp_path)
    yield serving
    for server in serving.started:
        server.end()


@pytest.fixture(scope="module")
def films(project: Path, films_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server on a copy of the films demo, for the tests of a module that leave it as they found it."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(films_folder, folder / "data", ignore=shutil.ignore_patterns("*.lock"))
    server = start(project, folder / "data", folder / "server.log")
    yield server
    server.end()


@pytest.fixture(scope="module")
def empty(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server on a new, empty folder, for the tests of a module that make workspaces of their own."""
    folder = tmp_path_factory.mktemp("empty")
    server = start(project, folder / "data", folder / "server.log")
    yield server
    server.end()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Open until the last browser test: an event loop runs in this thread meanwhile, which no other test may meet."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@dataclass
class Watch:
    """What went wrong on the pages of one context, apart from messages that a test expects."""

    expected: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("websocket", self.request)

    def request(self, request: Request | WebSocket) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            self.strangers.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        place = str(message.location.get("url", ""))
        # On a deep link Streamlit's front end asks for these two beside the page before it asks at the root.
        looking_for_root = place.endswith(("/_stcore/health", "/_stcore/host-config")) and "404" in message.text
        expected = looking_for_root or re.search(self.expected, message.text)
        if message.type == "error" and not expected:
            self.errors.append(f"{message.text} ({place})")

    def hold(self) -> None:
        """Hold that nothing went wrong since this was last asked."""
        strangers, errors = self.strangers[:], self.errors[:]
        self.strangers.clear()
        self.errors.clear()
        assert strangers == [], "requests left the machine"
        assert errors == [], "the console shows errors"


@contextmanager
def watching(browser: Browser, *, expected: str = "^$", **options: object) -> Iterator[tuple[BrowserContext, Watch]]:
    """A browser context and what goes wrong in it, but for console messages that match `expected`."""
    watch = Watch(expected)
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, **options})  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    context.on("page", watch.page)
    context.on("request", watch.request)
    try:
        yield context, watch
    finally:
        context.close()


@contextmanager
def watched(browser: Browser, **options: object) -> Iterator[BrowserContext]:
    """A browser context in which nothing may go wrong."""
    with watching(browser, **options) as (context, watch):  # type: ignore[arg-type]
        yield context
        watch.hold()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[tuple[BrowserContext, Watch]]:
    """The visitors of a module share what a browser keeps of files, so that pages open sooner."""
    with watching(browser) as (context, watch):
        yield context, watch


@pytest.fixture
def visitor(window: tuple[BrowserContext, Watch]) -> Iterator[Page]:
    """A visitor on a wide screen, with a session of their own."""
    context, watch = window
    page = context.new_page()
    yield page
    page.close()
    watch.hold()


STILL = """() => {
  const drawn = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    && document.querySelector("h1") && !document.querySelector('[data-testid="stSkeleton"]');
  const now = performance.now();
  if (!drawn) window.restless = now;
  return now - window.restless > 150;
}"""


def settled(page: Page) -> Page:
    """Wait until the app has run and drawn everything, and hold that it shows no exception."""
    page.evaluate("window.restless = performance.now()")
    page.wait_for_function(STILL)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Something unexpected happened")).to_have_count(0)
    return page
