"""Any supported file or data frame to a source of rows."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from tastebench.domain.errors import InvalidInput, UnreadableFile
from tastebench.domain.reports import Rejection
from tastebench.ingest.delimited import delimited_rows
from tastebench.ingest.encoding import Survey, survey
from tastebench.ingest.jsonlines import array_rows, is_array, line_rows, looks_like_json
from tastebench.ingest.lines import Lines
from tastebench.ingest.opening import Opened, open_file, reading
from tastebench.ingest.rows import LIMITS, Limits, RawRow, RowSource
from tastebench.ingest.tables import PARQUET, frame_source, parquet_source

_Table: TypeAlias = tuple[tuple[str, ...], Iterator[RawRow | Rejection], int | None]

__all__ = ["LIMITS", "Limits", "RawRow", "RowSource", "open_rows"]


def open_rows(source: str | Path | pd.DataFrame, *, limits: Limits = LIMITS) -> RowSource:
    """Return the rows of a CSV, TSV, JSON Lines or Parquet file, plain or gzipped, or of a data frame.

    What the file holds decides, not its name. All of it is read once before the first row leaves, so that a file
    that is damaged at its end gives no half import; rows that cannot be read come as rejections.

    Raises
    ------
    UnreadableFile
        Where the file as a whole cannot be read: missing, a folder, empty, binary, cut off, a decompression bomb,
        without header or rows, with doubled columns. The sentence names the file and a next step.
    InvalidInput
        Where `source` is neither a path nor a data frame.
    """
    if isinstance(source, pd.DataFrame):
        return frame_source(source, limits)
    if not isinstance(source, (str, Path)):
        raise InvalidInput(
            f"a {type(source).__name__} cannot be imported.", "Give the path of a file, or a pandas DataFrame."
        )
    path = Path(source)
    opened = open_file(path)
    try:
        return parquet_source(opened, limits) if opened.head(4) == PARQUET else _text_source(opened, path, limits)
    except BaseException:
        opened.close()
        raise


def _text_source(opened: Opened, path: Path, limits: Limits) -> RowSource:
    found = survey(opened, limits)
    suffixes = {suffix.lower() for suffix in path.suffixes}
    notes = list(found.notes)
    named_json = bool(suffixes & {".json", ".jsonl", ".ndjson"})
    with reading(opened.name):
        if looks_like_json(found.head, named_json=named_json):
            columns, rows, total = _json(opened, found, limits, notes)
        else:
            columns, rows, total = _delimited(opened, found, limits, notes, tabs=".tsv" in suffixes)
    return RowSource(
        opened.name, columns, _closing(rows, opened), total, opened.size, notes, opened.position, opened.close
    )


def _json(opened: Opened, found: Survey, limits: Limits, notes: list[str]) -> _Table:
    text = opened.as_text(found.encoding, found.errors)
    if is_array(found.head):
        if found.damaged:
            raise UnreadableFile(f"{opened.name} holds bytes that are no text.", "Save it as UTF-8.")
        return *array_rows(text, opened.name, found.size, limits), None
    lines = Lines(text, limits.line_characters)
    return *line_rows(lines, opened.name, limits, notes, damaged=found.damaged), found.lines


def _delimited(opened: Opened, found: Survey, limits: Limits, notes: list[str], *, tabs: bool) -> _Table:
    lines = Lines(opened.as_text(found.encoding, found.errors), limits.line_characters)
    columns, rows = delimited_rows(lines, opened.name, limits, tabs=tabs, damaged=found.damaged)
    unnamed = [str(place) for place, name in enumerate(columns, start=1) if not name]
    if unnamed:
        notes.append(f"Left out columns without a name: number {', '.join(unnamed[:20])}.")
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(f"{opened.name} has a header line and no rows.", "Check the step that wrote it.")
    return tuple(filter(None, columns)), chain([first], rows), max(found.lines - 1, 1)


def _closing(rows: Iterator[RawRow | Rejection], opened: Opened) -> Iterator[RawRow | Rejection]:
    try:
        with reading(opened.name):
            yield from rows
    finally:
        opened.close()
