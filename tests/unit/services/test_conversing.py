"""Conversation over real stores: follow-ups on a list, what they teach, what is remembered and for how long."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tastebench import Item, Persona, Workbench, Workspace
from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.stores.clock import now_micros
from tastebench.stores.schema import turns as table
from tests.doubles import HashingEncoder, ScriptedChat, grading

HOUR = 3_600_000_000


def film(item_id: str, about: str, genres: tuple[str, ...], year: int) -> Item:
    return Item(item_id, item_id.title(), about, {"genres": genres}, attributes={"year": year})


CATALOGUE = [
    film("klute", "A detective in New York.", ("crime", "mystery"), 1971),
    film("heat", "A detective and a thief.", ("crime",), 1995),
    film("fargo", "A detective in the snow.", ("crime", "comedy"), 1996),
    film("laura", "A detective and a portrait.", ("noir",), 1944),
    film("totoro", "Two sisters and a forest spirit.", ("family",), 1988),
]


@pytest.fixture
def chat() -> ScriptedChat:
    return ScriptedChat(grading({}))


@pytest.fixture
def bench(tmp_path: Path, chat: ScriptedChat) -> Iterator[Workbench]:
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder(), chat=chat) as opened:
        yield opened


@pytest.fixture
def films(bench: Workbench) -> Workspace:
    workspace = bench.workspace("films", create=True)
    for item in CATALOGUE:
        workspace.save_item(item)
    return workspace


@pytest.fixture
def maya(films: Workspace) -> str:
    maya = films.add_persona(Persona("Maya"))
    films.remember(maya, "a detective", ["klute", "heat", "fargo", "laura"])
    return maya


def ids(ranking: object) -> list[str]:
    return [item.item_id for item in ranking.items]  # type: ignore[attr-defined]


def test_a_follow_up_is_read_in_the_context_of_the_last_list(films: Workspace, maya: str) -> None:
    found = films.follow_up(maya, "more like the second one, but older")
    assert found.said == "Read as: like Heat, before 1995."
    assert found.by == "rules"
    assert set(ids(found.ranking)) == {"klute", "laura", "totoro"}
    assert found.ranking.request.query.text == "Heat. A detective and a thief. genres: crime."
    assert found.ranking.request.query.method == "near_text"
    again = films.follow_up(maya, "not the last one")
    assert again.said.endswith("Still: like Heat, before 1995.")
    assert len(again.ranking.items) == 2
    assert again.wish.like == "heat", "what was asked for before still holds"
    assert dict(again.wish.ranges) == {"year": (None, 1994)}


def test_it_refers_to_what_is_on_the_screen(films: Workspace, maya: str) -> None:
    found = films.follow_up(maya, "the second one", shown=["totoro", "laura"])
    assert found.said == "Read as: like Laura."
    assert films.turns(maya)[0].chosen == "laura"


def test_tags_filter_and_are_searched_for(films: Workspace, maya: str) -> None:
    found = films.follow_up(maya, "something funny")
    assert ids(found.ranking) == ids(found.plain) == ["fargo"]
    assert found.ranking.request.query.text == "a detective comedy"
    ruled_out = films.follow_up(maya, "no comedy, more crime")
    assert set(ids(ruled_out.ranking)) == {"klute", "heat"}
    assert ruled_out.wish.without == (("genres", "comedy"),)


def test_less_of_a_tag_leaves_half_of_it(films: Workspace, maya: str) -> None:
    before = films.ask(maya, "a detective", limit=5).personal
    assert sum(item in {"klute", "heat", "fargo"} for item in ids(before)) == 3
    found = films.follow_up(maya, "less crime", limit=5)
    crime = [item for item in ids(found.ranking) if item in {"klute", "heat", "fargo"}]
    assert crime == [item for item in ids(before) if item in {"klute", "heat", "fargo"}][:1]
    assert {"laura", "totoro"} < set(ids(found.ranking))


def test_where_nothing_is_left_tags_are_searched_for_instead(films: Workspace, maya: str) -> None:
    found = films.follow_up(maya, "a comedy from the 40s")
    assert ids(found.ranking) == ["laura"]
    assert "searched for in words instead" in found.ranking.notes[-1]


def test_a_list_of_the_persona_s_own_is_followed_up_too(films: Workspace, maya: str) -> None:
    films.remember(maya, "", ["klute", "totoro"])
    found = films.follow_up(maya, "newer than the first")
    assert found.said == "Read as: like Klute, after 1971."
    assert "klute" not in ids(found.ranking)
    films.remember(maya, "", ["klute", "totoro"])
    only_years = films.follow_up(maya, "before 1980")
    assert (only_years.plain, only_years.ranking.request.query) == (None, None)
    assert set(ids(only_years.ranking)) == {"klute", "laura"}


def test_what_gives_nothing_to_go_by_changes_nothing(films: Workspace, maya: str) -> None:
    before = films.turns(maya)
    found = films.follow_up(maya, "thanks!")
    assert found.said.startswith("There was nothing in that to go by")
    assert (found.ranking, found.turn) == (None, None)
    assert found.wish.question == "a detective"
    assert films.turns(maya) == before
    assert films.follow_up(maya, "number 9 without gore").said.endswith("Not used: number 9, gore.")


def test_the_first_question_needs_no_list(films: Workspace) -> None:
    ada = films.add_persona(Persona("Ada"))
    found = films.follow_up(ada, "a crime film before 1980")
    assert ids(found.ranking) == ["klute"]
    assert films.follow_up(ada, "the second one").said.startswith("There was nothing in that to go by")
    with pytest.raises(NotFound):
        films.follow_up("nobody", "older")
    for text in ("", " ", "x" * 1001):
        with pytest.raises(InvalidInput):
            films.follow_up(ada, text)


def test_turns_are_remembered_with_how_they_were_read(films: Workspace, maya: str) -> None:
    films.follow_up(maya, "older than Fargo")
    films.follow_up(maya, "the first one")
    first, second, third = films.turns(maya)
    assert (first.question, first.refines, first.reading["wish"]["question"]) == ("a detective", None, "a detective")
    assert (second.question, second.refines, second.reading["said"]) == (
        "older than Fargo", first.key, "Read as: like Fargo, before 1996.",
    )  # fmt: skip
    assert second.chosen == second.item_ids[0], "a reference that stands alone is a choice"
    assert third.refines == second.key
    films.take_item(third.key, third.item_ids[0])
    assert films.turns(maya)[2].chosen == third.item_ids[0]


def test_refinements_teach(films: Workspace, maya: str) -> None:
    noir = ("taste", "genres", "noir")
    for _ in range(5):
        films.follow_up(maya, "more noir")
    (held,) = (one for one in films.preferences(maya) if one.name == noir)
    assert held.confidence == pytest.approx(1 - 0.9**5, abs=1e-3)
    films.follow_up(maya, "no noir")
    (after,) = (one for one in films.preferences(maya) if one.name == noir)
    assert after.confidence == pytest.approx(0.9 * held.confidence, abs=1e-3)
    films.follow_up(maya, "more family", teach=False)
    assert [one.value for one in films.preferences(maya)] == ["noir"]


def age(bench: Workbench, hours: float) -> None:
    with bench._parts.database.write() as connection:
        connection.execute(update(table).values(recorded_at=now_micros() - int(hours * HOUR)))


def test_turns_expire_for_real(bench: Workbench, films: Workspace, maya: str, tmp_path: Path) -> None:
    films.follow_up(maya, "wunderkammer")
    age(bench, 25)
    assert films.turns(maya) == ()
    assert films.expire_turns() == 2
    films.follow_up(maya, "wunderkammer")
    assert films.save_conversation_hours(48) == 0
    for hours in (0, 8_761):
        with pytest.raises(InvalidInput, match="hours"):
            films.save_conversation_hours(hours)
    age(bench, 25)
    assert [turn.question for turn in films.turns(maya)] == ["wunderkammer"]
    age(bench, 49)
    films.remember(maya, "something else", [])
    assert [turn.question for turn in films.turns(maya)] == ["something else"], "whoever writes removes what is old"
    assert [p for p in (tmp_path / "data").rglob("*") if p.is_file() and b"wunderkammer" in p.read_bytes()] == []


def test_opening_removes_what_is_too_old(bench: Workbench, films: Workspace, maya: str, tmp_path: Path) -> None:
    films.follow_up(maya, "wunderkammer")
    age(bench, 25)
    bench.close()
    with Workbench.open(tmp_path / "data", encoder=HashingEncoder()) as opened:
        with opened._parts.database.read() as connection:
            assert connection.execute(select(table)).all() == []
        assert opened.expire_turns() == 0


def test_forgetting_leaves_no_trace(bench: Workbench, films: Workspace, maya: str, tmp_path: Path) -> None:
    films.follow_up(maya, "wunderkammer")
    assert films.forget_turns(maya) == 2
    assert films.turns(maya) == ()
    assert [p for p in (tmp_path / "data").rglob("*") if p.is_file() and b"wunderkammer" in p.read_bytes()] == []


def test_nothing_crosses_workspaces(bench: Workbench, films: Workspace, maya: str) -> None:
    shop = bench.workspace("shop", create=True)
    shop.save_item(Item("bag", "Lunch bag", facets={"colour": ("red",)}))
    ada = shop.add_persona(Persona("Ada", persona_id=maya))
    assert shop.turns(ada) == ()
    assert ids(shop.follow_up(ada, "in red, please").ranking) == ["bag"]
    assert [turn.question for turn in films.turns(maya)] == ["a detective"]
    with pytest.raises(NotFound):
        shop.take_item(films.turns(maya)[0].key, "klute")


def test_the_language_model_reads_where_it_is_wanted(films: Workspace, maya: str, chat: ScriptedChat) -> None:
    chat.answer = lambda _prompt: json.dumps({"like": "c01", "year_to": 1960, "more": ["noir"], "query": ""})
    by_rules = films.follow_up(maya, "the dark old kind", model=False)
    assert by_rules.by == "rules"
    films.remember(maya, "a detective", ["klute", "heat", "fargo", "laura"])
    found = films.follow_up(maya, "the dark old kind", model=True)
    assert (found.by, found.said, ids(found.ranking)) == ("model", "Read as: like Klute, noir, before 1961.", ["laura"])
    chat.answer = lambda _prompt: "I cannot say."
    assert films.follow_up(maya, "older", model=True).by == "rules"


def test_the_language_model_is_told_what_was_said_before(films: Workspace, maya: str, chat: ScriptedChat) -> None:
    films.follow_up(maya, "older than Fargo", rerank=True)
    assert "Said before: a detective" in chat.asked[-1].user


def test_as_of_a_moment(films: Workspace, maya: str) -> None:
    then = datetime(2024, 5, 1, tzinfo=UTC)
    assert films.follow_up(maya, "before 1980", now=then).ranking.request.now == then
    assert films.turns(maya)[-1].at == then
