"""Items: upsert, search, availability, tombstones, vectors."""

from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import select

from tastebench.domain.errors import NotFound
from tastebench.domain.item import Item
from tastebench.stores import items, workspaces
from tastebench.stores.database import Database
from tastebench.stores.schema import item_vectors

ALIEN = Item(
    "tt0078748",
    "Alien",
    "A crew answers a call.",
    {"themes": ("isolation", "survival"), "genres": ("horror",)},
    "Ridley Scott",
    datetime(1979, 5, 25, tzinfo=UTC),
    available=True,
    attributes={"year": 1979, "minutes": 116.5, "restored": True, "country": "UK", "100%": "x"},
)
AMELIE = Item("am", "AMÉLIE", "Montmartre.", creator="Jean-Pierre Jeunet")
STRASSE = Item("st", "Die große Straße", creator="Ödön")


def revision(database: Database) -> tuple[int, int]:
    with database.read() as connection:
        row = workspaces.find(connection, "films")
    return row.catalogue_revision, row.catalogue_rewrites


def upsert(database: Database, workspace: int, *new: Item) -> tuple[int, int, int]:
    with database.write() as connection:
        return items.upsert(connection, workspace, new)


class TestUpsert:
    def test_an_item_comes_back_as_it_was_stored(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, ALIEN, AMELIE)
        with database.read() as connection:
            assert items.fetch(connection, workspace, ["am", "nowhere", "tt0078748"]) == {
                "am": AMELIE, "tt0078748": ALIEN,
            }  # fmt: skip
            assert list(items.find(connection, workspace, "tt0078748").facets) == ["themes", "genres"]
            assert items.find(connection, workspace, "tt0078748").attributes["restored"] is True

    def test_the_same_again_changes_nothing(self, database: Database, workspace: int) -> None:
        assert upsert(database, workspace, ALIEN, AMELIE) == (2, 0, 0)
        before = revision(database)
        assert upsert(database, workspace, AMELIE, ALIEN) == (0, 0, 2)
        assert revision(database) == before

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "Aliens"}, {"description": ""}, {"creator": "James Cameron"}, {"created_at": None},
            {"available": False}, {"facets": {"genres": ("horror", "action")}}, {"attributes": {"year": 1979.0}},
        ],
    )  # fmt: skip
    def test_any_other_field_is_a_change(self, database: Database, workspace: int, change: dict[str, object]) -> None:
        upsert(database, workspace, ALIEN)
        fields = {name: getattr(ALIEN, name) for name in Item.__dataclass_fields__}
        changed = Item(**{**fields, **change})  # type: ignore[arg-type]
        assert upsert(database, workspace, changed) == (0, 1, 0)
        with database.read() as connection:
            assert items.find(connection, workspace, "tt0078748") == changed

    def test_the_order_of_attributes_is_no_change_but_their_kind_is(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, Item("a", attributes={"x": 1, "y": 2}))
        assert upsert(database, workspace, Item("a", attributes={"y": 2, "x": 1})) == (0, 0, 1)
        assert upsert(database, workspace, Item("a", attributes={"x": True, "y": 2})) == (0, 1, 0)

    def test_of_an_id_that_comes_twice_the_last_counts(self, database: Database, workspace: int) -> None:
        twice = (Item("a", "one"), Item("b"), Item("a", "two"))
        assert upsert(database, workspace, *twice) == (2, 0, 1)
        assert upsert(database, workspace, *twice) == (0, 0, 3)
        with database.read() as connection:
            assert items.find(connection, workspace, "a").title == "two"

    def test_nothing_is_a_fine_catalogue(self, database: Database, workspace: int) -> None:
        assert upsert(database, workspace) == (0, 0, 0)

    def test_more_items_than_a_statement_takes(self, database: Database, workspace: int) -> None:
        many = [Item(f"i{number}", f"Title {number}") for number in range(12_000)]
        assert upsert(database, workspace, *many) == (12_000, 0, 0)
        assert upsert(database, workspace, *many) == (0, 0, 12_000)
        with database.read() as connection:
            assert len(items.fetch(connection, workspace, [item.item_id for item in many])) == 12_000

    def test_the_content_hash_follows_what_the_encoder_reads(self) -> None:
        assert len(items.content_hash(ALIEN)) == 16
        assert items.content_hash(Item("a", "x")) == items.content_hash(Item("b", "x", creator="y", available=False))
        assert items.content_hash(Item("a", "x")) != items.content_hash(Item("a", "x", "y"))


