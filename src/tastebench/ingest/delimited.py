"""Delimited text (CSV, TSV, semicolons, pipes) to rows, losing no more than the lines that are broken."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from tastebench.domain.errors import UnreadableFile
from tastebench.domain.reports import Rejection
from tastebench.ingest.encoding import DAMAGE
from tastebench.ingest.lines import Lines, LineTooLong
from tastebench.ingest.rows import Limits, RawRow, checked_columns, shown

_Record: TypeAlias = tuple[int, list[str]] | Rejection

_DELIMITERS = ",\t;|"
_SAMPLE_LINES = 20
_SEPARATOR_LINE = re.compile(r"sep=([,;|\t:~^])\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")

_NEVER_CLOSED = "A quote is opened here and never closed."
_AFTER_QUOTE = "Text follows a closing quote; quotes inside quoted text must be doubled."


def delimited_rows(
    lines: Lines, source: str, limits: Limits, *, tabs: bool = False, damaged: bool = False
) -> tuple[tuple[str, ...], Iterator[RawRow | Rejection]]:
    """Return the header's columns ("" where unnamed) and an iterator over the rows below it.

    Parameters
    ----------
    tabs : bool
        The file's name says that tabs separate: they win a tie.
    damaged : bool
        Reject rows with characters that stand for undecodable bytes.

    Raises
    ------
    UnreadableFile
        Where there is no usable header.
    """
    delimiter = _delimiter(lines, tabs=tabs)
    records = _records(lines, delimiter, limits)
    columns = checked_columns(_header(records, source), source, limits)
    _refuse_data_as_header(columns, source)
    return columns, _rows(records, columns, damaged=damaged)


def _delimiter(lines: Lines, *, tabs: bool) -> str:
    """Return what separates: what gives the header most columns and is kept up by the rows below it."""
    sample = list(lines.peek(_SAMPLE_LINES))
    declared = _SEPARATOR_LINE.fullmatch(sample[0]) if sample else None
    if declared:  # Excel's own first line
        next(lines)
        lines.settle()
        return declared[1]
    order = "\t,;|" if tabs else _DELIMITERS
    return max(order, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: Sequence[str], delimiter: str) -> float:
    try:
        records = [cells for cells in csv.reader(sample, delimiter=delimiter, skipinitialspace=True) if any(cells)]
    except csv.Error:
        return 0.0
    width = len(records[0]) if records else 0
    return width * sum(len(cells) == width for cells in records) / len(records) if width > 1 else 0.0


def _records(lines: Lines, delimiter: str, limits: Limits) -> Iterator[_Record]:
    """Yield first line and cells of each record; after a broken one go on with the line below its first."""
    while True:
        reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        try:
            for cells in reader:
                yield lines.settle(), cells
        except LineTooLong:
            number, start = lines.retreat()
            too_long = f"The line is longer than {limits.line_characters:,} characters."
            yield Rejection(number, "", _NEVER_CLOSED if start else too_long)
        except csv.Error as error:
            last = lines.number
            number, start = lines.retreat()
            # Files with tabs seldom quote: their quotes are text.
            literal = (number, start.rstrip("\r\n").split(delimiter))
            yield literal if delimiter == "\t" else Rejection(number, "", _fault(str(error), in_line=last == number))
        else:
            return


def _fault(message: str, *, in_line: bool) -> str:
    if "field larger" in message:
        return f"A value is longer than {csv.field_size_limit():,} characters, or a quote is never closed."
    if "unexpected end" in message or not in_line:
        return _NEVER_CLOSED
    return _AFTER_QUOTE if "expected after" in message else f"The line cannot be taken apart: {message}."


def _header(records: Iterator[_Record], source: str) -> list[str]:
    for record in records:
        if isinstance(record, Rejection):
            raise UnreadableFile(
                f"The header of {source} (line {record.row}) cannot be read. {record.reason}",
                "Correct its first line: column names, separated by commas.",
            )
        cells = record[1]
        if any(cell.strip() for cell in cells):
            return _text_header(cells, source)
    raise UnreadableFile(f"{source} holds only blank lines.", "Choose a file with column names and some rows.")


def _text_header(cells: list[str], source: str) -> list[str]:
    if DAMAGE.search("".join(cells)):
        raise UnreadableFile(
            f"The header of {source} holds bytes that are no text.", "Save the file as UTF-8 and import it again."
        )
    return cells


def _refuse_data_as_header(columns: tuple[str, ...], source: str) -> None:
    numbers = sum(_NUMBER.fullmatch(name) is not None for name in columns)
    if _NUMBER.fullmatch(columns[0]) or 2 * numbers >= len(columns):
        raise UnreadableFile(
            f"{source} seems to lack its header: its first line is {shown(', '.join(columns))}.",
            "Add a first line with the names of the columns.",
        )


def _rows(records: Iterator[_Record], columns: tuple[str, ...], *, damaged: bool) -> Iterator[RawRow | Rejection]:
    for record in records:
        row = record if isinstance(record, Rejection) else _row(*record, columns, damaged)
        if row is not None:
            yield row


def _row(number: int, cells: list[str], columns: tuple[str, ...], damaged: bool) -> RawRow | Rejection | None:
    """Return the row, its rejection where it is ragged or damaged, None where it is blank."""
    if not any(cells):
        return None
    if len(cells) != len(columns):
        if not any(cell.strip() for cell in cells):
            return None
        fitted = _fitted(cells, columns)
        if fitted is None:
            return Rejection(number, "", _ragged(cells, columns))
        cells = fitted
    if damaged:
        for name, cell in zip(columns, cells, strict=True):
            if DAMAGE.search(cell):
                return Rejection(number, name, "The value holds bytes that are not text in the file's encoding.")
    values: dict[str, object] = dict(zip(columns, cells, strict=True))
    values.pop("", None)
    return RawRow(number, values)


def _fitted(cells: list[str], columns: tuple[str, ...]) -> list[str] | None:
    """Return as many cells as columns where only separators at the line's end are too many or too few."""
    least = max(place for place, name in enumerate(columns, start=1) if name)
    if len(cells) < least or any(cell.strip() for cell in cells[len(columns) :]):
        return None
    return (cells + [""] * len(columns))[: len(columns)]


def _ragged(cells: list[str], columns: tuple[str, ...]) -> str:
    values = "1 value" if len(cells) == 1 else f"{len(cells):,} values"
    return f"The row has {values} where the header has {len(columns):,} columns."
