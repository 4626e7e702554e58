"""The door: who comes in, what they see, and what crosses from one visitor to another."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.errors import StreamlitMissingAuthlibError
from streamlit.testing.v1 import AppTest

from tastebench import Workbench
from tastebench.services import Workspace
from tastebench.ui import identity, signing_in
from tests.doubles import HashingEncoder
from tests.ui import stage
from tests.ui.stage import ROOT, fill

PAGES = ("recommendations", "ask", "tuning", "personas", "interactions", "catalogue", "evaluation")
AUTH = {
    "redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "s" * 40, "client_id": "a",
    "client_secret": "b", "server_metadata_url": "http://localhost/.well-known/openid-configuration",
}  # fmt: skip
ANA, BO = "ana@example.org", "bo@example.org"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """Workspaces "films", which names Ana, and "secrets", which names Bo, on pages that ask to sign in."""
    st.cache_data.clear()
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as opened:
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: opened)
        fill(opened).add_member(ANA)
        opened.rename_workspace("films", "secrets")
        space = opened.workspace("secrets")
        space.remove_member(ANA, even_last=True)
        space.add_member(BO)
        fill(opened).add_member(ANA)
        yield opened


def visitor(
    email: str | None, page: str = "", auth: Mapping[str, object] = AUTH, claims: Mapping[str, object] | None = None,
    **parameters: str,
) -> AppTest:  # fmt: skip
    """Return a page as it comes to somebody who signed in with this address, or to nobody."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    app.secrets["auth"] = dict(auth)
    if email is not None:
        app.user = {"is_logged_in": True, "email": email, "email_verified": True, **(claims or {})}
    for name, value in parameters.items():
        app.query_params[name] = value
    if page:
        app.switch_page(f"pages/{page}.py")
    run: AppTest = app.run()
    return run


def said(app: AppTest) -> str:
    """Return what a page says, without what keeps addresses from becoming links."""
    return stage.said(app).replace("\u2060", "")


def everything(app: AppTest) -> str:
    """Return all that is sent, the sidebar too."""
    return "".join(str(getattr(one, "proto", "")) for part in (app.main, app.sidebar) for one in part)


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


@pytest.mark.parametrize("page", ["", *PAGES])
def test_whoever_did_not_sign_in_sees_one_sentence_and_a_button(bench: Workbench, page: str) -> None:
    app = visitor(None, page, workspace="films", persona="maya")
    assert not app.exception
    assert [one.value for one in app.main.markdown] == ["Sign in to see your workspaces."]
    assert buttons(app) == ["Sign in"]
    assert not app.sidebar.selectbox
    sent = everything(app)
    assert [word for word in ("films", "secrets", "Maya", "Chinatown") if word in sent] == []


@pytest.mark.parametrize("page", ["", *PAGES])
def test_a_deep_link_to_another_s_workspace_is_one_to_nothing(bench: Workbench, page: str) -> None:
    app = visitor(" ANA@example.org", page, workspace="secrets", persona="maya", demo="x", embedding="x", item="no0")
    assert not app.exception
    sent = everything(app).replace("“secrets”", "")
    sent = "\n".join(line for line in sent.splitlines() if "There is no workspace" not in line)
    assert "secrets" not in sent
    assert app.sidebar.selectbox[0].options == ["films"]
    assert "Signed in as ana@example.org" in said(app)


def test_home_shows_the_cards_of_ones_own_workspaces_and_the_health_of_these(bench: Workbench) -> None:
    for email, own, other in ((ANA, "films", "secrets"), (BO, "secrets", "films")):
        app = visitor(email)
        assert f"open_{own}" in [button.key for button in app.button]
        assert f"open_{other}" not in [button.key for button in app.button]
        assert other not in said(app).replace("Films", "").replace("films demo", "").replace("The films", "")
        assert "can be reached from this machine alone" not in said(app)