class TestKeys:
    def test_an_id_keeps_its_key_from_the_first_time_it_is_named(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            named = items.keys_of(connection, workspace, ["am", "zz"], allocate=True)
            items.upsert(connection, workspace, [AMELIE])
            assert items.keys_of(connection, workspace, ["zz", "am", "never"]) == named
            assert items.ids_of(connection, workspace, [*named.values(), 999]) == {
                key: name for name, key in named.items()
            }

    def test_the_same_id_has_another_key_in_another_workspace(
        self, database: Database, workspace: int, other: int
    ) -> None:
        with database.write() as connection:
            here = items.keys_of(connection, workspace, ["a"], allocate=True)
            there = items.keys_of(connection, other, ["a"], allocate=True)
            assert here != there
            assert items.ids_of(connection, other, list(here.values())) == {}


class TestSearch:
    @pytest.fixture(autouse=True)
    def _catalogue(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, ALIEN, AMELIE, STRASSE, Item("p", "100 %_ \\pure", available=False))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("amélie", ["am"]), ("ÉLI", ["am"]), ("MONTMARTRE", ["am"]), ("jeunet", ["am"]), ("STRASSE", ["st"]),
            ("ödön", ["st"]), ("0 %_ \\P", ["p"]), ("%", ["p"]), ("_", ["p"]), ("\\", ["p"]), ("A\u0301", []),
            ("a crew", ["tt0078748"]), ("tt0078748", []), ("call. ridley", []), ("alien a crew", []),
            ("  aLiEn\x00 ", ["tt0078748"]),
        ],
    )  # fmt: skip
    def test_a_text_is_found_in_any_case_and_within_one_field(
        self, database: Database, workspace: int, query: str, found: list[str]
    ) -> None:
        with database.read() as connection:
            keys = items.matching_keys(connection, workspace, query)
            by_key = items.ids_of(connection, workspace, keys.tolist())
            page, total = items.page(connection, workspace, search=query)
        assert [by_key[key] for key in keys] == found
        assert ([item.item_id for item in page], total) == (found, len(found))
        assert keys.dtype == np.int64

    def test_no_text_finds_everything(self, database: Database, workspace: int) -> None:
        with database.read() as connection:
            assert len(items.matching_keys(connection, workspace, "")) == 4

    def test_pages_join_up_in_the_order_of_joining(self, database: Database, workspace: int) -> None:
        with database.read() as connection:
            first, total = items.page(connection, workspace, limit=3)
            second, _ = items.page(connection, workspace, limit=3, offset=3)
            hidden, hidden_total = items.page(connection, workspace, available=False)
            shown, shown_total = items.page(connection, workspace, available=True)
        assert [item.item_id for item in first + second] == ["tt0078748", "am", "st", "p"]
        assert (total, hidden_total, shown_total) == (4, 1, 3)
        assert [item.item_id for item in hidden] == ["p"]
        assert "p" not in {item.item_id for item in shown}


