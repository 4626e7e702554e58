"""The log: appending once, filters, tombstones."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tastebench.domain.errors import NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.stores import interactions, items, personas, workspaces
from tastebench.stores.database import Database
from tastebench.stores.interactions import Activity, Appended, EventRow
from tastebench.stores.schema import interactions as log_table

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def maya(database: Database, workspace: int) -> int:
    with database.write() as connection:
        return personas.add(connection, workspace, Persona("Maya")).key


@pytest.fixture
def bo(database: Database, workspace: int, maya: int) -> int:
    with database.write() as connection:
        return personas.add(connection, workspace, Persona("Bö")).key


def digest(number: int) -> bytes:
    return number.to_bytes(16, "big")


def revisions(database: Database) -> tuple[int, int]:
    with database.read() as connection:
        row = workspaces.find(connection, "films")
    return row.log_revision, row.log_rewrites


class TestAppend:
    def test_a_row_comes_back_with_the_names_people_know(self, database: Database, workspace: int, maya: int) -> None:
        event = Interaction("a", "like", AT, 0.5, "imported", impression="abc")
        with database.write() as connection:
            items.upsert(connection, workspace, [Item("a", "Alien")])
            appended = interactions.append(connection, workspace, [EventRow(maya, event, digest(1), 7)])
            (row,), total = interactions.page(connection, workspace)
        assert appended == Appended([row.key], 1, 0)
        assert total == 1
        assert (row.persona_id, row.persona_name, row.target_kind, row.target) == ("maya", "Maya", "item", "a")
        assert (row.title, row.action, row.at, row.weight) == ("Alien", "like", AT, 0.5)
        assert (row.origin, row.import_key) == ("imported", 7)
        assert row.recorded_at > AT

    def test_an_item_that_is_not_there_keeps_its_key_for_when_it_comes(
        self, database: Database, workspace: int, maya: int
    ) -> None:
        with database.write() as connection:
            interactions.append(connection, workspace, [EventRow(maya, Interaction("late", "view", AT))])
            assert interactions.page(connection, workspace)[0][0].title is None
            items.upsert(connection, workspace, [Item("late", "Late")])
            assert interactions.page(connection, workspace)[0][0].title == "Late"
            stored = connection.scalar(select(log_table.c.item_key))
            assert items.keys_of(connection, workspace, ["late"]) == {"late": stored}

    def test_other_targets_have_no_item(self, database: Database, workspace: int, maya: int) -> None:
        follow = Interaction("Agnès Varda", "follow", AT, target_kind="creator")
        with database.write() as connection:
            interactions.append(connection, workspace, [EventRow(maya, follow)])
            assert connection.scalar(select(log_table.c.item_key)) is None
            assert items.keys_of(connection, workspace, ["Agnès Varda"]) == {}

    def test_a_missing_time_is_the_moment_of_recording(self, database: Database, workspace: int, maya: int) -> None:
        with database.write() as connection:
            interactions.append(connection, workspace, [EventRow(maya, Interaction("a", "view"))])
            (row,), _ = interactions.page(connection, workspace)
        assert row.at == row.recorded_at

    def test_keys_come_in_the_order_given_and_grow(self, database: Database, workspace: int, maya: int) -> None:
        events = [EventRow(maya, Interaction(f"i{n}", "view", AT), digest(n)) for n in (5, 3, 9)]
        with database.write() as connection:
            first = interactions.append(connection, workspace, events)
            named = {row.key: row.target for row in interactions.page(connection, workspace)[0]}
            more = [*events, EventRow(maya, Interaction("i1", "view", AT), digest(1))]
            second = interactions.append(connection, workspace, more)
        assert [named[key] for key in first.keys] == ["i5", "i3", "i9"]
        assert (second.added, second.unchanged) == (1, 3)
        assert second.keys > first.keys[-1:]

    def test_a_known_digest_changes_nothing_also_within_one_call(
        self, database: Database, workspace: int, maya: int
    ) -> None:
        event = EventRow(maya, Interaction("a", "view", AT), digest(1))
        with database.write() as connection:
            assert interactions.append(connection, workspace, [event, event])[1:] == (1, 1)
        before = revisions(database)
        with database.write() as connection:
            assert interactions.append(connection, workspace, [event]) == Appended([], 0, 1)
        assert revisions(database) == before

    def test_without_a_digest_every_row_counts(self, database: Database, workspace: int, maya: int) -> None:
        event = EventRow(maya, Interaction("a", "view", AT))
        with database.write() as connection:
            assert interactions.append(connection, workspace, [event, event])[1:] == (2, 0)

    def test_a_digest_is_known_in_its_own_workspace_only(
        self, database: Database, workspace: int, other: int, maya: int
    ) -> None:
        with database.write() as connection:
            stranger = personas.add(connection, other, Persona("Maya")).key
            event = Interaction("a", "view", AT)
            interactions.append(connection, workspace, [EventRow(maya, event, digest(1))])
            assert interactions.append(connection, other, [EventRow(stranger, event, digest(1))]).added == 1

    def test_a_persona_of_elsewhere_or_deleted_is_refused(
        self, database: Database, workspace: int, other: int, maya: int
    ) -> None:
        event = EventRow(maya, Interaction("a", "view", AT))
        with database.write() as connection:
            with pytest.raises(NotFound, match=f"key {maya} "):
                interactions.append(connection, other, [event])
            personas.delete(connection, workspace, ["maya"])
            with pytest.raises(NotFound, match=f"key {maya} "):
                interactions.append(connection, workspace, [event])

    def test_nothing_is_fine(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            assert interactions.append(connection, workspace, []) == Appended([], 0, 0)

    def test_more_rows_than_a_statement_takes(self, database: Database, workspace: int, maya: int) -> None:
        many = [EventRow(maya, Interaction(f"i{n % 7000}", "view", AT), digest(n)) for n in range(12_000)]
        with database.write() as connection:
            assert interactions.append(connection, workspace, many).added == 12_000
            assert interactions.append(connection, workspace, many).unchanged == 12_000


class TestPage:
    @pytest.fixture(autouse=True)
    def _log(self, database: Database, workspace: int, maya: int, bo: int) -> None:
        events = [
            EventRow(maya, Interaction("a", "view", AT)),
            EventRow(bo, Interaction("a", "like", AT + 2 * DAY, origin="simulated")),
            EventRow(maya, Interaction("b", "like", AT + DAY)),
            EventRow(maya, Interaction("Éric Rohmer", "follow", AT + DAY, target_kind="creator")),
        ]
        with database.write() as connection:
            items.upsert(connection, workspace, [Item("a", "Été 85", "100 kittens")])
            interactions.append(connection, workspace, events)

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, ["Bö like a", "Maya follow Éric Rohmer", "Maya like b", "Maya view a"]),
            ({"action": "like"}, ["Bö like a", "Maya like b"]),
            ({"origin": "simulated"}, ["Bö like a"]),
            ({"since": AT + DAY}, ["Bö like a", "Maya follow Éric Rohmer", "Maya like b"]),
            ({"until": AT + DAY}, ["Maya follow Éric Rohmer", "Maya like b", "Maya view a"]),
            ({"since": AT + DAY, "until": AT + DAY, "action": "like"}, ["Maya like b"]),
            ({"search": "ÉTÉ"}, ["Bö like a", "Maya view a"]),
            ({"search": "éric"}, ["Maya follow Éric Rohmer"]),
            ({"search": "BÖ"}, ["Bö like a"]),
            ({"search": "B"}, ["Bö like a", "Maya like b"]),
            ({"search": "kittens"}, []),
            ({"search": "%"}, []),
        ],
    )
    def test_filters(self, database: Database, workspace: int, filters: dict[str, object], found: list[str]) -> None:
        with database.read() as connection:
            rows, total = interactions.page(connection, workspace, **filters)  # type: ignore[arg-type]
        assert [f"{row.persona_name} {row.action} {row.target}" for row in rows] == found
        assert total == len(found)

    def test_one_persona(self, database: Database, workspace: int, bo: int) -> None:
        with database.read() as connection:
            rows, total = interactions.page(connection, workspace, persona_key=bo)
        assert ([row.persona_id for row in rows], total) == (["bo"], 1)

    def test_pages_join_up(self, database: Database, workspace: int) -> None:
        with database.read() as connection:
            whole = interactions.page(connection, workspace)[0]
            halves = [interactions.page(connection, workspace, limit=2, offset=n)[0] for n in (0, 2)]
        assert halves[0] + halves[1] == whole

    def test_what_each_persona_did(self, database: Database, workspace: int, maya: int, bo: int) -> None:
        with database.read() as connection:
            assert interactions.activity(connection, workspace, [maya, bo, 999]) == {
                maya: Activity(3, AT + DAY), bo: Activity(1, AT + 2 * DAY),
            }  # fmt: skip


class TestHistories:
    def test_a_copied_history_is_the_others_own(self, database: Database, workspace: int, maya: int, bo: int) -> None:
        events = [EventRow(maya, Interaction(f"i{n}", "view", AT + n * DAY, n / 4), digest(n), 7) for n in range(3)]
        with database.write() as connection:
            keys = interactions.append(connection, workspace, events).keys
            interactions.delete(connection, workspace, keys[:1])
            assert interactions.copy_history(connection, workspace, maya, bo) == 2
            copied = interactions.page(connection, workspace, persona_key=bo)[0]
            interactions.undo_import(connection, workspace, 7)
            assert interactions.activity(connection, workspace, [maya, bo]) == {bo: Activity(2, AT + 2 * DAY)}
        assert [(row.target, row.weight, row.import_key) for row in copied] == [("i2", 0.5, None), ("i1", 0.25, None)]

    def test_no_history_is_copied_across_workspaces(
        self, database: Database, workspace: int, other: int, maya: int
    ) -> None:
        with database.write() as connection:
            stranger = personas.add(connection, other, Persona("Stranger")).key
            interactions.append(connection, workspace, [EventRow(maya, Interaction("a", "view", AT))])
            assert interactions.copy_history(connection, other, maya, stranger) == 0
            with pytest.raises(IntegrityError), connection.begin_nested():
                interactions.copy_history(connection, workspace, maya, stranger)
            assert interactions.page(connection, other) == ([], 0)

    def test_the_actions_that_live_rows_name(self, database: Database, workspace: int, maya: int) -> None:
        events = [EventRow(maya, Interaction("a", action, AT)) for action in ("view", "like", "view", "save")]
        with database.write() as connection:
            keys = interactions.append(connection, workspace, events).keys
            interactions.delete(connection, workspace, keys[1:2])
            assert interactions.actions_used(connection, workspace) == {"view", "save"}


class TestDeleting:
    def test_deleted_rows_are_gone_until_restored(self, database: Database, workspace: int, maya: int) -> None:
        with database.write() as connection:
            events = [EventRow(maya, Interaction(f"i{n}", "view", AT), digest(n)) for n in range(3)]
            keys = interactions.append(connection, workspace, events).keys
        before = revisions(database)
        with database.write() as connection:
            assert interactions.delete(connection, workspace, keys[:2]) == 2
            assert interactions.delete(connection, workspace, keys[:2]) == 0
            assert [row.key for row in interactions.page(connection, workspace)[0]] == keys[2:]
            assert interactions.activity(connection, workspace, [maya])[maya].interactions == 1
            assert interactions.append(connection, workspace, events).unchanged == 3
        middle = revisions(database)
        with database.write() as connection:
            assert interactions.restore(connection, workspace, keys) == 2
            assert interactions.page(connection, workspace)[1] == 3
        after = revisions(database)
        assert before[0] < middle[0] < after[0]
        assert before[1] < middle[1] < after[1]

    @pytest.mark.parametrize("act", [interactions.delete, interactions.restore])
    def test_an_unknown_row_is_named_and_nothing_else_changes(
        self, database: Database, workspace: int, other: int, maya: int, act: object
    ) -> None:
        with database.write() as connection:
            keys = interactions.append(connection, workspace, [EventRow(maya, Interaction("a", "view", AT))]).keys
            with pytest.raises(NotFound, match="interaction 999"):
                act(connection, workspace, [*keys, 999])  # type: ignore[operator]
            with pytest.raises(NotFound, match=f"interaction {keys[0]}"):
                act(connection, other, keys)  # type: ignore[operator]
            assert interactions.page(connection, workspace)[1] == 1
