"""Commands that change the data folder as a whole: demo, rebuild, archives."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tastebench.cli.common import InWorkspace, folder_of, workbench
from tastebench.cli.telling import progress_shown
from tastebench.domain.errors import DatabaseUnavailable


class Demo(StrEnum):
    """The demos there are."""

    films = "films"
    shop = "shop"


def demo(
    ctx: typer.Context,
    which: Annotated[Demo, typer.Argument(help="Which one.")] = Demo.films,
    name: Annotated[str | None, typer.Option(help="Name of its workspace; by default that of the demo.")] = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Only where there is no workspace yet.")] = False,
) -> None:
    """Load a demo: films with personas and their history, or a gift shop of invented invoices."""
    if if_empty and _has_workspaces(ctx):
        return
    with workbench(ctx) as bench, progress_shown() as progress:
        found = bench.load_demo(which.value, name, progress).summary()
    typer.echo(
        f"The workspace {found.name!r} holds {found.items:,} items, {found.personas:,} personas and "
        f"{found.interactions:,} interactions."
    )


def rebuild(
    ctx: typer.Context,
    workspace: InWorkspace = None,
    embed: Annotated[bool, typer.Option("--embed", help="Embed every text anew first, with the model set.")] = False,
) -> None:
    """Embed what still waits for it, and build the vector index anew from SQL; of all workspaces, or of one."""
    with workbench(ctx) as bench, progress_shown() as progress:
        if not embed:
            names = bench.workspace_names() if workspace is None else [workspace]
            for name in names:
                bench.workspace(name).embed_pending(progress)
        counts = bench.rebuild(workspace, embed=embed, progress=progress)
    for name, count in counts.items():
        typer.echo(f"{name}: {count:,} vectors in the index.")
    if not counts:
        typer.echo("There is no workspace yet.")


def recompute(ctx: typer.Context, workspace: InWorkspace = None) -> None:
    """Learn everybody's preferences anew from SQL and compare. Ends with code 1 where lists went by others.

    Where a workspace learns in batches, this is when it learns.
    """
    with workbench(ctx) as bench, progress_shown() as progress:
        names = bench.workspace_names() if workspace is None else [workspace]
        done = {name: bench.workspace(name).recompute(progress) for name in names}
    for name, result in done.items():
        typer.echo(
            f"{name}: {result.preferences:,} preferences of {result.personas:,} personas, {result.established:,} of "
            f"them established, from {result.interactions:,} interactions in {result.seconds:.1f} s. "
            + ("Lists went by the same." if result.agrees else "Lists went by others; what was held is read again.")
        )
    if not done:
        typer.echo("There is no workspace yet.")
    if not all(result.agrees for result in done.values()):
        raise typer.Exit(1)


def export(
    ctx: typer.Context,
    workspace: Annotated[str, typer.Argument(help="Name of the workspace.")],
    file: Annotated[Path, typer.Argument(help="The archive to write, such as films.zip.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file where there is one.")] = False,
) -> None:
    """Write a whole workspace to one archive. Works while the app runs."""
    with workbench(ctx, read_only=True) as bench, progress_shown() as progress:
        path = bench.workspace(workspace).export(file, overwrite=force, progress=progress)
    typer.echo(f"{workspace} is in {path} ({path.stat().st_size:,} bytes).")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="An archive that `tastebench export` wrote.")],
    name: Annotated[str | None, typer.Option(help="Name of the new workspace; by default the one it had.")] = None,
) -> None:
    """Make a new workspace from an archive: all of it, or nothing where the archive is damaged."""
    with workbench(ctx) as bench, progress_shown() as progress:
        found = bench.restore(file, name, progress).summary()
    typer.echo(
        f"The workspace {found.name!r} holds {found.items:,} items, {found.personas:,} personas and "
        f"{found.interactions:,} interactions."
    )


def _has_workspaces(ctx: typer.Context) -> bool:
    """Look without taking the folder: the app may have it open."""
    from tastebench.services import Workbench

    try:
        with Workbench.open(folder_of(ctx), read_only=True) as bench:
            return bool(bench.workspace_names())
    except DatabaseUnavailable:
        return False  # nothing there yet; what else is wrong, opening for writing will say
