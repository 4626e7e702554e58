"""An archive's records as rows of the tables, without the keys that only the writer knows."""

from collections.abc import Mapping
from typing import Any

from tastebench.domain.errors import InvalidInput
from tastebench.domain.feedback import ABOUT_ITEMS
from tastebench.domain.moments import to_micros
from tastebench.stores import documents
from tastebench.stores.archive_records import (
    ImpressionRecord,
    InteractionRecord,
    ItemRecord,
    ItemVersionRecord,
    PersonaRecord,
    PersonaVersionRecord,
    PreferenceEditRecord,
    PreferenceSnapshotRecord,
    ProfileRecord,
)
from tastebench.stores.item_rows import ITEMS
from tastebench.stores.persona_rows import PERSONAS
from tastebench.stores.versioned import Versioned

_EVENT_FIELDS = ("target_kind", "target", "action", "weight", "origin")


def item_row(record: ItemRecord, key: int, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's row; `shared` are the columns that items and personas have alike."""
    item = record.item
    return {**ITEMS.content(item), **ITEMS.derived(item), **shared, "key": key, "item_id": item.item_id}


def persona_row(record: PersonaRecord, prior: bytes | None, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return a persona's row. Raises `InvalidInput` where it has no id."""
    persona = record.persona
    if not persona.persona_id:
        raise InvalidInput(f"the persona {persona.name!r} has no id")
    return {
        **PERSONAS.fresh(shared["changed_at"]),
        **PERSONAS.content(persona),
        **PERSONAS.derived(persona),
        **shared,
        "persona_id": persona.persona_id,
        "prior": prior,
        "prior_hash": record.prior,
    }


def version_row(kind: Versioned[Any], record: ItemVersionRecord | PersonaVersionRecord) -> dict[str, Any]:
    """Return what a row was before an import touched it; all empty where it wasn't there."""
    before = {**kind.content(record.before), **kind.derived(record.before)} if record.existed else {}
    deleted_at = documents.micros(record.deleted_at)
    return {**dict.fromkeys(kind.state), **before, "existed": record.existed, "deleted_at": deleted_at}


def event_row(record: InteractionRecord, item_keys: Mapping[str, int]) -> dict[str, Any]:
    """Return an interaction's row. Raises `InvalidInput` where it has no time."""
    event = record.interaction
    if event.at is None:
        raise InvalidInput(f"an interaction of {record.persona_id!r} has no time")
    return {
        **{name: getattr(event, name) for name in _EVENT_FIELDS},
        # An older archive doesn't know the items of comments.
        "item_key": item_keys.get(event.target) if event.target_kind in ABOUT_ITEMS else None,
        "at": to_micros(event.at),
        "impression_id": event.impression,
        "lesson": record.lesson,
        "digest": record.digest,
        "recorded_at": to_micros(record.recorded_at),
    }


def impression_row(record: ImpressionRecord, workspace: int, persona_key: int) -> dict[str, Any]:
    """Return the row of a ranking that was shown."""
    return {
        "workspace_key": workspace,
        "impression_id": record.impression_id,
        "persona_key": persona_key,
        "at": to_micros(record.at),
        "request": documents.dumped(dict(record.request)),
        "item_ids": documents.dumped(record.item_ids),
        "profile_digest": record.profile_digest,
    }


def edit_row(record: PreferenceEditRecord, workspace: int, persona_key: int) -> dict[str, Any]:
    """Return the row of what an operator said of a preference."""
    return {
        **{name: getattr(record, name) for name in ("kind", "category", "name", "value", "confidence")},
        "workspace_key": workspace,
        "persona_key": persona_key,
        "at": to_micros(record.at),
        "recorded_at": to_micros(record.recorded_at),
    }


def snapshot_row(record: PreferenceSnapshotRecord, workspace: int, persona_key: int) -> dict[str, Any]:
    """Return the row of what is kept of a preference."""
    return {
        **{name: getattr(record, name) for name in ("category", "name", "value", "confidence", "pieces")},
        "workspace_key": workspace,
        "persona_key": persona_key,
        "at": to_micros(record.at),
        "recorded_at": to_micros(record.recorded_at),
    }


def profile_row(record: ProfileRecord, workspace: int) -> dict[str, Any]:
    """Return the row of one version of a scoring profile."""
    return {
        "workspace_key": workspace,
        "name": record.profile.name,
        "version": record.version,
        "document": record.profile.canonical_json(),
        "note": record.note,
        "is_default": record.is_default,
        "created_at": to_micros(record.created_at),
    }
