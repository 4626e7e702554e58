"""No spreadsheet runs what a file brought along."""

import io

import pandas as pd
import pytest

from tastebench.services.spreadsheet import safe_csv


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    table = pd.read_csv(io.BytesIO(safe_csv(pd.DataFrame({"title": [f"{start}SUM(A1)"]}))))
    assert table["title"].tolist() == [f"'{start}SUM(A1)"]


def test_numbers_stay_numbers_and_headers_are_neutral_too() -> None:
    data = safe_csv(pd.DataFrame({"=score": [-0.25, 1.5], "plain": ["Klute", "Ma vie – ‘été’"]}))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines() == [
        '"\'=score","plain"', '-0.25,"Klute"', '1.5,"Ma vie – ‘été’"',
    ]  # fmt: skip
