"""Imports: reports, rejections, and undo that restores exactly what was before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, select

from tastebench.domain.errors import Cancelled, InvalidInput, NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.domain.reports import ImportReport, Rejection, Step
from tastebench.stores import imports, impressions, interactions, items, personas
from tastebench.stores.database import Database
from tastebench.stores.interactions import EventRow
from tastebench.stores.schema import metadata

AT = datetime(2024, 5, 1, tzinfo=UTC)
NOTHING_REMOVED = {
    "interactions_removed": 0,
    "personas_removed": 0, "personas_restored": 0, "personas_kept": 0,
    "items_removed": 0, "items_restored": 0, "items_kept": 0,
}  # fmt: skip


def start(connection: Connection, workspace: int) -> int:
    return imports.start(connection, workspace, "items", "films.csv", {"title": "Name"})


def contents(connection: Connection, workspace: int) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of the workspace but for bookkeeping: when rows changed, ids named, imports made."""
    skipped = {"workspaces", "item_ids", "imports", "rejections"}
    dumped = {}
    for table in metadata.sorted_tables:
        if table.name not in skipped:
            columns = [column for column in table.columns if column.name != "changed_at"]
            rows = connection.execute(select(*columns).where(table.c.workspace_key == workspace).order_by(columns[0]))
            dumped[table.name] = [dict(row) for row in rows.mappings()]
    return dumped


def events(persona_key: int, import_key: int | None, *targets: str) -> list[EventRow]:
    return [
        EventRow(persona_key, Interaction(target, "view", AT), target.encode().ljust(16), import_key)
        for target in targets
    ]