def test_the_language_model_is_settled_by_admins(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "Address of Ollama" not in [field.label for field in visitor(ANA).text_input]
    assert "so only its admins change it" in said(visitor(ANA))
    monkeypatch.setattr(type(bench), "may_settle", property(lambda one: one.member == ANA))
    assert "Address of Ollama" in [field.label for field in visitor(ANA).text_input]
    assert "Address of Ollama" not in [field.label for field in visitor(BO).text_input]


def test_somebody_new_is_told_why_they_see_nothing_and_begins_with_a_workspace_of_theirs(bench: Workbench) -> None:
    assert "No workspace names cy@example.org as a member yet." in said(visitor("cy@example.org"))
    app = visitor("cy@example.org", "recommendations")
    assert "No workspace names cy@example.org as a member yet." in said(app)
    app = visitor("cy@example.org")
    app.text_input(key="new_workspace").set_value("secrets")
    next(button for button in app.button if button.label == "Create and import").click().run()
    assert "There already is a workspace 'secrets'." in said(app)
    app.text_input(key="new_workspace").set_value("mine")
    next(button for button in app.button if button.label == "Create and import").click().run()
    assert bench.workspace("mine").members() == ("cy@example.org",)
    assert bench.workspace("secrets").members() == (BO,)


def test_only_where_nobody_signs_in_are_files_of_the_machine_read(bench: Workbench) -> None:
    app = visitor(ANA, "catalogue", view="Import")
    assert not app.exception
    assert "import_way" not in [one.key for one in app.segmented_control]
    assert "import_path" not in [one.key for one in app.text_input]
    assert len(app.get("file_uploader")) == 1


def test_whoever_is_no_member_any_more_changes_nothing_from_a_page_left_open(bench: Workbench) -> None:
    bench.workspace("films").add_member(BO)
    home, item, tuning = visitor(ANA), visitor(ANA, "catalogue", item="no0"), visitor(ANA, "tuning", persona="maya")
    bench.workspace("films").remove_member(ANA)
    home.text_input(key="add_member_films").set_value(ANA)
    next(button for button in home.button if button.label == "Add").click().run()
    item.button(key="delete_item").click().run()
    tuning.button(key="save").click().run()
    assert bench.workspace("films").members() == (BO,)
    assert bench.workspace("films").item("no0").title == "Chinatown"
    assert bench.workspace("films").profiles() == []
    assert [app.exception for app in (home, item, tuning) if app.exception] == []


def test_a_job_of_another_is_not_found_by_its_address(bench: Workbench) -> None:
    job = bench.for_member(BO).jobs.start(
        "Loading secret things", lambda _progress, _cancel: bench.workspace("secrets")
    )
    assert job.wait(30)
    assert "secret" not in everything(visitor(ANA, demo=job.id))
    assert bench.jobs.find(job.id) is None


def test_another_person_in_the_same_session_finds_nothing_of_the_last(bench: Workbench) -> None:
    app = visitor(ANA, "personas", workspace="films", persona="joon")
    app.button(key="persona_delete").click().run()
    assert "Undo" in buttons(app)
    app.user = {"is_logged_in": True, "email": BO}
    app.run()
    assert "Undo" not in buttons(app)
    assert app.sidebar.selectbox[0].options == ["secrets"]


def test_how_things_are_shown_is_learned_of_whoever_signed_in(bench: Workbench) -> None:
    space = bench.workspace("films")
    space.add_member(BO)
    item = space.recommend("maya").items[0].item_id
    app = visitor(ANA, "recommendations", workspace="films", persona="maya", item=item)
    app.segmented_control(key="view_chart").set_value("bars").run()
    assert not app.exception
    assert [one.name.value for one in space.choices(ANA)] == ["bars"]
    assert space.choices(BO) == space.choices() == ()


def test_who_is_no_member_any_more_takes_nothing_back(bench: Workbench) -> None:
    app = visitor(ANA, "personas", workspace="films", persona="joon")
    app.button(key="persona_delete").click().run()
    space = bench.workspace("films")
    assert "joon" not in space.persona_names()
    space.remove_member(ANA, even_last=True)
    app.button(key="undo").click().run()
    assert "joon" not in space.persona_names()
    assert "Undo" not in buttons(app)
    assert "No workspace names ana@example.org" in said(app)


def test_an_open_page_shows_nothing_more_when_its_visitor_is_no_member_any_more(bench: Workbench) -> None:
    app = visitor(ANA, "recommendations", workspace="films", persona="maya")
    assert "Chinatown" in everything(app)
    bench.workspace("films").remove_member(ANA, even_last=True)
    app.run()
    assert "No workspace names ana@example.org" in said(app)
    assert "Chinatown" not in everything(app)


def test_nor_does_a_part_of_it_that_runs_alone(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(st, "stop", lambda: ended.append(True))
    space = bench.workspace("films")
    st.session_state["member_s_workspace"] = identity.Held(bench.for_member(ANA), space)
    identity.hold()
    space.remove_member(ANA, even_last=True)
    assert ended == []
    identity.hold()
    assert ended == [True]
    identity.let_go()
    identity.hold()
    assert ended == [True]


def test_members_are_added_and_removed_on_home_and_the_last_one_only_on_purpose(bench: Workbench) -> None:
    space, app = bench.workspace("films"), visitor(ANA)
    app.text_input(key="add_member_films").set_value("bo")
    app.button(key="add_member_button_films").click().run()
    assert "'bo' is no e-mail address." in said(app)
    app.text_input(key="add_member_films").set_value("Cy@example.org")
    app.button(key="add_member_button_films").click().run()
    assert space.members() == (ANA, "cy@example.org")
    assert "- ana@example.org\n- cy@example.org" in said(app)
    app.selectbox(key="remove_member_films").set_value("cy@example.org").run()
    app.button(key="remove_member_button_films").click().run()
    assert space.members() == (ANA,)
    app.selectbox(key="remove_member_films").set_value(ANA).run()
    assert "The last member" in app.checkbox(key="remove_sure_films").label
    assert app.button(key="remove_member_button_films").disabled
    app.checkbox(key="remove_sure_films").check().run()
    app.button(key="remove_member_button_films").click().run()
    assert space.members() == ()
    assert "No workspace names ana@example.org" in said(app)


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email": ""}, {"email": "ana"}, {"email": "ana@ex\u00e4mple.org"}]
)
def test_whom_the_provider_vouches_for_by_no_address_stays_outside(
    bench: Workbench, claims: Mapping[str, object]
) -> None:
    app = visitor(ANA, claims=claims)
    assert "your provider vouches for no e-mail address" in said(app)
    assert buttons(app) == ["Sign out"]
    assert "films" not in everything(app)


def test_every_provider_has_a_button(bench: Workbench) -> None:
    shared = {"redirect_uri": "x", "cookie_secret": "y"}
    named = {**shared, "okta": {"client_id": "a"}, "google": {"client_id": "b"}}
    assert buttons(visitor(None, auth=named)) == ["Sign in with okta", "Sign in with google"]
    assert buttons(visitor(None, auth={**AUTH, "okta": {"client_id": "a"}})) == ["Sign in", "Sign in with okta"]
    assert buttons(visitor(None, auth=shared)) == ["Sign in"]


def test_what_is_missing_for_signing_in_is_said(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_provider: str | None) -> None:
        raise StreamlitMissingAuthlibError

    monkeypatch.setattr(st, "login", missing)
    app = visitor(None)
    app.button(key="sign_in_").click().run()
    assert "Signing in isn't possible as it is set up." in said(app)
    assert 'pip install -e ".[auth]"' in said(app)


@pytest.mark.parametrize("address", [None, "0.0.0.0", "192.168.0.7"])
@pytest.mark.parametrize("page", ["", "recommendations"])
def test_without_sign_in_only_this_machine_is_served(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, address: str | None, page: str
) -> None:
    monkeypatch.setattr(signing_in.st, "get_option", lambda _name: address)
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    if page:
        app.switch_page(f"pages/{page}.py")
    app.run()
    assert "other machines can reach it, and nobody is asked to sign in" in said(app)
    assert "--server.address 127.0.0.1" in said(app)
    assert "films" not in everything(app)
    assert not app.sidebar.selectbox


def test_with_sign_in_any_address_is_served(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in.st, "get_option", lambda _name: "0.0.0.0")
    assert "open_films" in [button.key for button in visitor(ANA).button]


def test_secrets_that_cannot_be_read_open_nothing(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secrets.toml").write_text("[auth\nclient_id = ", encoding="utf-8")
    broken = type(st.secrets)()
    monkeypatch.setattr(st, "secrets", broken)
    option = config.get_option
    files = [str(tmp_path / "secrets.toml")]
    monkeypatch.setattr(config, "get_option", lambda name: files if name == "secrets.files" else option(name))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30).run()
    assert "its secrets file can't be read" in said(app)
    assert "films" not in everything(app)


def test_where_nobody_signs_in_all_is_as_ever_and_home_says_who_may_come(bench: Workbench) -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30).run()
    assert "This app can be reached from this machine alone." in said(app)
    assert {"open_films", "open_secrets"} <= {button.key for button in app.button}
    assert not [button for button in app.button if button.label in {"Sign in", "Sign out", "Add"}]
    assert isinstance(bench.workspace("films"), Workspace)
