"""Who may see a workspace: the list of members, and a bench as one of them sees it."""

import threading
from pathlib import Path

import pytest

from tastebench import Interaction, Item, Persona, Workbench
from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tests.doubles import HashingEncoder
from tests.unit.services.holdings import files

ANA, BO = "ana@example.org", "bo@example.org"


def test_addresses_are_kept_once_in_lower_case_and_sorted(bench: Workbench) -> None:
    space = bench.workspace("films", create=True)
    assert space.members() == ()
    assert [space.add_member(one) for one in (" Bo@Example.ORG ", ANA, "BO@example.org")] == [BO, ANA, BO]
    assert space.members() == (ANA, BO)
    assert space.remove_member("BO@example.org") == BO
    assert space.members() == (ANA,)


@pytest.mark.parametrize(
    "address",
    ["", "  ", "ana", "ana@", "@example.org", "a na@example.org", "a@b@c", "ana@example.org\nbo@example.org",
     "ana\u200b@example.org", "bo\N{KELVIN SIGN}@example.org", "ana@ex\u00e4mple.org", "a" * 250 + "@b.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(bench: Workbench, address: str) -> None:
    space = bench.workspace("films", create=True)
    with pytest.raises(InvalidInput, match="e-mail address"):
        space.add_member(address)
    assert space.members() == ()


def test_nobody_else_can_be_removed_and_the_last_one_only_on_purpose(bench: Workbench) -> None:
    space = bench.workspace("films", create=True)
    space.add_member(ANA)
    with pytest.raises(NotFound, match=r"bo@example\.org is no member"):
        space.remove_member(BO)
    with pytest.raises(InvalidInput, match="is the last member: nobody who signs in would see"):
        space.remove_member(ANA)
    assert space.members() == (ANA,)
    assert space.remove_member(ANA, even_last=True) == ANA
    assert space.members() == ()


def test_there_is_an_end_to_how_many_there_may_be(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tastebench.stores.members.MEMBERS_LIMIT", 1)
    space = bench.workspace("films", create=True)
    space.add_member(ANA)
    space.add_member(ANA)
    with pytest.raises(InvalidInput, match="no more are allowed"):
        space.add_member(BO)


def test_a_removed_address_is_in_no_byte_of_the_folder(bench: Workbench) -> None:
    space = bench.workspace("films", create=True)
    space.add_member(ANA)
    space.add_member("sanddorn@example.org")
    assert any(b"sanddorn" in data for data in files(bench.settings.data).values())
    space.remove_member("sanddorn@example.org")
    assert [name for name, data in files(bench.settings.data).items() if b"sanddorn" in data] == []


@pytest.fixture
def anas(bench: Workbench) -> Workbench:
    """The bench as Ana sees it: one workspace of hers, one of Bo's and one that names nobody."""
    for name, members in {"hers": (ANA,), "his": (BO,), "old": ()}.items():
        space = bench.workspace(name, create=True)
        space.save_item(Item("i0", f"Title of {name}"))
        space.add_interactions(space.add_persona(Persona("P", persona_id="p")), [Interaction("i0", "view")])
        for member in members:
            space.add_member(member)
    return bench.for_member("Ana@Example.org")


def test_a_member_sees_what_names_them_and_nothing_tells_of_the_rest(bench: Workbench, anas: Workbench) -> None:
    assert (bench.member, anas.member) == ("", ANA)
    assert bench.workspace_names() == ["hers", "his", "old"]
    assert anas.workspace_names() == ["hers"]
    assert [summary.name for summary in anas.workspaces()] == ["hers"]
    assert [anas.sees(bench.workspace(name)) for name in ("hers", "his", "old")] == [True, False, False]
    assert anas.workspace("hers").item("i0").title == "Title of hers"
    for touch in (anas.workspace, anas.delete_workspace, anas.rebuild, anas.retain):
        for name in ("his", "old", "there is none"):
            with pytest.raises(NotFound) as error:
                touch(name)
            assert error.value.next_step == "There are: hers."
    with pytest.raises(NotFound):
        anas.rename_workspace("his", "hers too")
    assert list(anas.rebuild()) == list(anas.retain()) == ["hers"]
    told = repr([(part.detail, part.next_step) for part in anas.health()])
    assert "his" not in told.replace("this", "").replace("history", "")
    assert bench.workspace("his").item("i0").title == "Title of his"


def test_what_a_member_makes_names_them_and_a_taken_name_opens_nothing(bench: Workbench, anas: Workbench) -> None:
    assert anas.workspace("new", create=True).members() == (ANA,)
    assert anas.workspace("hers", create=True).item("i0").title == "Title of hers"
    for make in (lambda: anas.workspace("his", create=True), lambda: anas.rename_workspace("hers", "his")):
        with pytest.raises(AlreadyExists, match="There already is a workspace 'his'"):
            make()
    assert bench.workspace("his").members() == (BO,)
    assert bench.workspace("made here", create=True).members() == ()


def test_a_restored_archive_names_whoever_restored_it_and_none_of_those_before(
    bench: Workbench, anas: Workbench, tmp_path: Path
) -> None:
    path = bench.workspace("his").export(tmp_path / "his.zip")
    assert BO.encode() not in path.read_bytes()
    assert anas.restore(path, "copy").members() == (ANA,)
    assert bench.restore(path, "another").members() == ()
    with pytest.raises(AlreadyExists):
        anas.restore(path)


def test_each_has_a_demo_of_their_own(tmp_path: Path) -> None:
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        ana, bo = bench.for_member(ANA), bench.for_member(BO)
        assert [ana.load_demo("shop").name, bo.load_demo("shop").name, bo.load_demo("shop").name] == [
            "shop", "shop 2", "shop 2",
        ]  # fmt: skip
        assert (ana.workspace_names(), bo.workspace_names()) == (["shop"], ["shop 2"])
        assert (ana.demo_name("shop"), bo.demo_name("shop"), bench.demo_name("shop")) == ("shop", "shop 2", "shop")
        with pytest.raises(AlreadyExists):
            bo.load_demo("shop", "shop")


def test_jobs_are_found_by_those_who_started_them(bench: Workbench, anas: Workbench) -> None:
    done = threading.Event()
    job = anas.jobs.start("Importing", lambda _progress, _cancel: done.wait(30))
    assert anas.jobs.find(job.id) is job
    assert bench.for_member(ANA).jobs.find(job.id) is job
    assert bench.for_member(BO).jobs.find(job.id) is None
    assert bench.jobs.find(job.id) is None
    done.set()
    assert job.wait(30)


def test_closing_a_member_s_bench_closes_nothing(bench: Workbench, anas: Workbench) -> None:
    with anas:
        pass
    assert bench.workspace("hers").items().total == 1


def test_who_is_an_admin_may_settle_what_holds_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASTEBENCH_ADMINS", "Ana@example.org, ")
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        assert [one.may_settle for one in (bench, bench.for_member(ANA), bench.for_member(BO))] == [True, True, False]
