"""Files and data frames to domain values, with a report of what was rejected and why."""

from tastebench.ingest.files import open_rows
from tastebench.ingest.interactions import ParsedEvent, parse_interactions, rating_rule
from tastebench.ingest.invoices import STEPS, Invoices, clean_invoices
from tastebench.ingest.items import parse_items
from tastebench.ingest.mapping import (
    InteractionMapping,
    InvoiceMapping,
    ItemMapping,
    PersonaMapping,
    check_mapping,
    guess_interactions,
    guess_invoices,
    guess_items,
    guess_personas,
)
from tastebench.ingest.personas import parse_personas
from tastebench.ingest.rows import LIMITS, Limits, RawRow, RowSource

__all__ = [
    "LIMITS",
    "STEPS",
    "InteractionMapping",
    "InvoiceMapping",
    "Invoices",
    "ItemMapping",
    "Limits",
    "ParsedEvent",
    "PersonaMapping",
    "RawRow",
    "RowSource",
    "check_mapping",
    "clean_invoices",
    "guess_interactions",
    "guess_invoices",
    "guess_items",
    "guess_personas",
    "open_rows",
    "parse_interactions",
    "parse_items",
    "parse_personas",
    "rating_rule",
]
