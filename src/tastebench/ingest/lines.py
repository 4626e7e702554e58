"""Physical lines of a text file, numbered, bounded, and handed back while their record is in doubt."""

from collections import deque
from collections.abc import Iterator
from typing import Self, TextIO


class LineTooLong(Exception):
    """A physical line exceeds the limit; it has been skipped."""


class Lines:
    """An iterator over lines that remembers those of the record being read.

    Parameters
    ----------
    text : text file
        Opened with ``newline=""``: CR, LF and CRLF end lines.
    limit : int
        Lines of more characters are skipped piece by piece, and raise `LineTooLong` instead of filling the memory.
    """

    def __init__(self, text: TextIO, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._again: deque[str | None] = deque()
        self._held: list[str | None] = []
        self.number = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        self._held.append(line)
        self.number += 1
        if line is None:
            raise LineTooLong
        return line

    def _read(self) -> str | None:
        line = self._text.readline(self._limit)
        if not line:
            raise StopIteration
        if len(line) < self._limit or line.endswith(("\n", "\r")):
            return line
        while (more := self._text.readline(self._limit)) and not more.endswith(("\n", "\r")):
            pass
        return None

    def settle(self) -> int:
        """Return the number of the first line held; the lines held are done with."""
        first = self.number - len(self._held) + 1
        self._held.clear()
        return first

    def retreat(self) -> tuple[int, str]:
        """Return number and text of the first line held ("" if too long); the others will be handed out again."""
        line = self._held[0]
        self._again.extendleft(reversed(self._held[1:]))
        self.number -= len(self._held) - 1
        self._held.clear()
        return self.number, line or ""

    def peek(self, count: int) -> Iterator[str]:
        """Yield up to `count` of the coming lines, which stay to be handed out; overlong ones are left out."""
        while len(self._again) < count:
            try:
                self._again.append(self._read())
            except StopIteration:
                break
        return (line for line in list(self._again)[:count] if line is not None)
