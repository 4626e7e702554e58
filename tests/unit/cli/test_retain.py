"""Retention on the command line."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tastebench import Interaction, Workbench
from tastebench.domain.retention import RetentionSettings
from tests.doubles import HashingEncoder
from tests.unit.cli.conftest import Run


@pytest.fixture
def old(loaded: Run, folder: Path) -> Run:
    """The folder with a like of Maya's that was recorded long ago."""
    with Workbench.open(folder, encoder=HashingEncoder()) as bench:
        films = bench.workspace("films")
        films.add_interactions("maya", [Interaction("heat", "like")])
        films.save_retention(RetentionSettings(interaction_days=90))
        with bench._parts.database.write() as connection:
            connection.execute(text("UPDATE interactions SET recorded_at = 1"))
    return loaded


def test_a_preview_says_what_would_go(old: Run) -> None:
    sentence = "of the interactions recorded more than 90 days ago, 1 (1 authored) of 1 personas would be removed."
    assert old("retain", "--preview").stdout == f"films: {sentence}\n"
    assert old("workspaces").stdout == "films: 3 items, 2 personas, 3 interactions\n"


def test_what_is_too_old_goes(old: Run) -> None:
    told = "films: 1 interactions and 0 turns of conversations removed, 1 preferences kept in their place.\n"
    assert old("retain", "--workspace", "films").stdout == told
    assert old("workspaces").stdout == "films: 3 items, 2 personas, 2 interactions\n"
    assert old("retain", "--preview").stdout.endswith("90 days ago, none would be removed.\n")


def test_where_it_is_off_and_where_there_is_nothing(loaded: Run, run: Run, tmp_path: Path) -> None:
    assert loaded("retain", "--preview").stdout == "films: interactions are kept for ever.\n"
    assert loaded("retain", "-w", "nowhere").exit_code == 1
    assert run("retain", "--data", tmp_path / "empty").stdout == "There is no workspace yet.\n"
