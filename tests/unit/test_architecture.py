"""The house as tests: who may import whom, how large things may grow, what importing costs."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import tastebench

PROJECT = Path(__file__).parent.parent.parent
SOURCE = sorted((PROJECT / "src" / "tastebench").rglob("*.py"))
MODULES = [path for path in SOURCE if "migrations" not in path.parts]
PAGES = [path for path in [PROJECT / "app.py", *sorted((PROJECT / "pages").glob("*.py"))] if path.exists()]
PAGES_MAY_IMPORT = ("streamlit", "tastebench.ui", "tastebench.services", "tastebench.domain")
HEAVY = ("chromadb", "plotly", "sentence_transformers", "sklearn", "streamlit", "torch", "transformers")


def _name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _body_lines(path: Path) -> Iterator[tuple[str, int]]:
    """Lines of each function's body, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield f"{_name(path)}:{node.name}", (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_public_surface_is_what_other_programs_rely_on() -> None:
    assert list(tastebench.__all__) == [
        "Filters",
        "Interaction",
        "Item",
        "Persona",
        "Ranking",
        "ScoredItem",
        "ScoringProfile",
        "TastebenchError",
        "Workbench",
        "Workspace",
    ]
    assert [name for name in tastebench.__all__ if not hasattr(tastebench, name)] == []


def test_imports_go_down_only() -> None:
    assert lint_imports(str(PROJECT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_page_imports_only_what_a_page_may(page: Path) -> None:
    allowed = tuple(f"{name}." for name in PAGES_MAY_IMPORT)
    strangers = [name for name in _imports(page) if not f"{name}.".startswith(allowed)]
    assert strangers == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_page_stays_thin(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 120


def test_modules_stay_small() -> None:
    assert [_name(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 250] == []


def test_functions_stay_small() -> None:
    sizes = dict(size for path in MODULES for size in _body_lines(path))
    assert {name: lines for name, lines in sizes.items() if lines > 45} == {}
    assert statistics.median(sizes.values()) <= 8
    assert statistics.quantiles(sizes.values(), n=10)[-1] <= 30


def test_importing_tastebench_loads_nothing_heavy() -> None:
    code = f"import sys, tastebench; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
