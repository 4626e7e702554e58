"""The figures as one table: what was measured, beside what was aimed at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line: a name, where its figure is found, how it is written, and the target, if any, that it must meet."""

    name: str
    figure: Callable[[Mapping[str, Any]], Any]
    unit: str
    target: str = ""
    meets: Callable[[float], bool] | None = None


def at_most(limit: float) -> Callable[[float], bool]:
    """Return a test for figures that must not be larger than `limit`."""
    return lambda value: value <= limit


def at_least(limit: float) -> Callable[[float], bool]:
    """Return a test for figures that must not be smaller than `limit`."""
    return lambda value: value >= limit


PER_SIZE = (
    Line("recommend, p50", lambda f: f["recommend"]["recommend"]["p50"], "ms", "≤ 30", at_most(30)),
    Line("recommend, p95", lambda f: f["recommend"]["recommend"]["p95"], "ms", "≤ 60", at_most(60)),
    Line("  of it Chroma's own query, p50", lambda f: f["recommend"]["index"]["p50"], "ms"),
    Line("  of it Chroma's own query, p95", lambda f: f["recommend"]["index"]["p95"], "ms"),
    Line("  vector searches in that query", lambda f: f["recommend"]["vector_searches"], "1"),
    Line("  candidates ranked", lambda f: f["recommend"]["candidates"], "0"),
    Line("recommend with a 5 % filter, p50", lambda f: f["recommend"]["filtered"]["p50"], "ms"),
    Line("recommend with a 5 % filter, p95", lambda f: f["recommend"]["filtered"]["p95"], "ms", "≤ 80", at_most(80)),
    Line(
        "record a like, all learning included, p95",
        lambda f: f["recommend"]["recording"]["p95"],
        "ms",
        "≤ 30",
        at_most(30),
    ),
    Line("ask by meaning and words, p50", lambda f: f["recommend"]["ask"]["p50"], "ms"),
    Line("ask by meaning and words, p95", lambda f: f["recommend"]["ask"]["p95"], "ms", "≤ 120", at_most(120)),
    Line(
        "suggestions, worked out anew, p95", lambda f: f["recommend"]["suggestions"]["p95"], "ms", "≤ 50", at_most(50)
    ),
    Line("first question of a process", lambda f: f["recommend"]["first_question"] / 1000, "s"),
    Line("record a like, then recommend, p50", lambda f: f["recommend"]["feedback"]["p50"], "ms"),
    Line("first recommendation of a process", lambda f: f["recommend"]["first"] / 1000, "s"),
    Line("re-score held evidence, p50", lambda f: f["recommend"]["rescore"]["p50"], "ms", "≤ 3", at_most(3)),
    Line("  candidates re-scored", lambda f: f["recommend"]["rescored_candidates"], "0"),
    Line(
        "recall, mean of the worst kind of search",
        lambda f: f["recommend"]["recall"]["least_mean"],
        "4",
        "≥ .99",
        at_least(0.99),
    ),
    Line("  worst single search", lambda f: f["recommend"]["recall"]["least"], "4"),
    Line("peak memory of a process that recommends", lambda f: f["recommend"]["memory"], "MB"),
    Line("fit co-engagement in the background", lambda f: f["fitting"]["seconds"], "s", "≤ 90", at_most(90)),
    Line("  items linked", lambda f: f["fitting"]["items"], "0"),
    Line("  peak memory of that process", lambda f: f["fitting"]["memory"], "MB", "≤ 4,096", at_most(4096)),
    Line("  another thread meanwhile waits, p95", lambda f: f["fitting"]["waits"]["p95"], "ms"),
    Line("  another thread meanwhile waits, longest", lambda f: f["fitting"]["waits"]["longest"], "ms"),
    Line("  recommend meanwhile, p50", lambda f: f["fitting"]["meanwhile"]["p50"], "ms"),
    Line("  recommend meanwhile, p95", lambda f: f["fitting"]["meanwhile"]["p95"], "ms"),
    Line("recommend with co-engagement, p50", lambda f: f["fitting"]["lists"]["p50"], "ms"),
    Line("start of the app to Home, p50", lambda f: f["startup"]["home"]["p50"], "s", "≤ 3", at_most(3)),
    Line("  from there to the first list, p50", lambda f: f["startup"]["list"]["p50"], "s"),
    Line("peak memory of the app", lambda f: f["startup"]["memory"], "MB"),
    Line("slider to changed rows in Chromium, p50", lambda f: f["slider"]["rows"]["p50"], "ms", "≤ 350", at_most(350)),
    Line("  of it ours, p50", lambda f: f["slider"]["ours"]["p50"], "ms", "≤ 50", at_most(50)),
    Line("import of all items, stand-in encoder", lambda f: f["build"]["seconds"]["items"], "s"),
    Line("import of all interactions", lambda f: f["build"]["seconds"]["interactions"], "s"),
)


def _import_lines(words: str, limit: float) -> tuple[Line, ...]:
    return (
        Line(f"import, {words}-word texts", lambda f: f[words]["import"], "per s"),
        Line(f"bare encoder, {words}-word texts", lambda f: f[words]["bare"], "per s"),
        Line("  import ÷ bare encoder", lambda f: f[words]["ratio"], "2", f"≥ {limit:.2f}", at_least(limit)),
        Line("  the same by processor time", lambda f: f[words]["cpu_ratio"], "2"),
    )


IMPORTING = (
    *_import_lines("80", 0.90),
    *_import_lines("12", 0.75),
    Line("peak memory, encoder included", lambda f: f["memory"], "MB"),
)


def written(value: float, unit: str) -> str:
    """Return a figure as text: a digit as `unit` stands for that many decimals and no unit."""
    if unit.isdigit():
        return f"{value:,.{unit}f}"
    decimals = {"ms": 1, "s": 2, "MB": 0, "per s": 0}[unit]
    return f"{value:,.{decimals}f} {unit}"


def table(figures: Mapping[str, Any]) -> str:
    """Return every figure that was measured, one line each."""
    sizes: Mapping[str, Any] = figures["sizes"]
    machine = figures["machine"]
    lines = [f"{machine['cores']} cores · Python {machine['python']} · {machine['system']}", ""]
    lines += _block(["items", *sizes], [_cells(line, list(sizes.values())) for line in (*PER_SIZE, growth(sizes))])
    if "importing" in figures:
        lines += ["", *_block(["importing", ""], [_cells(line, [figures["importing"]]) for line in IMPORTING])]
    return "\n".join(lines)


def growth(sizes: Mapping[str, Any]) -> Line:
    """Return the line that compares the largest size with the smallest."""
    smallest = next(iter(sizes.values()))

    def times(figures: Mapping[str, Any]) -> float:
        return float(figures["recommend"]["recommend"]["p50"] / smallest["recommend"]["recommend"]["p50"])

    return Line("recommend, times the smallest, p50", times, "2", "≤ 2", at_most(2))


def _cells(line: Line, columns: list[Mapping[str, Any]]) -> list[str] | None:
    cells = [line.name, line.target]
    for column in columns:
        try:
            value = line.figure(column)
        except KeyError:
            return None  # this part was not measured
        missed = line.meets is not None and not line.meets(value)
        cells.append(written(value, line.unit) + (" ✗" if missed else "  "))
    return cells


def _block(head: list[str], rows: list[list[str] | None]) -> list[str]:
    body = [[head[0], "target", *head[1:]], *(row for row in rows if row)]
    widths = [max(len(row[column]) for row in body) for column in range(len(body[0]))]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in body
    ]
