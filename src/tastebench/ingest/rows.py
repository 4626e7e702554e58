"""Rows as they come out of a file or data frame, before they mean anything."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from types import TracebackType
from typing import NamedTuple, Self

from tastebench.domain import text
from tastebench.domain.errors import UnreadableFile
from tastebench.domain.reports import Rejection


class RawRow(NamedTuple):
    """One row: where it stands, and its values by column.

    Parameters
    ----------
    number : int
        Line of the file, the header being line 1; for tables without lines the position, from 1.
    values : mapping of str to object
        Text from delimited files, typed values otherwise. A column may be missing.
    """

    number: int
    values: Mapping[str, object]


@dataclass(frozen=True)
class Limits:
    """How much of a file is read before it is taken for an attack or a mistake.

    Parameters
    ----------
    file_bytes : int
        Unpacked size, bytes.
    ratio, ratio_from : int
        A packed file that grows by more than this factor is refused once it is larger than `ratio_from` bytes.
    line_characters : int
        Longer lines are rejected, one by one.
    array_bytes : int
        A JSON array has to fit into memory; JSON Lines don't.
    columns, rows : int
    """

    file_bytes: int = 8 * 2**30
    ratio: int = 200
    ratio_from: int = 64 * 2**20
    line_characters: int = 1_000_000
    array_bytes: int = 256 * 2**20
    columns: int = 1_000
    rows: int = 50_000_000


LIMITS = Limits()


def _no_bytes() -> int:
    return 0


def _nothing() -> None:
    return None


@dataclass(eq=False)
class RowSource:
    """An open file or data frame, read row by row, once.

    Close it after use (it is a context manager); reading to the end closes it too.

    Parameters
    ----------
    name : str
        What to call it in messages: the file's name, or "the data frame".
    columns : tuple of str
        Distinct, cleaned names.
    rows : iterator of RawRow or Rejection
        A row that cannot be taken apart comes as its rejection. May be replaced by a wrapping iterator.
    total : int, optional
        Rows to expect; an estimate for text files.
    size : int, optional
        Bytes of the file as it lies on disk.
    notes : list of str
        Sentences for the report: an encoding guessed, columns left out. May grow while reading.
    bytes_read : callable
        Bytes of the file read so far.
    release : callable
        Closes what is open.
    """

    name: str
    columns: tuple[str, ...]
    rows: Iterator[RawRow | Rejection]
    total: int | None = None
    size: int | None = None
    notes: list[str] = field(default_factory=list)
    bytes_read: Callable[[], int] = _no_bytes
    release: Callable[[], None] = _nothing

    def peek(self, count: int = 1_000) -> list[Mapping[str, object]]:
        """Return the values of the readable ones among the next `count` rows, which stay to be read."""
        head = list(islice(self.rows, count))
        self.rows = chain(head, self.rows)
        return [row.values for row in head if isinstance(row, RawRow)]

    def close(self) -> None:
        """Close the file; what was not read is lost."""
        self.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def shown(value: object, limit: int = 40) -> str:
    """Return `value` to stand in a message: text in quotes, cleaned and cut; lists and objects by their kind.

    Examples
    --------
    >>> shown("a" * 50, 5), shown(3.5), shown([1, 2])
    ("'aaaaa…'", '3.5', 'a list')
    """
    if isinstance(value, str):
        # A value of a million characters is cut before it is cleaned character by character.
        cleaned = text.clean(value[: 4 * limit])
        return f"'{cleaned[:limit]}…'" if len(cleaned) > limit or len(value) > 4 * limit else f"'{cleaned}'"
    if isinstance(value, (int, float)):
        return str(value) if abs(value) < 10**limit or isinstance(value, float) else "a huge number"
    return {dict: "an object", list: "a list", type(None): "nothing"}.get(type(value), f"a {type(value).__name__}")


def checked_columns(names: Iterable[object], source: str, limits: Limits) -> tuple[str, ...]:
    """Return column names cleaned, "" for unnamed ones.

    Raises
    ------
    UnreadableFile
        Where two are alike, one is longer than 100 characters, none has a name, or there are too many.
    """
    columns = tuple(text.clean(str(name)[: 10 * text.TAG_LIMIT]) for name in names)
    named = [name for name in columns if name]
    if not named:
        raise UnreadableFile(f"{source} has no named column.", "Put the names of the columns into its first line.")
    if len(columns) > limits.columns:
        raise UnreadableFile(
            f"{source} has {len(columns):,} columns; {limits.columns:,} are allowed.",
            "Keep the columns that describe items or events, and put tags into one column as separated text.",
        )
    for name in named:
        if len(name) > text.TAG_LIMIT:
            raise UnreadableFile(
                f"{source} has a column whose name is longer than {text.TAG_LIMIT} characters: {shown(name)}.",
                "Shorten it, or add the missing line of column names.",
            )
    doubled = sorted({name for name in named if named.count(name) > 1})[:3] if len(set(named)) < len(named) else []
    if doubled:
        names_shown = ", ".join(shown(name) for name in doubled)
        raise UnreadableFile(f"{source} has more than one column named {names_shown}.", "Rename or remove the others.")
    return columns


def sentence(message: str) -> str:
    """Return `message` with a capital letter and a full stop."""
    message = message.strip()
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")