class TestEdits:
    def test_availability(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, ALIEN)
        with database.write() as connection:
            items.set_available(connection, workspace, "tt0078748", False)
            assert not items.find(connection, workspace, "tt0078748").available
        before = revision(database)
        with database.write() as connection:
            items.set_available(connection, workspace, "tt0078748", False)
        assert revision(database) == before

    def test_a_deleted_item_is_gone_until_restored(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, ALIEN, AMELIE)
        with database.write() as connection:
            assert items.delete(connection, workspace, ["am", "am"]) == 1
            assert items.delete(connection, workspace, ["am"]) == 0
            assert items.page(connection, workspace)[1] == 1
            assert items.matching_keys(connection, workspace, "amélie").tolist() == []
            with pytest.raises(NotFound, match="'am'"):
                items.find(connection, workspace, "am")
            with pytest.raises(NotFound, match="'am'"):
                items.set_available(connection, workspace, "am", True)
            assert items.restore(connection, workspace, ["am", "tt0078748"]) == 1
            assert items.find(connection, workspace, "am") == AMELIE

    def test_adding_a_deleted_item_brings_it_back(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, AMELIE)
        with database.write() as connection:
            items.delete(connection, workspace, ["am"])
        assert upsert(database, workspace, AMELIE) == (1, 0, 0)

    @pytest.mark.parametrize("act", [items.delete, items.restore])
    def test_an_unknown_item_is_named_and_nothing_else_changes(
        self, database: Database, workspace: int, act: object
    ) -> None:
        upsert(database, workspace, AMELIE)
        with database.write() as connection, pytest.raises(NotFound, match="'nowhere'"):
            act(connection, workspace, ["am", "nowhere"])  # type: ignore[operator]
        with database.read() as connection:
            assert items.find(connection, workspace, "am") == AMELIE

    def test_every_change_is_seen_in_the_revision(self, database: Database, workspace: int) -> None:
        seen = [revision(database)]
        upsert(database, workspace, AMELIE)
        seen.append(revision(database))
        with database.write() as connection:
            items.set_available(connection, workspace, "am", False)
        seen.append(revision(database))
        with database.write() as connection:
            items.delete(connection, workspace, ["am"])
        seen.append(revision(database))
        with database.write() as connection:
            items.restore(connection, workspace, ["am"])
        seen.append(revision(database))
        assert len(set(seen)) == 5


class TestVectors:
    def test_the_list_of_what_to_embed_goes_on_where_it_stopped(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, ALIEN, AMELIE, STRASSE)
        with database.write() as connection:
            first = items.without_vector(connection, workspace, 0, 2)
            assert [pending.text for pending in first] == [ALIEN.embedded_text, AMELIE.embedded_text]
            assert [pending.hash for pending in first] == [items.content_hash(ALIEN), items.content_hash(AMELIE)]
            vectors = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
            saved = items.save_vectors(
                connection, workspace, [row.key for row in first], vectors, [row.hash for row in first]
            )
            assert saved == 2
            rest = items.without_vector(connection, workspace, 0, 10)
            assert [pending.text for pending in rest] == [STRASSE.embedded_text]
            assert items.without_vector(connection, workspace, rest[0].key, 10) == []
            assert items.count_without_vector(connection, workspace) == 1
            stored = connection.scalars(select(item_vectors.c.vector).order_by(item_vectors.c.item_key)).all()
        assert np.frombuffer(b"".join(stored), dtype="<f4").reshape(2, 2).tolist() == vectors.tolist()

    def test_only_a_changed_text_is_embedded_again(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, AMELIE, STRASSE)
        with database.write() as connection:
            rows = items.without_vector(connection, workspace, 0, 10)
            items.save_vectors(
                connection, workspace, [row.key for row in rows], np.eye(2, dtype=np.float32), [r.hash for r in rows]
            )
        upsert(database, workspace, Item("am", "AMÉLIE", "Montmartre.", creator="?"), Item("st", "Eine Straße"))
        with database.read() as connection:
            waiting = items.without_vector(connection, workspace, 0, 10)
        assert [pending.text for pending in waiting] == ["Eine Straße."]

    def test_a_restored_item_still_has_its_vector(self, database: Database, workspace: int) -> None:
        upsert(database, workspace, AMELIE)
        with database.write() as connection:
            (row,) = items.without_vector(connection, workspace, 0, 10)
            items.save_vectors(connection, workspace, [row.key], np.eye(1, dtype=np.float32), [row.hash])
            items.delete(connection, workspace, ["am"])
            assert items.count_without_vector(connection, workspace) == 0
            items.restore(connection, workspace, ["am"])
            assert items.count_without_vector(connection, workspace) == 0

    def test_vectors_of_items_that_are_gone_or_elsewhere_are_left_out(
        self, database: Database, workspace: int, other: int
    ) -> None:
        upsert(database, workspace, AMELIE)
        with database.write() as connection:
            (row,) = items.without_vector(connection, workspace, 0, 10)
            one = np.ones((1, 1), dtype=np.float32)
            assert items.save_vectors(connection, other, [row.key], one, [row.hash]) == 0
            assert items.save_vectors(connection, workspace, [row.key + 5], one, [row.hash]) == 0
            assert items.count_without_vector(connection, workspace) == 1
