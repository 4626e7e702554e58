"""Calls to the language model: what each came to, for the question whether it is worth it. No texts are kept."""

from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from tastebench.domain.model_state import ModelState
from tastebench.stores.clock import now_micros
from tastebench.stores.schema import model_calls

KEPT = 1_000
"""So many of the newest calls of a workspace are kept."""


@dataclass(frozen=True)
class ModelCall:
    """One use of the language model.

    Parameters
    ----------
    kind : {"rank", "search"}
    calls : int
        Calls made for it: several in thorough mode or where one was tried again.
    items : int
        Items graded.
    moved : int, optional
        Items whose place the model's own order changes; None where nothing was graded.
    tau : float, optional
        Kendall's τ between the list's order and the model's own, in [-1, 1].
    repairs : int
        What had to be mended in the answers.
    total_ms : float
    """

    kind: Literal["rank", "search"]
    model: str
    state: ModelState
    calls: int
    items: int
    moved: int | None
    tau: float | None
    repairs: int
    total_ms: float


def add(connection: Connection, workspace: int, call: ModelCall) -> None:
    """Keep one call; the oldest beyond `KEPT` go."""
    values = {**asdict(call), "workspace_key": workspace, "at": now_micros()}
    connection.execute(insert(model_calls).values(values))
    mine = model_calls.c.workspace_key == workspace
    oldest = select(model_calls.c.key).where(mine).order_by(model_calls.c.key.desc()).offset(KEPT).limit(1)
    connection.execute(delete(model_calls).where(mine, model_calls.c.key <= oldest.scalar_subquery()))


def newest(connection: Connection, workspace: int, limit: int = 100, kind: str = "rank") -> list[ModelCall]:
    """Return the newest calls of a kind, newest first."""
    columns = [model_calls.c[name] for name in ModelCall.__dataclass_fields__]
    mine = select(*columns).where(model_calls.c.workspace_key == workspace, model_calls.c.kind == kind)
    rows = connection.execute(mine.order_by(model_calls.c.key.desc()).limit(limit)).mappings()
    return [ModelCall(**{**row, "state": ModelState(row["state"])}) for row in rows]
