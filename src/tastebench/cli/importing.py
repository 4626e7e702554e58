"""Commands that bring files into a workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tastebench.cli.common import workbench
from tastebench.cli.telling import progress_shown
from tastebench.domain.errors import InvalidInput
from tastebench.domain.reports import ImportKind, ImportReport

if TYPE_CHECKING:
    from tastebench.services import Workbench, Workspace

REJECTIONS_SHOWN = 10

app = typer.Typer(help="Bring a file into a workspace.", no_args_is_help=True, rich_markup_mode=None)

File: TypeAlias = Annotated[Path, typer.Argument(help="CSV, TSV, JSON Lines or Parquet, plain or gzipped.")]
Into: TypeAlias = Annotated[str, typer.Option("--workspace", "-w", help="Its name; made where it isn't there.")]
Maps: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help="Which column feeds a field, where the guess is wrong: title=name, facets.genres=Tags. Repeat as needed.",
    ),
]

Refused: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--rejections", metavar="FILE", help="Write every row left out to this CSV: file, row, column, reason."
    ),
]


@app.command()
def items(ctx: typer.Context, file: File, workspace: Into, mapping: Maps = None, rejections: Refused = None) -> None:
    """Read items: an id, and whatever else there is of title, description, tags, creator, times, attributes."""
    _import(ctx, "items", file, workspace, mapping, rejections)


@app.command()
def interactions(
    ctx: typer.Context, file: File, workspace: Into, mapping: Maps = None, rejections: Refused = None
) -> None:
    """Read interactions or ratings: persona, item, and what is there of action, time, rating or weight."""
    _import(ctx, "interactions", file, workspace, mapping, rejections)


@app.command()
def personas(ctx: typer.Context, file: File, workspace: Into, mapping: Maps = None, rejections: Refused = None) -> None:
    """Read personas: a name, and what is there of description, interests and properties."""
    _import(ctx, "personas", file, workspace, mapping, rejections)


@app.command()
def invoices(
    ctx: typer.Context,
    file: File,
    workspace: Into,
    mapping: Maps = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip-step", metavar="NAME", help="A cleaning step to leave out. Repeatable.")
    ] = None,
    rejections: Refused = None,
) -> None:
    """Read invoice lines as in Online Retail: cleaned, then products, customers and their purchases."""
    fields = _fields(mapping)
    steps = dict.fromkeys(skip or (), False)
    with workbench(ctx) as bench, _filling(bench, workspace) as chosen, progress_shown() as progress:
        report = chosen.import_invoices(file, steps, fields, progress=progress)
        _write_rejections(chosen, report, rejections)
    _tell(report, rejections)


def _import(
    ctx: typer.Context,
    kind: ImportKind,
    file: Path,
    workspace: str,
    mapping: list[str] | None,
    rejections: Path | None,
) -> None:
    fields = _fields(mapping)
    with workbench(ctx) as bench, _filling(bench, workspace) as chosen, progress_shown() as progress:
        read = {
            "items": chosen.import_items,
            "interactions": chosen.import_interactions,
            "personas": chosen.import_personas,
        }[kind]
        report = read(file, fields, progress=progress)
        _write_rejections(chosen, report, rejections)
    _tell(report, rejections)


def _write_rejections(workspace: "Workspace", report: ImportReport, file: Path | None) -> None:
    if file is None:
        return
    from tastebench.services.spreadsheet import safe_csv

    try:
        file.write_bytes(safe_csv(workspace.rejections(report.import_id)))
    except OSError as error:
        raise InvalidInput(
            f"The rows left out could not be written to {file}: {error.strerror}.",
            "The import itself is in; choose another file.",
        ) from error


@contextmanager
def _filling(bench: "Workbench", name: str) -> "Iterator[Workspace]":
    """Yield the workspace of that name; one that is made here and stays empty goes again where an error ends it."""
    known = set(bench.workspace_names())
    workspace = bench.workspace(name, create=True)
    is_new = workspace.name not in known  # by its stored name: what was typed is cleaned
    try:
        yield workspace
    except BaseException:
        summary = workspace.summary()
        if is_new and not (summary.items or summary.personas or summary.interactions):
            bench.delete_workspace(summary.name)
        raise


def _fields(mapping: list[str] | None) -> dict[str, str] | None:
    """Return field to column. Raises a usage error where one isn't written so."""
    fields = {}
    for one in mapping or ():
        field, sign, column = one.partition("=")
        if not sign or not field.strip():
            raise typer.BadParameter(f"{one!r} is not of the form field=column.", param_hint="--map")
        fields[field.strip()] = column.strip()
    return fields or None


def _tell(report: ImportReport, rejections: Path | None) -> None:
    typer.echo(
        f"{report.source}: {report.rows:,} rows read; {report.added:,} added, {report.changed:,} changed, "
        f"{report.unchanged:,} unchanged, {report.rejected:,} left out."
    )
    brought = (("items", report.items), ("personas", report.personas), ("interactions", report.interactions))
    new = ", ".join(f"{count:,} {what}" for what, count in brought if count)
    typer.echo(f"New: {new or 'nothing'}. Texts embedded: {report.embedded:,}.")
    for step in report.funnel:
        typer.echo(
            f"  {step.name}: {step.dropped:,} taken out, {step.left:,} left{'' if step.applied else ' (skipped)'}"
        )
    for note in report.notes:
        typer.echo(note)
    for refused in report.first_rejections[: 0 if report.funnel else REJECTIONS_SHOWN]:
        where = f"row {refused.row}" + (f", column {refused.column}" if refused.column else "")
        typer.echo(f"  left out: {where}: {refused.reason}")
    if rejections is not None:
        typer.echo(f"All {report.rejected:,} rows left out, each with its reason, are in {rejections}.")
    elif not report.funnel and report.rejected > REJECTIONS_SHOWN:
        typer.echo(f"  … and {report.rejected - REJECTIONS_SHOWN:,} more; --rejections FILE.csv lists them all.")
