"""Use cases of personal data: everything held about one persona, handed out or erased."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tastebench.domain.errors import NotFound
from tastebench.services.archive_out import written
from tastebench.services.preferring import Preferring
from tastebench.stores import personal

FORMAT = 1


class Personal(Preferring):
    """What can be done with all that a workspace holds about one persona. Deleted personas are held, too."""

    def remembers(self, persona_id: str) -> bool:
        """Tell whether there is a persona with this id, or a deleted one of which rows are held."""
        with self._parts.database.read() as connection:
            try:
                personal.key_of(connection, self._key, persona_id)
            except NotFound:
                return False
        return True

    def export_persona(self, persona_id: str, path: str | Path | None = None, *, overwrite: bool = False) -> str:
        """Return everything we hold about a persona as JSON, and write it to `path` where one is given.

        Every row of every table, deleted ones included; what was learned from them; what imports and evaluations say.
        Titles of items are the catalogue's and stay out; files of import are not kept at all.

        Raises
        ------
        NotFound
            Where there is no such persona, nor ever was one that is only deleted.
        AlreadyExists
            Where there is a file and `overwrite` is False.
        """
        with self._parts.database.read() as connection:
            held = personal.record(connection, self._key, persona_id)
        document = {
            "format": FORMAT,
            "workspace": self.name,
            "persona_id": persona_id,
            "exported_at": datetime.now(UTC).isoformat(),
            "held": held,
            "learned": self._learned_of(persona_id),
        }
        text = json.dumps(document, ensure_ascii=False, indent=2)
        if path is not None:
            with written(Path(path), overwrite=overwrite) as file:
                file.write(text.encode())
        return text

    def erase_persona(self, persona_id: str) -> dict[str, int]:
        """Remove everything we hold about a persona for good, and return how many rows of each table that was.

        SQLite's file, its log and Chroma's file are overwritten; of PostgreSQL and a Chroma server only the rows go.
        What was worked out from the persona's rows is worked out anew without them. What operators wrote about it
        elsewhere (titles, notes, names of profiles), archives and copies are not touched, and a file that names the
        persona brings it back when it is imported again.

        Raises
        ------
        NotFound
            Where there is no such persona, not even a deleted one.
        IndexUnavailable, DatabaseUnavailable
            Where the rows are gone, but traces are left in a part that is out of reach; the next start removes them.
        """
        with self._parts.database.write() as connection:
            removed = personal.erase(connection, self._key, persona_id)
        self._parts.forget_learned(self._key)
        self._parts.database.overwrite_traces()
        return removed

    def _learned_of(self, persona_id: str) -> list[dict[str, object]]:
        try:
            found = self.preferences(persona_id)
        except NotFound:
            return []  # deleted: nothing is learned of it
        return [
            {
                "category": one.category, "key": one.key, "value": one.value, "confidence": one.confidence,
                "state": one.state, "count": one.count, "last_seen": one.last_seen.isoformat(), "pinned": one.pinned,
            }
            for one in found
        ]  # fmt: skip
