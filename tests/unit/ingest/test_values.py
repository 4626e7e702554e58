from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.errors import InvalidInput
from tastebench.ingest.values import (
    DateOrder,
    date_order_of,
    is_missing,
    parse_attribute,
    parse_bool,
    parse_id,
    parse_number,
    parse_tags,
    parse_text,
    parse_time,
)

NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-31T12:00:00Z",
        "2024-01-31 12:00",
        "2024-01-31T13:00:00+01:00",
        "2024-01-31 12:00:00 UTC",
        " 2024-01-31 12:00:00.000 ",
        "20240131T120000",
        "20240131120000",
        "31.01.2024 12:00",
        "31/1/2024 12:00:00",
        "1/31/2024 12:00 PM",
        "1706702400",
        "1706702400.0",
        "1706702400000",
        1706702400,
        1706702400.0,
        1706702400000,
        1706702400000000,
        1706702400000000000,
        np.int64(1706702400),
        np.datetime64("2024-01-31T12:00"),
        datetime(2024, 1, 31, 12),
        pd.Timestamp("2024-01-31 12:00"),
        pd.Timestamp("2024-01-31 13:00", tz="Europe/Berlin"),
    ],
    ids=str,
)
def test_one_moment_in_many_writings(written: object) -> None:
    assert parse_time(written) == NOON


@pytest.mark.parametrize("written", ["2024-01-31", "20240131", 20240131, date(2024, 1, 31), "31.1.2024"])
def test_a_date_is_its_midnight(written: object) -> None:
    assert parse_time(written) == datetime(2024, 1, 31, tzinfo=UTC)


def test_slashes_follow_the_given_order() -> None:
    assert parse_time("03/04/2024", "day first").month == 4
    assert parse_time("03/04/2024", "month first").month == 3
    assert parse_time("03-04-2024", "day first").month == 4


@given(moments)
def test_iso_and_epoch_come_back(moment: datetime) -> None:
    assert parse_time(moment.isoformat()) == moment
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    if abs(micros) >= 10**14:  # from 1973 on; smaller ones are read as milliseconds
        assert parse_time(micros) == moment


@pytest.mark.parametrize("written", ["1899-12-31", "2200-01-01", -2_208_988_801, 7_258_118_400, datetime(1600, 1, 1)])
def test_times_outside_1900_to_2200_are_refused(written: object) -> None:
    with pytest.raises(InvalidInput, match="outside 1900 to 2200"):
        parse_time(written)


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["01/02/2024", "13/02/2024"], "day first"),
        (["01/02/2024", "02/13/2024"], "month first"),
        (["12/1/2010 8:26"], "month first"),
        (["01/02/2024", "31.12.2024"], ""),
        (["2024-01-31"], ""),
        ([], ""),
    ],
)
def test_order_of_dates_is_read_from_the_sample(dates: list[str], order: DateOrder) -> None:
    assert date_order_of(dates) == order


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("17850.0", "17850"),
        (17850.0, "17850"),
        (17850, "17850"),
        ("85123A", "85123A"),
        ("007", "007"),
        ("1.50", "1.50"),
        (b"ab", "ab"),
        (Decimal(12), "12"),
        (np.int64(5), "5"),
        ("-3.00", "-3"),
        ("ÅÄ", "ÅÄ"),
        (1e20, "100000000000000000000"),
    ],
)
def test_ids(value: object, expected: str) -> None:
    assert parse_id(value) == expected


@pytest.mark.parametrize(
    "value", [None, float("nan"), "", " ", "nan", "NULL", pd.NA, pd.NaT, True, [1], {}, 1.5, "x" * 201, 10**250]
)
def test_no_ids(value: object) -> None:
    with pytest.raises(InvalidInput):
        parse_id(value)


@given(st.text(min_size=1, max_size=60))
def test_an_id_is_stable(text: str) -> None:
    try:
        once = parse_id(text)
    except InvalidInput:
        return
    assert parse_id(once) == once or once.endswith((".0", ".00"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4", 4),
        ("4.50", 4.5),
        (" -3 ", -3),
        ("1e3", 1000.0),
        ("£2.55", 2.55),
        ("1.249,00", 1249.0),
        ("12 345,6", 12345.6),
        ("1.249", 1.249),
        ("1.24,5", None),
        ("1,234.5", 1234.5),
        ("12,5", 12.5),
        ("1 234", None),
        ("12,34,56", None),
        ("four", None),
        ("", None),
        (None, None),
        (True, None),
        ("1e999", None),
        (float("inf"), None),
        (10**400, None),
        (Decimal("1.5"), 1.5),
        (np.float32(0.5), 0.5),
        ("NaN", None),
        ("٣", 3),
    ],
)
def test_numbers(value: object, expected: float | None) -> None:
    if expected is None:
        with pytest.raises(InvalidInput):
            parse_number(value)
    else:
        assert parse_number(value) == expected


def test_yes_and_no() -> None:
    assert [parse_bool(value) for value in ("TRUE", "in stock", 1, "y", 1.0, True)] == [True] * 6
    assert [parse_bool(value) for value in ("False", "sold out", 0, "N", 0.0, False)] == [False] * 6
    for value in ("perhaps", 2, "", None):
        with pytest.raises(InvalidInput):
            parse_bool(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a|b;c,d", ("a", "b;c,d")),
        ("a;b,c", ("a", "b,c")),
        ("a, b", ("a", "b")),
        ("a b", ("a b",)),
        (["a", "b", "a"], ("a", "b")),
        (np.array(["a", "b"]), ("a", "b")),
        ('["a", "b"]', ("a", "b")),
        ("['a', \"it's\"]", ("a", "it's")),
        ("[{'id': 28, 'name': 'Action'}]", ("Action",)),
        ("[not a list", ("[not a list",)),
        ("[Remastered]", ("[Remastered]",)),
        ([2010, 5.0], ("2010", "5")),
        (7, ("7",)),
        (None, ()),
        ("|||", ()),
        ("(No Genres Listed)", ()),
        ("nan", ()),
    ],
)
def test_tags(value: object, expected: tuple[str, ...]) -> None:
    assert parse_tags(value, none=("(no genres listed)",)) == expected


def test_a_given_separator_is_the_only_one() -> None:
    assert parse_tags("a, b / c|d", separator="/") == ("a, b", "c|d")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1995", 1995),
        ("9.5", 9.5),
        ("007", "007"),
        ("$1,299.00", 1299.0),
        ("True", True),
        (False, False),
        ("text", "text"),
        ("", None),
        ("nan", None),
        ("1234567890123456", "1234567890123456"),
        (5, 5),
        (np.float64(2.5), 2.5),
        (Decimal("2.50"), 2.5),
    ],
)
def test_attributes(value: object, expected: object) -> None:
    found = parse_attribute(value)
    assert found == expected
    assert type(found) is type(expected) or isinstance(found, np.floating)


def test_an_attribute_of_a_text_column_stays_text() -> None:
    assert parse_attribute("500", as_text=True) == "500"
    assert parse_attribute(500.0, as_text=True) == "500"


def test_what_is_missing_and_what_is_not() -> None:
    assert all(
        is_missing(value) for value in (None, float("nan"), np.float64("nan"), pd.NA, pd.NaT, "", " nan ", "\\N")
    )
    assert not any(is_missing(value) for value in (0, False, "0", "NA", [], {}, np.array([])))
    assert parse_text(pd.NA) == ""
