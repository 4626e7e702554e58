"""The log: what happened, newest first; rows can be chosen and deleted, and all of it taken along."""

import hashlib
from collections.abc import Iterable
from functools import partial

import pandas as pd
import streamlit as st

from tastebench.domain.persona import Persona
from tastebench.services import Workspace
from tastebench.services.spreadsheet import safe_csv
from tastebench.services.views import LogPage
from tastebench.stores.interactions import LogRow
from tastebench.ui import paging, undo
from tastebench.ui.components import empty_state, plain
from tastebench.ui.format import counted
from tastebench.ui.interactions import filters
from tastebench.ui.interactions.filters import LogFilter
from tastebench.ui.page import guarded

PAGE_SIZE = 50
_CHUNK = 50_000

_COLUMNS = {
    "When": st.column_config.DatetimeColumn(format="distance", width=115, help="How long ago"),
    "Date": st.column_config.DatetimeColumn("Date (UTC)", format="YYYY-MM-DD HH:mm", width=140),
    "Persona": st.column_config.TextColumn(width=150),
    "Action": st.column_config.TextColumn(width=100),
    "Item": st.column_config.TextColumn("Target", help="What it was done with, or what it is feedback on"),
    "Weight": st.column_config.NumberColumn(
        format="%.2f", width="small", help="Said explicitly, in −1 to 1; empty where the action's own weight counts"
    ),
    "Origin": st.column_config.TextColumn(width="small"),
}


def draw(workspace: Workspace, persona: Persona) -> None:
    """Draw the log with its filters, and what can be done with rows that are chosen."""
    chosen = filters.draw(workspace, persona)
    found = chosen.page(workspace, PAGE_SIZE)
    start = paging.offset(filters.PAGE, PAGE_SIZE, found.total)
    page = chosen.page(workspace, PAGE_SIZE, start) if start else found
    if not page.rows:
        _nothing(chosen, persona)
        return
    keys = _table(page, everyone=chosen.persona_id is None)
    with st.container(horizontal=True, vertical_alignment="center"):
        _deletion(workspace, keys)
        st.download_button(
            "Download as CSV", partial(as_csv, workspace, chosen), f"{workspace.name} interactions.csv", "text/csv",
            key="log_export", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        if chosen:
            _clearing()
    paging.pages(filters.PAGE, PAGE_SIZE, page.total, "interaction")


def as_csv(workspace: Workspace, chosen: LogFilter) -> bytes:
    """Return that part of the log as CSV that no spreadsheet runs formulas from; it can be imported again."""
    # Written page by page: rows as text are a fraction of what they are as objects.
    parts: list[bytes] = []
    done, total = 0, 1
    while done < total:
        page = chosen.page(workspace, _CHUNK, done)
        table = pd.DataFrame([_record(row) for row in page.rows], columns=list(_RECORD))
        parts.append(safe_csv(table, head=not parts))
        done, total = done + max(len(page.rows), 1), page.total
    return b"".join(parts)


_RECORD = ("persona_id", "item_id", "title", "action", "at", "weight", "origin", "target_kind")


def _record(row: LogRow) -> dict[str, object]:
    title = (row.title or "") if row.target_kind == "item" else row.words
    said = (row.action, row.at.isoformat(), row.weight, row.origin, row.target_kind)
    values = (row.persona_id, row.target, title, *said)
    return dict(zip(_RECORD, values, strict=True))


def _deletion(workspace: Workspace, keys: tuple[int, ...]) -> None:
    st.button(
        f"Delete {counted(len(keys), 'row')}" if keys else "Delete chosen rows", disabled=not keys, key="log_delete",
        on_click=_delete, args=(workspace, keys), help="Tick rows in the table first. Deleting can be undone.",
    )  # fmt: skip


def _clearing() -> None:
    st.button("Clear the filters", on_click=filters.clear, key="log_clear", type="tertiary")


def _nothing(chosen: LogFilter, persona: Persona) -> None:
    if chosen:
        plain("Nothing in the log matches these filters.", style="opacity:.8")
        _clearing()
        return
    title = f"{persona.name} hasn’t done anything yet" if chosen.persona_id else "Nobody has done anything yet"
    sentence = "Record something, and the list of recommendations changes with it."
    empty_state("history", title, sentence, "Record an interaction", key="log_empty", on_click=_to_recording)


def _to_recording() -> None:
    st.session_state["tab"] = "Record"


def _table(page: LogPage, *, everyone: bool) -> tuple[int, ...]:
    # The key follows the rows on show: chosen places of one page must never count for another.
    keys = [row.key for row in page.rows]
    columns = [name for name in _COLUMNS if everyone or name != "Persona"]
    shown = st.dataframe(
        _frame(page.rows), key=f"log_{_digest(keys)}", hide_index=True, on_select="rerun", selection_mode="multi-row",
        column_config=_COLUMNS, column_order=columns, placeholder="",
        alt="Interactions, newest first", height=min(35 * len(keys) + 38, 560),
    )  # fmt: skip
    picked: list[int] = shown["selection"]["rows"]
    return tuple(keys[place] for place in picked if place < len(keys))


def _frame(rows: Iterable[LogRow]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "When": row.at, "Date": row.at, "Persona": row.persona_name, "Action": row.action,
                "Item": row.words, "Weight": row.weight, "Origin": row.origin,
            }
            for row in rows
        ]
    )  # fmt: skip


def _digest(keys: list[int]) -> str:
    return hashlib.blake2b(repr(keys).encode(), digest_size=8).hexdigest()


def _delete(workspace: Workspace, keys: tuple[int, ...]) -> None:
    with guarded():
        removed = workspace.delete_interactions(keys)
        undo.offer(f"Deleted {counted(removed, 'interaction')}.", partial(workspace.restore_interactions, keys))
