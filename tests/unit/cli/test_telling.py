"""What the terminal shows besides results: progress, help, and nothing loaded that isn't needed."""

import io
import subprocess
import sys
import time

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from tastebench.cli import telling
from tastebench.cli.telling import _Drawn, _Lines, progress_line, progress_shown
from tastebench.domain.reports import Progress


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (Progress("Embedding", 0, 10), "Embedding: 0 of 10"),
        (Progress("Embedding", 5, 10, 3.4), "Embedding: 5 of 10, 3 s left"),
        (Progress("Embedding", 5000, 10_000, 3600), "Embedding: 5,000 of 10,000, 60 min 0 s left"),
        (Progress("Embedding", 10, 10, 0.0), "Embedding: 10 of 10"),
        (Progress("Reading", 7), "Reading: 7"),
    ],
)
def test_a_line(step, line):
    assert progress_line(step) == line


def test_lines_are_few(capsys, monkeypatch):
    clock = iter([0.0, 0.5, 1.0, 2.5, 2.6, 2.7])
    monkeypatch.setattr(telling.time, "monotonic", lambda: next(clock))
    lines = _Lines()
    for done in (0, 1, 2, 3, 4, 5):
        lines.heard(Progress("Reading", done, 5))
    assert capsys.readouterr().err.splitlines() == ["Reading: 0 of 5", "Reading: 3 of 5", "Reading: 5 of 5"]


def test_each_phase_is_told_of(capsys):
    with progress_shown() as heard:
        heard(Progress("Reading", 1))
        heard(Progress("Embedding", 1, 2))
    assert capsys.readouterr().err.splitlines() == ["Reading: 1", "Embedding: 1 of 2"]


def test_a_bar_on_a_terminal():
    screen = io.StringIO()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[left]}"))
    with Bars(*columns, console=Console(file=screen, force_terminal=True, width=100)) as bars:
        drawn = _Drawn(bars)
        drawn.heard(Progress("Reading", 3))
        drawn.heard(Progress("Embedding", 1, 4, 9.0))
        drawn.heard(Progress("Embedding", 2, 4, 6.0))
    assert "2/4\x1b[0m 6 s left" in screen.getvalue()
    assert "Reading" in screen.getvalue()


def test_on_a_terminal_a_bar_is_chosen(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_shown() as heard:
        heard(Progress("Embedding", 2, 4, 6.0))
    assert "Embedding" in screen.getvalue()


def test_the_command_line_loads_nothing_heavy():
    code = "import sys, tastebench.cli.main; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "sqlalchemy", "chromadb", "torch", "rich", "httpx"} & set(found)


@pytest.mark.parametrize("module", ["tastebench", "tastebench.cli"])
def test_as_a_module(module):
    done = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "0.1.0\n"


def test_help_comes_at_once():
    fastest = min(_seconds_for_help() for _ in range(3))
    assert fastest < 2.0  # a fifth of a second on an idle machine


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "tastebench", "--data", str(tmp_path), "doctor"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": "", "TASTEBENCH_ENCODER": str(tmp_path / "none")},
    )
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    process.wait(60)
    assert b"Traceback" not in told
    assert b"Exception" not in told


def _seconds_for_help() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tastebench", "--help"], capture_output=True, check=True)
    return time.perf_counter() - started
