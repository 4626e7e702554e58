"""Archives: a whole workspace in one file, out and in."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from tastebench.domain.columns import Vectors
from tastebench.domain.errors import EncoderUnavailable, InvalidInput, UnreadableFile
from tastebench.domain.ports import Encoder
from tastebench.domain.reports import OnProgress
from tastebench.domain.text import NAME_LIMIT, checked
from tastebench.services.archive_in import ArchiveIn, Matrix, reading
from tastebench.services.archive_out import ArchiveOut, writing
from tastebench.services.bootstrap import Parts
from tastebench.services.embedding import TimeLeft, embed_pending
from tastebench.services.seen import Seen
from tastebench.services.uses import Uses
from tastebench.stores import archive_records as records
from tastebench.stores import workspaces
from tastebench.stores.archive_reading import Reading
from tastebench.stores.archive_writing import Writing

_log = logging.getLogger(__name__)

_BATCH = 1_000
_WORKSPACE = "workspace.json"
_EXPORT_AGAIN = "Export the workspace again, or choose another file."


@dataclass(frozen=True)
class Lines:
    """A member with one record a line.

    Parameters
    ----------
    read : callable
        Yields the records of a workspace.
    write : callable
        Writes some of them, with their rows of the matrix, if there is one.
    matrix : str
        Name of the member with the vectors that belong to it.
    vectors : callable, optional
        Returns how many vectors there are, and these.
    has_row : callable
        Whether a record has a row in the matrix.
    since : int
        The first format that has it.
    """

    record: type[records.Record]
    read: Callable[[Reading], Iterator[Any]]
    write: Callable[[Writing, Sequence[Any], Vectors], None]
    matrix: str = ""
    vectors: Callable[[Reading], tuple[int, Iterator[bytes]]] | None = None
    has_row: Callable[[Any], bool] = lambda _record: False
    since: int = 1


MEMBERS = {
    "imports.jsonl": Lines(records.ImportRecord, Reading.imports, lambda w, rows, _: w.add_imports(rows)),
    "rejections.jsonl": Lines(records.RejectionRecord, Reading.rejections, lambda w, rows, _: w.add_rejections(rows)),
    "item_ids.jsonl": Lines(records.ItemIdRecord, Reading.item_ids, lambda w, rows, _: w.add_item_ids(rows)),
    "items.jsonl": Lines(
        records.ItemRecord, Reading.items, Writing.add_items,
        "vectors.npy", Reading.vectors, lambda record: record.vector is not None,
    ),
    "item_versions.jsonl": Lines(
        records.ItemVersionRecord, Reading.item_versions, lambda w, rows, _: w.add_item_versions(rows)
    ),
    "personas.jsonl": Lines(
        records.PersonaRecord, Reading.personas, Writing.add_personas,
        "priors.npy", Reading.priors, lambda record: record.states_something,
    ),
    "persona_versions.jsonl": Lines(
        records.PersonaVersionRecord, Reading.persona_versions, lambda w, rows, _: w.add_persona_versions(rows)
    ),
    "impressions.jsonl": Lines(
        records.ImpressionRecord, Reading.impressions, lambda w, rows, _: w.add_impressions(rows)
    ),
    "interactions.jsonl": Lines(
        records.InteractionRecord, Reading.interactions, lambda w, rows, _: w.add_interactions(rows)
    ),
    "preference_edits.jsonl": Lines(
        records.PreferenceEditRecord, Reading.preference_edits, lambda w, rows, _: w.add_preference_edits(rows), since=2
    ),
    "preference_snapshots.jsonl": Lines(
        records.PreferenceSnapshotRecord, Reading.preference_snapshots,
        lambda w, rows, _: w.add_preference_snapshots(rows), since=2,
    ),
    "profiles.jsonl": Lines(records.ProfileRecord, Reading.profiles, lambda w, rows, _: w.add_profiles(rows)),
    "evaluations.jsonl": Lines(
        records.EvaluationRecord, Reading.evaluations, lambda w, rows, _: w.add_evaluations(rows), since=2
    ),
}  # fmt: skip
"""In the order in which they are restored: later ones name what earlier ones bring."""


def members_of(archive_format: int) -> dict[str, Lines]:
    """Return the members with records that an archive of this format has."""
    return {name: lines for name, lines in MEMBERS.items() if lines.since <= archive_format}


def names_of(archive_format: int) -> tuple[str, ...]:
    """Return the names of all members of this format, but for the manifest."""
    members = members_of(archive_format)
    return (_WORKSPACE, *members, *(lines.matrix for lines in members.values() if lines.matrix))


class Archiving(Uses):
    """What can be done with a workspace as a whole."""

    def export(self, path: str | Path, *, overwrite: bool = False, progress: OnProgress | None = None) -> Path:
        """Write the whole workspace to one archive and return its path. What is deleted stays behind.

        Raises
        ------
        AlreadyExists
            Where there is a file and `overwrite` is False.
        InvalidInput
            Where the archive cannot be written there.
        """
        target = Path(path)
        with writing(target, overwrite=overwrite) as archive, self._parts.database.read() as connection:
            _write(archive, Reading(connection, self._key), progress)
        return target


def restored(parts: Parts, seen: Seen, path: Path, name: str | None, progress: OnProgress | None = None) -> int:
    """Return the key of a new workspace made from an archive: all of it, or none where an error ends it.

    Vectors of another model than the one that is set are left out, and the texts embedded anew; where the model cannot
    be loaded they wait, and the log says so. Members don't travel: who may see it is decided where it comes to.

    Raises
    ------
    UnreadableFile
        Where the file is not an archive, damaged, or contradicts itself.
    AlreadyExists
        Where the name is taken.
    """
    with reading(path, names_of, parts.settings.data) as archive:
        record = _workspace_record(archive)
        chosen = checked(name or record.name, "the workspace's name", NAME_LIMIT, required=True)
        with parts.database.read() as connection:
            workspaces.check_free(connection, chosen)  # before all the reading
        archive.check_hashes(TimeLeft("Checking the archive", archive.size, progress).at)
        with parts.database.write() as connection:
            into = Writing(connection, record, chosen, keep_vectors=_fits(record, parts.encoder))
            _read(archive, into, progress)
            into.finish()
            seen.join(connection, into.key)
    try:
        embed_pending(parts, into.key, progress)
    except EncoderUnavailable:
        _log.warning("the texts of the restored workspace %s wait for the encoder", into.key, exc_info=True)
    return into.key


def _write(archive: ArchiveOut, workspace: Reading, progress: OnProgress | None) -> None:
    record = workspace.workspace()
    archive.add_lines(_WORKSPACE, [record])
    total, done = workspace.row_count(), 0
    clock = TimeLeft("Writing the archive", total, progress)

    def at(rows: int) -> None:
        clock.at(min(done + rows, total))

    for name, lines in MEMBERS.items():
        done += archive.add_lines(name, lines.read(workspace), at)
        if lines.vectors is not None:
            rows, blobs = lines.vectors(workspace)
            archive.add_matrix(lines.matrix, rows, record.dimension or 0, blobs)
    clock.at(total)
    archive.add_manifest(record.name, record.encoder, record.dimension)


def _read(archive: ArchiveIn, into: Writing, progress: OnProgress | None) -> None:
    members = members_of(archive.manifest.format)
    total = sum(archive.manifest.members[name].rows for name in members)
    clock, done = TimeLeft("Restoring rows", total, progress), 0
    for name, lines in members.items():
        with ExitStack() as stack:
            matrix = stack.enter_context(archive.matrix(lines.matrix)) if lines.matrix else None
            left = _records(archive, name, lines.record)
            while batch := list(islice(left, _BATCH)):
                _write_batch(lines, name, batch, matrix, into)
                done += len(batch)
                clock.at(done)
            if matrix is not None:
                matrix.finish()


def _write_batch(lines: Lines, name: str, batch: Sequence[Any], matrix: Matrix | None, into: Writing) -> None:
    rows = sum(map(lines.has_row, batch))
    vectors = matrix.take(rows) if matrix else np.zeros((0, 0), dtype=np.float32)
    try:
        lines.write(into, batch, vectors)
    except InvalidInput as error:
        raise UnreadableFile(f"{name} in it contradicts itself: {error.message}.", _EXPORT_AGAIN) from error


def _records(archive: ArchiveIn, name: str, record: type[records.Record]) -> Iterator[records.Record]:
    for number, line in enumerate(archive.lines(name), start=1):
        try:
            yield record.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise UnreadableFile(
                f"line {number} of {name} in it cannot be used ({field}: {first['msg']}).", _EXPORT_AGAIN
            ) from error


def _fits(record: records.WorkspaceRecord, encoder: Encoder) -> bool:
    if record.encoder is None or record.encoder != encoder.name:
        return record.encoder is None
    try:
        return record.dimension == encoder.dimension
    except EncoderUnavailable:
        return True  # its name says which model it is; that it cannot be loaded now is no reason to lose vectors


def _workspace_record(archive: ArchiveIn) -> records.WorkspaceRecord:
    found = list(islice(_records(archive, _WORKSPACE, records.WorkspaceRecord), 2))
    said = (archive.manifest.encoder, archive.manifest.dimension)
    if len(found) != 1 or not isinstance(found[0], records.WorkspaceRecord):
        raise UnreadableFile(f"{_WORKSPACE} in it does not describe one workspace.", _EXPORT_AGAIN)
    if said != (found[0].encoder, found[0].dimension):
        raise UnreadableFile(f"its manifest and {_WORKSPACE} name different models.", _EXPORT_AGAIN)
    return found[0]
