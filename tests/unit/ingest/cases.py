"""What the corpus of bad input files is made of: a case, ways to build its file, looks at the good rows."""

import gzip
import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

Build = Callable[[Path], "Path | pd.DataFrame"]


@dataclass(frozen=True)
class Case:
    """A file and what must come of it.

    Either `error`: `UnreadableFile` (or another `InvalidInput` where `mapping_fault`) whose sentence holds these
    words and the file's name. Or `good` rows and exactly `rejected`: (row, column, words of the reason). `holds`
    looks at the good rows.
    """

    name: str
    build: Build
    kind: str = "items"
    error: str = ""
    mapping_fault: bool = False
    good: int = 0
    rejected: tuple[tuple[int, str, str], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    holds: Callable[[list[Any]], bool] = lambda good: True
    notes: str = ""
    as_nobody: bool = False


def raw(name: str, content: bytes) -> Build:
    def build(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return build


def text(name: str, content: str, encoding: str = "utf-8") -> Build:
    return raw(name, content.encode(encoding))


def csv(content: str) -> Build:
    return text("films.csv", content)


def events(content: str) -> Build:
    return text("events.csv", "user_id,item_id,timestamp\n" + content)


def ratings(content: str) -> Build:
    return text("ratings.csv", "user_id,item_id,rating\n" + content)


def lines(*values: object) -> Build:
    """JSON Lines; texts stand as they are."""
    return text("films.jsonl", "".join((v if isinstance(v, str) else json.dumps(v)) + "\n" for v in values))


def parquet(table: pa.Table, name: str = "films.parquet") -> Build:
    def build(folder: Path) -> Path:
        pq.write_table(table, folder / name)
        return folder / name

    return build


def parquet_bytes(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def frame(**columns: object) -> Build:
    return lambda folder: pd.DataFrame(columns)


def absent(folder: Path) -> Path:
    return folder / "films.csv"


def directory(folder: Path) -> Path:
    (folder / "films.csv").mkdir()
    return folder / "films.csv"


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "films.csv")
    return folder / "films.csv"


def symlink_loop(folder: Path) -> Path:
    (folder / "films.csv").symlink_to(folder / "films.csv")
    return folder / "films.csv"


def forbidden(folder: Path) -> Path:
    path = csv(GOOD)(folder)
    assert isinstance(path, Path)
    path.chmod(0)
    return path


def database(folder: Path) -> Path:
    connection = sqlite3.connect(folder / "films.csv")
    connection.execute("CREATE TABLE films (id TEXT)")
    connection.commit()
    connection.close()
    return folder / "films.csv"


def archive(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "films.csv", "w") as packed:
        packed.writestr("films.csv", GOOD)
    return folder / "films.csv"


def bomb(folder: Path) -> Path:
    with gzip.open(folder / "films.csv.gz", "wb", compresslevel=1) as packed:
        packed.write(b"id,title\n")
        for _ in range(80):
            packed.write(bytes(2**20))
    return folder / "films.csv.gz"


def one_line_of_50_mb(folder: Path) -> Path:
    path = folder / "films.csv"
    with path.open("wb") as file:
        file.write(b"id,title\n1,Heat\n2,")
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b"\n3,Ran\n")
    return path


GOOD = "id,title,genres\n1,Heat,crime|drama\n2,Ran,war\n"
ACCENTS = "id,title\n1,Amélie\n2,Das weiße Band\n3,Ran\n"
PAIR: list[Any] = [{"id": "1", "title": "Heat"}, {"id": "2", "title": "Ran"}]
TABLE = pa.table({"id": ["1", "2"], "title": ["Heat", "Ran"]})


def ids(*expected: str) -> Callable[[list[Any]], bool]:
    return lambda good: [item.item_id for item in good] == list(expected)


def titles(*expected: str) -> Callable[[list[Any]], bool]:
    return lambda good: [item.title for item in good] == list(expected)


def attribute(name: str, *expected: object) -> Callable[[list[Any]], bool]:
    return lambda good: [item.attributes.get(name) for item in good] == list(expected)


def times(*expected: str) -> Callable[[list[Any]], bool]:
    return lambda good: [f"{event.interaction.at:%Y-%m-%d %H:%M}" for event in good] == list(expected)
