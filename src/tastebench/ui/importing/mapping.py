"""Which column feeds which field: the guess, to be corrected by hand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from tastebench.domain.errors import InvalidInput
from tastebench.ingest.fields import InteractionMapping, InvoiceMapping, ItemMapping
from tastebench.ingest.interactions import rating_rule
from tastebench.services import Workspace
from tastebench.ui.format import escape

NONE = "— not in the file —"
_DATE_ORDERS = {"": "Year first, or plain to see", "day first": "Day first (31/12/2024)", "month first": "Month first"}
_ITEM_FIELDS = {
    "item_id": ("Id", "Unique for every item. Needed."),
    "title": ("Title", "The id stands in where it is missing."),
    "description": ("Description", "Together with title and tags this is what is embedded."),
    "creator": ("Creator", "Director, author, maker."),
    "created_at": ("In the catalogue since", "Rankings as of an earlier day leave the item out."),
    "available": ("Available", "Yes or no; others are never recommended."),
}
_EVENT_FIELDS = {
    "persona_id": ("Persona", "Who did it. Needed."),
    "item_id": ("Item", "With which item. Needed."),
    "action": ("Action", "What was done: view, like, purchase …"),
    "at": ("Time", "ISO, a date, or epoch seconds or milliseconds."),
    "rating": ("Rating", "Becomes a signed weight by the rule below."),
    "weight": ("Weight", "Signed, from −1 to 1, instead of a rating."),
}

_INVOICE_FIELDS = {
    "invoice": ("Invoice", "Its number. Needed."),
    "stock_code": ("Stock code", "The item's id. Needed."),
    "description": ("Description", "The most frequent one becomes the item's title."),
    "quantity": ("Quantity", "Needed."),
    "at": ("Invoice date", "When it was bought. Needed."),
    "unit_price": ("Unit price", "Needed."),
    "customer": ("Customer", "Becomes a persona. Needed."),
    "country": ("Country", "The customer's."),
}


def item_mapping(guess: ItemMapping, columns: Sequence[str], token: str) -> ItemMapping:
    """Draw the mapping of a catalogue and return it as it stands."""
    values = _fields(guess, _ITEM_FIELDS, columns, token)
    taken = {column for column in values.values() if column}
    values["facets"] = _several(
        "Tag columns", "Each becomes a facet: a kind of tags such as genres.", guess.facets, columns, f"{token}_facets"
    )
    taken |= set(values["facets"].values())
    free = [column for column in columns if column not in taken]
    values["attributes"] = _several(
        "Attributes", "Kept with the item. Numbers can be filtered by range.", guess.attributes, free, f"{token}_extra"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        separator = st.text_input(
            "Tags are separated by", guess.tag_separator or "", max_chars=10, key=f"{token}_separator",
            placeholder="| ; or , — whichever occurs",
        )  # fmt: skip
        values["date_order"] = _date_order(guess.date_order, token)
        values["year_from_title"] = st.checkbox(
            "Year in brackets at the title's end", guess.year_from_title, key=f"{token}_year"
        )
    return guess.changed(**values, tag_separator=separator or None)


def interaction_mapping(
    guess: InteractionMapping, columns: Sequence[str], token: str, workspace: Workspace
) -> InteractionMapping:
    """Draw the mapping of a log and return it as it stands."""
    values = _fields(guess, _EVENT_FIELDS, columns, token)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not values["action"] and not values["rating"]:
            actions = list(dict.fromkeys([guess.default_action, *workspace.settings.actions]))
            values["default_action"] = st.selectbox("Every row is a", actions, key=f"{token}_default")
        if values["rating"]:
            values["rating_max"] = st.number_input(
                "Highest possible rating", 0.5, 1000.0, guess.rating_max, 0.5, key=f"{token}_scale"
            )
        values["date_order"] = _date_order(guess.date_order, token)
    settled = guess.changed(**values)
    if settled.rating:
        st.caption(escape(rating_rule(settled)))
    return settled


def invoice_mapping(guess: InvoiceMapping, columns: Sequence[str], token: str) -> InvoiceMapping:
    """Draw the mapping of invoice lines and return it as it stands."""
    values = _fields(guess, _INVOICE_FIELDS, columns, token)
    values["date_order"] = _date_order(guess.date_order, token)
    return guess.changed(**values)


def _fields(
    guess: ItemMapping | InteractionMapping | InvoiceMapping,
    fields: Mapping[str, tuple[str, str]],
    columns: Sequence[str],
    token: str,
) -> dict[str, Any]:
    grid = st.grid(3, min_column_width=200)
    values = {}
    for field, (label, hint) in fields.items():
        guessed = getattr(guess, field)
        options = [NONE, *columns]
        with grid.cell():
            picked = st.selectbox(
                label, options, options.index(guessed) if guessed in columns else 0, help=hint, key=f"{token}_{field}"
            )
        values[field] = "" if picked == NONE else picked
    return values


def _several(label: str, hint: str, guessed: Mapping[str, str], columns: Iterable[str], key: str) -> dict[str, str]:
    options = list(columns)
    names = {column: name for name, column in guessed.items()}
    default = [column for column in guessed.values() if column in options]
    if key in st.session_state:
        st.session_state[key] = [column for column in st.session_state[key] if column in options]
        default = []
    picked = st.multiselect(label, options, default or None, help=hint, key=key, placeholder="none")
    return {names.get(column, column): column for column in picked}


def _date_order(guessed: str, token: str) -> str:
    options = list(_DATE_ORDERS)
    return st.selectbox(
        "Dates are written", options, options.index(guessed), format_func=_DATE_ORDERS.__getitem__,
        key=f"{token}_dates",
    )  # fmt: skip


def problem(check: Any, *arguments: object) -> InvalidInput | None:
    """Return why a check refuses, None where it accepts."""
    try:
        check(*arguments)
    except InvalidInput as error:
        return error
    return None
