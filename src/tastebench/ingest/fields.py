"""Which column feeds which field, with the options of an import: guessed in `mapping`, adjustable by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput
from tastebench.domain.persona import Origin
from tastebench.ingest.names import ACTION_NAMES, bare
from tastebench.ingest.times import DateOrder


class _Mapping(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def columns_used(self) -> Iterator[tuple[str, str]]:
        """Yield (field, column) for every field that a column feeds."""
        raise NotImplementedError

    def as_dict(self) -> dict[str, str]:
        """Return field to column, for reports."""
        return dict(self.columns_used())

    def changed(self, **values: Any) -> Self:
        """Return the mapping with other columns or options.

        Raises
        ------
        InvalidInput
            Where a value does not fit or the field is unknown.
        """
        try:
            return type(self)(**{**self.model_dump(), **values})
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(str(part) for part in problem["loc"])
            raise InvalidInput(f"the mapping's {field} does not fit: {problem['msg']}.", "Correct it.") from error


class ItemMapping(_Mapping):
    """Columns of a catalogue.

    Parameters
    ----------
    item_id, title, description, creator, created_at, available : str
        Column names; empty: not in the file. Only the id is needed.
    facets : mapping of str to str
        Facet to the column with its tags: lists, or separated text.
    attributes : mapping of str to str
        Attribute to column.
    text_columns : tuple of str
        Attribute columns whose values stay text even where they look like numbers.
    tag_separator : str, optional
        What separates tags; without it ``|``, ``;`` or ``,``, whichever occurs, in that order.
    no_tags : tuple of str
        Words that mean "no tag".
    year_from_title : bool
        Take the attribute ``year`` from a year in brackets at the end of the title, which stays as it is.
    date_order : {"", "day first", "month first"}
        For dates such as 3/4/2024.
    """

    item_id: str = ""
    title: str = ""
    description: str = ""
    creator: str = ""
    created_at: str = ""
    available: str = ""
    facets: Mapping[str, str] = Field(default_factory=dict)
    attributes: Mapping[str, str] = Field(default_factory=dict, max_length=text.ATTRIBUTES_LIMIT)
    text_columns: tuple[str, ...] = ()
    tag_separator: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    no_tags: tuple[str, ...] = ("(no genres listed)",)
    year_from_title: bool = False
    date_order: DateOrder = ""

    def columns_used(self) -> Iterator[tuple[str, str]]:
        """Yield (field, column) for every field that a column feeds."""
        fields = ("item_id", "title", "description", "creator", "created_at", "available")
        yield from _used(self, fields)
        yield from ((f"facets.{facet}", column) for facet, column in self.facets.items())
        yield from ((f"attributes.{name}", column) for name, column in self.attributes.items())


class InteractionMapping(_Mapping):
    """Columns of a log of events or ratings.

    Parameters
    ----------
    persona_id, item_id : str
        Column names, both needed.
    action, at, rating, weight, target_kind : str
        Column names; empty: not in the file.
    actions : mapping of str to str
        What the file calls an action (without case, spaces and signs) to the action's name.
    default_action : str
        Where there is neither action nor rating.
    rating_max : float
        Upper end of the rating scale; see `rating_rule`.
    origin : {"imported", "authored", "simulated"}
    date_order : {"", "day first", "month first"}
        For dates such as 3/4/2024.
    """

    persona_id: str = ""
    item_id: str = ""
    action: str = ""
    at: str = ""
    rating: str = ""
    weight: str = ""
    target_kind: str = ""
    actions: Mapping[str, str] = Field(default_factory=lambda: dict(ACTION_NAMES))
    default_action: str = Field(default="view", min_length=1, max_length=50)
    rating_max: float = Field(default=5, gt=0)
    origin: Origin = "imported"
    date_order: DateOrder = ""

    def columns_used(self) -> Iterator[tuple[str, str]]:
        """Yield (field, column) for every field that a column feeds."""
        yield from _used(self, ("persona_id", "item_id", "action", "at", "rating", "weight", "target_kind"))


class InvoiceMapping(_Mapping):
    """Columns of invoice lines, as in Online Retail.

    Parameters
    ----------
    invoice, stock_code, description, quantity, at, unit_price, customer, country : str
        Column names; only description and country may be missing.
    cancelled_prefix : str
        Invoices whose number starts so are cancelled.
    product_digits : int
        Stock codes that begin with this many digits are products.
    date_order : {"", "day first", "month first"}
        For dates such as 3/4/2024.
    """

    invoice: str = ""
    stock_code: str = ""
    description: str = ""
    quantity: str = ""
    at: str = ""
    unit_price: str = ""
    customer: str = ""
    country: str = ""
    cancelled_prefix: str = Field(default="C", min_length=1, max_length=20)
    product_digits: int = Field(default=5, ge=1, le=20)
    date_order: DateOrder = ""

    def columns_used(self) -> Iterator[tuple[str, str]]:
        """Yield (field, column) for every field that a column feeds."""
        fields = ("invoice", "stock_code", "description", "quantity", "at", "unit_price", "customer", "country")
        yield from _used(self, fields)


class PersonaMapping(_Mapping):
    """Columns of personas.

    Parameters
    ----------
    persona_id, name, description, face, skill_level, communication_style, origin, created_at : str
        Column names; the id stands in for a missing name.
    interests, properties : str
        Columns that hold a JSON object: facet to tags, property to value.
    interest_columns, property_columns : mapping of str to str
        Facet or property to a column of its own.
    tag_separator : str, optional
        What separates tags; without it ``|``, ``;`` or ``,``, whichever occurs, in that order.
    date_order : {"", "day first", "month first"}
        For dates such as 3/4/2024.
    """

    persona_id: str = ""
    name: str = ""
    description: str = ""
    face: str = ""
    skill_level: str = ""
    communication_style: str = ""
    origin: str = ""
    created_at: str = ""
    interests: str = ""
    properties: str = ""
    interest_columns: Mapping[str, str] = Field(default_factory=dict)
    property_columns: Mapping[str, str] = Field(default_factory=dict, max_length=text.ATTRIBUTES_LIMIT)
    tag_separator: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    date_order: DateOrder = ""

    def columns_used(self) -> Iterator[tuple[str, str]]:
        """Yield (field, column) for every field that a column feeds."""
        named = ("persona_id", "name", "description", "face", "skill_level", "communication_style", "origin")
        yield from _used(self, (*named, "created_at", "interests", "properties"))
        yield from ((f"interests.{facet}", column) for facet, column in self.interest_columns.items())
        yield from ((f"properties.{name}", column) for name, column in self.property_columns.items())


def _used(mapping: BaseModel, fields: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((field, getattr(mapping, field)) for field in fields if getattr(mapping, field))


REQUIRED: Mapping[type[_Mapping], Mapping[str, str]] = {
    ItemMapping: {"item_id": "the item's id"},
    InteractionMapping: {"persona_id": "the persona", "item_id": "the item"},
    InvoiceMapping: {
        "invoice": "the invoice's number",
        "stock_code": "the stock code",
        "quantity": "the quantity",
        "at": "the invoice date",
        "unit_price": "the unit price",
        "customer": "the customer",
    },
    PersonaMapping: {},
}
"""Fields that cannot do without a column, and what they are called in a sentence."""


def check_mapping(mapping: _Mapping, columns: Sequence[str]) -> None:
    """Accept a mapping that fits a file's columns.

    Raises
    ------
    InvalidInput
        Where it names a column that isn't there (with the nearest names), lacks a needed one, or contradicts itself.
    """
    for field, column in mapping.columns_used():
        if column not in columns:
            raise InvalidInput(f"There is no column {column!r} for {field}.", _nearest(column, columns))
    for field, words in REQUIRED[type(mapping)].items():
        if not getattr(mapping, field):
            raise InvalidInput(f"No column is chosen for {words} ({field}).", _choice(columns))
    if isinstance(mapping, InteractionMapping) and mapping.rating and mapping.weight:
        raise InvalidInput("both a rating and a weight column are chosen.", "Choose one of the two.")
    if isinstance(mapping, PersonaMapping) and not (mapping.persona_id or mapping.name):
        raise InvalidInput("No column is chosen for the name (name).", _choice(columns))


def _nearest(column: str, columns: Sequence[str]) -> str:
    by_bare = {bare(name): name for name in reversed(columns)}
    near = [by_bare[name] for name in get_close_matches(bare(column), by_bare, n=3, cutoff=0.5)]
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else _choice(columns)


def _choice(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - 10:,} more" if len(columns) > 10 else ""
    return f"Choose one of {', '.join(map(repr, columns[:10]))}{more}."
