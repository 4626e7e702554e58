"""Whatever a file holds, only rows, rejections and `InvalidInput` come of it."""

import gzip
import io
import json
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tastebench.domain.errors import InvalidInput, UnreadableFile
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.domain.reports import Rejection
from tastebench.ingest import (
    Invoices,
    ParsedEvent,
    RawRow,
    RowSource,
    clean_invoices,
    guess_interactions,
    guess_items,
    open_rows,
    parse_interactions,
    parse_items,
    parse_personas,
)

SUFFIXES = ["", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".csv.gz", ".jsonl.gz", ".xlsx"]
HEADERS = [
    b"id,title,genres,price\n",
    b"user_id;item_id;rating;timestamp\n",
    b"user\titem\taction\tts\n",
    b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n",
    b"name,interests,skill_level\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"sep=;\n",
    b'{"id": "1", "title": "Heat", "genres": ["crime"]}\n',
    b'[{"user": "u", "item": 1, "ts": 1700000000},',
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    b"PAR1",
    b"",
]

rough_text = st.text(st.sampled_from("\"',;|\t\n\r\0 \u202e\ufeff{}[]:=-+.019eéN/aC\udc80"), max_size=200).map(
    lambda text: text.encode("utf-8", "surrogateescape")
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
names = st.sampled_from(["id", "title", "genres", "user", "item", "ts", "rating", "name", "interests", "price"])
objects = st.lists(st.dictionaries(names, values, max_size=6), max_size=8)
json_lines = objects.map(lambda rows: "\n".join(map(json.dumps, rows)).encode())
contents = st.one_of(
    st.binary(max_size=300),
    st.builds(bytes.__add__, st.sampled_from(HEADERS), st.binary(max_size=200)),
    st.builds(bytes.__add__, st.sampled_from(HEADERS), rough_text),
    json_lines,
    objects.map(json.dumps).map(str.encode),
)
damages = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5)


def parquet_file() -> bytes:
    buffer = io.BytesIO()
    table = pa.table({"id": ["a", "b"] * 50, "genres": [["x"], None] * 50, "price": [1.5, 2.0] * 50})
    pq.write_table(table, buffer)
    return buffer.getvalue()


def everything(path: Path) -> None:
    """Read the file as every kind of import; let nothing through but what is promised."""
    try:
        with open_rows(path) as source:
            rows = list(source.rows)
            columns = source.columns
    except UnreadableFile:
        return
    assert all(isinstance(row, (RawRow, Rejection)) for row in rows)
    assert len(set(columns)) == len(columns)
    for parse in (catalogue, log, personas, invoices):
        with open_rows(path) as source, suppress(InvalidInput):
            parse(source)


def catalogue(source: RowSource) -> None:
    results = list(parse_items(source, guess_items(source.columns, source.peek())))
    assert all(isinstance(result, (Item, Rejection)) for result in results)


def log(source: RowSource) -> None:
    results = list(parse_interactions(source, guess_interactions(source.columns, source.peek())))
    assert all(isinstance(result, (ParsedEvent, Rejection)) for result in results)


def personas(source: RowSource) -> None:
    assert all(isinstance(result, (Persona, Rejection)) for result in parse_personas(source))


def invoices(source: RowSource) -> None:
    cleaned = clean_invoices(source)
    assert isinstance(cleaned, Invoices)
    dropped = sum(step.dropped for step in cleaned.funnel)
    assert cleaned.rows == dropped + len(cleaned.lines)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents, suffix=st.sampled_from(SUFFIXES), packed=st.booleans())
def test_random_content_gives_rows_rejections_or_a_refusal(
    tmp_path: Path, content: bytes, suffix: str, packed: bool
) -> None:
    path = tmp_path / f"data{suffix}"
    path.write_bytes(gzip.compress(content) if packed else content)
    everything(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5),
    cut=st.integers(0, 50),
)
def test_damaged_parquet_gives_rows_rejections_or_a_refusal(
    tmp_path: Path, places: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(parquet_file())
    for place, value in places:
        content[place % len(content)] = value
    path = tmp_path / "data.parquet"
    path.write_bytes(content[: len(content) - cut] if cut < 5 else content)
    everything(path)
