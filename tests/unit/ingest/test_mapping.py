import pytest

from tastebench.domain.errors import InvalidInput
from tastebench.ingest import (
    InteractionMapping,
    ItemMapping,
    PersonaMapping,
    check_mapping,
    guess_interactions,
    guess_invoices,
    guess_items,
    guess_personas,
)

FILMS = ("id", "title", "year", "creator", "genres", "themes", "country", "running_time", "era", "description")


def test_the_demo_films() -> None:
    mapping = guess_items(FILMS, [{"year": 1995, "themes": ["heist"], "country": "France", "running_time": 90}])
    assert mapping.as_dict() == {
        "item_id": "id",
        "title": "title",
        "description": "description",
        "creator": "creator",
        "facets.genres": "genres",
        "facets.themes": "themes",
        "facets.era": "era",
        "attributes.year": "year",
        "attributes.country": "country",
        "attributes.running_time": "running_time",
    }
    assert mapping.text_columns == ("country",)
    assert not mapping.year_from_title


def test_movielens_movies() -> None:
    mapping = guess_items(("movieId", "title", "genres"), [{"movieId": "1", "title": "Heat (1995)", "genres": "a|b"}])
    assert mapping.as_dict() == {"item_id": "movieId", "title": "title", "facets.genres": "genres"}
    assert mapping.year_from_title


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("sku", "product_name", "category", "brand", "price"), ("sku", "product_name", "brand")),
        (("asin", "title", "brand", "description", "price"), ("asin", "title", "brand")),
        (("ISBN", "Book-Title", "Book-Author", "Publisher"), ("ISBN", "Book-Title", "Publisher")),
        (("tconst", "originalTitle", "primaryTitle", "genres"), ("tconst", "primaryTitle", "")),
        (("Product ID", "Name", "Vendor", "In Stock"), ("Product ID", "Name", "Vendor")),
        (("name", "filmmaker_id", "recipe_no"), ("filmmaker_id", "name", "")),
        (("a", "b"), ("", "", "")),
    ],
)
def test_catalogues_of_other_origins(columns: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    mapping = guess_items(columns)
    assert (mapping.item_id, mapping.title, mapping.creator) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            ("userId", "movieId", "rating", "timestamp"),
            {"persona_id": "userId", "item_id": "movieId", "at": "timestamp", "rating": "rating"},
        ),
        (
            ("event_time", "event_type", "product_id", "category_id", "price", "user_id", "user_session"),
            {"persona_id": "user_id", "item_id": "product_id", "action": "event_type", "at": "event_time"},
        ),
        (
            ("timestamp", "visitorid", "event", "itemid", "transactionid"),
            {"persona_id": "visitorid", "item_id": "itemid", "action": "event", "at": "timestamp"},
        ),
        (
            ("rating", "title", "text", "asin", "parent_asin", "user_id", "timestamp"),
            {"persona_id": "user_id", "item_id": "asin", "at": "timestamp", "rating": "rating"},
        ),
        (("User-ID", "ISBN", "Book-Rating"), {"persona_id": "User-ID", "item_id": "ISBN", "rating": "Book-Rating"}),
        (
            ("customer", "sku", "action", "ts"),
            {"persona_id": "customer", "item_id": "sku", "action": "action", "at": "ts"},
        ),
        (
            ("id", "user", "recipe_id", "date", "weight"),
            {"persona_id": "user", "item_id": "recipe_id", "at": "date", "weight": "weight"},
        ),
        (
            ("t_dat", "customer_id", "article_id", "price"),
            {"persona_id": "customer_id", "item_id": "article_id", "at": "t_dat"},
        ),
    ],
)
def test_logs_of_other_origins(columns: tuple[str, ...], expected: dict[str, str]) -> None:
    assert guess_interactions(columns).as_dict() == expected


def test_the_readable_one_of_two_time_columns_is_taken() -> None:
    sample = [{"time": "09:58:11", "date": "2016-10-30"}]
    assert guess_interactions(("user", "item", "time", "date"), sample).at == "date"
    sample = [{"reviewTime": "01 1, 2018", "unixReviewTime": 1514764800}]
    assert guess_interactions(("user", "item", "reviewTime", "unixReviewTime"), sample).at == "unixReviewTime"


