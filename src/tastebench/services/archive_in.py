"""Archives, read: files from anywhere, so nothing in them is believed before it was checked."""

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from pydantic import ValidationError

from tastebench.domain.columns import Vectors
from tastebench.domain.errors import UnreadableFile
from tastebench.services.archive_out import FORMAT, MANIFEST, Manifest

_EXPORT_AGAIN = "Export the workspace again, or choose another file."
_CHUNK = 1 << 20


class Limits(NamedTuple):
    """What an archive may ask of the machine.

    Parameters
    ----------
    total_bytes : int
        Of all members, unpacked.
    ratio : int
        Unpacked over packed size, of members above `ratio_from_bytes`; a zip bomb has about 1,000.
    ratio_from_bytes : int
    line_bytes, manifest_bytes : int
    """

    total_bytes: int = 64 << 30
    ratio: int = 200
    ratio_from_bytes: int = 256 << 20
    line_bytes: int = 16 << 20
    manifest_bytes: int = 1 << 20


LIMITS = Limits()


class Matrix:
    """The rows of a NumPy file, a few at a time."""

    def __init__(self, member: IO[bytes], name: str, dimension: int | None) -> None:
        self._member, self._name = member, name
        try:
            known = np.lib.format.read_magic(member) == (1, 0)
            shape, fortran, kind = np.lib.format.read_array_header_1_0(member) if known else ((), False, None)
        except ValueError as error:
            raise UnreadableFile(f"{name} in it is no NumPy file.", _EXPORT_AGAIN) from error
        if fortran or kind != np.dtype("<f4") or len(shape) != 2 or (shape[0] and shape[1] != dimension):
            raise UnreadableFile(f"{name} in it holds other numbers than it should.", _EXPORT_AGAIN)
        self._dimension = shape[1]

    def take(self, rows: int) -> Vectors:
        """Return the next rows, each of unit length. Raises `UnreadableFile` where they aren't there."""
        data = _exactly(self._member, rows * self._dimension * 4)
        if data is None:
            raise UnreadableFile(f"{self._name} in it has fewer rows than it should.", _EXPORT_AGAIN)
        vectors = np.frombuffer(data, dtype="<f4").reshape(rows, self._dimension)
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
        if not np.all(np.abs(lengths - 1) < 1e-3):
            raise UnreadableFile(f"{self._name} in it holds vectors that are not of unit length.", _EXPORT_AGAIN)
        return vectors

    def finish(self) -> None:
        """Accept that all rows were taken. Raises `UnreadableFile` where some are left."""
        if self._member.read(1):
            raise UnreadableFile(f"{self._name} in it has more rows than it should.", _EXPORT_AGAIN)


class ArchiveIn:
    """An archive, open; made by `reading`, which has checked what it is made of."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest, limits: Limits) -> None:
        self.manifest = manifest
        self._archive, self._limits = archive, limits

    @property
    def size(self) -> int:
        """Bytes of all members, unpacked."""
        return sum(note.size for note in self.manifest.members.values())

    def check_hashes(self, at: Callable[[int], None]) -> None:
        """Read everything once; `at` is told how many bytes were read so far.

        Raises
        ------
        UnreadableFile
            Where a member is damaged, or not what the manifest says.
        """
        done = 0
        for name, note in self.manifest.members.items():
            digest, size = hashlib.sha256(), 0
            with self._archive.open(name) as member:
                while chunk := member.read(_CHUNK):
                    digest.update(chunk)
                    size, done = size + len(chunk), done + len(chunk)
                    at(done)
            if (size, digest.hexdigest()) != (note.size, note.sha256):
                raise UnreadableFile(f"{name} in it was changed or damaged.", _EXPORT_AGAIN)

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member."""
        with self._archive.open(name) as member:
            while line := member.readline(self._limits.line_bytes):
                if len(line) >= self._limits.line_bytes:
                    raise UnreadableFile(f"{name} in it has a line that is too long.", _EXPORT_AGAIN)
                yield line

    @contextmanager
    def matrix(self, name: str) -> Iterator[Matrix]:
        """Yield the rows of a NumPy file."""
        with self._archive.open(name) as member:
            yield Matrix(member, name, self.manifest.dimension)


