"""Asking over real stores: both lists, the record, the language model's part, what is noted, what crosses nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tastebench import Filters, Interaction, Item, Persona, Workbench, Workspace
from tastebench.domain.errors import InvalidInput, NotFound
from tests.doubles import HashingEncoder, ScriptedChat, grading

QUESTION = "a crime film with a detective"
CATALOGUE = [
    Item("klute", "Klute", "A detective follows a call girl.", {"genres": ("crime", "mystery")}),
    Item("heat", "Heat", "A detective and a thief.", {"genres": ("crime",)}),
    Item("sleuth", "The Sleuth", "An amateur detective solves a crime.", {"genres": ("comedy",)}),
    Item("totoro", "Totoro", "Two sisters meet a forest spirit.", {"genres": ("family",)}),
    Item("ran", "Ran", "A lord divides his kingdom.", {"genres": ("drama",), "themes": ("slow-burn",)}),
]


@pytest.fixture
def chat() -> ScriptedChat:
    return ScriptedChat(grading({"Totoro": 10, "Klute": 0}))


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
    return films.add_persona(Persona("Maya", interests={"genres": ["comedy"]}))


def test_both_lists_hold_the_same_candidates_and_say_where_each_stands_in_the_other(
    films: Workspace, maya: str
) -> None:
    asked = films.ask(maya, QUESTION, strength=0.9)
    plain, personal = ({item.item_id: item.rank for item in one.items} for one in (asked.plain, asked.personal))
    assert asked.places == {item_id: (plain[item_id], personal[item_id]) for item_id in plain}
    assert {item.item_id: item.ranks["query"] for item in asked.personal.items} == plain
    assert personal["sleuth"] < plain["sleuth"]  # she states an interest in comedy
    assert asked.personal.request.query is not None
    assert asked.personal.request.query.strength == 0.9


def test_strength_0_is_the_plain_list_and_strength_1_what_recommend_says(films: Workspace, maya: str) -> None:
    now = datetime.now(UTC)
    for method in ("hybrid", "near_text", "bm25"):
        asked = films.ask(maya, QUESTION, method=method, strength=0, now=now)  # type: ignore[arg-type]
        assert asked.personal.decision() == asked.plain.decision()
        bent = films.ask(maya, QUESTION, method=method, strength=1, now=now).personal  # type: ignore[arg-type]
        only = Filters(only_items=tuple(item.item_id for item in bent.items))
        expected = films.recommend(maya, filters=only, now=now)
        assert [item.item_id for item in bent.items] == [item.item_id for item in expected.items]
        assert [item.score for item in bent.items] == pytest.approx([item.score for item in expected.items], abs=1e-12)


def test_lexical_search_finds_the_words_and_a_page_is_cut_from_the_whole(films: Workspace, maya: str) -> None:
    asked = films.ask(maya, "detectives", method="bm25", strength=0)
    assert {item.item_id for item in asked.plain.items} == {"klute", "heat", "sleuth"}
    second = films.ask(maya, "detectives", method="bm25", strength=0, limit=1, offset=1)
    assert [item.item_id for item in second.personal.items] == [asked.plain.items[1].item_id]
    assert len(second.places) == 3


def test_the_search_keeps_up_with_the_catalogue(films: Workspace, maya: str) -> None:
    def found() -> set[str]:
        return {item.item_id for item in films.ask(maya, "robot", method="bm25").plain.items}

    assert "ran" in found()  # no such word: the list goes by meaning
    films.save_item(Item("robot", "A Robot"))
    assert found() == {"robot"}
    films.delete_item("robot")
    assert "robot" not in found()
    films.restore_item("robot")
    films.set_available("robot", False)
    assert "robot" not in found()


def test_filters_exclusions_and_what_she_is_done_with_hold_exactly(films: Workspace, maya: str) -> None:
    films.add_interactions(maya, [Interaction("heat", "like")])
    filters = Filters(facets={"genres": ("crime", "comedy")})
    asked = films.ask(maya, QUESTION, filters=filters, exclude_items=["sleuth"])
    for ranking in (asked.plain, asked.personal):
        assert [item.item_id for item in ranking.items] == ["klute"]


def test_as_of_an_earlier_moment_the_log_is_cut_off_there(films: Workspace, maya: str) -> None:
    before = datetime(2024, 5, 1, tzinfo=UTC)
    then = films.ask(maya, QUESTION, now=before).personal.decision()
    films.add_interactions(maya, [Interaction("klute", "like", at=datetime(2024, 6, 1, tzinfo=UTC))])
    assert films.ask(maya, QUESTION, now=before).personal.decision() == then
    assert "klute" not in films.ask(maya, QUESTION, now=datetime(2024, 7, 1, tzinfo=UTC)).places


def test_the_language_model_is_asked_with_the_question_and_moves_the_personal_list_only(
    films: Workspace, maya: str, chat: ScriptedChat
) -> None:
    now = datetime.now(UTC)
    without = films.ask(maya, QUESTION, now=now)
    asked = films.ask(maya, QUESTION, now=now, rerank=True)
    assert f"Wishes now: {QUESTION}" in chat.asked[-1].user
    assert asked.plain.decision() == without.plain.decision()
    lines = {item.item_id: item.contributions["llm"] for item in asked.personal.items}
    assert lines["totoro"] > 0 > lines["klute"]
    assert asked.personal.model["items"]["totoro"]["grade"] == 10
    assert asked.places["totoro"].personal == next(i.rank for i in asked.personal.items if i.item_id == "totoro")


def test_the_record_holds_the_question_and_both_decisions(films: Workspace, maya: str) -> None:
    asked = films.ask(maya, QUESTION, alpha=0.4)
    record = json.loads(asked.to_json())
    assert record["request"]["query"] == {
        "text": QUESTION, "method": "hybrid", "alpha": 0.4, "strength": 0.5, "overfetch": 1.5, "depth": 100,
    }  # fmt: skip
    assert record["decision"] == json.loads(json.dumps(asked.personal.decision()))
    assert [item["rank"] for item in record["plain"]["items"]] == [1, 2, 3, 4, 5]
    assert [search["name"] for search in record["decision"]["searches"]] == ["meaning", "words"]


def test_a_request_without_a_question_is_the_one_it_was(films: Workspace, maya: str) -> None:
    assert "query" not in films.request(maya).as_dict()
    evidence = films.gather(films.request(maya))
    with pytest.raises(InvalidInput, match="holds no question"):
        films.answer(evidence, films.request(maya))


@pytest.mark.parametrize("question", ["", " \x00\u200b ", "a" * 1001, None, 7])
def test_what_is_no_question_is_refused_with_a_sentence(films: Workspace, maya: str, question: str) -> None:
    with pytest.raises(InvalidInput, match="question"):
        films.ask(maya, question)


@pytest.mark.parametrize(
    "question",
    ['"', "NOT klute", "klute AND (", "title:*", "NEAR(a b)", "🎬🍿", "映画が見たい", "что посмотреть", "a\x00b",
     "' OR 1=1 --", "\u202eabc", "-" * 1000, "<script>alert(1)</script>"],
)  # fmt: skip
def test_a_hostile_question_is_a_question(films: Workspace, maya: str, question: str) -> None:
    for method in ("hybrid", "near_text", "bm25"):
        asked = films.ask(maya, question, method=method)  # type: ignore[arg-type]
        assert len(asked.personal.items) <= len(CATALOGUE)
        json.loads(asked.to_json())


def test_nobody_there_is_told(films: Workspace) -> None:
    with pytest.raises(NotFound):
        films.ask("nobody", QUESTION)


def test_an_empty_catalogue_gives_an_empty_answer_and_a_sentence(bench: Workbench) -> None:
    empty = bench.workspace("empty", create=True)
    persona = empty.add_persona(Persona("Joon"))
    asked = empty.ask(persona, QUESTION)
    assert (asked.plain.items, asked.personal.items, asked.places) == ((), (), {})
    assert any("No item matches" in note for note in asked.personal.notes)


def test_what_another_workspace_holds_changes_no_answer(bench: Workbench, films: Workspace, maya: str) -> None:
    now = datetime.now(UTC)
    before = films.ask(maya, QUESTION, now=now).personal.decision()
    shop = bench.workspace("shop", create=True)
    for n in range(20):
        shop.save_item(Item(f"i{n}", "Detective", "crime film " * n))
    somebody = shop.add_persona(Persona("Maya", persona_id=maya))
    assert shop.ask(somebody, QUESTION).plain.items[0].title == "Detective"
    assert films.ask(maya, QUESTION, now=now).personal.decision() == before
    bench.delete_workspace("shop")
    assert films.ask(maya, QUESTION, now=now).personal.decision() == before


def test_asking_records_nothing_and_noting_a_question_keeps_the_tags_it_names(films: Workspace, maya: str) -> None:
    films.ask(maya, "slow burn crime, no mysteries")
    assert films.interactions(maya).total == 0
    keys = films.note_question(maya, "Slow burn crime, no mysteries")
    rows = films.interactions(maya).rows
    assert {(row.action, row.target) for row in rows} == {
        ("choose", "query:genres=crime"),
        ("choose", "query:themes=slow-burn"),
    }
    assert sorted(row.key for row in rows) == sorted(keys)
    learned = films.preferences(maya)
    assert {(one.category, one.key, one.value) for one in learned} == {
        ("query", "genres", "crime"),
        ("query", "themes", "slow-burn"),
    }
    assert films.note_question(maya, "🎬 ?") == []


def test_a_folder_open_for_reading_can_be_asked(films: Workspace, maya: str, bench: Workbench) -> None:
    now = datetime.now(UTC)
    expected = films.ask(maya, QUESTION, now=now).personal.decision()
    with Workbench.open(bench.settings.data, read_only=True, encoder=HashingEncoder()) as reader:
        assert reader.workspace("films").ask(maya, QUESTION, now=now).personal.decision() == expected
