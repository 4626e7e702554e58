import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from tastebench.domain.errors import UnreadableFile
from tastebench.domain.item import Item
from tastebench.domain.reports import Rejection
from tastebench.ingest import Limits, RawRow, RowSource, guess_items, open_rows, parse_items

ROWS = [
    {"id": "a1", "title": "Heat", "genres": ["crime", "drama"], "year": 1995},
    {"id": "b2", "title": "Ran", "genres": ["war"], "year": 1985},
]
FLAT = [{**row, "genres": "|".join(row["genres"])} for row in ROWS]  # type: ignore[arg-type]


def written(folder: Path, kind: str) -> Path | pd.DataFrame:
    """Write the same two films in one of the supported ways."""
    path = folder / f"films.{kind}"
    plain = kind.removesuffix(".gz")
    flat = pd.DataFrame(FLAT)
    if plain == "parquet":
        pd.DataFrame(ROWS).to_parquet(path.with_name("films.parquet"))
        content = path.with_name("films.parquet").read_bytes()
    else:
        content = {
            "csv": flat.to_csv(index=False),
            "tsv": flat.to_csv(index=False, sep="\t"),
            "jsonl": "\n".join(map(json.dumps, ROWS)),
            "json": json.dumps(ROWS, indent=1),
        }[plain].encode()
    path.write_bytes(gzip.compress(content) if kind.endswith(".gz") else content)
    return path


def items_of(source: RowSource) -> list[Item | Rejection]:
    with source:
        return list(parse_items(source, guess_items(source.columns, source.peek())))


EXPECTED = [
    Item("a1", "Heat", facets={"genres": ("crime", "drama")}, attributes={"year": 1995}),
    Item("b2", "Ran", facets={"genres": ("war",)}, attributes={"year": 1985}),
]


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "json", "parquet"])
def test_every_kind_of_file_gives_the_same_items(kind: str, packed: str, tmp_path: Path) -> None:
    assert items_of(open_rows(written(tmp_path, kind + packed))) == EXPECTED


@pytest.mark.parametrize("rows", [ROWS, FLAT])
def test_data_frame_gives_the_same_items(rows: list[dict[str, object]]) -> None:
    assert items_of(open_rows(pd.DataFrame(rows))) == EXPECTED


def test_path_as_text_and_named_index_work() -> None:
    source = open_rows(pd.DataFrame(FLAT).set_index("id"))
    assert source.columns == ("id", "title", "genres", "year")
    assert items_of(source) == EXPECTED


def test_rows_count_by_line_in_text_and_from_one_in_tables(tmp_path: Path) -> None:
    first = {kind: next(open_rows(written(tmp_path, kind)).rows) for kind in ("csv", "jsonl", "json", "parquet")}
    assert {kind: row.number for kind, row in first.items() if isinstance(row, RawRow)} == {
        "csv": 2,
        "jsonl": 1,
        "json": 1,
        "parquet": 1,
    }


def test_progress_is_measured_in_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(("id,title\n" + "".join(f"{n},{n * n}\n" for n in range(50_000))).encode()))
    with open_rows(path) as source:
        assert source.total == 50_000
        assert source.size == path.stat().st_size
        assert source.bytes_read() < source.size
        assert sum(1 for _ in source.rows) == 50_000
        assert source.bytes_read() == source.size


def test_peeked_rows_are_still_to_be_read() -> None:
    source = open_rows(pd.DataFrame({"id": range(5)}))
    assert source.peek(2) == [{"id": 0}, {"id": 1}]
    assert source.peek(3) == [{"id": 0}, {"id": 1}, {"id": 2}]
    assert [row.number for row in source.rows if isinstance(row, RawRow)] == [1, 2, 3, 4, 5]


def test_closing_early_and_twice_is_fine(tmp_path: Path) -> None:
    with open_rows(written(tmp_path, "csv")) as source:
        next(source.rows)
        source.close()
    assert source.bytes_read() == source.size


def test_damage_at_the_very_end_is_found_before_the_first_row(tmp_path: Path) -> None:
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(("id\n" + "7\n" * 100_000).encode())[:-4])
    with pytest.raises(UnreadableFile, match=r"events\.csv\.gz is damaged"):
        open_rows(path)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(file_bytes=20), "larger than"),
        (Limits(columns=3), "4 columns; 3 are allowed"),
        (Limits(array_bytes=20), "one JSON array of more than"),
    ],
)
def test_limits_are_adjustable(limits: Limits, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=words):
        open_rows(written(tmp_path, "json"), limits=limits)


def test_row_limit_holds_for_parquet(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="2 rows"):
        open_rows(written(tmp_path, "parquet"), limits=Limits(rows=1))


def test_line_limit_takes_single_rows(tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    path.write_text("id,title\n1,Heat\n2,A much longer title\n3,Ran\n")
    with open_rows(path, limits=Limits(line_characters=12)) as source:
        rows = list(source.rows)
    assert rows[1] == Rejection(3, "", "The line is longer than 12 characters.")
    assert [row.number for row in rows] == [2, 4] if not isinstance(rows[1], Rejection) else len(rows) == 3
