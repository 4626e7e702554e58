"""Real files through the whole import: Online Retail and MovieLens. Skipped where the data is not at hand."""

import os
from pathlib import Path

import pytest

from tastebench import Workbench
from tastebench.domain.reports import Step

FUNNEL = (
    Step("missing customer", 135_080, 406_829),
    Step("duplicates", 5_225, 401_604),
    Step("cancelled", 8_872, 392_732),
    Step("non-positive", 40, 392_692),
    Step("non-products", 1_542, 391_150),
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared() -> Path:
    folder = Path(os.environ.get("TASTEBENCH_SHARED_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder}; set TASTEBENCH_SHARED_DATA to its folder")
    return folder


def test_online_retail_gives_the_known_funnel_and_works_at_once(bench: Workbench, shared: Path) -> None:
    retail = bench.workspace("retail", create=True)
    report = retail.import_invoices(shared / "online-retail" / "online_retail.csv.gz")
    assert report.funnel == FUNNEL
    assert (report.rows, report.added, report.rejected) == (541_909, 391_150, 541_909 - 391_150)
    assert (report.personas, report.items, report.interactions) == (4_334, 3_659, 391_150)
    assert retail.item("85123A").title == "White Hanging Heart T-Light Holder"
    customer = retail.personas(limit=1).personas[0].persona.persona_id
    now = retail.default_now(customer)
    assert now.at.isoformat() == "2011-12-09T12:50:00+00:00"
    assert "09 December 2011" in now.note
    ranking = retail.recommend(customer, limit=20)
    assert len(ranking.items) == 20
    assert all(item.signals["similarity"] is not None for item in ranking.items)
    bought = {row.target for row in retail.interactions(customer, limit=1000).rows}
    assert not bought & {item.item_id for item in ranking.items}


def test_movielens_imports_through_the_mapping_alone(bench: Workbench, shared: Path) -> None:
    lens = bench.workspace("lens", create=True)
    films = lens.import_items(shared / "ml-latest-small" / "movies.csv")
    assert (films.rows, films.added, films.rejected) == (9_742, 9_742, 0)
    ratings = lens.import_interactions(shared / "ml-latest-small" / "ratings.csv")
    assert (ratings.rows, ratings.added, ratings.personas, ratings.rejected) == (100_836, 100_836, 610, 0)
    assert lens.interactions(limit=1, action="like").total == 48_580
    assert lens.item("1").title == "Toy Story (1995)"
    assert lens.item("1").facets["genres"] == ("Adventure", "Animation", "Children", "Comedy", "Fantasy")
    assert lens.attribute_ranges()["year"] == (1902, 2018)
    first = lens.interactions("1", limit=1000)
    assert first.total == 232
    assert {(row.action, row.weight) for row in first.rows if row.target == "1"} == {("like", 0.5)}
    ranking = lens.recommend("1", limit=20)
    assert all(item.signals["similarity"] is not None for item in ranking.items)
