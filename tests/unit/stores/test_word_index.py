"""Search by words: what is found, what is weighed, what no question can do, and staying in step with SQL."""

import math
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from tastebench.domain.item import Item
from tastebench.stores import imports, items
from tastebench.stores.database import Database
from tastebench.stores.schema import items as item_table
from tastebench.stores.word_index import WEIGHTS, WordIndex

FILMS = [
    Item("klute", "Klute", "A detective follows a call girl.", {"genres": ("crime", "mystery")}, "Alan J. Pakula"),
    Item("heat", "Heat", "Detectives and robbers in Los Angeles.", {"genres": ("crime",), "themes": ("heist",)}),
    Item("ama", "Amélie", "A café in Paris.", {"genres": ("romance",)}),
    Item("tt1", "", "Two trains meet, and a third train.", {"themes": ("slow-burn",)}),
    Item("ru", "Сталкер", "Зона, комната и трое людей."),
]


@pytest.fixture
def index() -> Iterator[WordIndex]:
    opened = WordIndex()
    yield opened
    opened.close()


def filled(index: WordIndex, database: Database, workspace: int, films: list[Item] = FILMS) -> WordIndex:
    with database.write() as connection:
        items.upsert(connection, workspace, films)
    return refreshed(index, database, workspace)


def refreshed(index: WordIndex, database: Database, workspace: int) -> WordIndex:
    with database.read() as connection:
        index.refresh(connection, workspace)
    return index


def found(index: WordIndex, database: Database, workspace: int, question: str) -> list[str]:
    hits = index.search(question)
    best = sorted(zip(hits.scores.tolist(), hits.keys.tolist(), strict=True), reverse=True)
    with database.read() as connection:
        names = items.ids_of(connection, workspace, [key for _, key in best])
    return [names[key] for _, key in best]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("klute", ["klute"]),
        ("DETECTIVES", ["klute", "heat"]),
        ("pakula", ["klute"]),
        ("heist", ["heat"]),
        ("slow burn", ["tt1"]),
        ("slow-burn", ["tt1"]),
        ("amelie cafe", ["ama"]),
        ("tt1", ["tt1"]),
        ("сталкер", ["ru"]),
        ("western", []),
    ],
)
def test_words_are_found_wherever_they_stand(
    index: WordIndex, database: Database, workspace: int, question: str, expected: list[str]
) -> None:
    assert set(found(filled(index, database, workspace), database, workspace, question)) == set(expected)


def test_a_score_is_bm25_by_hand(index: WordIndex, database: Database, workspace: int) -> None:
    """k1 = 1.2, b = .75; idf = ln((N − n + .5) ÷ (n + .5)); a title's words count threefold, but for length."""
    films = [
        Item("a", "noir", "one two"),
        Item("b", "four", "noir six"),
        Item("c", "x"),
        Item("d", "y"),
        Item("e", "z"),
    ]
    scores = filled(index, database, workspace, films).search("noir").scores
    idf = math.log((5 - 2 + 0.5) / (2 + 0.5))
    mean_length = (3 + 3 + 1 + 1 + 1) / 5

    def score(count: float) -> float:
        return idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * 3 / mean_length))

    assert sorted(scores.tolist(), reverse=True) == pytest.approx([score(WEIGHTS["title"]), score(1.0)])


def test_a_word_that_most_items_have_is_left_out_where_others_are_left(
    index: WordIndex, database: Database, workspace: int
) -> None:
    films = [Item(str(n), f"Film {n}", "A film of the usual kind" + (" in noir" if n == 3 else "")) for n in range(9)]
    filled(index, database, workspace, films)
    assert found(index, database, workspace, "a film in noir, of the usual kind") == ["3"]
    assert len(index.search("film").keys) == 9


@pytest.mark.parametrize(
    "question",
    ['"', '""', "klute\"", "NOT", "AND OR NOT", "klute AND", "(klute", "klute*", "^klute", "-klute", "title:klute",
     "NEAR(klute heat, 2)", "klute + heat", "{title}: klute", "';DROP TABLE texts;--", "\x00klute\x00", "klute\x00heat",
     "\ud800", "🎬", "👩‍👩‍👧", "…—“”", "\u202eetulk", "%_", "a" * 100_000, "klute " * 20_000, "\t\n"],
)  # fmt: skip
def test_no_question_is_an_order(index: WordIndex, database: Database, workspace: int, question: str) -> None:
    filled(index, database, workspace)
    assert set(found(index, database, workspace, question)) <= {
        "klute",
        "heat",
        "tt1",
    }  # "and" is a word like any other
    assert len(index.search("klute").keys) == 1


def test_it_takes_in_what_changes_and_lets_go_of_what_is_deleted(
    index: WordIndex, database: Database, workspace: int
) -> None:
    filled(index, database, workspace)
    with database.write() as connection:
        items.upsert(connection, workspace, [Item("heat", "Fire"), Item("new", "Heat haze")])
        items.delete(connection, workspace, ["klute"])
    refreshed(index, database, workspace)
    assert found(index, database, workspace, "heat") == ["new"]
    assert found(index, database, workspace, "klute") == []
    assert len(index) == 5
    with database.write() as connection:
        items.restore(connection, workspace, ["klute"])
    assert found(refreshed(index, database, workspace), database, workspace, "klute") == ["klute"]


def test_an_undone_import_leaves_no_word(index: WordIndex, database: Database, workspace: int) -> None:
    filled(index, database, workspace)
    with database.write() as connection:
        key = imports.start(connection, workspace, "items", "films.csv", {})
        items.upsert(connection, workspace, [Item("klute", "Renamed"), Item("b", "Brazil")], key)
    assert found(refreshed(index, database, workspace), database, workspace, "renamed brazil") == ["b", "klute"]
    with database.write() as connection:
        items.undo_import(connection, workspace, key)
    refreshed(index, database, workspace)
    assert found(index, database, workspace, "renamed brazil") == []
    assert found(index, database, workspace, "klute") == ["klute"]


def test_only_changed_texts_are_read_again(index: WordIndex, database: Database, workspace: int) -> None:
    filled(index, database, workspace)
    with database.write() as connection:  # past the stores, so that nothing says it changed
        connection.execute(update(item_table).where(item_table.c.item_id == "heat").values(title="Unseen"))
        items.upsert(connection, workspace, [Item("ama", "Amelia")])
    refreshed(index, database, workspace)
    assert found(index, database, workspace, "unseen") == []
    assert found(index, database, workspace, "amelia") == ["ama"]


def test_what_another_workspace_holds_moves_no_score(
    index: WordIndex, database: Database, workspace: int, other: int
) -> None:
    before = filled(index, database, workspace).search("detective crime")
    with database.write() as connection:
        items.upsert(connection, other, [Item(str(n), "Detective", "crime " * n) for n in range(50)])
    after = refreshed(index, database, workspace).search("detective crime")
    assert (before.keys.tolist(), before.scores.tolist()) == (after.keys.tolist(), after.scores.tolist())


def test_an_index_built_step_by_step_scores_like_one_built_at_once(
    index: WordIndex, database: Database, workspace: int
) -> None:
    for film in FILMS:
        filled(index, database, workspace, [film])
    filled(index, database, workspace, [Item("heat", "Detective Heat")])
    fresh = WordIndex()
    refreshed(fresh, database, workspace)
    for question in ("detective", "crime train", "heat"):
        one, two = index.search(question), fresh.search(question)
        assert dict(zip(one.keys, one.scores, strict=True)) == dict(zip(two.keys, two.scores, strict=True))
    fresh.close()
