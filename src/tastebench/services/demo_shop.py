"""The shop demo: invented invoices, shifted so that the newest is of the moment of loading, and imported."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tastebench.domain.reports import OnProgress
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.services.bootstrap import Parts
from tastebench.services.workspace import Workspace
from tastebench.stores import imports, items

SETTINGS = WorkspaceSettings(
    facets=("themes",),
    category_facet="themes",
    synthetic=True,
    note="An invented gift shop: its products, customers and invoices were made up for this project.",
)
_DATE = "%Y-%m-%d %H:%M:%S"


def fill(parts: Parts, key: int, folder: Path, loaded_at: datetime, progress: OnProgress | None) -> None:
    """Import the invoices and give the products their themes; what is there already stays as it is."""
    import_id = _finished_import(parts, key)
    if import_id is None:
        with TemporaryDirectory() as place:
            shifted = Path(place) / "invoices.csv"
            _write_shifted(folder / "invoices.csv", shifted, loaded_at)
            import_id = Workspace(parts, key).import_invoices(shifted, progress=progress).import_id
    _add_themes(parts, key, folder / "products.csv", import_id)


def _finished_import(parts: Parts, key: int) -> int | None:
    with parts.database.read() as connection:
        reports = imports.all_reports(connection, key)
    return next((report.import_id for report in reports if report.state == "finished"), None)


def _write_shifted(source: Path, target: Path, newest: datetime) -> None:
    """Copy the invoice lines with all dates moved by the same amount, the newest to `newest`."""
    rows = list(_rows(source))
    shift = newest.replace(tzinfo=None) - max(datetime.strptime(row["InvoiceDate"], _DATE) for row in rows)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        for row in rows:
            moved = datetime.strptime(row["InvoiceDate"], _DATE) + shift
            writer.writerow(row | {"InvoiceDate": moved.strftime(_DATE)})


def _add_themes(parts: Parts, key: int, products: Path, import_id: int) -> None:
    """Put each product's theme into the facet, on behalf of the import so that undoing it takes all of it."""
    themes = {row["stock_code"]: row["theme"] for row in _rows(products)}
    with parts.database.write() as connection:
        found = items.fetch(connection, key, list(themes))
        tagged = [replace(item, facets={"themes": (themes[item_id],)}) for item_id, item in found.items()]
        items.upsert(connection, key, tagged, import_id)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
