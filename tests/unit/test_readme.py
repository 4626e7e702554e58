"""The README names what there is: every setting, every command, every verb of the Makefile it mentions."""

import re
from pathlib import Path

import pytest

from tastebench.cli.main import app
from tastebench.services.settings import Settings
from tests.unit.test_architecture import PROJECT

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
GROUPS = {group.name for group in app.registered_groups}


def test_it_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"TASTEBENCH_[A-Z_]+", README))
    assert named == {f"TASTEBENCH_{name.upper()}" for name in Settings.model_fields}


def test_it_names_every_command_and_no_other() -> None:
    section = README.split("## Command line")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([\w-]+)|, `([\w-]+)`", section, flags=re.MULTILINE))
    words = {word for pair in named for word in pair if word}
    assert words & (COMMANDS | GROUPS) == COMMANDS | GROUPS
    assert words - COMMANDS - GROUPS <= {"interactions", "personas"}  # further kinds of import


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"(?:`|^)make ([a-z-]+)", README, flags=re.MULTILINE))))
def test_every_verb_it_mentions_is_in_the_makefile(verb: str) -> None:
    assert re.search(rf"^{verb}:", (PROJECT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_it_links_is_there(page: Path) -> None:
    linked = re.findall(r"\]\(((?!https?:|#)[^)#]+)", page.read_text(encoding="utf-8"))
    assert [path for path in linked if not (page.parent / path).exists()] == []


def test_the_readme_leads_to_every_page() -> None:
    assert [page.name for page in PAGES[1:] if f"(docs/{page.name})" not in README] == []


def test_its_pictures_are_taken_by_the_test_run() -> None:
    taken = (PROJECT / "tests" / "e2e" / "test_screenshots.py").read_text(encoding="utf-8")
    for name in re.findall(r"docs/screenshots/([a-z]+)-[a-z]+\.png", README):
        assert f'"{name}' in taken
