"""The command line run in this process, on a folder of its own, with an encoder that needs no model."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tastebench.cli.main import app
from tests.doubles import HashingEncoder

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("tastebench.models.encoder.SentenceTransformerEncoder", lambda **_: HashingEncoder())
    monkeypatch.setenv("TASTEBENCH_OLLAMA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("TASTEBENCH_DATA", str(folder))

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(one) for one in arguments])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def items(tmp_path: Path) -> Path:
    path = tmp_path / "items.csv"
    path.write_text(
        "id,title,genres\nklute,Klute,crime|mystery\nheat,Heat,crime\n,Nobody,crime\ntotoro,Totoro,family\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text("user,item,action,time\nmaya,klute,like,2026-02-01\nada,totoro,like,2026-02-02\n", encoding="utf-8")
    return path


@pytest.fixture
def loaded(run: Run, items: Path, events: Path) -> Run:
    """The same, with a small workspace ``films`` in the folder."""
    assert run("import", "items", items, "-w", "films").exit_code == 0
    assert run("import", "interactions", events, "--workspace", "films").exit_code == 0
    return run
