"""Pages stay thin: they import Streamlit, the three upper rooms of the house, and Python itself."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
ALLOWED = ("streamlit", "tastebench.ui", "tastebench.services", "tastebench.domain")
LINES = 120


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_imports_only_what_pages_may(path: Path) -> None:
    rooms = [name for name in imported(path) if name.partition(".")[0] not in sys.stdlib_module_names]
    strangers = [name for name in rooms if not any(f"{name}.".startswith(f"{room}.") for room in ALLOWED)]
    assert not strangers


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_starts_with_the_one_call_that_all_pages_share(path: Path) -> None:
    assert "page(" in path.read_text("utf-8")
