"""Evaluations and weight searches as they came out: kept until they are deleted, never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select
from sqlalchemy import delete as sql_delete

from tastebench.domain.errors import NotFound
from tastebench.domain.moments import from_micros, to_micros
from tastebench.domain.text import NAME_LIMIT, checked
from tastebench.stores import documents
from tastebench.stores.revisions import bump
from tastebench.stores.schema import evaluations

EvaluationKind: TypeAlias = Literal["evaluation", "search"]
Revisions: TypeAlias = Mapping[str, int]
"""The workspace's revisions of catalogue, log and personas: equal ones, equal data."""

_HEAD = ("key", "kind", "label", "made_at", "profile", "revisions", "seed")


@dataclass(frozen=True)
class EvaluationHead:
    """What a stored evaluation is, without its numbers.

    Parameters
    ----------
    key : int
        Given when it is kept.
    kind : {"evaluation", "search"}
    label : str
    made_at : datetime
    profile : str
        The document of the profile that the others were compared with.
    revisions : mapping of str to int
        Of the workspace's data that was measured.
    seed : int
    """

    key: int
    kind: EvaluationKind
    label: str
    made_at: datetime
    profile: str
    revisions: Revisions
    seed: int


@dataclass(frozen=True)
class StoredEvaluation:
    """A stored evaluation: its head, its document (JSON) and its arrays (a compressed NumPy archive)."""

    head: EvaluationHead
    document: str
    arrays: bytes


def add(connection: Connection, workspace: int, head: EvaluationHead, document: str, arrays: bytes) -> EvaluationHead:
    """Keep what was measured and return its head, the key now its own."""
    values = {
        **{name: getattr(head, name) for name in _HEAD if name != "key"},
        "workspace_key": workspace,
        "label": checked(head.label, "the label", NAME_LIMIT, required=True),
        "made_at": to_micros(head.made_at),
        "revisions": documents.dumped(dict(head.revisions)),
        "document": document,
        "arrays": arrays,
    }
    key = connection.execute(insert(evaluations).values(values).returning(evaluations.c.key)).scalar_one()
    bump(connection, workspace)
    return replace(head, key=int(key))


def heads(connection: Connection, workspace: int) -> list[EvaluationHead]:
    """Return what was measured in this workspace, newest first."""
    columns = [evaluations.c[name] for name in _HEAD]
    mine = select(*columns).where(evaluations.c.workspace_key == workspace).order_by(evaluations.c.key.desc())
    return [_head(row) for row in connection.execute(mine).mappings()]


def all_kept(connection: Connection, workspace: int) -> Iterator[StoredEvaluation]:
    """Yield everything that was measured in this workspace, oldest first."""
    for head in reversed(heads(connection, workspace)):
        yield fetch(connection, workspace, head.key)


def fetch(connection: Connection, workspace: int, key: int) -> StoredEvaluation:
    """Return one. Raises `NotFound` where the workspace has no such evaluation."""
    row = connection.execute(select(evaluations).where(_one(workspace, key))).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such evaluation in this workspace.", "It may have been deleted; choose another.")
    return StoredEvaluation(_head(row), row["document"], row["arrays"])


def delete(connection: Connection, workspace: int, key: int) -> None:
    """Remove one for good. Raises `NotFound` where the workspace has no such evaluation."""
    if not connection.execute(sql_delete(evaluations).where(_one(workspace, key))).rowcount:
        raise NotFound("There is no such evaluation in this workspace.", "It was deleted already.")
    bump(connection, workspace)


def _one(workspace: int, key: int) -> ColumnElement[bool]:
    return (evaluations.c.workspace_key == workspace) & (evaluations.c.key == key)


def _head(row: RowMapping) -> EvaluationHead:
    read = {"made_at": from_micros(row["made_at"]), "revisions": documents.loaded(row["revisions"])}
    return EvaluationHead(**{**{name: row[name] for name in _HEAD}, **read})
