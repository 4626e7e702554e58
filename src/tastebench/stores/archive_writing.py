"""A workspace written from an archive's records, all within one transaction of the caller's."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from tastebench.domain.columns import Vectors
from tastebench.domain.errors import InvalidInput
from tastebench.domain.moments import to_micros
from tastebench.domain.reports import Rejection
from tastebench.stores import archive_rows, documents, embeddings, evaluations, item_keys, personas, workspaces
from tastebench.stores import imports as import_rows
from tastebench.stores.archive_records import (
    EvaluationRecord,
    ImportRecord,
    ImpressionRecord,
    InteractionRecord,
    ItemIdRecord,
    ItemRecord,
    ItemVersionRecord,
    PersonaRecord,
    PersonaVersionRecord,
    PreferenceEditRecord,
    PreferenceSnapshotRecord,
    ProfileRecord,
    RejectionRecord,
    WorkspaceRecord,
)
from tastebench.stores.bulk import write_rows
from tastebench.stores.clock import now_micros
from tastebench.stores.evaluations import EvaluationHead
from tastebench.stores.item_rows import ITEMS
from tastebench.stores.persona_rows import PERSONAS
from tastebench.stores.revisions import bump
from tastebench.stores.schema import (
    imports,
    impressions,
    interactions,
    items,
    preference_edits,
    preference_snapshots,
    profiles,
)
from tastebench.stores.schema import personas as persona_table
from tastebench.stores.schema import workspaces as workspace_table
from tastebench.stores.statements import note_learned_rows
from tastebench.stores.versioned import Versioned


class Writing:
    """A new workspace on its way in.

    Records come in the order of `Reading`'s methods, since later ones name earlier ones. Every method raises
    `InvalidInput` where a record contradicts others; the caller then rolls back.

    Parameters
    ----------
    name : str
        The workspace's name. Raises `AlreadyExists` where it is taken.
    keep_vectors : bool
        False where they come from another model than the one that is set: all texts then wait for the encoder.
    """

    def __init__(self, connection: Connection, record: WorkspaceRecord, name: str, *, keep_vectors: bool) -> None:
        self._connection, self._keep_vectors = connection, keep_vectors
        self.key = workspaces.create(connection, name, record.settings).key
        self._imports: dict[int, int] = {}
        self._personas: dict[str, int] = {}
        self._defaults, self._learned_rows = 0, record.learned_rows
        values: dict[str, Any] = {"created_at": to_micros(record.created_at)}
        if keep_vectors:
            values |= {"encoder_name": record.encoder, "dimension": record.dimension}
        connection.execute(update(workspace_table).where(workspace_table.c.key == self.key).values(values))

    def add_imports(self, records: Sequence[ImportRecord]) -> None:
        """Add imports with their reports."""
        for record in records:
            if record.number in self._imports:
                raise InvalidInput(f"there are two imports with the number {record.number}")
            key = import_rows.start(self._connection, self.key, record.kind, record.source, record.mapping)
            self._imports[record.number] = key
            if record.report is not None:
                import_rows.finish(self._connection, self.key, key, replace(record.report, import_id=key))
            moments = {name: documents.micros(getattr(record, name)) for name in ("finished_at", "undone_at")}
            values = {**moments, "started_at": to_micros(record.started_at)}
            self._connection.execute(update(imports).where(imports.c.key == key).values(values))

    def add_rejections(self, records: Sequence[RejectionRecord]) -> None:
        """Add what imports left out."""
        by_import: dict[int, list[Rejection]] = {}
        for record in records:
            refused = Rejection(record.row, record.column, record.reason)
            by_import.setdefault(self._import_key(record.import_number) or 0, []).append(refused)
        for key, refused_rows in by_import.items():
            import_rows.add_rejections(self._connection, self.key, key, refused_rows)

    def add_item_ids(self, records: Sequence[ItemIdRecord]) -> None:
        """Give every id its key, in the order in which they became known."""
        item_keys.allocated_keys(self._connection, self.key, [record.item_id for record in records])

    def add_items(self, records: Sequence[ItemRecord], vectors: Vectors) -> None:
        """Add items; `vectors` has a row for each of them that has a vector."""
        keys = self._item_keys([record.item.item_id for record in records])
        moment = now_micros()
        rows = [
            archive_rows.item_row(record, keys[record.item.item_id], self._shared(record.import_number, moment))
            for record in records
        ]
        self._insert(items, rows)
        embedded = [record for record in records if record.vector is not None]
        if self._keep_vectors and embedded:
            mine = [keys[record.item.item_id] for record in embedded]
            hashes = [record.vector for record in embedded if record.vector is not None]
            embeddings.save_vectors(self._connection, self.key, mine, vectors, hashes)

    def add_item_versions(self, records: Sequence[ItemVersionRecord]) -> None:
        """Add what items were before imports."""
        keys = self._item_keys([record.item_id for record in records])
        self._add_versions(ITEMS, [(keys[record.item_id], record) for record in records])

    def add_personas(self, records: Sequence[PersonaRecord], priors: Vectors) -> None:
        """Add personas; `priors` has a row for each of them that states something."""
        moment, left = now_micros(), iter(np.ascontiguousarray(priors, dtype="<f4"))
        rows = []
        for record in records:
            prior = next(left).tobytes() if record.states_something else None
            rows.append(archive_rows.persona_row(record, prior, self._shared(record.import_number, moment)))
            if not self._keep_vectors:
                rows[-1] |= {"prior": None, "prior_hash": None}
        self._insert(persona_table, rows)

    def add_persona_versions(self, records: Sequence[PersonaVersionRecord]) -> None:
        """Add what personas were before imports."""
        keys = self._persona_keys(record.persona_id for record in records)
        self._add_versions(PERSONAS, [(keys[record.persona_id], record) for record in records])

    def add_impressions(self, records: Sequence[ImpressionRecord]) -> None:
        """Add rankings that were shown."""
        keys = self._persona_keys(record.persona_id for record in records)
        rows = [archive_rows.impression_row(record, self.key, keys[record.persona_id]) for record in records]
        self._insert(impressions, rows)

    def add_interactions(self, records: Sequence[InteractionRecord]) -> None:
        """Add interactions."""
        people = self._persona_keys(record.persona_id for record in records)
        keys = self._item_keys([r.interaction.target for r in records if r.interaction.target_kind == "item"])
        comments = [r.interaction.target for r in records if r.interaction.target_kind == "comment"]
        keys |= item_keys.keys_of(self._connection, self.key, comments)
        rows = [
            {
                **archive_rows.event_row(record, keys),
                "workspace_key": self.key,
                "persona_key": people[record.persona_id],
                "import_key": self._import_key(record.import_number),
            }
            for record in records
        ]
        self._insert(interactions, rows)

    def add_preference_edits(self, records: Sequence[PreferenceEditRecord]) -> None:
        """Add what operators said of preferences."""
        keys = self._persona_keys(record.persona_id for record in records)
        rows = [archive_rows.edit_row(record, self.key, keys[record.persona_id]) for record in records]
        self._insert(preference_edits, rows)

    def add_preference_snapshots(self, records: Sequence[PreferenceSnapshotRecord]) -> None:
        """Add what is kept of preferences."""
        keys = self._persona_keys(record.persona_id for record in records)
        rows = [archive_rows.snapshot_row(record, self.key, keys[record.persona_id]) for record in records]
        self._insert(preference_snapshots, rows)

    def add_profiles(self, records: Sequence[ProfileRecord]) -> None:
        """Add versions of scoring profiles."""
        self._defaults += sum(record.is_default for record in records)
        if self._defaults > 1:
            raise InvalidInput("more than one scoring profile is the default")
        rows = [archive_rows.profile_row(record, self.key) for record in records]
        self._insert(profiles, rows)

    def add_evaluations(self, records: Sequence[EvaluationRecord]) -> None:
        """Add what was measured."""
        for record in records:
            head = EvaluationHead(
                0, record.kind, record.label, record.made_at, record.profile.canonical_json(), record.revisions,
                record.seed,
            )  # fmt: skip
            evaluations.add(self._connection, self.key, head, record.document, record.arrays)

    def finish(self) -> None:
        """Note what was learned from, and that everything changed, for whoever holds columns of this workspace."""
        if self._learned_rows is not None:
            note_learned_rows(self._connection, self.key, self._learned_rows)
        bump(self._connection, self.key, "catalogue", "log", "personas")

    def _add_versions(
        self, kind: Versioned[Any], versions: Sequence[tuple[int, ItemVersionRecord | PersonaVersionRecord]]
    ) -> None:
        rows = [
            {
                **archive_rows.version_row(kind, record),
                "workspace_key": self.key,
                "row_key": key,
                "import_key": self._import_key(record.import_number),
                "previous_import_key": self._import_key(record.previous_import),
            }
            for key, record in versions
        ]
        self._insert(kind.versions, rows)

    def _insert(self, table: Any, rows: Sequence[dict[str, Any]]) -> None:
        try:
            write_rows(self._connection, insert(table), rows)
        except IntegrityError as error:
            raise InvalidInput(f"something is named twice ({error.orig})") from error

    def _shared(self, import_number: int | None, moment: int) -> dict[str, Any]:
        import_key = self._import_key(import_number)
        return {"workspace_key": self.key, "import_key": import_key, "changed_at": moment, "deleted_at": None}

    def _import_key(self, number: int | None) -> int | None:
        if number is None:
            return None
        if number not in self._imports:
            raise InvalidInput(f"there is no import with the number {number}")
        return self._imports[number]

    def _item_keys(self, ids: Sequence[str]) -> dict[str, int]:
        known = item_keys.keys_of(self._connection, self.key, ids)
        return _all_known(known, ids, "item id")

    def _persona_keys(self, ids: Iterable[str]) -> dict[str, int]:
        wanted = list(dict.fromkeys(ids))
        unknown = [one for one in wanted if one not in self._personas]
        self._personas |= personas.keys_of(self._connection, self.key, unknown)
        return _all_known(self._personas, wanted, "persona")


def _all_known(known: dict[str, int], wanted: Iterable[str], what: str) -> dict[str, int]:
    for one in wanted:
        if one not in known:
            raise InvalidInput(f"the {what} {one!r} is named and isn't there")
    return known
