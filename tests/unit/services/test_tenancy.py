"""Law 7: no operation in one workspace reads or changes anything of another."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tastebench import Interaction, Item, Persona, ScoringProfile, Workbench, Workspace
from tests.doubles import HashingEncoder

MOMENT = datetime.now(UTC) + timedelta(hours=1)
"""After all that happens here, and the same for every list: what is learned fades by the second."""
OPERATIONS = (
    "item", "like", "dislike", "delete item", "persona", "profile", "unavailable", "undo", "choose", "correct",
)  # fmt: skip


def state(workspace: Workspace) -> tuple[object, ...]:
    """Everything that can be read of a workspace."""
    people = workspace.persona_names()
    lists = [workspace.recommend(person, now=MOMENT).decision() for person in people]
    answers = [workspace.ask(person, "title g1 of", now=MOMENT).personal.decision() for person in people]
    learned = [(workspace.preferences(person, MOMENT), workspace.preference_edits(person)) for person in people]
    return (
        learned, workspace.items(), people, workspace.interactions(), workspace.profiles(), workspace.tags(), lists,
        answers, [workspace.similar(item.item_id) for item in workspace.items().items], workspace.imports(),
    )  # fmt: skip


def operate(workspace: Workspace, operation: str, n: int) -> None:
    item = f"i{n % 3}"
    if operation == "item":
        workspace.save_item(Item(item, f"Title {n} of {workspace.name}", facets={"genres": (f"g{n % 2}",)}))
    elif operation in {"like", "dislike"} and workspace.items().items:
        workspace.add_interactions("p", [Interaction(workspace.items().items[0].item_id, operation)])
    elif operation == "delete item" and workspace.items().items:
        workspace.delete_item(workspace.items().items[0].item_id)
    elif operation == "persona":
        workspace.add_persona(Persona(f"P{n}", interests={"genres": [f"g{n % 2}"]}))
    elif operation == "profile":
        workspace.save_profile(ScoringProfile(name="Mine", weights={"similarity": n + 1}))
    elif operation == "unavailable" and workspace.items().items:
        workspace.set_available(workspace.items().items[0].item_id, False)
    elif operation == "choose":
        workspace.choose("p", "presentation", "chart", f"c{n % 2}")
    elif operation == "correct":
        workspace.correct("p", "taste", "genres", f"g{n % 2}", n / 10)
    elif operation == "undo" and workspace.interactions().rows:
        workspace.delete_interactions([workspace.interactions().rows[0].key])


def test_nothing_crosses(tmp_path: Path) -> None:
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        spaces = {name: bench.workspace(name, create=True) for name in ("a", "b")}
        for space in spaces.values():
            space.add_persona(Persona("P", persona_id="p"))
            operate(space, "item", 0)
            space.add_interactions("p", [Interaction("i0", "view", at="2024-01-01")])  # type: ignore[arg-type]

        @settings(max_examples=25)
        @given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(OPERATIONS), st.integers(0, 9)), max_size=6))
        def operations(steps: list[tuple[str, str, int]]) -> None:
            for name, operation, n in steps:
                other = spaces["b" if name == "a" else "a"]
                before = state(other)
                operate(spaces[name], operation, n)
                assert state(other) == before

        operations()


def test_deleting_a_workspace_leaves_the_other_as_it_was_and_no_row_of_its_own(tmp_path: Path) -> None:
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        for name in ("kept", "gone"):
            space = bench.workspace(name, create=True)
            space.add_persona(Persona("P", persona_id="p"))
            space.save_item(Item("i0", f"Title of {name}"))
            space.add_interactions("p", [Interaction("i0", "view")])
        kept = bench.workspace("kept")
        before = kept.items(), kept.interactions()
        removed = bench.delete_workspace("gone")
        assert (removed["items"], removed["item_vectors"], removed["personas"], removed["interactions"]) == (1, 1, 1, 1)
        assert bench.workspace_names() == ["kept"]
        assert (kept.items(), kept.interactions()) == before
