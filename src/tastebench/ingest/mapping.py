"""Guess which column feeds which field, from names and first rows. A guess is shown and can be changed."""

import re
from collections.abc import Mapping, Sequence

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput
from tastebench.ingest import names
from tastebench.ingest.fields import (
    InteractionMapping,
    InvoiceMapping,
    ItemMapping,
    PersonaMapping,
    check_mapping,
)
from tastebench.ingest.names import YEAR_IN_TITLE, all_named, bare, first_ending_in_id
from tastebench.ingest.sampling import Sample, any_time
from tastebench.ingest.values import parse_bool, parse_number

__all__ = [
    "InteractionMapping",
    "InvoiceMapping",
    "ItemMapping",
    "PersonaMapping",
    "check_mapping",
    "guess_interactions",
    "guess_invoices",
    "guess_items",
    "guess_personas",
]

_RATING_SCALES = (1.0, 5.0, 10.0, 100.0)
_INTEREST_PREFIX = re.compile(r"interests?[._ ](?=.)", re.IGNORECASE)
_PROPERTY_PREFIX = "properties."


def guess_items(columns: Sequence[str], sample: Sequence[Mapping[str, object]] = ()) -> ItemMapping:
    """Return the likeliest mapping of a catalogue; its `item_id` is empty where no column looks like an id.

    Columns named like tags, holding lists, or separated by ``|`` become facets; the others become attributes.

    Examples
    --------
    >>> mapping = guess_items(("movieId", "title", "genres"), [{"title": "Heat (1995)", "genres": "Action|Crime"}])
    >>> mapping.item_id, dict(mapping.facets), mapping.year_from_title
    ('movieId', {'genres': 'genres'}, True)
    """
    seen = Sample(columns, sample)
    item_id = seen.take(seen.named(names.ITEM_ID)) or seen.take(filter(None, [first_ending_in_id(columns)]))
    title = seen.take(seen.named(names.TITLE))
    facets = [column for column in seen.left() if seen.holds_tags(column)]
    seen.taken.update(facets)
    description = seen.take(seen.named(names.DESCRIPTION))
    creator = seen.take(seen.named(names.CREATOR))
    created_at = seen.take(seen.readable(names.CREATED_AT, any_time))
    available = seen.take(seen.readable(names.AVAILABLE, parse_bool))
    attributes = [column for column in seen.left() if not seen.holds_objects(column)][: text.ATTRIBUTES_LIMIT]
    return ItemMapping(
        item_id=item_id,
        title=title,
        description=description,
        creator=creator,
        created_at=created_at,
        available=available,
        facets={column: column for column in facets},
        attributes={column: column for column in attributes},
        text_columns=tuple(column for column in attributes if seen.holds_text(column)),
        year_from_title=_has_years(seen, title) and "year" not in map(bare, columns),
        date_order=seen.date_order(created_at),
    )


def _has_years(seen: Sample, title: str) -> bool:
    titles = [value for value in seen.values(title) if isinstance(value, str)]
    return 2 * sum(YEAR_IN_TITLE.search(value) is not None for value in titles) > len(titles)


def guess_interactions(columns: Sequence[str], sample: Sequence[Mapping[str, object]] = ()) -> InteractionMapping:
    """Return the likeliest mapping of events or ratings; fields are empty where no column looks like them.

    Examples
    --------
    >>> guess_interactions(("userId", "movieId", "rating", "timestamp"), [{"rating": "4.0"}]).as_dict()
    {'persona_id': 'userId', 'item_id': 'movieId', 'at': 'timestamp', 'rating': 'rating'}
    """
    seen = Sample(columns, sample)
    persona_id = seen.take(seen.named(names.PERSONA_ID))
    item_id = (
        seen.take(seen.named(names.ITEM_REFERENCE))
        or seen.take(filter(None, [first_ending_in_id(columns, {*seen.taken, *all_named(columns, "id")})]))
        or seen.take(seen.named(names.ITEM_ID))
    )
    at = seen.take([*seen.readable(names.TIME, any_time), *seen.named(names.TIME)])
    rating = seen.take(seen.readable(names.RATING, parse_number))
    weight = "" if rating else seen.take(seen.readable(names.WEIGHT, parse_number))
    target_kind = seen.take(seen.named(names.TARGET_KIND))
    action = seen.take(column for column in seen.named(names.ACTION) if seen.holds_text(column) or not sample)
    return InteractionMapping(
        persona_id=persona_id,
        item_id=item_id,
        action=action,
        at=at,
        rating=rating,
        weight=weight,
        target_kind=target_kind,
        rating_max=_scale(seen.values(rating)),
        date_order=seen.date_order(at),
    )


def _scale(ratings: list[object]) -> float:
    highest = 0.0
    for rating in ratings:
        try:
            highest = max(highest, parse_number(rating))
        except InvalidInput:
            continue
    return next((scale for scale in _RATING_SCALES if 0 < highest <= scale), 5.0)


def guess_invoices(columns: Sequence[str], sample: Sequence[Mapping[str, object]] = ()) -> InvoiceMapping:
    """Return the likeliest mapping of invoice lines; fields are empty where no column looks like them.

    Examples
    --------
    >>> guess_invoices(("Invoice", "StockCode", "Price", "Customer ID")).customer
    'Customer ID'
    """
    seen = Sample(columns, sample)
    invoice = seen.take(seen.named(names.INVOICE))
    stock_code = seen.take(seen.named(names.STOCK_CODE))
    at = seen.take([*seen.readable(names.TIME, any_time), *seen.named(names.TIME)])
    return InvoiceMapping(
        invoice=invoice,
        stock_code=stock_code,
        at=at,
        description=seen.take(seen.named(names.INVOICE_TEXT)),
        quantity=seen.take(seen.named(names.QUANTITY)),
        unit_price=seen.take(seen.named(names.PRICE)),
        customer=seen.take(seen.named(names.CUSTOMER)),
        country=seen.take(seen.named(names.COUNTRY)),
        date_order=seen.date_order(at),
    )


def guess_personas(columns: Sequence[str], sample: Sequence[Mapping[str, object]] = ()) -> PersonaMapping:
    """Return the likeliest mapping of personas.

    ``interests.genres`` and columns named like tags state interests, other columns are properties.

    Examples
    --------
    >>> mapping = guess_personas(("id", "name", "genres", "age"))
    >>> dict(mapping.interest_columns), dict(mapping.property_columns)
    ({'genres': 'genres'}, {'age': 'age'})
    """
    seen = Sample(columns, sample)
    plain = {field: seen.take(seen.named(words)) for field, words in names.PERSONA_FIELDS.items()}
    objects = {
        field: seen.take(filter(seen.holds_written_objects, seen.named(field))) for field in ("interests", "properties")
    }
    created_at = seen.take(seen.readable(names.CREATED_AT, any_time))
    interests = {
        _INTEREST_PREFIX.sub("", column, count=1): column
        for column in seen.left()
        if seen.holds_tags(column) or _INTEREST_PREFIX.match(column)
    }
    seen.taken.update(interests.values())
    left = [column for column in seen.left() if not seen.holds_objects(column)][: text.ATTRIBUTES_LIMIT]
    return PersonaMapping(
        **plain,
        **objects,
        created_at=created_at,
        interest_columns=interests,
        property_columns={column.removeprefix(_PROPERTY_PREFIX): column for column in left},
        date_order=seen.date_order(created_at),
    )
