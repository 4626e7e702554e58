"""Simulating on the command line."""

from tests.unit.cli.conftest import Run


def test_people_are_added_and_counted(loaded: Run) -> None:
    result = loaded("simulate", "--people", "3", "--seed", "4")
    assert result.exit_code == 0
    assert result.stdout.startswith("Simulated 3 people with ")
    assert loaded("workspaces").stdout.startswith("films: 3 items, 5 personas, ")
    again = loaded("simulate", "--people", "3", "--seed", "4")
    assert (again.exit_code, again.stderr.splitlines()[-1]) == (
        1, "People of seed 4 are here already. Choose another seed."
    )  # fmt: skip


def test_one_persona_is_given_a_history(loaded: Run) -> None:
    result = loaded("simulate", "--persona", "Maya", "--days", "7")
    assert result.exit_code == 0
    assert result.stdout.startswith("Maya: ")
    assert result.stdout.endswith(" simulated interactions over 7 days.\n")
    assert loaded("workspaces").stdout.startswith("films: 3 items, 2 personas, ")
