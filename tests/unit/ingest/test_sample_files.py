"""The sample data through reading and parsing: the mapping is guessed, and nothing is left out."""

from pathlib import Path

import pytest

from tastebench.domain.item import Item
from tastebench.ingest import clean_invoices, guess_items, open_rows, parse_items

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(not (ROOT / "sample_data").is_dir(), reason="installed without sample_data")
def test_the_sample_data_imports_through_the_guessed_mapping_alone() -> None:
    with open_rows(ROOT / "sample_data" / "films" / "films.jsonl") as source:
        films = list(parse_items(source, guess_items(source.columns, source.peek())))
    assert len(films) >= 400
    assert all(isinstance(film, Item) for film in films)
    with open_rows(ROOT / "sample_data" / "shop" / "invoices.csv") as source:
        shop = clean_invoices(source)
    assert [step.left for step in shop.funnel] == [2_760, 2_714, 2_654, 2_633, 2_604]
    assert (len(shop.customers), len(shop.items)) == (120, 324)
