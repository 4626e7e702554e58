"""What is held of a workspace follows SQL, by the smallest step that does."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastebench import Interaction, Item, Persona, Workbench, Workspace
from tastebench.domain.columns import LogColumns
from tastebench.domain.profile import TasteSettings
from tastebench.ranking import Snapshot
from tastebench.services.held import Held
from tastebench.stores import interactions, log_columns
from tests.doubles import HashingEncoder

TASTE = TasteSettings()
PEOPLE, FILMS = ("maya", "noor"), ("klute", "heat", "totoro")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(PEOPLE), st.sampled_from(FILMS), st.sampled_from(["view", "like"])),
        st.tuples(st.just("follow"), st.sampled_from(PEOPLE)),
        st.tuples(st.sampled_from(["delete", "restore"]), st.sets(st.integers(0, 9), min_size=1, max_size=3)),
        st.just(("look",)),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """One bench for all examples; each has a workspace of its own."""
    with Workbench.open(tmp_path_factory.mktemp("held"), encoder=HashingEncoder()) as bench:
        yield bench


def assert_as_read_afresh(space: Workspace) -> None:
    parts = space._parts
    mine, fresh = space._snapshot(), Held(space.key, parts.database, parts.encoder, None, parts.links).snapshot()
    for column in fields(LogColumns):
        if column.name != "said":
            np.testing.assert_array_equal(getattr(mine.log, column.name), getattr(fresh.log, column.name))
    assert mine.item_rows.tolist() == fresh.item_rows.tolist()
    assert mine.like_counts.tolist() == fresh.like_counts.tolist()
    np.testing.assert_allclose(mine.history(TASTE).sums, fresh.history(TASTE).sums, rtol=0, atol=1e-12)
    assert mine.history(TASTE).known.tolist() == fresh.history(TASTE).known.tolist()


@settings(max_examples=12)
@given(steps=STEPS)
def test_what_is_held_equals_what_is_read_afresh(shared: Workbench, steps: list[tuple[object, ...]]) -> None:
    space = shared.workspace(f"w{len(shared.workspaces())}", create=True)
    for film in FILMS:
        space.save_item(Item(film, film))
    for name in PEOPLE:
        space.add_persona(Persona(name, persona_id=name))
    assert_as_read_afresh(space)  # so that there is something to bring up to date
    recorded: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        for step in [*steps, ("look",)]:
            match step:
                case ("add", who, what, action):
                    recorded += space.add_interactions(who, [Interaction(what, action)])
                case ("follow", who):
                    recorded += space.add_interactions(who, [Interaction("Pakula", "follow", target_kind="creator")])
                case ("delete" | "restore" as deed, places):
                    work = space.delete_interactions if deed == "delete" else space.restore_interactions
                    work([recorded[place] for place in places if place < len(recorded)])
                case _:
                    patch.setattr(log_columns, "load_log", None)  # nothing so small has the log read again …
                    space._snapshot()
                    patch.undo()
                    assert_as_read_afresh(space)


def test_an_undo_elsewhere_has_the_log_read_again(films: Workspace, bench: Workbench) -> None:
    films.add_persona(Persona("Maya", persona_id="maya"))
    keys = films.add_interactions("maya", [Interaction("klute", "like"), Interaction("heat", "like")])
    assert len(films._snapshot().log) == 2
    with bench._parts.database.write() as connection:
        interactions.delete(connection, films.key, keys[:1])  # noted nowhere, as another process would
    assert films._snapshot().log.keys.tolist() == keys[1:]
    films.restore_interactions(keys[:1])
    assert_as_read_afresh(films)


def test_deeds_that_fail_change_nothing(films: Workspace) -> None:
    films.add_persona(Persona("Maya", persona_id="maya"))
    keys = films.add_interactions("maya", [Interaction("klute", "like")])
    before: Snapshot = films._snapshot()
    with pytest.raises(LookupError):
        films.delete_interactions([*keys, 10**9])
    assert films._snapshot() is before
    assert films.restore_interactions(keys) == 0
    assert films._snapshot() is before
