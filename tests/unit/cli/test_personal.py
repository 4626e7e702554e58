"""Everything held about a persona, handed out and erased on the command line."""

import json
from pathlib import Path

from tastebench import Persona, Workbench
from tests.doubles import HashingEncoder
from tests.unit.cli.conftest import Run


def test_everything_is_printed_as_json(loaded: Run) -> None:
    result = loaded("export-persona", "maya")
    record = json.loads(result.stdout)
    assert (record["persona_id"], record["workspace"]) == ("maya", "films")
    assert [row["target"] for row in record["held"]["interactions"]] == ["klute"]


def test_or_written_to_a_file_that_is_overwritten_only_on_request(loaded: Run, tmp_path: Path) -> None:
    result = loaded("export-persona", "maya", tmp_path / "maya.json", "--workspace", "films")
    assert result.stdout.startswith(f"Everything we hold about maya is in {tmp_path / 'maya.json'} (")
    assert json.loads((tmp_path / "maya.json").read_text(encoding="utf-8"))["persona_id"] == "maya"
    assert loaded("export-persona", "maya", tmp_path / "maya.json").exit_code == 1
    assert loaded("export-persona", "maya", tmp_path / "maya.json", "--force").exit_code == 0


def test_erasing_says_what_went(loaded: Run) -> None:
    result = loaded("erase", "maya", "--yes")
    assert result.exit_code == 0
    assert result.stdout.startswith("Erased 'maya'. Rows: ")
    assert all(part in result.stdout for part in ("personas 1", "interactions 1", "persona versions 1"))
    assert loaded("workspaces").stdout == "films: 3 items, 1 personas, 1 interactions\n"
    again = loaded("erase", "maya", "--yes")
    assert (again.exit_code, again.stderr) == (
        1, "There is no persona 'maya'. There are, among others: ada.\n"
    )  # fmt: skip


def test_an_id_goes_before_a_name(loaded: Run, folder: Path) -> None:
    with Workbench.open(folder, encoder=HashingEncoder()) as bench:
        films = bench.workspace("films")
        films.delete_persona("maya")
        assert films.add_persona(Persona("Maya")) == "maya-2"
    assert json.loads(loaded("export-persona", "maya").stdout)["persona_id"] == "maya"
    assert loaded("erase", "maya", "--yes").stdout.startswith("Erased 'maya'. ")
    assert json.loads(loaded("export-persona", "Maya").stdout)["persona_id"] == "maya-2"


def test_without_a_yes_nothing_is_erased(loaded: Run) -> None:
    result = loaded("erase", "maya")
    assert result.exit_code == 1
    assert "for good?" in result.stderr
    assert loaded("workspaces").stdout == "films: 3 items, 2 personas, 2 interactions\n"
