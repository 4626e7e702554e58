"""The command of members: who may see a workspace in an app where people sign in."""

from typing import Annotated

import typer

from tastebench.cli.common import workbench


def members(
    ctx: typer.Context,
    workspace: Annotated[str, typer.Argument(help="Name of the workspace.")],
    add: Annotated[list[str] | None, typer.Option("--add", help="An e-mail address to name; may be repeated.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="One to take off; may be repeated.")] = None,
    last: Annotated[bool, typer.Option("--last", help="Take off the last one too: nobody sees it then.")] = False,
) -> None:
    """List, and change, who sees a workspace in an app where people sign in. Listing works while the app runs."""
    changes = bool(add or remove)
    with workbench(ctx, read_only=not changes) as bench:
        found = bench.workspace(workspace)
        for address in add or ():
            found.add_member(address)
        for address in remove or ():
            found.remove_member(address, even_last=last)
        named = found.members()
    for address in named:
        typer.echo(address)
    if not named:
        typer.echo("Nobody is named: whoever signs in doesn't see this workspace.")
