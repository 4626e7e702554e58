from datetime import UTC, datetime

import pandas as pd

from tastebench.domain.item import Item
from tastebench.domain.reports import Rejection
from tastebench.ingest import ItemMapping, RawRow, RowSource, open_rows, parse_items


def source(*rows: dict[str, object]) -> RowSource:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return RowSource("films", columns, (RawRow(number, row) for number, row in enumerate(rows, start=1)))


def test_every_field_finds_its_place() -> None:
    row: dict[str, object] = {
        "key": 7.0,
        "name": " Heat ",
        "text": "A chase.",
        "by": ["Mann", "Mann", "Pacino"],
        "since": "2024-01-31",
        "stock": "no",
        "kind": "crime/drama",
        "year": "1995",
        "price": "$9.50",
        "hd": "true",
        "code": "007",
        "none": "",
    }
    mapping = ItemMapping(
        item_id="key",
        title="name",
        description="text",
        creator="by",
        created_at="since",
        available="stock",
        facets={"genres": "kind"},
        tag_separator="/",
        text_columns=("year",),
        attributes={"Year": "year", "price": "price", "hd": "hd", "code": "code", "none": "none"},
    )
    assert list(parse_items(source(row), mapping)) == [
        Item(
            "7",
            "Heat",
            "A chase.",
            {"genres": ("crime", "drama")},
            "Mann, Pacino",
            datetime(2024, 1, 31, tzinfo=UTC),
            available=False,
            attributes={"Year": "1995", "price": 9.5, "hd": True, "code": "007"},
        )
    ]


def test_the_year_is_taken_from_the_title_only_when_asked() -> None:
    rows = [{"id": n, "title": title} for n, title in enumerate(["Heat (1995)", "Heat", "1917 (2019) ", "Loop (20)"])]
    plain = ItemMapping(item_id="id", title="title")
    years = [item.attributes.get("year") for item in parse_items(source(*rows), plain) if isinstance(item, Item)]
    assert years == [None] * 4
    asked = list(parse_items(source(*rows), plain.changed(year_from_title=True)))
    assert [item.attributes.get("year") for item in asked if isinstance(item, Item)] == [1995, None, 2019, None]
    assert isinstance(asked[0], Item)
    assert asked[0].title == "Heat (1995)"


def test_a_year_column_goes_before_the_title() -> None:
    mapping = ItemMapping(item_id="id", title="title", attributes={"year": "year"}, year_from_title=True)
    (item,) = parse_items(source({"id": 1, "title": "Heat (1995)", "year": 1996}), mapping)
    assert isinstance(item, Item)
    assert item.attributes == {"year": 1996}


def test_results_stand_in_the_order_of_the_rows() -> None:
    rows = [{"id": "a"}, {"id": ""}, {"id": "b"}, {"id": "a"}, {"id": "c"}]
    results = list(parse_items(source(*rows), ItemMapping(item_id="id")))
    assert [result.row if isinstance(result, Rejection) else result.item_id for result in results] == [
        "a",
        2,
        "b",
        4,
        "c",
    ]


def test_rejections_of_the_source_pass_through() -> None:
    ragged = Rejection(2, "", "The row has 1 value.")
    rows = RowSource("films", ("id",), iter([RawRow(1, {"id": "a"}), ragged]))
    assert list(parse_items(rows, ItemMapping(item_id="id"))) == [Item("a"), ragged]


def test_a_rejected_row_does_not_claim_its_id() -> None:
    rows = [{"id": "a", "title": "x" * 501}, {"id": "a", "title": "Heat"}]
    results = list(parse_items(source(*rows), ItemMapping(item_id="id", title="title")))
    assert isinstance(results[0], Rejection)
    assert results[1] == Item("a", "Heat")


def test_lists_of_a_data_frame_are_tags() -> None:
    frame = pd.DataFrame({"id": [1, 2], "mood": [["dark", "slow"], None]})
    (first, second) = parse_items(open_rows(frame), ItemMapping(item_id="id", facets={"moods": "mood"}))
    assert isinstance(first, Item)
    assert first.facets == {"moods": ("dark", "slow")}
    assert second == Item("2")
