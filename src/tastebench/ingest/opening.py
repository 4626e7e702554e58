"""From a path to readable bytes: only regular files, unpacked within limits, told apart by what they hold."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path
from typing import IO, TextIO, cast

from tastebench.domain import text
from tastebench.domain.errors import UnreadableFile
from tastebench.ingest.rows import Limits

CHUNK = 2**20

_GZIP = b"\x1f\x8b"
_FOREIGN = (
    (b"PK\x03\x04", "a ZIP archive or Excel workbook", "Unpack it, or save the sheet as CSV."),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Office document", "Save the sheet as CSV."),
    (b"SQLite format 3\x00", "a SQLite database", "Export the table as CSV."),
    (b"%PDF-", "a PDF document", "Export the table behind it as CSV."),
    (b"\x89PNG", "a PNG picture", "Choose the file with the data."),
    (b"\xff\xd8\xff", "a JPEG picture", "Choose the file with the data."),
    (b"GIF8", "a GIF picture", "Choose the file with the data."),
    (b"BZh", "packed with bzip2", "Unpack it, or pack it with gzip."),
    (b"\xfd7zXZ\x00", "packed with xz", "Unpack it, or pack it with gzip."),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard", "Unpack it, or pack it with gzip."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it, or pack the file with gzip."),
    (b"Rar!", "a RAR archive", "Unpack it, or pack the file with gzip."),
    (b"ARROW1", "an Arrow file", "Save it as Parquet."),
    (b"Obj\x01", "an Avro file", "Save it as Parquet or JSON Lines."),
    (b"\x89HDF", "an HDF5 file", "Save the table as Parquet or CSV."),
    (b"\x93NUMPY", "a NumPy array", "Save it as a table with named columns: Parquet or CSV."),
    (b"\x7fELF", "a program", "Choose the file with the data."),
)  # fmt: skip


@dataclass
class Opened:
    """A file's bytes, unpacked, from the start.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    stream : binary file
        Seekable; gzip is already undone.
    raw : binary file
        The file as it lies on disk.
    size : int
        Bytes on disk.
    packed : bool
    decoded : text file, optional
        What reads `stream` as text.
    """

    name: str
    stream: IO[bytes]
    raw: IO[bytes]
    size: int
    packed: bool
    decoded: TextIO | None = None

    def close(self) -> None:
        """Close all layers."""
        for layer in (self.decoded, self.stream, self.raw):
            if layer is not None:
                layer.close()

    def __del__(self) -> None:
        # Rows may be dropped half read, and their source before them.
        self.close()

    def as_text(self, encoding: str, errors: str) -> TextIO:
        """Return the file as text from its start, line ends as they are."""
        self.stream.seek(0)
        self.decoded = TextIOWrapper(self.stream, encoding=encoding, errors=errors, newline="")
        return self.decoded

    def position(self) -> int:
        """Return how many bytes on disk have been read; all of them once it is closed."""
        return self.size if self.raw.closed else self.raw.tell()

    def head(self, count: int) -> bytes:
        """Return the first bytes; the stream is then at its start again."""
        with reading(self.name):
            self.stream.seek(0)
            start = self.stream.read(count)
            self.stream.seek(0)
        return start

    def chunks(self, limits: Limits) -> Iterator[bytes]:
        """Yield the unpacked bytes from the start, refusing what grows beyond the limits."""
        with reading(self.name):
            self.stream.seek(0)
            total = 0
            while chunk := self.stream.read(CHUNK):
                total += len(chunk)
                self._refuse_bomb(total, limits)
                yield chunk
            self.stream.seek(0)

    def _refuse_bomb(self, total: int, limits: Limits) -> None:
        if total > limits.file_bytes:
            raise UnreadableFile(
                f"{self.name} is larger than {limits.file_bytes / 2**30:.3g} GiB.", "Split it into several files."
            )
        if self.packed and total > max(limits.ratio_from, limits.ratio * self.size):
            raise UnreadableFile(
                f"{self.name} unpacks to more than {limits.ratio} times its size, as a decompression bomb does.",
                "If you trust it, unpack it yourself and import the plain file.",
            )


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what the system raises while a file is read into `UnreadableFile`."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFile(
            f"{name} is damaged: its gzip data is cut off or corrupt.", "Download or pack it again."
        ) from error
    except OSError as error:
        raise UnreadableFile(
            f"{name} cannot be read: {error.strerror or 'the system reports an error'}.",
            "Check the file and its permissions.",
        ) from error


def open_file(path: Path) -> Opened:
    """Return the file's bytes, unpacked where it is gzipped whatever its name.

    Raises
    ------
    UnreadableFile
        Where it is missing, not a regular file, not permitted, empty, doubly packed, or of a kind that is no table.
    """
    name = text.clean(path.name[:200]) or "the file"
    raw = _open_regular(path, name)
    try:
        opened = _unpacked(raw, name)
        _refuse_foreign(opened)
    except BaseException:
        raw.close()
        raise
    return opened


def _open_regular(path: Path, name: str) -> BufferedReader:
    try:
        # O_NONBLOCK: opening a FIFO must not wait for its writer; regular files don't mind.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _not_opened(path, name, error) from error
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return BufferedReader(FileIO(descriptor))
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise UnreadableFile(f"{name} is a folder.", "Choose one file inside it.")
    raise UnreadableFile(f"{name} is a pipe or device, not a file.", "Save its contents as a file first.")


def _not_opened(path: Path, name: str, error: Exception) -> UnreadableFile:
    if isinstance(error, FileNotFoundError):
        return UnreadableFile(f"{name} does not exist in {_folder(path)}.", "Check the path for a typing error.")
    if isinstance(error, PermissionError):
        return UnreadableFile(f"{name} may not be read.", "Give yourself permission to read it.")
    if isinstance(error, IsADirectoryError):
        return UnreadableFile(f"{name} is a folder.", "Choose one file inside it.")
    why = getattr(error, "strerror", None) or "its name is not a valid path"
    return UnreadableFile(f"{name} cannot be opened: {why}.", "Check the path.")


def _folder(path: Path) -> str:
    return text.clean(str(path.parent)[:200]) or "."


def _unpacked(raw: BufferedReader, name: str) -> Opened:
    size = os.fstat(raw.fileno()).st_size
    with reading(name):
        start = raw.read(2)
        raw.seek(0)
    if start != _GZIP:
        return Opened(name, raw, raw, size, packed=False)
    return Opened(name, cast("IO[bytes]", gzip.GzipFile(fileobj=raw, mode="rb")), raw, size, packed=True)


def _refuse_foreign(opened: Opened) -> None:
    start = opened.head(64)
    if not start:
        raise UnreadableFile(f"{opened.name} is empty.", "Choose a file with a line of column names and some rows.")
    if opened.packed and start.startswith(_GZIP):
        raise UnreadableFile(f"{opened.name} is packed with gzip twice.", "Unpack it once.")
    for magic, kind, next_step in _FOREIGN:
        if start.startswith(magic):
            raise UnreadableFile(f"{opened.name} is {kind}.", next_step)
    if start.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise UnreadableFile(
            f"{opened.name} is a web page or XML document.", "Open it to see why, and export the data as CSV."
        )
