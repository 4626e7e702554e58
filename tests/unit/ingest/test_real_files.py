"""The published data sets, where they lie beside the project: never part of it."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tastebench.domain.item import Item
from tastebench.domain.reports import Step
from tastebench.ingest import (
    ParsedEvent,
    clean_invoices,
    guess_interactions,
    guess_items,
    open_rows,
    parse_interactions,
    parse_items,
)

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("TASTEBENCH_SHARED_DATA", ROOT / ".." / "shared" / "data"))
RETAIL = SHARED / "online-retail" / "online_retail.csv.gz"
MOVIELENS = SHARED / "ml-latest-small"


@pytest.mark.slow
@pytest.mark.skipif(not RETAIL.is_file(), reason=f"Online Retail is not in {SHARED} (set TASTEBENCH_SHARED_DATA)")
def test_online_retail_gives_the_published_funnel() -> None:
    with open_rows(RETAIL) as source:
        invoices = clean_invoices(source)
    assert invoices.rows == 541_909
    assert invoices.rejections == ()
    assert invoices.funnel == (
        Step("missing customer", 135_080, 406_829),
        Step("duplicates", 5_225, 401_604),
        Step("cancelled", 8_872, 392_732),
        Step("non-positive", 40, 392_692),
        Step("non-products", 1_542, 391_150),
    )
    assert (len(invoices.customers), len(invoices.items)) == (4_334, 3_659)
    assert len(invoices.dropped) == 541_909 - 391_150
    assert invoices.dropped["row"].is_unique
    titles = {item.item_id: item.title for item in invoices.items}
    assert titles["85123A"] == "White Hanging Heart T-Light Holder"
    assert len({event.digest for event in invoices.events()}) == 391_150


@pytest.mark.skipif(not MOVIELENS.is_dir(), reason=f"MovieLens is not in {SHARED} (set TASTEBENCH_SHARED_DATA)")
def test_movielens_imports_through_the_guessed_mapping_alone() -> None:
    with open_rows(MOVIELENS / "movies.csv") as source:
        items = list(parse_items(source, guess_items(source.columns, source.peek())))
    films = [item for item in items if isinstance(item, Item)]
    assert len(films) == len(items) == 9_742
    assert films[0] == Item(
        "1",
        "Toy Story (1995)",
        facets={"genres": ("Adventure", "Animation", "Children", "Comedy", "Fantasy")},
        attributes={"year": 1995},
    )
    assert sum(not film.facets for film in films) == 34
    with open_rows(MOVIELENS / "ratings.csv") as source:
        events = list(parse_interactions(source, guess_interactions(source.columns, source.peek())))
    ratings = [event for event in events if isinstance(event, ParsedEvent)]
    assert len(ratings) == len(events) == 100_836
    assert len({event.persona_id for event in ratings}) == 610
    assert len({event.interaction.target for event in ratings}) == 9_724
    assert Counter(event.interaction.action for event in ratings)["like"] == 48_580


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