@contextmanager
def reading(
    path: Path, names: Callable[[int], Sequence[str]], folder: Path, limits: Limits = LIMITS
) -> Iterator[ArchiveIn]:
    """Yield the archive at `path`, which must hold a manifest and exactly the members of its format.

    Parameters
    ----------
    names : callable
        Returns the members of a format.
    folder : Path
        Where its content is to go: the disk there must have room for it.

    Raises
    ------
    UnreadableFile
        Where it is no archive of ours, damaged, of a newer format or too large. Whatever goes wrong with it while
        the caller reads on becomes this error too.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_packing(archive)
            manifest = _manifest(archive, limits)
            _check_members(archive, manifest, names(manifest.format), limits)
            opened = ArchiveIn(archive, manifest, limits)
            _check_room(opened.size, folder)
            yield opened
    except UnreadableFile as error:
        raise UnreadableFile(f"{path.name} cannot be restored: {error.message}", error.next_step) from error
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {path}.", "Check the path.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(
            f"{path.name} cannot be restored: it is not a zip file, or it is damaged.",
            "Choose a file that `tastebench export` wrote.",
        ) from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error


def _check_packing(archive: zipfile.ZipFile) -> None:
    if not {info.compress_type for info in archive.infolist()} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadableFile("it is packed in another way.", "Choose a file that `tastebench export` wrote.")


def _manifest(archive: zipfile.ZipFile, limits: Limits) -> Manifest:
    try:
        with archive.open(MANIFEST) as member:
            data = member.read(limits.manifest_bytes + 1)
        document = json.loads(data) if len(data) <= limits.manifest_bytes else None
        if isinstance(document, dict) and isinstance(document.get("format"), int) and document["format"] > FORMAT:
            raise UnreadableFile(
                f"a newer Tastebench wrote it (format {document['format']}; this one knows {FORMAT}).",
                "Upgrade Tastebench.",
            )
        return Manifest.model_validate(document)
    except (KeyError, ValidationError, ValueError, RecursionError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(
            "it has no manifest that can be read.", "Choose a file that `tastebench export` wrote."
        ) from error


def _check_members(archive: zipfile.ZipFile, manifest: Manifest, names: Sequence[str], limits: Limits) -> None:
    found = sorted(info.filename for info in archive.infolist())
    if found != sorted([MANIFEST, *names]) or sorted(manifest.members) != sorted(names):
        strange = sorted({*found} ^ {MANIFEST, *names})[:3] or ["something twice"]
        raise UnreadableFile(f"it lacks members, or holds others than it should ({', '.join(strange)}).", _EXPORT_AGAIN)
    for info in archive.infolist():
        packed_well = info.file_size > limits.ratio * max(1, info.compress_size)
        if info.file_size > limits.ratio_from_bytes and packed_well:
            raise UnreadableFile(f"{info.filename} in it unpacks to {info.file_size:,} bytes.", _EXPORT_AGAIN)
    total = sum(info.file_size for info in archive.infolist())
    if total > limits.total_bytes:
        raise UnreadableFile(f"it unpacks to {total:,} bytes; {limits.total_bytes:,} are allowed.", _EXPORT_AGAIN)


def _check_room(size: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free if folder.is_dir() else size
    if size > free:
        raise UnreadableFile(f"it needs {size:,} bytes, and the disk has {free:,} left.", "Free some disk space.")


def _exactly(member: IO[bytes], size: int) -> bytes | None:
    parts, left = [], size
    while left and (chunk := member.read(left)):
        parts.append(chunk)
        left -= len(chunk)
    return None if left else b"".join(parts)
