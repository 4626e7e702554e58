"""Use cases of importing: preview, bring in, undo. No import is ever half done."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from tastebench.domain.errors import InvalidInput, TastebenchError
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.domain.reports import ImportKind, ImportReport, OnProgress, Rejection
from tastebench.ingest.ahead import read_ahead
from tastebench.ingest.files import RowSource, open_rows
from tastebench.ingest.interactions import ParsedEvent, parse_interactions, rating_rule
from tastebench.ingest.invoices import STEPS, clean_invoices
from tastebench.ingest.items import parse_items
from tastebench.ingest.mapping import InvoiceMapping
from tastebench.ingest.personas import parse_personas
from tastebench.services.embedding import embed_pending
from tastebench.services.import_run import Cancel, Run, Tally, undo, watched
from tastebench.services.mappings import Given, guessed, settled
from tastebench.services.uses import Uses
from tastebench.services.views import Preview
from tastebench.stores import imports, interactions, items, personas, workspaces
from tastebench.stores.database import Connection
from tastebench.stores.interactions import EventRow

NEW_ACTION_WEIGHT = 1.0
"""Weight of an action that only an import names: that of a view, until somebody settles another."""
PREVIEW_ROWS = 20

Source: TypeAlias = str | Path | pd.DataFrame


class Importing(Uses):
    """What can be brought into a workspace, and taken out again."""

    def preview(self, source: Source, kind: ImportKind, mapping: Given = None) -> Preview:
        """Return the first 20 rows, as they stand and as they would be read.

        Parameters
        ----------
        mapping : mapping object or dict, optional
            As of the import; guessed when missing. Where it doesn't fit, no row is read.
        """
        try:
            with open_rows(source) as rows:
                head = rows.peek()
                chosen, fits = guessed(kind, rows.columns, head), False
                with suppress(InvalidInput):
                    chosen, fits = settled(kind, rows.columns, head, mapping), True
                read = read_ahead(rows, chosen, PREVIEW_ROWS) if fits else []
                shown = [dict(values) for values in islice(head, PREVIEW_ROWS)]
                return Preview(rows.columns, shown, chosen, tuple(rows.notes), read=read)
        except TastebenchError as error:
            return Preview((), [], None, (), str(error))

    def import_items(
        self, source: Source, mapping: Given = None, *, progress: OnProgress | None = None, cancel: Cancel = None
    ) -> ImportReport:
        """Bring in items from a CSV, TSV, JSON Lines or Parquet file (plain or gzipped) or a data frame.

        Parameters
        ----------
        mapping : ItemMapping or mapping of str to str, optional
            Which column feeds which field; guessed from common names when missing.

        Raises
        ------
        UnreadableFile
            Where the file as a whole cannot be read; nothing is changed then.
        InvalidInput
            Where the mapping names a column that isn't there.
        Cancelled
            Where `cancel` said so; rows that were being read are taken out again.
        """
        with open_rows(source) as rows:
            chosen = settled("items", rows.columns, rows.peek(), mapping)
            run = Run(self._parts, self._key, "items", rows, chosen)
            return run.through(parse_items(rows, chosen), self._write_items, progress, cancel)

    def import_interactions(
        self, source: Source, mapping: Given = None, *, progress: OnProgress | None = None, cancel: Cancel = None
    ) -> ImportReport:
        """Bring in interactions; personas they name are added, items they name may follow later. As `import_items`."""
        with open_rows(source) as rows:
            chosen = settled("interactions", rows.columns, rows.peek(), mapping)
            run = Run(self._parts, self._key, "interactions", rows, chosen)
            if chosen.rating:
                run.tally.notes.append(rating_rule(chosen))
            return run.through(parse_interactions(rows, chosen), self._write_events, progress, cancel)

    def import_personas(
        self, source: Source, mapping: Given = None, *, progress: OnProgress | None = None, cancel: Cancel = None
    ) -> ImportReport:
        """Bring in personas from JSON, JSON Lines or CSV; one with a known id replaces it. As `import_items`."""
        with open_rows(source) as rows:
            chosen = settled("personas", rows.columns, rows.peek(), mapping)
            run = Run(self._parts, self._key, "personas", rows, chosen)
            return run.through(parse_personas(rows, chosen), self._write_personas, progress, cancel)

    def import_invoices(
        self,
        source: Source,
        steps: Mapping[str, bool] | None = None,
        mapping: Given = None,
        *,
        progress: OnProgress | None = None,
        cancel: Cancel = None,
    ) -> ImportReport:
        """Bring in invoice lines of the Online Retail shape: products as items, customers as personas, purchases.

        Parameters
        ----------
        steps : mapping of str to bool, optional
            Cleaning steps to switch off or on, by name; all are on by default.
        """
        with open_rows(source) as rows:
            chosen = settled("invoices", rows.columns, rows.peek(), mapping)
            run = Run(self._parts, self._key, "invoices", rows, chosen)
            # All lines are read before the first product is known: without this, nothing would move for a while.
            rows.rows = watched(rows.rows, rows.total, progress, cancel)
            return run.through(self._cleaned(rows, run, steps, chosen), self._write_invoices, progress, cancel)

    def imports(self) -> list[ImportReport]:
        """Return the reports of all imports that were not undone, newest first."""
        with self._parts.database.read() as connection:
            reports = imports.all_reports(connection, self._key)
        return [report for report in reports if report.state != "undone"]

    def rejections(self, import_id: int) -> pd.DataFrame:
        """Return every row an import left out: file, row, column, reason. Raises `NotFound`."""
        with self._parts.database.read() as connection:
            source = imports.fetch(connection, self._key, import_id).source
            rows = [
                (source, refused.row, refused.column, refused.reason)
                for refused in imports.rejections(connection, self._key, import_id)
            ]
        return pd.DataFrame(rows, columns=["file", "row", "column", "reason"])

    def undo_import(self, import_id: int) -> dict[str, int]:
        """Take out what an import added and put back what it changed; what was edited later stays.

        Texts that were put back wait for the encoder: `embed_pending`.

        Returns
        -------
        dict
            ``removed``, ``restored``, ``kept``: how many rows.

        Raises
        ------
        NotFound
            Where there is no such import.
        InvalidInput
            Where it is still running, or was undone already.
        """
        with self._parts.database.read() as connection:
            state = imports.fetch(connection, self._key, import_id).state
        if state == "unfinished":
            raise InvalidInput("This import is still running.", "Cancel it, or wait for its end.")
        return undo(self._parts, self._key, import_id)

    def embed_pending(self, progress: OnProgress | None = None, cancel: Cancel = None) -> int:
        """Embed every text that has no vector yet and return how many were read."""
        return embed_pending(self._parts, self._key, progress, cancel)

    def _write_items(self, connection: Connection, batch: list[Item], run: Run) -> None:
        changes = items.upsert(connection, self._key, batch, run.import_id)
        run.tally.count(changes)
        run.tally.items += changes.added
        facets = tuple(dict.fromkeys(facet for item in batch for facet in item.facets))
        settings = self._row(connection).settings
        if set(facets) - set(settings.facets):
            workspaces.save_settings(connection, self._key, settings.with_facets(facets))

    def _write_personas(self, connection: Connection, batch: list[Persona], run: Run) -> None:
        changes = personas.upsert(connection, self._key, batch, run.import_id)
        run.tally.count(changes)
        run.tally.personas += changes.added

    def _write_events(self, connection: Connection, batch: list[ParsedEvent], run: Run) -> None:
        keys = self._persona_keys(connection, [event.persona_id for event in batch], run)
        self._add_actions(connection, {event.interaction.action for event in batch}, run)
        named = [e.interaction.target for e in batch if e.interaction.target_kind == "item"]
        missing = items.unknown(connection, self._key, named)
        run.tally.unknown += sum(item_id in missing for item_id in named)
        rows = [EventRow(keys[e.persona_id], e.interaction, e.digest, run.import_id) for e in batch]
        changes = interactions.append(connection, self._key, rows)
        run.tally.added += changes.added
        run.tally.unchanged += changes.unchanged
        run.tally.interactions += changes.added

    def _cleaned(
        self, rows: RowSource, run: Run, steps: Mapping[str, bool] | None, mapping: InvoiceMapping
    ) -> Iterator[Any]:
        """Yield products, customers, purchases, and a rejection for each line that a step took out."""
        cleaned = clean_invoices(rows, mapping, steps=_switched_on(steps))
        run.tally.funnel = cleaned.funnel
        yield from cleaned.items
        yield from cleaned.customers
        yield from cleaned.rejections
        dropped = zip(cleaned.dropped["row"].tolist(), cleaned.dropped["step"].tolist(), strict=True)
        yield from (Rejection(row, "", f"Left out by the step {step}") for row, step in dropped)
        yield from cleaned.events()

    def _write_invoices(self, connection: Connection, batch: list[Any], run: Run) -> None:
        """Write one kind after the other; the tally counts lines, so products and customers don't count as rows."""
        lines = run.tally
        run.tally = Tally(items=lines.items, personas=lines.personas)
        self._write_items(connection, [row for row in batch if isinstance(row, Item)], run)
        self._write_personas(connection, [row for row in batch if isinstance(row, Persona)], run)
        lines.items, lines.personas, run.tally = run.tally.items, run.tally.personas, lines
        lines.rows -= sum(isinstance(row, (Item, Persona)) for row in batch)
        self._write_events(connection, [row for row in batch if isinstance(row, ParsedEvent)], run)

    def _persona_keys(self, connection: Connection, ids: list[str], run: Run) -> dict[str, int]:
        wanted = list(dict.fromkeys(ids))
        known = personas.keys_of(connection, self._key, wanted)
        missing = [persona_id for persona_id in wanted if persona_id not in known]
        if missing:
            now = datetime.now(UTC)
            fresh = [Persona(name, persona_id=name, origin="imported", created_at=now) for name in missing]
            run.tally.personas += personas.add_missing(connection, self._key, fresh, run.import_id)
            known |= personas.keys_of(connection, self._key, missing)
        return known

    def _add_actions(self, connection: Connection, names: set[str], run: Run) -> None:
        settings = self._row(connection).settings
        unknown = sorted(names - set(settings.actions))
        if unknown:
            extended = settings.with_actions(dict.fromkeys(unknown, NEW_ACTION_WEIGHT))
            workspaces.save_settings(connection, self._key, extended)
            run.tally.notes.append(
                f"New actions, weighing as much as a view: {', '.join(unknown)}. Change that under Interactions."
            )


def _switched_on(steps: Mapping[str, bool] | None) -> tuple[str, ...]:
    """Return the cleaning steps that stay on. Raises `InvalidInput` for a name that is none."""
    for name in steps or {}:
        if name not in STEPS:
            raise InvalidInput(f"There is no cleaning step {name!r}.", f"Steps: {', '.join(STEPS)}.")
    return tuple(name for name in STEPS if (steps or {}).get(name, True))
