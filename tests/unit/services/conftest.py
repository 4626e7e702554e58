"""A real Workbench on a temporary folder, with an encoder that needs no model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tastebench import Workbench, Workspace
from tests.doubles import HashingEncoder

FILMS = (
    '{"id": "klute", "title": "Klute", "genres": ["crime", "mystery"], "creator": "Pakula", "year": 1971}\n'
    '{"id": "parallax", "title": "The Parallax View", "genres": ["thriller"], "creator": "Pakula", "year": 1974}\n'
    '{"id": "heat", "title": "Heat", "genres": ["crime"], "creator": "Mann", "year": 1995}\n'
    '{"id": "totoro", "title": "Totoro", "genres": ["family"], "creator": "Miyazaki", "year": 1988}\n'
)


@pytest.fixture
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def bench(tmp_path: Path, encoder: HashingEncoder) -> Iterator[Workbench]:
    with Workbench.open(tmp_path / "data", encoder=encoder) as opened:
        yield opened


@pytest.fixture
def films(bench: Workbench, tmp_path: Path) -> Workspace:
    path = tmp_path / "films.jsonl"
    path.write_text(FILMS, encoding="utf-8")
    workspace = bench.workspace("films", create=True)
    workspace.import_items(path)
    return workspace
