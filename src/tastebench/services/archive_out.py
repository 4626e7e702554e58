"""Archives, written: a zip that appears at its place whole or not at all."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from tastebench.domain.errors import AlreadyExists, InvalidInput

FORMAT = 4
"""Raised with every change that an older Tastebench could not read."""

MANIFEST = "manifest.json"
_LINES_AT_ONCE = 500
_BLOBS_AT_ONCE = 1_000


class MemberNote(BaseModel):
    """What the manifest says of one member: how long it is, how many rows it has, and what it hashes to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(ge=0)
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What an archive says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    tastebench: str
    exported_at: datetime
    workspace: str
    encoder: str | None
    dimension: int | None
    members: Mapping[str, MemberNote]


class ArchiveOut:
    """An archive on its way out. Made by `writing`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._notes: dict[str, MemberNote] = {}

    def add_lines(self, name: str, records: Iterable[BaseModel], at: Callable[[int], None] = lambda _rows: None) -> int:
        """Write one line per record and return how many there were; `at` is told how many it is so far."""
        left, rows = iter(records), 0

        def chunks() -> Iterator[bytes]:
            nonlocal rows
            while batch := [record.model_dump_json() for record in islice(left, _LINES_AT_ONCE)]:
                rows += len(batch)
                at(rows)
                yield ("\n".join(batch) + "\n").encode()

        size, digest = self._write(name, chunks(), zipfile.ZIP_DEFLATED)
        self._notes[name] = MemberNote(size=size, rows=rows, sha256=digest)
        return rows

    def add_matrix(self, name: str, rows: int, dimension: int, blobs: Iterator[bytes]) -> None:
        """Write float32 rows as a NumPy file."""

        def chunks() -> Iterator[bytes]:
            header = BytesIO()
            shape = {"descr": "<f4", "fortran_order": False, "shape": (rows, dimension)}
            np.lib.format.write_array_header_1_0(header, shape)
            yield header.getvalue()
            while batch := list(islice(blobs, _BLOBS_AT_ONCE)):
                yield b"".join(batch)

        size, digest = self._write(name, chunks(), zipfile.ZIP_STORED)
        self._notes[name] = MemberNote(size=size, rows=rows, sha256=digest)

    def add_manifest(self, workspace: str, encoder: str | None, dimension: int | None) -> None:
        """Write what the archive holds; the last thing to do."""
        manifest = Manifest(
            format=FORMAT,
            tastebench=version("tastebench"),
            exported_at=datetime.now(UTC),
            workspace=workspace,
            encoder=encoder,
            dimension=dimension,
            members=self._notes,
        )
        self._write(MANIFEST, iter([manifest.model_dump_json(indent=2).encode()]), zipfile.ZIP_DEFLATED)

    def _write(self, name: str, chunks: Iterator[bytes], method: int) -> tuple[int, str]:
        # A fixed date: equal contents give equal bytes.
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = method
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return size, digest.hexdigest()


@contextmanager
def writing(target: Path, *, overwrite: bool) -> Iterator[ArchiveOut]:
    """Yield an archive that is moved to `target` at the end; where an error ends it, nothing is left.

    Raises what `written` raises.
    """
    with written(target, overwrite=overwrite) as file, zipfile.ZipFile(file, "w") as archive:
        yield ArchiveOut(archive)


@contextmanager
def written(target: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    """Yield a file that is moved to `target` at the end; where an error ends it, nothing is left.

    Raises
    ------
    AlreadyExists
        Where something is at `target` and `overwrite` is False.
    InvalidInput
        Where it cannot be written there.
    """
    if target.is_dir():
        raise InvalidInput(f"{target} is a folder.", "Name a file in it.")
    if target.exists() and not overwrite:
        raise AlreadyExists(f"There already is a file {target}.", "Choose another name, or let it be overwritten.")
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        part = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"The file {target} cannot be written: {error.strerror or error}.", "Choose another place for it."
        ) from error
