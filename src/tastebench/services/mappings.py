"""Mappings settled: guessed, then changed by what was given, then held against the file's columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from tastebench.domain.reports import ImportKind
from tastebench.ingest import mapping as guesses
from tastebench.ingest.mapping import InteractionMapping, InvoiceMapping, ItemMapping, PersonaMapping

AnyMapping: TypeAlias = ItemMapping | InteractionMapping | InvoiceMapping | PersonaMapping
Given: TypeAlias = AnyMapping | Mapping[str, Any] | None

_GUESSES: Mapping[ImportKind, Callable[..., AnyMapping]] = {
    "items": guesses.guess_items,
    "interactions": guesses.guess_interactions,
    "invoices": guesses.guess_invoices,
    "personas": guesses.guess_personas,
}
_PLURAL = {"facets", "attributes", "actions", "interest_columns", "property_columns"}


def guessed(kind: ImportKind, columns: Sequence[str], head: Sequence[Mapping[str, object]]) -> AnyMapping:
    """Return the likeliest mapping of a file of this kind."""
    return _GUESSES[kind](columns, head)


def settled(kind: ImportKind, columns: Sequence[str], head: Sequence[Mapping[str, object]], given: Given = None) -> Any:
    """Return the mapping to use.

    Parameters
    ----------
    given : mapping object or dict, optional
        A whole mapping, or what differs from the guess: field to column, ``facets.genres`` for a single facet.

    Raises
    ------
    InvalidInput
        Where it names a column or field that isn't there, or lacks a needed one.
    """
    chosen = guessed(kind, columns, head) if given is None or isinstance(given, Mapping) else given
    if isinstance(given, Mapping):
        chosen = chosen.changed(**_nested(chosen, given))
    guesses.check_mapping(chosen, columns)
    return chosen


def _nested(chosen: AnyMapping, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with dotted names put into the mapping they belong to."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        field, dot, inner = name.partition(".")
        if dot and field in _PLURAL:
            values[field] = {**values.get(field, getattr(chosen, field, {})), inner: value}
        else:
            values[name] = value
    return values
