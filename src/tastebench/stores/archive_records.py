"""What one line of each part of an archive holds. Rows name each other by the ids that people use, never by keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.moments import as_utc
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import Category, EditKind
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.reports import ImportKind, ImportReport
from tastebench.domain.text import ID_LIMIT, NAME_LIMIT, clean
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.stores.evaluations import EvaluationKind


def _same_when_cleaned(value: str) -> str:
    if clean(value) != value:
        raise ValueError("holds control or hidden characters")
    return value


Clean = Annotated[str, AfterValidator(_same_when_cleaned)]
Id = Annotated[Clean, Field(min_length=1, max_length=ID_LIMIT)]
Hash = Annotated[bytes, Field(min_length=16, max_length=16)]
Moment = Annotated[datetime, AfterValidator(as_utc)]
Number = Annotated[int, Field(ge=1)]
"""Of an import: the first one of the workspace is 1."""


class Record(BaseModel):
    """One line; bytes are written as hexadecimal digits."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, ser_json_bytes="hex", val_json_bytes="hex"
    )


class WorkspaceRecord(Record):
    """The workspace itself.

    `encoder` and `dimension` are those of the vectors, None while nothing is embedded; `learned_rows`: so many rows of
    the log, from the first, the last recomputation of preferences learned from; None before the first.
    """

    name: Id
    created_at: Moment
    settings: WorkspaceSettings
    encoder: str | None
    dimension: Annotated[int, Field(ge=1, le=65_536)] | None
    learned_rows: Annotated[int, Field(ge=0, lt=2**63)] | None = None


class ImportRecord(Record):
    """An import. `report` is None where the reading never ended."""

    number: Number
    kind: ImportKind
    source: Clean
    mapping: Mapping[str, str]
    started_at: Moment
    finished_at: Moment | None
    undone_at: Moment | None
    report: ImportReport | None


class RejectionRecord(Record):
    """A row that an import left out."""

    import_number: Number
    row: Annotated[int, Field(ge=0, lt=2**63)]
    column: Clean
    reason: Clean


class ItemIdRecord(Record):
    """An item id that is known, its item being there or not. Their order is the order in which they became known."""

    item_id: Id


class ItemRecord(Record):
    """An item. `vector`: hash of the text that its vector was made from; None where it has none yet."""

    item: Item
    import_number: Number | None
    vector: Hash | None


class PersonaRecord(Record):
    """A persona.

    Parameters
    ----------
    prior : bytes, optional
        Hash of the text that its prior was made from; None: not yet.
    states_something : bool
        Whether there was anything to make a prior from.
    """

    persona: Persona
    import_number: Number | None
    prior: Hash | None
    states_something: bool


class _VersionRecord(Record):
    import_number: Number
    existed: bool
    previous_import: Number | None
    deleted_at: Moment | None
    before: Any

    @model_validator(mode="after")
    def _before_is_there_if_it_existed(self) -> Self:
        if self.existed != (self.before is not None):
            raise ValueError("a row that existed needs its state of before, and one that did not has none")
        return self


class ItemVersionRecord(_VersionRecord):
    """What an item was before an import touched it: for undo."""

    item_id: Id
    before: Item | None


class PersonaVersionRecord(_VersionRecord):
    """What a persona was before an import touched it: for undo."""

    persona_id: Id
    before: Persona | None


class ImpressionRecord(Record):
    """A ranking as it was shown."""

    impression_id: Id
    persona_id: Id
    at: Moment
    request: Mapping[str, JsonValue]
    item_ids: list[str]
    profile_digest: str


class InteractionRecord(Record):
    """An interaction. `digest`: identity of an imported row. `lesson`: the preference that feedback is evidence for."""

    persona_id: Id
    interaction: Interaction
    digest: Hash | None
    import_number: Number | None
    recorded_at: Moment
    lesson: Annotated[Clean, Field(max_length=2 * ID_LIMIT)] | None = None


class PreferenceEditRecord(Record):
    """What an operator said of a preference that was learned. `name`: its key."""

    persona_id: Id
    kind: EditKind
    category: Category
    name: Id
    value: Id
    confidence: Annotated[float, Field(ge=0, le=1)]
    at: Moment
    recorded_at: Moment


class PreferenceSnapshotRecord(Record):
    """What is kept of a preference whose interactions were removed. `name`: its key."""

    persona_id: Id
    at: Moment
    category: Category
    name: Id
    value: Id
    confidence: Annotated[float, Field(ge=0, le=1)]
    pieces: Annotated[int, Field(ge=0, lt=2**31)]
    recorded_at: Moment


class ProfileRecord(Record):
    """One version of a scoring profile."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    profile: ScoringProfile
    note: Annotated[Clean, Field(max_length=500)]
    is_default: bool
    created_at: Moment


class EvaluationRecord(Record):
    """An evaluation or a weight search. `document` and `arrays`: what it came to; they are read when it is opened."""

    kind: EvaluationKind
    label: Annotated[Clean, Field(min_length=1, max_length=NAME_LIMIT)]
    made_at: Moment
    profile: ScoringProfile
    revisions: Mapping[str, Annotated[int, Field(ge=0, lt=2**63)]]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    document: str
    arrays: bytes
