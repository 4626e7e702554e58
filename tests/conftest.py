"""What every test may rely on: no network, reproducible luck, a browser where there is one."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before anything imports huggingface_hub

import ipaddress
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from tastebench import Workbench

# Derandomised: a law that fails, fails for everyone. No deadline: the machine may be busy.
settings.register_profile("tastebench", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("TASTEBENCH_HYPOTHESIS", "tastebench"))

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out of coverage what only costs time there.

    A browser test runs the app in a process of its own, and laws and long runs walk hundreds of times where other
    tests walk once; being traced doubles their time.
    """
    for item in items:
        if any(map(item.get_closest_marker, ("e2e", "crash", "slow", "hypothesis"))):
            item.add_marker("no_cover")


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"localhost", ""}


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if not _is_local(address):
            raise AssertionError(f"a test tried to reach {address}: nothing may leave the machine")
        connect(self, address)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in [*os.environ]:
        if name.startswith("TASTEBENCH_") and name not in KEPT:
            monkeypatch.delenv(name)
    monkeypatch.delenv("OLLAMA_HOST", raising=False)


KEPT = {"TASTEBENCH_CRASH_ROUNDS", "TASTEBENCH_REQUIRE_BROWSER", "TASTEBENCH_SCREENSHOTS", "TASTEBENCH_HYPOTHESIS"}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of an installed Chromium; skips where there is none, fails where the run demands one."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = "no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM to its path"
        if os.environ.get("TASTEBENCH_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def films_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the films demo, made once for all workers; tests work on copies."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "films"
    with FileLock(shared / "films.lock"):
        if not folder.exists():
            with Workbench.open(shared / "half") as bench:
                bench.load_demo("films")
            (shared / "half").rename(folder)
    return folder


@pytest.fixture(scope="session")
def crash_rounds() -> int:
    """How many times a crash test kills: 8 in `make test`, 50 in `make test-crash`."""
    return int(os.environ.get("TASTEBENCH_CRASH_ROUNDS", "8"))


@pytest.fixture(scope="session")
def screenshot_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the pages go: docs/screenshots in `make screenshots`, else a temporary folder."""
    chosen = os.environ.get("TASTEBENCH_SCREENSHOTS")
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the checkout."""
    return Path(__file__).parent.parent
