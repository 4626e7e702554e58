from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from tastebench.domain.errors import InvalidInput
from tastebench.domain.interaction import Interaction
from tastebench.domain.reports import Rejection, Step
from tastebench.ingest import STEPS, InvoiceMapping, Invoices, clean_invoices, open_rows
from tastebench.ingest.products import readable_title

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINES = """\
1,10001,RED MUG,2,2024-01-01 10:00:00,1.50,100.0,France
1,10001,RED MUG,2,2024-01-01 10:00:00,1.50,100.0,France
2,10001,MUG RED,1,2024-01-02 10:00:00,1.70,,France
3,10001,MUG RED,1,2024-01-03 10:00:00,1.90,101.0,Spain
C4,10001,RED MUG,-2,2024-01-04 10:00:00,1.50,100.0,France
5,10002A,TEA FOR 2 SET,3,2024-01-05 10:00:00,5,100,France
6,10002A,TEA FOR 2 SET,0,2024-01-06 10:00:00,5,100,France
6,10002A,TEA FOR 2 SET,1,2024-01-06 10:00:00,0,100,France
7,POST,POSTAGE,1,2024-01-07 10:00:00,9,100,Belgium
8,10001,,4,2024-01-08 10:00:00,2.10,101,Spain
"""


def cleaned(folder: Path, lines: str = LINES, **options: object) -> Invoices:
    path = folder / "invoices.csv"
    path.write_text(HEADER + lines)
    return clean_invoices(open_rows(path), **options)  # type: ignore[arg-type]


def test_each_step_takes_from_what_the_one_before_left(tmp_path: Path) -> None:
    found = cleaned(tmp_path)
    assert found.rows == 10
    assert found.funnel == (
        Step("missing customer", 1, 9),
        Step("duplicates", 1, 8),
        Step("cancelled", 1, 7),
        Step("non-positive", 2, 5),
        Step("non-products", 1, 4),
    )


def test_every_dropped_row_can_be_counted(tmp_path: Path) -> None:
    dropped = cleaned(tmp_path).dropped
    assert list(zip(dropped["row"], dropped["step"], strict=True)) == [
        (3, "duplicates"),
        (4, "missing customer"),
        (6, "cancelled"),
        (8, "non-positive"),
        (9, "non-positive"),
        (10, "non-products"),
    ]


def test_products(tmp_path: Path) -> None:
    mug, tea = cleaned(tmp_path).items
    assert (mug.item_id, mug.title, mug.description) == ("10001", "Red Mug", "")
    assert mug.attributes == {"unit_price": 1.9}  # the middle one of 1.50, 1.90, 2.10
    assert (tea.item_id, tea.title, tea.attributes) == ("10002A", "Tea for 2 Set", {"unit_price": 5.0})


def test_latest_price_and_the_more_frequent_description(tmp_path: Path) -> None:
    more = LINES + "9,10001,MUG RED,4,2023-01-01 10:00:00,7.70,101,Spain\n"
    mug = cleaned(tmp_path, more, price="latest").items[0]
    assert (mug.title, mug.attributes) == ("Mug Red", {"unit_price": 2.1})


def test_a_product_without_description_bears_its_code(tmp_path: Path) -> None:
    (item,) = cleaned(tmp_path, "8,10001,,4,2024-01-08 10:00:00,2.10,101,Spain\n").items
    assert (item.title, item.name) == ("", "10001")


def test_customers(tmp_path: Path) -> None:
    first, second = cleaned(tmp_path).customers
    assert (first.persona_id, first.name, first.origin) == ("100", "Customer 100, France", "imported")
    assert first.properties == {"invoices": 2, "units": 5}
    assert (second.name, second.properties) == ("Customer 101, Spain", {"invoices": 2, "units": 5})


def test_a_customer_states_no_taste(tmp_path: Path) -> None:
    assert {customer.prior_text for customer in cleaned(tmp_path).customers} == {""}


def test_purchases(tmp_path: Path) -> None:
    events = list(cleaned(tmp_path).events())
    assert [(event.row, event.persona_id) for event in events] == [(2, "100"), (5, "101"), (7, "100"), (11, "101")]
    bought = datetime(2024, 1, 1, 10, tzinfo=UTC)
    assert events[0].interaction == Interaction("10001", "purchase", bought, None, "imported")
    assert len({event.digest for event in events}) == 4


def test_digests_are_the_same_next_time_and_in_another_file(tmp_path: Path) -> None:
    first = {event.digest for event in cleaned(tmp_path).events()}
    reversed_lines = "\n".join(reversed(LINES.splitlines()))
    assert {event.digest for event in cleaned(tmp_path, reversed_lines).events()} == first


