"""One row's columns read into fields, and whose fault it is where that fails."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from tastebench.domain.errors import InvalidInput
from tastebench.ingest.cells import is_missing
from tastebench.ingest.rows import sentence, shown

T = TypeVar("T")


class BadCell(Exception):
    """One value of a row cannot be used.

    Parameters
    ----------
    column : str
    reason : str
        A sentence.
    """

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def read(values: Mapping[str, object], column: str, parse: Callable[[Any], T]) -> T:
    """Return a row's value of one column, parsed. Raises `BadCell`, naming the column."""
    try:
        return parse(values.get(column))
    except InvalidInput as error:
        raise BadCell(column, sentence(error.message)) from None


def read_optional(values: Mapping[str, object], column: str, parse: Callable[[Any], T]) -> T | None:
    """Return a row's value of one column, parsed; None where there is no column or value."""
    return None if not column or is_missing(values.get(column)) else read(values, column, parse)


def bad_cell(error: ValidationError, columns: Mapping[str, str]) -> BadCell:
    """Return the first problem that a domain type found; `columns` says which column feeds which field."""
    problem = error.errors(include_url=False)[0]
    cause = problem.get("ctx", {}).get("error")
    unfit = f"{shown(problem['input'])} does not fit: {problem['msg'][:1].lower()}{problem['msg'][1:]}"
    message = cause.message if isinstance(cause, InvalidInput) else unfit
    field = str(problem["loc"][0]) if problem["loc"] else ""
    return BadCell(columns.get(field, ""), sentence(message))
