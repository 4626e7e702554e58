"""The demos: two workspaces made from sample_data, with times relative to the moment of loading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tastebench.domain.moments import from_micros, to_micros
from tastebench.domain.reports import OnProgress
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.services import demo_films, demo_shop
from tastebench.services.bootstrap import Parts
from tastebench.services.embedding import embed_pending
from tastebench.services.seen import Seen
from tastebench.stores import app_state
from tastebench.stores.database import Connection

SAMPLE_DATA = Path(__file__).parents[3] / "sample_data"
_MARK = "demo"


class Mark(NamedTuple):
    """What a demo's workspace remembers of its loading, so that a second one knows what is there."""

    loaded_at: datetime
    complete: bool


Fill: TypeAlias = Callable[[Parts, int, datetime, OnProgress | None], None]


def load(parts: Parts, seen: Seen, which: str, name: str, progress: OnProgress | None = None) -> int:
    """Return the key of a demo's workspace, loaded where it isn't there yet.

    A second call changes nothing, save that it completes what a first one left undone: texts that were not
    embedded, an import that was cut off.

    Raises
    ------
    InvalidInput
        Where there is no such demo.
    AlreadyExists
        Where a workspace of that name holds something else.
    NotFound
        Where Tastebench was installed without its sample data.
    """
    if which not in _DEMOS:
        raise InvalidInput(f"There is no demo {which!r}.", f"Choose one of: {', '.join(_DEMOS)}.")
    return _DEMOS[which](parts, seen, name, progress)


def _load_films(parts: Parts, seen: Seen, name: str, progress: OnProgress | None) -> int:
    """Write all rows in one transaction, so that they are there as a whole or not at all; then embed."""
    key, mark = _found(parts, seen, name, "films")
    if key is None or not mark.complete:
        films = demo_films.read(_folder("films"), mark.loaded_at)
        with parts.database.write() as connection:
            key = _begun(connection, seen, name, "films", demo_films.SETTINGS, mark)
            if not _complete(connection, key):  # another loading may have come first
                demo_films.write(connection, key, films)
                _remember(connection, key, "films", mark._replace(complete=True))
    embed_pending(parts, key, progress)
    return key


def _load_shop(parts: Parts, seen: Seen, name: str, progress: OnProgress | None) -> int:
    """Import the invoices as anybody would; the moment kept before makes a second attempt bring the same rows."""
    key, mark = _found(parts, seen, name, "shop")
    if key is None or not mark.complete:
        folder = _folder("shop")
        with parts.database.write() as connection:
            key = _begun(connection, seen, name, "shop", demo_shop.SETTINGS, mark)
        demo_shop.fill(parts, key, folder, mark.loaded_at, progress)
        with parts.database.write() as connection:
            _remember(connection, key, "shop", mark._replace(complete=True))
    embed_pending(parts, key, progress)
    return key


_DEMOS: Mapping[str, Callable[[Parts, Seen, str, OnProgress | None], int]] = {"films": _load_films, "shop": _load_shop}


def _folder(which: str) -> Path:
    folder = SAMPLE_DATA / which
    if not folder.is_dir():
        raise NotFound(
            f"The sample data is not there: {folder} does not exist.",
            "Start Tastebench from a clone of its repository, or import a file of your own.",
        )
    return folder


def _found(parts: Parts, seen: Seen, name: str, which: str) -> tuple[int | None, Mark]:
    """Return the key of the demo's workspace, None where there is none, and how far its loading went."""
    with parts.database.read() as connection:
        row = next((row for row in seen.rows(connection) if row.name == name), None)
        stored: Any = app_state.fetch(connection, row.key, _MARK) if row else None
    if row is None:
        return None, Mark(datetime.now(UTC).replace(microsecond=0), complete=False)
    if not isinstance(stored, dict) or stored.get("which") != which:
        raise AlreadyExists(f"The workspace {name!r} holds something else.", "Give the demo another name.")
    return row.key, Mark(from_micros(stored["loaded_at"]), bool(stored["complete"]))


def _begun(connection: Connection, seen: Seen, name: str, which: str, settings: WorkspaceSettings, mark: Mark) -> int:
    """Return the key of the demo's workspace, made where it isn't there yet."""
    row = next((row for row in seen.rows(connection) if row.name == name), None)
    if row is None:
        row = seen.create(connection, name, settings)
        _remember(connection, row.key, which, mark)
    return row.key


def _complete(connection: Connection, key: int) -> bool:
    stored: Any = app_state.fetch(connection, key, _MARK)
    return bool(stored["complete"])


def _remember(connection: Connection, key: int, which: str, mark: Mark) -> None:
    value = {"which": which, "loaded_at": to_micros(mark.loaded_at), "complete": mark.complete}
    app_state.save(connection, key, _MARK, value)
