"""The command line: ``tastebench``."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from tastebench.cli import importing, keeping, measuring, membership, personal, reading, simulating
from tastebench.cli.common import Commands

app = typer.Typer(
    name="tastebench",
    cls=Commands,
    help="A personalization workbench: see, explain and tune what each person is recommended.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("tastebench"))
        raise typer.Exit


@app.callback()
def _settle(
    ctx: typer.Context,
    data: Annotated[
        Path | None, typer.Option("--data", help="The data folder; by default TASTEBENCH_DATA, else ./data.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    ctx.obj = data


app.command()(keeping.demo)
app.add_typer(importing.app, name="import")
app.command()(simulating.simulate)
app.command()(reading.recommend)
app.command()(reading.ask)
app.command()(measuring.evaluate)
app.command()(measuring.tune)
app.command()(reading.workspaces)
app.command()(reading.doctor)
app.command()(keeping.rebuild)
app.command()(keeping.recompute)
app.command()(keeping.export)
app.command()(keeping.restore)
app.command("export-persona")(personal.export_persona)
app.command()(personal.erase)
app.command()(personal.retain)
app.command()(membership.members)
