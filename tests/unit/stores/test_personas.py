"""Personas: ids, edits, search, deletion with their log, priors."""

from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import select

from tastebench.domain.errors import AlreadyExists, NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.persona import Persona
from tastebench.stores import interactions, personas, workspaces
from tastebench.stores.database import Database
from tastebench.stores.interactions import EventRow
from tastebench.stores.persona_imports import with_ids
from tastebench.stores.schema import personas as persona_table

AT = datetime(2024, 5, 1, tzinfo=UTC)
MAYA = Persona(
    "Maya",
    "Watches after midnight.",
    {"genres": ("noir", "crime"), "era": ("1940s",)},
    {"age": 34, "vegan": True, "height": 1.7, "themes": "heist"},
    "👩‍🚀",
    "advanced",
    "technical",
    "authored",
    "maya-7",
    AT,
)


def revisions(database: Database) -> tuple[int, int, int]:
    with database.read() as connection:
        row = workspaces.find(connection, "films")
    return row.persona_revision, row.log_revision, row.log_rewrites


class TestAdding:
    def test_a_persona_comes_back_as_it_was_stored(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            stored = personas.add(connection, workspace, MAYA)
            assert personas.find(connection, workspace, "maya-7") == stored
            assert personas.keys_of(connection, workspace, ["maya-7", "nobody"]) == {"maya-7": stored.key}
        assert stored.persona == MAYA
        assert stored.created_at == AT

    def test_ids_are_made_from_the_name(self, database: Database, workspace: int) -> None:
        names = ["Maya", "maya", "Zoë O'Brien", "愛", "愛", "x" * 60]
        with database.write() as connection:
            made = [personas.add(connection, workspace, Persona(name)).persona.persona_id for name in names]
        assert made == ["maya", "maya-2", "zoe-o-brien", "persona", "persona-2", "x" * 40]

    def test_a_persona_without_a_time_is_stamped(self, database: Database, workspace: int) -> None:
        before = datetime.now(UTC)
        with database.write() as connection:
            stored = personas.add(connection, workspace, Persona("Ada"))
        assert before <= stored.created_at <= datetime.now(UTC)
        assert stored.persona.created_at == stored.created_at

    def test_a_taken_id_is_refused_also_when_its_persona_was_deleted(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            personas.add(connection, workspace, MAYA)
            with pytest.raises(AlreadyExists, match="'maya-7'"):
                personas.add(connection, workspace, Persona("Other", persona_id="maya-7"))
            personas.delete(connection, workspace, ["maya-7"])
            with pytest.raises(AlreadyExists) as caught:
                personas.add(connection, workspace, Persona("Other", persona_id="maya-7"))
        assert "Restore" in caught.value.next_step

    def test_the_same_id_may_live_in_two_workspaces(self, database: Database, workspace: int, other: int) -> None:
        with database.write() as connection:
            assert personas.add(connection, workspace, MAYA).key != personas.add(connection, other, MAYA).key
            made = [personas.add(connection, where, Persona("Ada")).persona.persona_id for where in (workspace, other)]
        assert made == ["ada", "ada"]


class TestEditing:
    def test_all_but_the_id_and_the_time_change(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            key = personas.add(connection, workspace, MAYA).key
            changed = personas.update(connection, workspace, "maya-7", Persona("Mia", persona_id="ignored"))
        assert (changed.key, changed.persona.persona_id, changed.persona.name) == (key, "maya-7", "Mia")
        assert (changed.created_at, changed.persona.interests) == (AT, {})

    def test_an_equal_persona_is_no_change(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            personas.add(connection, workspace, MAYA)
        before = revisions(database)
        with database.write() as connection:
            personas.update(connection, workspace, "maya-7", MAYA)
        assert revisions(database) == before

    def test_an_unknown_persona_is_named(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            for act in (
                lambda: personas.find(connection, workspace, "nobody"),
                lambda: personas.update(connection, workspace, "nobody", MAYA),
                lambda: personas.delete(connection, workspace, ["nobody"]),
                lambda: personas.restore(connection, workspace, ["nobody"]),
            ):
                with pytest.raises(NotFound, match="'nobody'"):
                    act()


class TestPages:
    @pytest.fixture(autouse=True)
    def _people(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            for persona in (
                Persona("Zoë", "Loves ÄRGER", origin="simulated"), Persona("bob"), Persona("Ada"),
                Persona("17850", origin="imported"),
            ):  # fmt: skip
                personas.add(connection, workspace, persona)

    @pytest.mark.parametrize(
        ("search", "origin", "found"),
        [
            ("", None, ["Ada", "bob", "17850", "Zoë"]), ("zoË", None, ["Zoë"]), ("ärger", None, ["Zoë"]),
            ("178", None, ["17850"]), ("", "authored", ["Ada", "bob"]), ("b", "simulated", []),
        ],
    )  # fmt: skip
    def test_authored_ones_first_then_by_name(
        self, database: Database, workspace: int, search: str, origin: str | None, found: list[str]
    ) -> None:
        with database.read() as connection:
            rows, total = personas.page(connection, workspace, search=search, origin=origin)  # type: ignore[arg-type]
        assert ([row.persona.name for row in rows], total) == (found, len(found))

    def test_names_by_id(self, database: Database, workspace: int) -> None:
        with database.read() as connection:
            names = personas.names(connection, workspace)
        assert list(names.items()) == [("ada", "Ada"), ("bob", "bob"), ("17850", "17850"), ("zoe", "Zoë")]

    def test_pages_join_up(self, database: Database, workspace: int) -> None:
        with database.read() as connection:
            names = [personas.page(connection, workspace, limit=1, offset=n)[0][0].persona.name for n in range(4)]
        assert names == ["Ada", "bob", "17850", "Zoë"]


def test_a_deleted_persona_takes_its_log_along_until_restored(database: Database, workspace: int) -> None:
    with database.write() as connection:
        key = personas.add(connection, workspace, MAYA).key
        interactions.append(connection, workspace, [EventRow(key, Interaction("a", "like", AT))])
    before = revisions(database)
    with database.write() as connection:
        assert personas.delete(connection, workspace, ["maya-7"]) == 1
        assert personas.delete(connection, workspace, ["maya-7"]) == 0
        assert interactions.page(connection, workspace) == ([], 0)
        assert personas.fetch(connection, workspace, ["maya-7"]) == {}
        assert personas.keys_of(connection, workspace, ["maya-7"]) == {}
    assert all(after > held for after, held in zip(revisions(database), before, strict=True))
    with database.write() as connection:
        assert personas.restore(connection, workspace, ["maya-7"]) == 1
        assert interactions.page(connection, workspace)[1] == 1
        assert personas.find(connection, workspace, "maya-7").persona == MAYA


class TestImports:
    def test_the_same_file_twice_changes_nothing(self, database: Database, workspace: int) -> None:
        file = [MAYA, Persona("Bo"), Persona("Bo"), Persona("Bo", "Other.")]
        with database.write() as connection:
            assert personas.upsert(connection, workspace, file, 1) == (4, 0, 0)
            before = personas.page(connection, workspace)
            assert personas.upsert(connection, workspace, file, 2) == (0, 0, 4)
            assert personas.page(connection, workspace) == before

    def test_ids_that_are_made_up_follow_from_the_fields(self) -> None:
        made = [persona.persona_id for persona in with_ids([Persona("Bo"), Persona("Bo"), Persona("Bo", "Other.")])]
        assert len(set(made)) == 3
        assert [persona.persona_id for persona in with_ids([Persona("Bo")])] == made[:1]

    def test_a_log_adds_only_who_is_missing(self, database: Database, workspace: int) -> None:
        named = [Persona(f"Customer {n}", persona_id=n, origin="imported") for n in ("maya-7", "17850", "gone")]
        with database.write() as connection:
            personas.add(connection, workspace, MAYA)
            gone = personas.add(connection, workspace, Persona("Gone", persona_id="gone"))
            personas.delete(connection, workspace, ["gone"])
            assert personas.add_missing(connection, workspace, named, 5) == 2
            assert personas.add_missing(connection, workspace, named, 5) == 0
            assert personas.find(connection, workspace, "maya-7").persona == MAYA
            assert personas.find(connection, workspace, "gone") == gone
            assert personas.find(connection, workspace, "17850").persona.origin == "imported"


class TestPriors:
    def test_who_states_something_new_waits_for_the_encoder(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            maya = personas.add(connection, workspace, MAYA).key
            bob = personas.add(connection, workspace, Persona("Bob")).key
            waiting = personas.without_prior(connection, workspace, 10)
            assert [(row.key, row.text) for row in waiting] == [(maya, MAYA.prior_text), (bob, "")]
            vector = np.array([0.6, 0.8])
            personas.save_priors(connection, workspace, {maya: (vector, waiting[0].hash), bob: (None, waiting[1].hash)})
            assert personas.without_prior(connection, workspace, 10) == []
            priors = connection.scalars(select(persona_table.c.prior).order_by(persona_table.c.key)).all()
            personas.update(connection, workspace, "maya-7", Persona("Maya", "Now by day."))
            personas.update(connection, workspace, "bob", Persona("Robert"))
            assert [row.text for row in personas.without_prior(connection, workspace, 10)] == ["Now by day."]
        assert np.frombuffer(priors[0], dtype="<f4").tolist() == pytest.approx([0.6, 0.8])
        assert priors[1] is None

    def test_another_workspaces_persona_gets_none(self, database: Database, workspace: int, other: int) -> None:
        with database.write() as connection:
            key = personas.add(connection, workspace, MAYA).key
            personas.save_priors(connection, other, {key: (np.ones(1), b"x")})
            assert len(personas.without_prior(connection, workspace, 10)) == 1
