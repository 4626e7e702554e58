"""Parquet files and data frames to rows."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pandas as pd

from tastebench.domain.errors import UnreadableFile
from tastebench.domain.reports import Rejection
from tastebench.ingest.opening import CHUNK, Opened
from tastebench.ingest.rows import Limits, RawRow, RowSource, checked_columns

_BATCH = 8_192
_INDEX_COLUMN = "__index_level_"
PARQUET = b"PAR1"


def frame_source(frame: pd.DataFrame, limits: Limits) -> RowSource:
    """Return the rows of a data frame, counted from 1; a named index becomes a column.

    Raises
    ------
    UnreadableFile
        Where it has no rows, or column names that are doubled, missing or in several levels.
    """
    name = "the data frame"
    if isinstance(frame.columns, pd.MultiIndex):
        raise UnreadableFile(f"{name} has column names in several levels.", "Flatten them to one name each.")
    if any(level is not None for level in frame.index.names):
        frame = frame.reset_index()
    columns = checked_columns(frame.columns, name, limits)
    frame = frame.loc[:, [bool(column) for column in columns]]
    columns = tuple(filter(None, columns))
    if not len(frame):
        raise UnreadableFile(f"{name} has columns and no rows.", "Check the step that filled it.")
    return RowSource(name, columns, _frame_rows(frame, columns), total=len(frame))


def _frame_rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[RawRow | Rejection]:
    for start in range(0, len(frame), _BATCH):
        part = frame.iloc[start : start + _BATCH]
        values = [part.iloc[:, place].tolist() for place in range(len(columns))]
        yield from _numbered(columns, values, start + 1)


def _numbered(columns: tuple[str, ...], values: list[list[Any]], first: int) -> Iterator[RawRow]:
    for number, row in enumerate(zip(*values, strict=True), start=first):
        yield RawRow(number, dict(zip(columns, row, strict=True)))


def parquet_source(opened: Opened, limits: Limits) -> RowSource:
    """Return the rows of a Parquet file, counted from 1. All of it is decoded once before the first row leaves.

    Raises
    ------
    UnreadableFile
        Where it is cut off, corrupt, too large, empty, or its column names are doubled.
    """
    import pyarrow.parquet as pq

    unpacked = _plain(opened, limits)
    with _decoding(opened.name):
        table = pq.ParquetFile(unpacked)
        _refuse_too_large(opened.name, table, limits)
        names = checked_columns(table.schema_arrow.names, opened.name, limits)
        places = {name: place for place, name in enumerate(names) if name and not name.startswith(_INDEX_COLUMN)}
        for _ in table.iter_batches(batch_size=_BATCH):
            pass  # decoding is the check
    if not table.metadata.num_rows:
        raise UnreadableFile(f"{opened.name} has columns and no rows.", "Check the step that wrote it.")
    rows = _parquet_rows(table, places, opened)
    total = table.metadata.num_rows
    return RowSource(opened.name, tuple(places), rows, total, opened.size, [], opened.position, opened.close)


def _plain(opened: Opened, limits: Limits) -> IO[bytes]:
    """Return a seekable file of the unpacked bytes; Parquet is read from its end."""
    if not opened.packed:
        return opened.stream
    plain = tempfile.SpooledTemporaryFile(max_size=16 * CHUNK)  # noqa: SIM115 - closed with the source
    for chunk in opened.chunks(limits):
        plain.write(chunk)
    plain.seek(0)
    opened.stream.close()
    opened.stream = plain
    return plain


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeError, OverflowError) as error:
        raise UnreadableFile(
            f"{name} is a damaged Parquet file: it is cut off or corrupt.", "Download or write it again."
        ) from error


def _refuse_too_large(name: str, table: Any, limits: Limits) -> None:
    rows = table.metadata.num_rows
    size = sum(table.metadata.row_group(group).total_byte_size for group in range(table.metadata.num_row_groups))
    if rows > limits.rows or size > limits.file_bytes:
        raise UnreadableFile(
            f"{name} has {rows:,} rows and {size / 2**30:.3g} GiB unpacked; "
            f"{limits.rows:,} rows and {limits.file_bytes / 2**30:.3g} GiB are allowed.",
            "Split it into several files.",
        )


def _parquet_rows(table: Any, places: dict[str, int], opened: Opened) -> Iterator[RawRow | Rejection]:
    first = 1
    try:
        with _decoding(opened.name):
            for batch in table.iter_batches(batch_size=_BATCH):
                yield from _numbered(tuple(places), [_values(batch.column(at)) for at in places.values()], first)
                first += batch.num_rows
    finally:
        opened.close()


def _values(column: Any) -> list[Any]:
    """Return a column's Python values; those that Python has no type for, such as the year 20000, as a remark."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return f"{scalar.type} out of range"
