"""A workspace read for an archive: everything that is not deleted, in the order it joined, a little at a time."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, and_, func, or_, select

from tastebench.domain.interaction import Interaction
from tastebench.domain.moments import from_micros
from tastebench.domain.profile import ScoringProfile
from tastebench.stores import archive_records as records
from tastebench.stores import documents, evaluations, item_rows, persona_rows, statements, workspaces
from tastebench.stores import imports as import_rows
from tastebench.stores.item_rows import ITEMS
from tastebench.stores.persona_rows import PERSONAS
from tastebench.stores.schema import (
    imports,
    impressions,
    interactions,
    item_ids,
    item_vectors,
    items,
    personas,
    preference_edits,
    preference_snapshots,
    profiles,
    rejections,
)
from tastebench.stores.versioned import Versioned

T = TypeVar("T", bound=records.Record)
_ROWS_AT_ONCE = 1_000


class Reading:
    """One workspace as of one moment: give it a connection of `Database.read`.

    What is deleted stays behind, and with it what could be undone only there. Small facts of the app do too,
    and conversations, which are kept for hours only: a file would keep them for good.
    """

    def __init__(self, connection: Connection, workspace: int) -> None:
        self._connection, self._workspace = connection, workspace

    def workspace(self) -> records.WorkspaceRecord:
        """Return the workspace itself."""
        row = workspaces.by_key(self._connection, self._workspace)
        about = {"name": row.name, "created_at": row.created_at, "settings": row.settings}
        about |= {"encoder": row.encoder_name, "dimension": row.dimension}
        return records.WorkspaceRecord(**about, learned_rows=statements.learned_rows(self._connection, self._workspace))

    def row_count(self) -> int:
        """Return about how many records all of it has, for telling how far a reading is."""
        counted = workspaces.counts(self._connection, self._workspace)
        return 2 * counted["items"] + counted["personas"] + counted["interactions"]

    def imports(self) -> Iterator[records.ImportRecord]:
        """Yield every import, undone ones too."""
        reports = {report.import_id: report for report in import_rows.all_reports(self._connection, self._workspace)}
        for row in self._rows(select(imports).where(self._mine(imports)).order_by(imports.c.key)):
            number, report = self._numbers[row["key"]], reports[row["key"]]
            yield records.ImportRecord.model_construct(
                number=number,
                kind=row["kind"],
                source=row["source"],
                mapping=documents.loaded(row["mapping"]),
                started_at=from_micros(row["started_at"]),
                finished_at=documents.moment(row["finished_at"]),
                undone_at=documents.moment(row["undone_at"]),
                report=None if row["report"] is None else replace(report, import_id=number),
            )

    def rejections(self) -> Iterator[records.RejectionRecord]:
        """Yield every row that an import left out."""
        for row in self._rows(select(rejections).where(self._mine(rejections)).order_by(rejections.c.key)):
            yield records.RejectionRecord.model_construct(
                import_number=self._numbers[row["import_key"]],
                row=row["row_number"],
                column=row["column_name"],
                reason=row["reason"],
            )

    def item_ids(self) -> Iterator[records.ItemIdRecord]:
        """Yield the ids of all items, and those that only interactions name."""
        there = select(items.c.key).where(self._live(items))
        log = interactions.join(personas, interactions.c.persona_key == personas.c.key)
        named = (
            select(interactions.c.item_key).select_from(log).where(self._counting, interactions.c.item_key.isnot(None))
        )
        wanted = or_(item_ids.c.key.in_(there), item_ids.c.key.in_(named))
        known = select(item_ids.c.item_id).where(self._mine(item_ids), wanted)
        for row in self._rows(known.order_by(item_ids.c.key)):
            yield records.ItemIdRecord.model_construct(item_id=row["item_id"])

    def items(self) -> Iterator[records.ItemRecord]:
        """Yield every item."""
        joined = items.outerjoin(item_vectors, items.c.key == item_vectors.c.item_key)
        columns = [*item_rows.COLUMNS, items.c.import_key, item_vectors.c.content_hash.label("made_from")]
        found = select(*columns).select_from(joined).where(self._live(items)).order_by(items.c.key)
        for row in self._rows(found):
            yield records.ItemRecord.model_construct(
                item=item_rows.item_of(row), import_number=self._number(row["import_key"]), vector=row["made_from"]
            )

    def vectors(self) -> tuple[int, Iterator[bytes]]:
        """Return how many items have a vector, and these vectors, little-endian float32, in the items' order."""
        joined = item_vectors.join(items, items.c.key == item_vectors.c.item_key)
        found = select(item_vectors.c.vector).select_from(joined).where(self._live(items))
        return self._count(found), self._blobs(found.order_by(items.c.key))

    def item_versions(self) -> Iterator[records.ItemVersionRecord]:
        """Yield what items were before imports."""
        for row in self._versions(ITEMS):
            yield records.ItemVersionRecord.model_construct(
                **self._version(row), item_id=row["item_id"], before=item_rows.item_of(row) if row["existed"] else None
            )

    def personas(self) -> Iterator[records.PersonaRecord]:
        """Yield every persona."""
        has_prior = personas.c.prior.isnot(None).label("has_prior")
        columns = [*persona_rows.COLUMNS, personas.c.import_key, personas.c.prior_hash, has_prior]
        for row in self._rows(select(*columns).where(self._live(personas)).order_by(personas.c.key)):
            yield records.PersonaRecord.model_construct(
                persona=persona_rows.persona_of(row),
                import_number=self._number(row["import_key"]),
                prior=row["prior_hash"],
                states_something=bool(row["has_prior"]),
            )

    def priors(self) -> tuple[int, Iterator[bytes]]:
        """Return how many personas have a prior, and these priors in the personas' order."""
        found = select(personas.c.prior).where(self._live(personas), personas.c.prior.isnot(None))
        return self._count(found), self._blobs(found.order_by(personas.c.key))

    def persona_versions(self) -> Iterator[records.PersonaVersionRecord]:
        """Yield what personas were before imports."""
        for row in self._versions(PERSONAS):
            before = persona_rows.persona_of(row) if row["existed"] else None
            yield records.PersonaVersionRecord.model_construct(
                **self._version(row), persona_id=row["persona_id"], before=before
            )

    def impressions(self) -> Iterator[records.ImpressionRecord]:
        """Yield every ranking that was shown."""
        for row in self._of_personas(impressions):
            yield records.ImpressionRecord.model_construct(
                impression_id=row["impression_id"],
                persona_id=row["persona_id"],
                at=from_micros(row["at"]),
                request=documents.loaded(row["request"]),
                item_ids=documents.loaded(row["item_ids"]),
                profile_digest=row["profile_digest"],
            )

    def interactions(self) -> Iterator[records.InteractionRecord]:
        """Yield every interaction."""
        for row in self._of_personas(interactions):
            yield records.InteractionRecord.model_construct(
                persona_id=row["persona_id"],
                interaction=_interaction(row),
                digest=row["digest"],
                import_number=self._number(row["import_key"]),
                recorded_at=from_micros(row["recorded_at"]),
                lesson=row["lesson"],
            )

    def preference_edits(self) -> Iterator[records.PreferenceEditRecord]:
        """Yield what operators said of preferences, in the order in which they did."""
        return self._of_preferences(preference_edits, records.PreferenceEditRecord)

    def preference_snapshots(self) -> Iterator[records.PreferenceSnapshotRecord]:
        """Yield what is kept of preferences whose interactions were removed."""
        return self._of_preferences(preference_snapshots, records.PreferenceSnapshotRecord)

    def profiles(self) -> Iterator[records.ProfileRecord]:
        """Yield every version of every scoring profile."""
        for row in self._rows(select(profiles).where(self._mine(profiles)).order_by(profiles.c.key)):
            yield records.ProfileRecord.model_construct(
                version=row["version"],
                profile=ScoringProfile.parse(documents.loaded(row["document"])),
                note=row["note"],
                is_default=row["is_default"],
                created_at=from_micros(row["created_at"]),
            )

    def evaluations(self) -> Iterator[records.EvaluationRecord]:
        """Yield what was measured, evaluations and weight searches."""
        for kept in evaluations.all_kept(self._connection, self._workspace):
            head = {name: getattr(kept.head, name) for name in ("kind", "label", "made_at", "revisions", "seed")}
            profile = ScoringProfile.parse(documents.loaded(kept.head.profile))
            yield records.EvaluationRecord.model_construct(
                **head, profile=profile, document=kept.document, arrays=kept.arrays
            )

    def _of_personas(self, table: Table) -> Iterator[RowMapping]:
        wanted = (self._live(table) if "deleted_at" in table.c else self._mine(table)) & self._live(personas)
        found = select(table, personas.c.persona_id).where(wanted, table.c.persona_key == personas.c.key)
        return self._rows(found.order_by(table.c.key))

    def _of_preferences(self, table: Table, record: type[T]) -> Iterator[T]:
        for row in self._of_personas(table):
            fields = {**row, "at": from_micros(row["at"]), "recorded_at": from_micros(row["recorded_at"])}
            yield cast("T", record.model_construct(**{name: fields[name] for name in record.model_fields}))

    @cached_property
    def _numbers(self) -> dict[int, int]:
        keys = self._connection.scalars(select(imports.c.key).where(self._mine(imports)).order_by(imports.c.key))
        return {key: number for number, key in enumerate(keys, start=1)}

    def _number(self, key: int | None) -> int | None:
        return None if key is None else self._numbers.get(key)

    @property
    def _counting(self) -> ColumnElement[bool]:
        return and_(self._mine(interactions), interactions.c.deleted_at.is_(None), self._live(personas))

    def _mine(self, table: Table) -> ColumnElement[bool]:
        return table.c.workspace_key == self._workspace

    def _live(self, table: Table) -> ColumnElement[bool]:
        return and_(self._mine(table), table.c.deleted_at.is_(None))

    def _versions(self, kind: Versioned[Any]) -> Iterator[RowMapping]:
        rows, versions = kind.table, kind.versions
        joined = versions.join(rows, rows.c.key == versions.c.row_key)
        found = select(versions, kind.id_column).select_from(joined).where(self._mine(versions), self._live(rows))
        return self._rows(found.order_by(versions.c.key))

    def _version(self, row: RowMapping) -> dict[str, Any]:
        about = {"existed": bool(row["existed"]), "deleted_at": documents.moment(row["deleted_at"])}
        imported = {"import_number": self._numbers[row["import_key"]]}
        return {**about, **imported, "previous_import": self._number(row["previous_import_key"])}

    def _rows(self, query: Select[Any]) -> Iterator[RowMapping]:
        yield from self._connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)).mappings()

    def _blobs(self, query: Select[Any]) -> Iterator[bytes]:
        yield from self._connection.scalars(query.execution_options(yield_per=_ROWS_AT_ONCE))

    def _count(self, query: Select[Any]) -> int:
        return int(self._connection.scalar(select(func.count()).select_from(query.subquery())) or 0)


def _interaction(row: RowMapping) -> Interaction:
    names = ("target", "action", "weight", "origin", "target_kind")
    values = {name: row[name] for name in names}
    moment = from_micros(row["at"])
    return documents.trusted(Interaction, {**values, "at": moment, "impression": row["impression_id"]})
