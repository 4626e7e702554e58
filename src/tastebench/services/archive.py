"""Archives: a whole workspace in one file, out and in."""

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tastebench.domain.errors import NotFound, UnreadableFile
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.domain.reports import OnProgress
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.services.bootstrap import Parts
from tastebench.services.embedding import embed_pending
from tastebench.services.uses import Uses
from tastebench.stores import interactions, items, personas, workspaces
from tastebench.stores.interactions import EventRow

FORMAT = 0
_ALL = 1_000_000_000


class Archiving(Uses):
    """What can be done with a workspace as a whole."""

    def export(self, path: str | Path) -> Path:
        """Write the whole workspace to one archive and return its path."""
        target = Path(path)
        with self._parts.database.read() as connection:
            catalogue, _ = items.page(connection, self._key, limit=_ALL)
            people, _ = personas.page(connection, self._key, limit=_ALL)
            log, _ = interactions.page(connection, self._key, limit=_ALL)
        document = {
            "format": FORMAT,
            "name": self.name,
            "settings": self.settings.model_dump(mode="json"),
            "items": [asdict(item) for item in catalogue],
            "personas": [asdict(stored.persona) for stored in sorted(people, key=lambda stored: stored.key)],
            "interactions": [asdict(row) for row in reversed(log)],
        }
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("workspace.json", json.dumps(document, ensure_ascii=False, default=str))
        return target


def restored(parts: Parts, path: Path, name: str | None, progress: OnProgress | None = None) -> int:
    """Return the key of a new workspace made from an archive.

    Raises
    ------
    NotFound
        Where there is no such file.
    UnreadableFile
        Where it is no archive of a workspace.
    AlreadyExists
        Where the name is taken.
    """
    if not path.exists():
        raise NotFound(f"There is no file {path}.", "Check the path.")
    document = _document(path)
    with parts.database.write() as connection:
        settings = WorkspaceSettings(**document["settings"])
        key = workspaces.create(connection, name or document["name"], settings).key
        items.upsert(connection, key, [Item(**fields) for fields in document["items"]])
        personas.upsert(connection, key, [Persona(**fields) for fields in document["personas"]])
        keys = personas.keys_of(connection, key, [fields["persona_id"] for fields in document["personas"]])
        events = [EventRow(keys[row["persona_id"]], _interaction(row)) for row in document["interactions"]]
        interactions.append(connection, key, events)
    embed_pending(parts, key, progress)
    return key


def _document(path: Path) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("workspace.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UnreadableFile(
            f"{path.name} is no archive of a workspace.", "Choose a file that `tastebench export` wrote."
        ) from error


def _interaction(row: dict[str, Any]) -> Interaction:
    names = ("target", "action", "at", "weight", "origin", "target_kind")
    return Interaction(**{name: row[name] for name in names})