@pytest.mark.parametrize("off", STEPS)
def test_each_step_can_be_switched_off(off: str, tmp_path: Path) -> None:
    found = cleaned(tmp_path, steps=[step for step in STEPS if step != off])
    switched = next(step for step in found.funnel if step.name == off)
    assert (switched.dropped, switched.applied) == (0, False)
    assert all(step.applied for step in found.funnel if step.name != off)
    assert found.rows == sum(step.dropped for step in found.funnel) + len(found.lines)


def test_without_any_step_all_rows_are_kept_and_only_customers_buy(tmp_path: Path) -> None:
    found = cleaned(tmp_path, steps=())
    assert len(found.lines) == 10
    assert found.dropped.empty
    assert len(list(found.events())) == 9
    assert [item.item_id for item in found.items] == ["10001", "10002A", "POST"]
    digests = [event.digest for event in found.events()]
    assert len(set(digests)) == 9


def test_lines_without_customer_still_tell_about_products(tmp_path: Path) -> None:
    found = cleaned(tmp_path, steps=STEPS[1:])
    assert found.items[0].title == "Red Mug" if Counter(found.lines["item_id"])["10001"] == 3 else "Mug Red"
    assert found.lines["persona_id"].isna().sum() == 1


def test_unreadable_rows_are_rejected_before_the_funnel(tmp_path: Path) -> None:
    bad = (
        "9,10001,MUG,two,2024-01-01 10:00:00,1,100,France\n"
        "9,10001,MUG,1,2024-02-31,1,100,France\n"
        "9,10001,MUG,1,2024-01-01,nan,100,France\n"
        "9,,MUG,1,2024-01-01,1,100,France\n"
        "9,10001,MUG\n"
    )
    found = cleaned(tmp_path, LINES + bad)
    assert [(one.row, one.column) for one in found.rejections] == [
        (12, "Quantity"),
        (13, "InvoiceDate"),
        (14, "UnitPrice"),
        (15, "StockCode"),
        (16, ""),
    ]
    assert all(isinstance(one, Rejection) for one in found.rejections)
    assert found.funnel[0] == Step("unreadable", 5, 10)
    assert found.funnel[1].left == 9
    assert found.rows == 15


def test_american_dates_and_other_column_names() -> None:
    frame = pd.DataFrame(
        {
            "Invoice": [1],
            "StockCode": ["10001"],
            "Quantity": [1],
            "InvoiceDate": ["12/1/2010 8:26"],
            "Price": [1.5],
            "Customer ID": [17850.0],
        }
    )
    (event,) = clean_invoices(open_rows(frame)).events()
    assert (event.persona_id, event.interaction.at) == ("17850", datetime(2010, 12, 1, 8, 26, tzinfo=UTC))


def test_own_signs_of_cancelling_and_of_products(tmp_path: Path) -> None:
    mapping = InvoiceMapping(
        invoice="InvoiceNo",
        stock_code="StockCode",
        quantity="Quantity",
        at="InvoiceDate",
        unit_price="UnitPrice",
        customer="CustomerID",
        cancelled_prefix="R",
        product_digits=1,
    )
    lines = "R1,1x,A,1,2024-01-01,1,7,F\nC2,1x,A,1,2024-01-01,1,7,F\n3,x1,A,1,2024-01-01,1,7,F\n"
    assert [step.dropped for step in cleaned(tmp_path, lines, mapping=mapping).funnel] == [0, 0, 1, 0, 1]


def test_unknown_step_and_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no cleaning step 'canceled'\. Did you mean 'cancelled'"):
        cleaned(tmp_path, steps=["canceled"])
    with pytest.raises(InvalidInput, match="No column is chosen for the invoice's number"):
        clean_invoices(open_rows(pd.DataFrame({"user": [1], "item": [2]})))


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("WHITE HANGING HEART T-LIGHT HOLDER", "White Hanging Heart T-Light Holder"),
        ("SET/6 RED SPOTTY CUPS", "SET/6 Red Spotty Cups"),
        ("BAKER'S DOZEN", "Baker's Dozen"),
        ("A CUP OF TEA", "A Cup of Tea"),
        ("3D DOG PK60", "3D Dog PK60"),
        ("USB LAMP", "USB Lamp"),
        ("Already Fine", "Already Fine"),
        ("  DOUBLE  SPACE ", "Double Space"),
        ("", ""),
        ("ÉCLAIR STAND", "Éclair Stand"),
    ],
)
def test_titles_are_readable(written: str, title: str) -> None:
    assert readable_title(written) == title
