"""The first rows of a file, looked at column by column to guess a mapping."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np

from tastebench.domain.errors import InvalidInput
from tastebench.ingest.names import DESCRIPTION, FACETS, all_named, bare
from tastebench.ingest.values import DateOrder, date_order_of, is_missing, looks_like_number, parse_time

_AMERICAN = re.compile(r"\s*\d{1,2}[/-](?:1[3-9]|[23]\d)[/-]")
_READABLE_SHARE = 0.5
_PIPED_SHARE = 0.2
_TEXT_SHARE = 0.1
_LEADING_ZEROS = re.compile(r"0\d+")
_TESTED = 50
_LISTS = (list, tuple, np.ndarray)


class Sample:
    """Columns, the values of the first rows, and which columns already feed a field.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of mapping
        Values by column.
    """

    def __init__(self, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
        self.columns = tuple(columns)
        self.taken: set[str] = set()
        self._rows = rows

    def values(self, column: str) -> list[object]:
        """Return the column's values that aren't missing."""
        return [value for row in self._rows if not is_missing(value := row.get(column))]

    def take(self, candidates: Iterable[str]) -> str:
        """Return the first candidate and mark it as taken; "" where there is none."""
        column = next(iter(candidates), "")
        self.taken.update({column} - {""})
        return column

    def named(self, words: str) -> list[str]:
        """Return the columns not taken that bear one of these names, the likeliest name first."""
        return all_named(self.columns, words, self.taken)

    def left(self) -> list[str]:
        """Return the columns not taken."""
        return [column for column in self.columns if column not in self.taken]

    def readable(self, words: str, parse: Callable[[object], object]) -> list[str]:
        """Return the named columns of whose first values at least half can be parsed."""
        return [column for column in self.named(words) if self._parses(column, parse)]

    def _parses(self, column: str, parse: Callable[[object], object]) -> bool:
        values = self.values(column)[:_TESTED]
        good = 0
        for value in values:
            try:
                parse(value)
            except InvalidInput:
                continue
            good += 1
        return good >= _READABLE_SHARE * len(values)

    def date_order(self, column: str) -> DateOrder:
        """Return the order of day and month that the column's dates show."""
        return date_order_of([value for value in self.values(column) if isinstance(value, str)])

    def holds_tags(self, column: str) -> bool:
        """Tell whether a column is a facet: named like tags, lists, or separated by ``|``; never plain numbers."""
        values = self.values(column)
        if any(isinstance(value, Mapping) or _holds_numbers(value) for value in values):
            return False
        if bare(column) in FACETS.split() or any(isinstance(value, _LISTS) for value in values):
            return True
        piped = sum(isinstance(value, str) and "|" in value for value in values)
        return bool(values) and piped > _PIPED_SHARE * len(values) and bare(column) not in DESCRIPTION.split()

    def holds_objects(self, column: str) -> bool:
        """Tell whether a column holds objects or lists, which no attribute can."""
        return any(isinstance(value, (Mapping, *_LISTS)) for value in self.values(column))

    def holds_written_objects(self, column: str) -> bool:
        """Tell whether a column holds objects, or objects written as JSON text."""
        values = self.values(column)
        return any(isinstance(v, Mapping) or (isinstance(v, str) and v.lstrip()[:1] == "{") for v in values)

    def holds_text(self, column: str) -> bool:
        """Tell whether a column holds text: words in more than a tenth of its values, or one with leading zeros."""
        values = self.values(column)
        words = [value.strip() for value in values if isinstance(value, str)]
        texts = [word for word in words if not looks_like_number(word) and word.lower() not in {"true", "false"}]
        return len(texts) > _TEXT_SHARE * len(values) or any(_LEADING_ZEROS.fullmatch(word) for word in texts)


def _holds_numbers(value: object) -> bool:
    if isinstance(value, _LISTS):
        return any(isinstance(one, (int, float, *_LISTS)) or _is_nameless(one) for one in value)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_nameless(value: object) -> bool:
    return isinstance(value, Mapping) and "name" not in value


def any_time(value: object) -> datetime:
    """Return a time read in any date order; for telling whether a column holds times."""
    try:
        return parse_time(value)
    except InvalidInput:
        return parse_time(value, "month first" if _AMERICAN.match(str(value)[:20]) else "day first")
