"""Which part of the log is on show."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, get_args

import streamlit as st

from tastebench.domain.interaction import TargetKind
from tastebench.domain.moments import EARLIEST, LATEST
from tastebench.domain.persona import Origin, Persona
from tastebench.services import Workspace
from tastebench.services.views import LogPage
from tastebench.ui import paging

PAGE = "log_page"
ONE, EVERYONE = "This persona", "Everyone"

_ORIGINS: tuple[Origin, ...] = ("authored", "imported", "simulated")
_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
_KEYS = ("log_of", "log_action", "log_kind", "log_origin", "log_from", "log_to", "log_text")
_ANY = "any"


@dataclass(frozen=True)
class LogFilter:
    """A part of the log; empty fields don't narrow it down. Days are whole days in UTC, both ends included."""

    persona_id: str | None = None
    action: str | None = None
    target_kind: TargetKind | None = None
    origin: Origin | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""

    def __bool__(self) -> bool:
        return self != LogFilter(persona_id=self.persona_id)

    def page(self, workspace: Workspace, limit: int, offset: int = 0) -> LogPage:
        """Return that part of the part, newest first."""
        return workspace.interactions(
            persona_id=self.persona_id, action=self.action, target_kind=self.target_kind, origin=self.origin,
            since=_at(self.since, time.min), until=_at(self.until, time.max), search=self.text, limit=limit,
            offset=offset,
        )  # fmt: skip


def draw(workspace: Workspace, persona: Persona) -> LogFilter:
    """Draw the filters and return what they say; the persona is the sidebar's."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="log_filters"):
        whose = st.segmented_control(
            "Whose", [ONE, EVERYONE], default=ONE, required=True, **_watched("log_of"),
            help="For somebody else choose another persona in the sidebar.",
        )  # fmt: skip
        text = st.text_input(
            "Item", placeholder="a word of the title, or the id", max_chars=200, icon=":material/search:", live=True,
            width=420,             **_watched("log_text"),
        )  # fmt: skip
    with st.grid(5, min_column_width=150):
        action = st.selectbox("Action", [_ANY, *workspace.settings.actions], **_watched("log_action"))
        kind = st.selectbox("Target", [_ANY, *_KINDS], **_watched("log_kind"))
        origin = st.selectbox("Origin", [_ANY, *_ORIGINS], **_watched("log_origin"))
        since, until = _day("From", "log_from"), _day("To", "log_to")
    return LogFilter(
        persona_id=persona.persona_id if whose == ONE else None, action=None if action == _ANY else action,
        target_kind=next((one for one in _KINDS if one == kind), None),
        origin=next((one for one in _ORIGINS if one == origin), None), since=since, until=until, text=text.strip(),
    )  # fmt: skip


def clear() -> None:
    """Show everything of the persona again."""
    for key, value in zip(_KEYS, (ONE, _ANY, _ANY, _ANY, None, None, ""), strict=True):
        if key in st.session_state:
            st.session_state[key] = value
    paging.first_page(PAGE)


def _day(label: str, key: str) -> date | None:
    value: date | None = st.date_input(
        label, None, format="YYYY-MM-DD", min_value=EARLIEST.date(), max_value=LATEST.date(), **_watched(key)
    )
    return value


def _at(day: date | None, clock: time) -> datetime | None:
    return None if day is None else datetime.combine(day, clock, UTC)


def _watched(key: str) -> dict[str, Any]:
    return {"key": key, "bind": "query-params", "on_change": paging.first_page, "args": (PAGE,)}