class TestReports:
    REPORT = ImportReport(
        import_id=0, kind="invoices", source="shop.csv", started_at=AT, rows=9, added=5, changed=1, unchanged=1,
        rejected=2, items=3, personas=2, interactions=5, embedded=3, seconds=1.5,
        funnel=(Step("missing customer", 2, 7), Step("duplicates", 0, 7, applied=False)),
        first_rejections=(Rejection(4, "Quantity", "It is no number."),), notes=("Read as cp1252.",),
        mapping=MappingProxyType({"title": "Name"}),
    )  # fmt: skip

    def test_a_finished_import_comes_back_as_reported(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            key = imports.start(connection, workspace, "invoices", "shop.csv", {"title": "Name"})
            report = replace(self.REPORT, import_id=key)
            imports.finish(connection, workspace, key, report)
            stored = imports.fetch(connection, workspace, key)
        assert replace(stored, started_at=AT) == report
        assert stored.started_at > AT
        assert stored.state == "finished"

    def test_an_interrupted_import_is_listed_as_such(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            first, second = start(connection, workspace), start(connection, workspace)
            imports.finish(connection, workspace, first, replace(self.REPORT, import_id=first))
            unfinished, finished = imports.all_reports(connection, workspace)
            assert imports.unfinished(connection, workspace) == [second]
            imports.undo(connection, workspace, second)
            assert imports.unfinished(connection, workspace) == []
        assert (unfinished.import_id, finished.import_id) == (second, first)
        assert (unfinished.state, unfinished.source, unfinished.kind) == ("unfinished", "films.csv", "items")
        assert unfinished.mapping == {"title": "Name"}
        assert "did not finish" in unfinished.notes[0]

    def test_one_that_gives_a_sign_of_life_is_not_taken_for_dead(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            key = start(connection, workspace)
            assert imports.unfinished(connection, workspace, timedelta(hours=1)) == []
            imports.go_on(connection, workspace, key)
            assert imports.unfinished(connection, workspace, timedelta(hours=1)) == []
            assert imports.unfinished(connection, workspace) == [key]
            imports.undo(connection, workspace, key)
            with pytest.raises(Cancelled, match="undone while it ran"):
                imports.go_on(connection, workspace, key)

    def test_rejections_are_kept_in_order_and_cleaned(self, database: Database, workspace: int) -> None:
        rejected = [Rejection(row, "year", f"'{row}' is no year.") for row in (5, 2, 9)]
        with database.write() as connection:
            key = start(connection, workspace)
            imports.add_rejections(connection, workspace, key, rejected[:2])
            imports.add_rejections(connection, workspace, key, [*rejected[2:], Rejection(1, "\x00a", "b\x00")])
            imports.add_rejections(connection, workspace, key, [])
            found = list(imports.rejections(connection, workspace, key))
        assert found == [*rejected, Rejection(1, "a", "b")]

    @pytest.mark.parametrize(
        "act",
        [
            imports.fetch,
            imports.undo,
            lambda c, w, k: list(imports.rejections(c, w, k)),
            lambda c, w, k: imports.add_rejections(c, w, k, [Rejection(1, "", "x")]),
            lambda c, w, k: imports.finish(c, w, k, TestReports.REPORT),
        ],
    )
    def test_an_unknown_import_is_named(
        self, database: Database, workspace: int, other: int, act: Callable[[Connection, int, int], object]
    ) -> None:
        with database.write() as connection:
            elsewhere = start(connection, other)
            with pytest.raises(NotFound, match=f"import {elsewhere} "):
                act(connection, workspace, elsewhere)


class TestUndo:
    def test_everything_is_as_it_was_before(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            items.upsert(connection, workspace, [Item("a", "Alien"), Item("b", "Brazil"), Item("c", "Cure")])
            items.delete(connection, workspace, ["c"])
            waiting = items.without_vector(connection, workspace, 0, 10)
            items.save_vectors(
                connection,
                workspace,
                [row.key for row in waiting],
                np.eye(2, dtype=np.float32),
                [r.hash for r in waiting],
            )
            maya = personas.add(connection, workspace, Persona("Maya", persona_id="maya")).key
            interactions.append(connection, workspace, events(maya, None, "a"))
            before = contents(connection, workspace)

            key = start(connection, workspace)
            new = [Item("a", "Alien³", available=False), Item("b", "Brazil"), Item("c", "Cure"), Item("d", "Dune")]
            assert items.upsert(connection, workspace, new, key) == (2, 1, 1)
            people = [Persona("Maya Deren", persona_id="maya"), Persona("Bo", persona_id="bo")]
            assert personas.upsert(connection, workspace, people, key) == (1, 1, 0)
            bo = personas.find(connection, workspace, "bo").key
            interactions.append(connection, workspace, events(maya, key, "x", "y") + events(bo, key, "z"))
            assert contents(connection, workspace) != before

            undone = imports.undo(connection, workspace, key)
            assert contents(connection, workspace) == before
            assert items.count_without_vector(connection, workspace) == 0
        assert undone == NOTHING_REMOVED | {
            "interactions_removed": 3, "personas_removed": 1, "personas_restored": 1, "items_removed": 1,
            "items_restored": 2,
        }  # fmt: skip

    def test_the_same_file_can_be_imported_again(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            maya = personas.add(connection, workspace, Persona("Maya")).key
            for _ in range(2):
                key = start(connection, workspace)
                assert items.upsert(connection, workspace, [Item("a", "Alien")], key).added == 1
                assert interactions.append(connection, workspace, events(maya, key, "a")).added == 1
                imports.undo(connection, workspace, key)
            assert [report.state for report in imports.all_reports(connection, workspace)] == ["undone", "undone"]

    def test_it_happens_once(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            key = start(connection, workspace)
            assert imports.undo(connection, workspace, key) == NOTHING_REMOVED
            with pytest.raises(InvalidInput, match=f"Import {key} has been undone"):
                imports.undo(connection, workspace, key)

    def test_a_later_edit_wins_and_is_reported(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            items.upsert(connection, workspace, [Item("a", "Alien")])
            key = start(connection, workspace)
            items.upsert(connection, workspace, [Item("a", "A!"), Item("b", "B!"), Item("c", "C!")], key)
            items.upsert(connection, workspace, [Item("a", "By hand")])
            items.set_available(connection, workspace, "b", False)
            undone = imports.undo(connection, workspace, key)
            left = {item.item_id: item.title for item in items.page(connection, workspace)[0]}
        assert left == {"a": "By hand", "b": "B!"}
        assert (undone["items_kept"], undone["items_removed"], undone["items_restored"]) == (2, 1, 0)

    def test_a_deletion_by_hand_stays_above_what_was_before(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            items.upsert(connection, workspace, [Item("a", "Alien")])
            key = start(connection, workspace)
            items.upsert(connection, workspace, [Item("a", "A!")], key)
            items.delete(connection, workspace, ["a"])
            imports.undo(connection, workspace, key)
            assert items.page(connection, workspace)[1] == 0
            items.restore(connection, workspace, ["a"])
            assert items.find(connection, workspace, "a").title == "Alien"

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_two_imports_of_one_item_can_be_undone_in_any_order(
        self, database: Database, workspace: int, order: tuple[int, int]
    ) -> None:
        with database.write() as connection:
            items.upsert(connection, workspace, [Item("a", "Alien")])
            keys = [start(connection, workspace) for _ in range(2)]
            for key, title in zip(keys, ("one", "two"), strict=True):
                items.upsert(connection, workspace, [Item("a", title), Item("b", title)], key)
            imports.undo(connection, workspace, keys[order[0]])
            left = {item.item_id: item.title for item in items.page(connection, workspace)[0]}
            assert left == ({"a": "two", "b": "two"} if order[0] == 0 else {"a": "one", "b": "one"})
            imports.undo(connection, workspace, keys[order[1]])
            left = {item.item_id: item.title for item in items.page(connection, workspace)[0]}
            assert left == {"a": "Alien"}

    def test_an_imported_persona_with_a_later_history_is_kept(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            key = start(connection, workspace)
            people = [Persona(name, persona_id=name) for name in ("used", "shown", "regretted")]
            personas.add_missing(connection, workspace, people, key)
            keys = personas.keys_of(connection, workspace, ["used", "shown", "regretted"])
            for name in keys:
                interactions.append(connection, workspace, events(keys[name], key, f"{name}-1"))
            interactions.append(connection, workspace, events(keys["used"], None, "by hand"))
            impressions.add(connection, workspace, keys["shown"], AT, {}, [], "")
            taken_back = interactions.append(connection, workspace, events(keys["regretted"], None, "oops")).keys
            interactions.delete(connection, workspace, taken_back)
            undone = imports.undo(connection, workspace, key)
            left = [row.persona.persona_id for row in personas.page(connection, workspace)[0]]
            log = [row.target for row in interactions.page(connection, workspace)[0]]
        assert (left, log) == (["used"], ["by hand"])
        assert (undone["personas_kept"], undone["personas_removed"]) == (1, 2)

    def test_items_that_interactions_name_may_go_and_come(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            maya = personas.add(connection, workspace, Persona("Maya")).key
            key = start(connection, workspace)
            items.upsert(connection, workspace, [Item("a", "Alien")], key)
            interactions.append(connection, workspace, events(maya, None, "a"))
            imports.undo(connection, workspace, key)
            assert interactions.page(connection, workspace)[0][0].title is None
            items.upsert(connection, workspace, [Item("a", "Alien")])
            assert interactions.page(connection, workspace)[0][0].title == "Alien"
