"""Health: how each part is, and what to do where it is not well."""

import shutil
from collections.abc import Sequence

from tastebench.domain.errors import TastebenchError
from tastebench.services.bootstrap import Parts
from tastebench.services.views import PartHealth
from tastebench.stores import embeddings

__all__ = ["PartHealth", "examined"]

_LITTLE_SPACE = 1_000_000_000
"""Bytes below which a disk is called nearly full."""


def examined(parts: Parts, workspaces: Sequence[tuple[int, str]]) -> list[PartHealth]:
    """Return the state of SQL, index, encoder and disk."""
    return [_sql(parts), _index(parts, workspaces), _encoder(parts, workspaces), _disk(parts)]


def _sql(parts: Parts) -> PartHealth:
    return PartHealth("SQL", "well", f"{parts.database.place}")


def _index(parts: Parts, workspaces: Sequence[tuple[int, str]]) -> PartHealth:
    if parts.indexes is None:
        return PartHealth("index", "off", "Open for reading only: searches are exact and need no index.")
    return PartHealth("index", "well", f"{len(workspaces)} workspaces; each opens on first use.")


def _encoder(parts: Parts, workspaces: Sequence[tuple[int, str]]) -> PartHealth:
    with parts.database.read() as connection:
        pending = sum(embeddings.count_without_vector(connection, key) for key, _ in workspaces)
    try:
        name = parts.encoder.name
    except TastebenchError as error:
        return PartHealth("encoder", "down", error.message, error.next_step)
    return PartHealth("encoder", "well", f"{name}; {pending:,} texts wait for it.")


def _disk(parts: Parts) -> PartHealth:
    free = shutil.disk_usage(parts.settings.data).free
    detail = f"{free / 1e9:.1f} GB free"
    if free < _LITTLE_SPACE:
        return PartHealth("disk", "warning", detail, "Free some space.")
    return PartHealth("disk", "well", detail)
