"""Where a persona is named without a row of its own: what imports quoted of their rows, and what was measured."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, select, update

from tastebench.stores import documents
from tastebench.stores.bulk import pieces
from tastebench.stores.revisions import bump
from tastebench.stores.schema import evaluations, imports, rejections

ERASED = "(erased)"
"""Stands where a persona was named."""

_QUOTED = 40
"""So many characters of a value a message quotes at most."""

Names = Callable[[str], bool]


def found(connection: Connection, workspace: int, persona_id: str, texts: Sequence[str]) -> dict[str, list[Any]]:
    """Return the rejected rows that quote a persona, the imports that are named after it, and what it was measured in.

    Parameters
    ----------
    texts : sequence of str
        What the persona is called and said to be.
    """
    names = _naming([persona_id, *texts])
    return {
        "rejections": [
            {
                "import": row["import_key"],
                "row": row["row_number"],
                "column": row["column_name"],
                "reason": row["reason"],
            }
            for row in _quoting(connection, workspace, names)
        ],
        "imports": [{"import": row["key"], "source": row["source"]} for row, _ in _told(connection, workspace, names)],
        "evaluations": [
            {"label": row["label"], "kind": row["kind"]} for row, _ in _measured(connection, workspace, persona_id)
        ],
    }


def erased(connection: Connection, workspace: int, persona_id: str, texts: Sequence[str]) -> dict[str, int]:
    """Return how many rejected rows went, and how many imports and evaluations no longer name the persona."""
    names = _naming([persona_id, *texts])
    quoting = [row["key"] for row in _quoting(connection, workspace, names)]
    for piece in pieces(quoting):
        connection.execute(delete(rejections).where(rejections.c.key.in_(piece)))
    told = _told(connection, workspace, names)
    measured = _measured(connection, workspace, persona_id)
    for table, changes in ((imports, told), (evaluations, measured)):
        for row, values in changes:
            connection.execute(update(table).where(table.c.key == row["key"]).values(**values))
    if quoting or told or measured:
        bump(connection, workspace)
    return {"rejections": len(quoting), "imports": len(told), "evaluations": len(measured)}


def _naming(texts: Sequence[str]) -> Names:
    """Return what tells whether a text holds one of these as words of its own; long ones may be cut.

    Examples
    --------
    >>> names = _naming(["ada"])
    >>> names("The id 'ada' already stands in row 2."), names("'nevada' is not a time."), names("history of ada.csv")
    (True, False, True)
    """
    found = [re.escape(text[:_QUOTED]) + ("" if len(text) > _QUOTED else r"(?!\w)") for text in texts]
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(found) + ")")
    return lambda text: pattern.search(text) is not None


def _quoted(reason: str) -> str:
    """Return the part of a message from its first to its last quotation mark.

    Examples
    --------
    >>> _quoted("The id 'a' already stands in row 2."), _quoted("It is a number.")
    ("'a'", '')
    """
    return reason[reason.find("'") : reason.rfind("'") + 1] if "'" in reason else ""


def _quoting(connection: Connection, workspace: int, names: Names) -> Iterator[RowMapping]:
    rows = connection.execute(_mine(rejections, workspace)).mappings()
    return (row for row in rows if names(_quoted(row["reason"])))


def _told(connection: Connection, workspace: int, names: Names) -> list[tuple[RowMapping, dict[str, Any]]]:
    """Return the imports whose report names the persona, each with what is to be changed."""
    changes = []
    for row in connection.execute(_mine(imports, workspace)).mappings():
        values: dict[str, Any] = {}
        if row["kind"] != "items" and names(row["source"]):
            values["source"] = ERASED
        report = _unnamed(documents.loaded(row["report"] or "{}"), names, values.get("source"))
        if row["report"] is not None and (document := documents.dumped(report)) != row["report"]:
            values["report"] = document
        if values:
            changes.append((row, values))
    return changes


def _unnamed(report: dict[str, Any], names: Names, source: str | None) -> dict[str, Any]:
    rows = [row for row in report.get("first_rejections", ()) if not names(_quoted(row["reason"]))]
    notes = [note for note in report.get("notes", ()) if not names(_quoted(note))]
    return {**report, "first_rejections": rows, "notes": notes, **({"source": source} if source else {})}


def _measured(connection: Connection, workspace: int, persona_id: str) -> list[tuple[RowMapping, dict[str, Any]]]:
    """Return the evaluations that took the persona's lists into account; their numbers stay, nobody's."""
    wanted = evaluations.c.document.contains(documents.dumped(persona_id), autoescape=True)
    columns = (evaluations.c.key, evaluations.c.label, evaluations.c.kind, evaluations.c.document)
    mine = select(*columns).where(evaluations.c.workspace_key == workspace, wanted).order_by(evaluations.c.key)
    changes = []
    for row in connection.execute(mine).mappings():
        document = documents.loaded(row["document"])
        if (rid := _without(document, persona_id)) != document:
            changes.append((row, {"document": json.dumps(rid, ensure_ascii=False, separators=(",", ":"))}))
    return changes


def _without(document: Any, persona_id: str) -> Any:
    if isinstance(document, list):
        return [_without(value, persona_id) for value in document]
    if not isinstance(document, dict):
        return document
    ids = document.get("personas")
    rest = {name: _without(value, persona_id) for name, value in document.items()}
    return rest | {"personas": [ERASED if one == persona_id else one for one in ids]} if isinstance(ids, list) else rest


def _mine(table: Table, workspace: int) -> Any:
    return select(table).where(table.c.workspace_key == workspace).order_by(table.c.key)
