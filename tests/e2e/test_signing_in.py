"""Signing in for real: a provider, a browser, two people, and what each of them sees."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tastebench import Workbench
from tests.e2e.conftest import Serving, settled, watched
from tests.e2e.servers import Server, free_port

pytest.importorskip("authlib", reason='signing in needs Authlib: pip install -e ".[auth]"')

from tests.e2e.identity_provider import IdentityProvider, secrets

ANA, BO = "ana@example.org", "bo@example.org"
NOBODY = re.compile(r"No workspace names bo.?@example\.org as a member yet\.")
"""What keeps an address from becoming a link stands before its @."""


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    opened = IdentityProvider(ANA)
    yield opened
    opened.close()


@pytest.fixture
def app(
    serve: Serving, films_folder: Path, tmp_path: Path, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> Server:
    """The app with the films, which name Ana, and the provider to sign in with."""
    folder, port = tmp_path / "named", free_port()
    shutil.copytree(films_folder, folder, ignore=shutil.ignore_patterns("*.lock"))
    with Workbench.open(folder) as bench:
        bench.workspace("films").add_member(ANA)
    file = tmp_path / "secrets.toml"
    file.write_text(secrets(provider, port), encoding="utf-8")
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(file))
    return serve.on(folder, port)


def sign_in(page: Page) -> None:
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    settled(page)


def test_people_sign_in_see_what_is_theirs_and_sign_out(
    browser: Browser, app: Server, provider: IdentityProvider
) -> None:
    with watched(browser) as context:
        page = context.new_page()
        page.goto(app.url("recommendations", workspace="films"))
        settled(page)
        expect(page.get_by_text("Sign in to see your workspaces.")).to_be_visible()
        expect(page.get_by_role("combobox")).to_have_count(0)
        sign_in(page)
        expect(page.get_by_text(re.compile("Signed in as ana"))).to_be_visible()
        expect(page.get_by_role("button", name="Members")).to_be_visible()
        page.goto(app.url("recommendations", workspace="films"))
        settled(page)
        expect(page.get_by_text("Signed in as")).to_be_visible()
        expect(page.get_by_text("ranked from", exact=False).first).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("Sign in to see your workspaces.")).to_be_visible()
        provider.email = BO
        sign_in(page)
        expect(page.get_by_text(NOBODY)).to_be_visible()
        page.goto(app.url("recommendations", workspace="films"))
        settled(page)
        expect(page.get_by_text(NOBODY)).to_be_visible()
        expect(page.get_by_text("ranked from", exact=False)).to_have_count(0)
