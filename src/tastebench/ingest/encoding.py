"""What a text file is written in: found by reading all of it once, before a single row leaves."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tastebench.domain.errors import UnreadableFile
from tastebench.ingest.opening import Opened
from tastebench.ingest.rows import Limits

DAMAGE = re.compile("[\ufffd\udc80-\udcff]")
"""What stands in decoded text for bytes that the encoding does not have."""

_HEAD_CHARACTERS = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\udc80-\udcff]")
_CONTROL_SHARE = 0.08


@dataclass(frozen=True)
class Survey:
    """What one pass over a text file found.

    Parameters
    ----------
    encoding, errors : str
        For decoding.
    size : int
        Unpacked bytes.
    lines : int
        Lines, an estimate of the rows.
    head : str
        Up to 65,536 characters from its start.
    damaged : bool
        Some bytes don't belong to the encoding; the lines that hold them match `DAMAGE`.
    notes : tuple of str
    """

    encoding: str
    errors: str
    size: int
    lines: int
    head: str
    damaged: bool
    notes: tuple[str, ...] = ()


@dataclass
class _Tally:
    head: str = ""
    size: int = 0
    characters: int = 0
    newlines: int = 0
    returns: int = 0
    strays: int = 0

    @property
    def extra_bytes(self) -> int:
        """Continuation bytes of valid UTF-8 sequences: a stray byte counts as one character and adds none."""
        return self.size - self.characters

    def add(self, chunk: bytes, part: str) -> None:
        self.size += len(chunk)
        self.characters += len(part)
        self.newlines += part.count("\n")
        self.returns += part.count("\r")
        if len(self.head) < _HEAD_CHARACTERS:
            self.head += part[: _HEAD_CHARACTERS - len(self.head)]
        self.strays += _strays(part)


def survey(opened: Opened, limits: Limits) -> Survey:
    """Return the encoding of a text file: by its byte order mark, UTF-8, UTF-16 by its zeros, else Windows-1252.

    UTF-8 with fewer stray bytes than real sequences stays UTF-8, and only the lines with strays are lost.

    Raises
    ------
    UnreadableFile
        Where it holds no text, or unpacks beyond the limits.
    """
    start = opened.head(4_096)
    encoding = next((name for mark, name in _BOMS if start.startswith(mark)), "") or _utf16_without_mark(start)
    if encoding in ("", "utf-8-sig"):
        return _eight_bit(opened, encoding or "utf-8", limits)
    tally = _tally(opened, encoding, "replace", limits)
    _refuse_binary(opened.name, tally.head)
    return Survey(encoding, "replace", tally.size, _lines(tally), tally.head, damaged=True)


def _eight_bit(opened: Opened, encoding: str, limits: Limits) -> Survey:
    tally = _tally(opened, encoding, "surrogateescape", limits)
    head, lines = tally.head, _lines(tally)
    notes: tuple[str, ...] = ()
    if tally.strays and tally.extra_bytes < tally.strays and encoding == "utf-8":
        encoding = "cp1252"
        head = head.encode("utf-8", "surrogateescape").decode(encoding, "surrogateescape")
        notes = (f"{opened.name} is not UTF-8; it was read as Windows-1252 (Western European).",)
    elif tally.strays:
        notes = (f"{opened.name} is UTF-8 with damaged bytes; the rows that hold them were rejected.",)
    _refuse_binary(opened.name, head)
    return Survey(encoding, "surrogateescape", tally.size, lines, head, damaged=tally.strays > 0, notes=notes)


def _tally(opened: Opened, encoding: str, errors: str, limits: Limits) -> _Tally:
    tally = _Tally()
    for chunk, part in _decoded(opened, encoding, errors, limits):
        tally.add(chunk, part)
    return tally


def _decoded(opened: Opened, encoding: str, errors: str, limits: Limits) -> Iterator[tuple[bytes, str]]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for chunk in opened.chunks(limits):
        yield chunk, decoder.decode(chunk)
    yield b"", decoder.decode(b"", final=True)


def _strays(part: str) -> int:
    """Count the surrogates of undecodable bytes; encoding finds out a hundred times faster whether there are any."""
    try:
        part.encode("utf-8")
    except UnicodeEncodeError:
        return len(DAMAGE.findall(part))
    return 0


def _lines(tally: _Tally) -> int:
    ends = tally.newlines or tally.returns
    return ends + (not tally.head.endswith(("\n", "\r")) if tally.characters <= _HEAD_CHARACTERS else 0)


def _utf16_without_mark(start: bytes) -> str:
    """Return the UTF-16 whose zero halves these bytes show, or "". Western text has a zero in every other byte."""
    pairs = len(start) // 2
    if pairs < 2:
        return ""
    low, high = start[0 : 2 * pairs : 2].count(0), start[1 : 2 * pairs : 2].count(0)
    if high > 0.4 * pairs and low < 0.05 * pairs:
        return "utf-16-le"
    return "utf-16-be" if low > 0.4 * pairs and high < 0.05 * pairs else ""


def _refuse_binary(name: str, head: str) -> None:
    if len(_CONTROL.findall(head)) > _CONTROL_SHARE * len(head):
        raise UnreadableFile(f"{name} holds no text.", "Choose a CSV, TSV, JSON Lines or Parquet file.")
    if not head.strip("\ufeff\x00 \t\r\n\v\f,;|"):
        raise UnreadableFile(f"{name} holds only blank lines.", "Choose a file with column names and some rows.")
