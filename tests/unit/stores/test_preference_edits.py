"""What was said of preferences by name: kept, undone, read into columns."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Connection

from tastebench.domain.errors import NotFound
from tastebench.domain.interaction import Interaction
from tastebench.domain.moments import to_micros
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import PreferenceName
from tastebench.stores import interactions, personas, preference_edits, statements, workspaces
from tastebench.stores.database import Database
from tastebench.stores.interactions import EventRow
from tests.unit.stores.filling import AT

NOIR = PreferenceName("taste", "genres", "noir")
CHART = PreferenceName("presentation", "chart", "bar")
DAY = timedelta(days=1)


def person(connection: Connection, workspace: int, name: str) -> int:
    return personas.add(connection, workspace, Persona(name)).key


def choose(connection: Connection, workspace: int, persona: int, name: PreferenceName, **more: object) -> list[int]:
    row = Interaction(str(name), "choose", AT, target_kind="preference", **more)
    return interactions.append(connection, workspace, [EventRow(persona, row)]).keys


def revision(connection: Connection, workspace: int) -> int:
    return workspaces.by_key(connection, workspace).log_revision


def test_edits_stand_in_the_order_in_which_they_were_made(database: Database, workspace: int) -> None:
    with database.write() as connection:
        ada, before = person(connection, workspace, "Ada"), revision(connection, workspace)
        preference_edits.add(connection, workspace, ada, "correct", NOIR, 0.7, AT)
        preference_edits.add(connection, workspace, ada, "forget", NOIR, 0.0, AT - DAY)
        assert revision(connection, workspace) == before + 2
        edits = preference_edits.of_persona(connection, workspace, ada)
    assert [(edit.kind, edit.name, edit.confidence, edit.at) for edit in edits] == [
        ("correct", NOIR, 0.7, AT),
        ("forget", NOIR, 0.0, AT - DAY),
    ]


def test_an_edit_is_undone_and_holds_again(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        ada = person(connection, workspace, "Ada")
        key = preference_edits.add(connection, workspace, ada, "pin", NOIR, 0.4, AT)
        assert preference_edits.delete(connection, workspace, [key]) == 1
        assert preference_edits.delete(connection, workspace, [key]) == 0
        assert preference_edits.of_persona(connection, workspace, ada) == []
        assert preference_edits.restore(connection, workspace, [key]) == 1
        assert len(preference_edits.of_persona(connection, workspace, ada)) == 1
        for unknown, where in ((key + 1, workspace), (key, other)):
            with pytest.raises(NotFound, match=f"no edit {unknown}"):
                preference_edits.delete(connection, where, [unknown])
        with pytest.raises(NotFound, match="no persona"):
            preference_edits.add(connection, other, ada, "pin", NOIR, 0.4, AT)


def test_statements_are_choices_then_edits(database: Database, workspace: int, other: int) -> None:
    with database.write() as connection:
        ada, bo = person(connection, workspace, "Ada"), person(connection, workspace, "Bo")
        preference_edits.add(connection, workspace, bo, "pin", NOIR, 0.4, AT + DAY)
        choose(connection, workspace, ada, CHART)
        choose(connection, workspace, ada, NOIR, weight=-0.5)
        comment = Interaction("c7", "like", AT, target_kind="comment")
        follow = Interaction("Pakula", "follow", AT, target_kind="creator")
        interactions.append(connection, workspace, [EventRow(ada, comment), EventRow(ada, follow)])
        choose(connection, other, person(connection, other, "Cy"), CHART)
        said = statements.load(connection, workspace).said
    assert said.personas.tolist() == [ada, ada, bo]
    assert said.at.tolist() == [to_micros(AT), to_micros(AT), to_micros(AT + DAY)]
    assert (said.actions, said.names) == (("choose", "choose", "pin"), (CHART, NOIR, NOIR))
    np.testing.assert_array_equal(said.amounts, [np.nan, -0.5, 0.4])
    assert said.edits.tolist() == [False, False, True]


def test_what_is_held_is_read_again_only_where_something_was_said(database: Database, workspace: int) -> None:
    with database.write() as connection:
        ada = person(connection, workspace, "Ada")
        first = statements.load(connection, workspace)
        interactions.append(connection, workspace, [EventRow(ada, Interaction("a", "like", AT))])
        assert statements.load(connection, workspace, first) is first
        keys = choose(connection, workspace, ada, NOIR)
        chosen = statements.load(connection, workspace, first)
        edit = preference_edits.add(connection, workspace, ada, "pin", NOIR, 0.4, AT)
        pinned = statements.load(connection, workspace, chosen)
        assert pinned.choices is chosen.choices
        assert [len(one.said) for one in (first, chosen, pinned)] == [0, 1, 2]
        interactions.delete(connection, workspace, keys)
        assert statements.load(connection, workspace, pinned).said.actions == ("pin",)
        interactions.restore(connection, workspace, keys)
        preference_edits.delete(connection, workspace, [edit])
        assert statements.load(connection, workspace, pinned).said.actions == ("choose",)


def test_a_deleted_persona_says_nothing(database: Database, workspace: int) -> None:
    with database.write() as connection:
        ada = person(connection, workspace, "Ada")
        choose(connection, workspace, ada, NOIR)
        preference_edits.add(connection, workspace, ada, "pin", NOIR, 0.4, AT)
        held = statements.load(connection, workspace)
        personas.delete(connection, workspace, ["ada"])
        gone = statements.load(connection, workspace, held)
        personas.restore(connection, workspace, ["ada"])
        back = statements.load(connection, workspace, gone)
    assert (len(held.said), len(gone.said), len(back.said)) == (2, 0, 2)


def test_the_line_of_the_last_recomputation(database: Database, workspace: int) -> None:
    with database.write() as connection:
        ada = person(connection, workspace, "Ada")
        assert statements.learned_until(connection, workspace) is None
        statements.note_recomputation(connection, workspace)
        assert statements.learned_until(connection, workspace) == 0
        keys = choose(connection, workspace, ada, NOIR)
        statements.note_recomputation(connection, workspace)
        assert statements.learned_until(connection, workspace) == keys[0]
