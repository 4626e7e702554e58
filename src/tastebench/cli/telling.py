"""What is told on the terminal: errors as one sentence and a next step, progress with count and time left.

Results go to standard output; everything else goes to standard error, so that results can be piped.
"""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from tastebench.domain.errors import TastebenchError
from tastebench.domain.reports import OnProgress, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN_LINES = 2.0


@contextmanager
def errors_told() -> Iterator[None]:
    """End the process with code 1 and a sentence for whatever goes wrong within; a stop by Ctrl+C gives 130."""
    try:
        yield
    except TastebenchError as error:
        _fail(error.message, error.next_step)
    except KeyboardInterrupt:
        _fail("Stopped.", "What was acknowledged stays; the same command goes on from there.", code=130)
    except BrokenPipeError:
        # Whoever read the output has gone, as `head` does. Closing quietly keeps Python from saying so again.
        sys.stderr.close()
        raise typer.Exit(1) from None
    except (OSError, MemoryError) as error:
        _fail(f"The machine refused: {error}.", "See whether disk, memory and rights suffice (tastebench doctor).")


def _fail(message: str, next_step: str, code: int = 1) -> None:
    _log.debug("the command failed", exc_info=True)
    typer.echo(f"{message} {next_step}".strip(), err=True)
    raise typer.Exit(code) from None


@contextmanager
def progress_shown() -> Iterator[OnProgress]:
    """Yield a listener that draws a bar on a terminal, and elsewhere writes a line every two seconds."""
    if not sys.stderr.isatty():
        yield _Lines().heard
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[left]}"))
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield _Drawn(bars).heard


class _Drawn:
    """One bar per phase."""

    def __init__(self, bars: "Bars") -> None:
        self._bars = bars
        self._tasks: dict[str, int] = {}

    def heard(self, step: Progress) -> None:
        if step.phase not in self._tasks:
            self._tasks[step.phase] = self._bars.add_task(step.phase, total=step.total, left="")
        task: int = self._tasks[step.phase]
        self._bars.update(task, completed=step.done, total=step.total, left=_left(step))  # type: ignore[arg-type]


class _Lines:
    """A line where a phase begins or ends, and every two seconds in between."""

    def __init__(self) -> None:
        self._phase = ""
        self._told_at = 0.0

    def heard(self, step: Progress) -> None:
        now = time.monotonic()
        is_end = step.total is not None and step.done >= step.total
        if step.phase == self._phase and not is_end and now - self._told_at < _SECONDS_BETWEEN_LINES:
            return
        self._phase, self._told_at = step.phase, now
        typer.echo(progress_line(step), err=True)


def progress_line(step: Progress) -> str:
    """Return how far a long operation is, in one line.

    Examples
    --------
    >>> progress_line(Progress("Embedding texts", 256, 1470, 75.2))
    'Embedding texts: 256 of 1,470, 1 min 15 s left'
    >>> progress_line(Progress("Reading rows", 5000))
    'Reading rows: 5,000'
    """
    count = f"{step.done:,}" if step.total is None else f"{step.done:,} of {step.total:,}"
    return ", ".join(filter(None, (f"{step.phase}: {count}", _left(step))))


def _left(step: Progress) -> str:
    if step.seconds_left is None or (step.total is not None and step.done >= step.total):
        return ""
    minutes, seconds = divmod(round(step.seconds_left), 60)
    return f"{minutes} min {seconds} s left" if minutes else f"{seconds} s left"