@pytest.mark.parametrize(("highest", "scale"), [("0.9", 1), ("1", 1), ("4.5", 5), ("5", 5), ("7", 10), ("88", 100)])
def test_rating_scale_is_the_smallest_usual_one_that_fits(highest: str, scale: float) -> None:
    assert guess_interactions(("user", "item", "stars"), [{"stars": highest}, {"stars": "0.5"}]).rating_max == scale


def test_numbers_are_no_actions() -> None:
    assert guess_interactions(("user", "item", "type"), [{"type": "3"}]).action == ""
    assert guess_interactions(("user", "item", "type"), [{"type": "click"}]).action == "type"


def test_online_retail_in_both_spellings() -> None:
    first = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
    second = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")
    for columns in (first, second):
        assert tuple(dict(guess_invoices(columns).columns_used()).values()) == columns
    assert guess_invoices(first, [{"InvoiceDate": "12/1/2010 8:26"}]).date_order == "month first"


def test_personas_with_objects_and_with_columns() -> None:
    mapping = guess_personas(("persona_id", "name", "interests", "properties"), [{"interests": {}, "properties": "{}"}])
    assert (mapping.interests, mapping.properties) == ("interests", "properties")
    mapping = guess_personas(("id", "name", "interests.genres", "interests_era", "properties.age", "city"))
    assert dict(mapping.interest_columns) == {"genres": "interests.genres", "era": "interests_era"}
    assert dict(mapping.property_columns) == {"age": "properties.age", "city": "city"}


def test_columns_become_facets_by_name_by_lists_and_by_pipes() -> None:
    sample = [
        {"id": 1, "genre": "noir", "cast": ["Pacino"], "labels": "a|b", "size": [1, 2], "box": {"w": 1}, "style": 7}
    ]
    mapping = guess_items(tuple(sample[0]), sample)
    assert tuple(mapping.facets) == ("genre", "cast", "labels")
    assert tuple(mapping.attributes) == ("style",)


def test_created_and_available_only_where_they_can_be_read() -> None:
    columns = ("id", "created", "available")
    assert guess_items(columns, [{"created": "2024-01-31", "available": "yes"}]).as_dict() == {
        "item_id": "id",
        "created_at": "created",
        "available": "available",
    }
    assert guess_items(columns, [{"created": "1995", "available": "in 2 days"}]).as_dict() == {
        "item_id": "id",
        "attributes.created": "created",
        "attributes.available": "available",
    }


def test_wrong_columns_are_named_with_the_nearest_ones() -> None:
    with pytest.raises(InvalidInput, match=r"no column 'movie_id' for item_id\. Did you mean 'movieId'"):
        check_mapping(ItemMapping(item_id="movie_id"), ("movieId", "title"))
    with pytest.raises(InvalidInput, match=r"no column 'tags' for facets\.tags\. Choose one of 'id', 'name'"):
        check_mapping(ItemMapping(item_id="id", facets={"tags": "tags"}), ("id", "name"))
    with pytest.raises(InvalidInput, match=r"No column is chosen for the item \(item_id\)"):
        check_mapping(InteractionMapping(persona_id="user"), ("user", "item"))
    with pytest.raises(InvalidInput, match="both a rating and a weight"):
        check_mapping(InteractionMapping(persona_id="u", item_id="i", rating="r", weight="w"), ("u", "i", "r", "w"))
    with pytest.raises(InvalidInput, match="No column is chosen for the name"):
        check_mapping(PersonaMapping(), ("mood",))


def test_a_mapping_is_changed_by_fields_and_says_what_does_not_fit() -> None:
    mapping = guess_items(FILMS).changed(creator="", tag_separator="/")
    assert (mapping.creator, mapping.tag_separator, mapping.title) == ("", "/", "title")
    with pytest.raises(InvalidInput, match="mapping's rating_max does not fit"):
        InteractionMapping().changed(rating_max=0)
    with pytest.raises(InvalidInput, match="mapping's titel does not fit"):
        mapping.changed(titel="title")


def test_a_mapping_survives_its_json() -> None:
    mapping = guess_items(FILMS, [{"country": "France"}])
    assert ItemMapping.model_validate_json(mapping.model_dump_json()) == mapping
