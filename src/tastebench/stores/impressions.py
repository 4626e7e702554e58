"""Impressions: rankings as they were shown. Interactions can answer them."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from tastebench.domain.errors import NotFound
from tastebench.domain.moments import from_micros, to_micros
from tastebench.stores import documents
from tastebench.stores.bulk import pieces
from tastebench.stores.revisions import bump
from tastebench.stores.schema import impressions, personas


@dataclass(frozen=True)
class Impression:
    """A ranking as it was shown.

    Parameters
    ----------
    impression_id : str
    persona_id : str
    at : datetime
    request : mapping
        `Request.as_dict()`.
    item_ids : tuple of str
        In the order shown.
    profile_digest : str
        `ScoringProfile.digest()`.
    """

    impression_id: str
    persona_id: str
    at: datetime
    request: Mapping[str, Any]
    item_ids: tuple[str, ...]
    profile_digest: str


def add(
    connection: Connection,
    workspace: int,
    persona_key: int,
    at: datetime,
    request: Mapping[str, Any],
    item_ids: Sequence[str],
    profile_digest: str,
) -> str:
    """Return the id of a new impression.

    Raises
    ------
    NotFound
        Where the workspace has no such persona.
    """
    mine = (personas.c.workspace_key == workspace) & (personas.c.key == persona_key)
    if connection.scalar(select(personas.c.key).where(mine)) is None:
        raise NotFound(
            f"There is no persona with the key {persona_key} in this workspace.", "It may have been deleted."
        )
    impression_id = uuid.uuid4().hex
    values = {
        "workspace_key": workspace,
        "impression_id": impression_id,
        "persona_key": persona_key,
        "at": to_micros(at),
        "request": documents.dumped(request),
        "item_ids": documents.dumped(list(item_ids)),
        "profile_digest": profile_digest,
    }
    connection.execute(insert(impressions).values(values))
    bump(connection, workspace)
    return impression_id


def requests(connection: Connection, workspace: int, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the request of each of these impressions that is there."""
    found: dict[str, Mapping[str, Any]] = {}
    for piece in pieces(list(dict.fromkeys(ids))):
        columns = impressions.c
        mine = (columns.workspace_key == workspace) & columns.impression_id.in_(piece)
        rows = connection.execute(select(columns.impression_id, columns.request).where(mine))
        found |= {row.impression_id: json.loads(row.request) for row in rows}
    return found


def fetch(connection: Connection, workspace: int, impression_id: str) -> Impression:
    """Return one impression. Raises `NotFound` where the workspace has no such one."""
    columns = impressions.c
    joined = impressions.join(personas, columns.persona_key == personas.c.key)
    mine = (columns.workspace_key == workspace) & (columns.impression_id == impression_id)
    row = connection.execute(select(impressions, personas.c.persona_id).select_from(joined).where(mine)).one_or_none()
    if row is None:
        raise NotFound(f"There is no impression {impression_id!r} in this workspace.", "It may have been removed.")
    return Impression(
        impression_id,
        row.persona_id,
        from_micros(row.at),
        json.loads(row.request),
        tuple(json.loads(row.item_ids)),
        row.profile_digest,
    )
