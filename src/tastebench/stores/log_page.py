"""The log as people read it: page by page, newest first, with the names they know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Subquery, and_, func, select

from tastebench.domain import feedback
from tastebench.domain.interaction import TargetKind
from tastebench.domain.moments import from_micros
from tastebench.domain.persona import Origin
from tastebench.domain.preferences import PreferenceName
from tastebench.stores import documents, log_filter
from tastebench.stores.schema import impressions, interactions, items, personas


@dataclass(frozen=True)
class LogRow:
    """One row of the log, with the names people know.

    Parameters
    ----------
    title : str, optional
        Of the item that the target is, or that it is about.
    lesson : PreferenceName, optional
        What feedback is evidence for, where neither its target nor an item says it.
    listed_at : datetime, optional
        When the list was made that the target is.
    """

    key: int
    persona_id: str
    persona_name: str
    target_kind: TargetKind
    target: str
    title: str | None
    action: str
    at: datetime
    weight: float | None
    origin: Origin
    import_key: int | None
    recorded_at: datetime
    lesson: PreferenceName | None = None
    listed_at: datetime | None = None

    @property
    def words(self) -> str:
        """The target, as people would name it."""
        return feedback.in_words(self.target_kind, self.target, self.title, self.lesson, self.listed_at)


def page(
    connection: Connection,
    workspace: int,
    *,
    persona_key: int | None = None,
    action: str | None = None,
    target_kind: TargetKind | None = None,
    origin: Origin | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    search: str = "",
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[LogRow], int]:
    """Return one page of the log, newest first, and how many rows there are on all pages.

    Both times are inclusive. `search` is found in the target's id or title or the persona's name, upper and
    lower case alike.
    """
    condition = log_filter.wanted(
        workspace, persona_key=persona_key, action=action, target_kind=target_kind, origin=origin, since=since,
        until=until, search=search,
    )  # fmt: skip
    # The page is cut before names are looked up, so that it is read off the index and never sorted whole.
    order = (interactions.c.at.desc(), interactions.c.key.desc())
    cut = select(interactions).where(condition).order_by(*order).limit(limit).offset(offset).subquery("cut")
    total = connection.scalar(select(func.count()).select_from(interactions).where(condition))
    return [_log_row(row) for row in connection.execute(_with_names(cut))], int(total or 0)


def _with_names(cut: Subquery) -> Select[Any, Any]:
    shown = impressions.c
    listed = and_(
        cut.c.target_kind == "list", shown.workspace_key == cut.c.workspace_key, shown.impression_id == cut.c.target
    )
    rows = cut.join(personas, cut.c.persona_key == personas.c.key).outerjoin(items, cut.c.item_key == items.c.key)
    rows = rows.outerjoin(impressions, listed)
    names = (personas.c.persona_id, personas.c.name, items.c.title, shown.at.label("listed_at"))
    found = select(cut, *names).select_from(rows)
    return found.order_by(cut.c.at.desc(), cut.c.key.desc())


def _log_row(row: Row[Any, Any]) -> LogRow:
    return LogRow(
        row.key, row.persona_id, row.name, row.target_kind, row.target, row.title, row.action, from_micros(row.at),
        row.weight, row.origin, row.import_key, from_micros(row.recorded_at),
        PreferenceName.read(row.lesson or ""),
        documents.moment(row.listed_at),
    )  # fmt: skip
