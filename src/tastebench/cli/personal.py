"""Commands of personal data: everything held about one persona, handed out or erased."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastebench.cli.common import InWorkspace, chosen, workbench
from tastebench.cli.reading import persona_id_of
from tastebench.domain.errors import NotFound

if TYPE_CHECKING:
    from tastebench.services import Workspace

Whose = Annotated[str, typer.Argument(help="Its id, or its name; a deleted one's id.")]


def export_persona(
    ctx: typer.Context,
    persona: Whose,
    workspace: InWorkspace = None,
    file: Annotated[Path | None, typer.Argument(help="The file to write; by default it is printed.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file where there is one.")] = False,
) -> None:
    """Print or write everything we hold about a persona, as JSON. Works while the app runs."""
    with workbench(ctx, read_only=True) as bench:
        found = chosen(bench, workspace)
        text = found.export_persona(_id(found, persona), file, overwrite=force)
    typer.echo(
        text if file is None else f"Everything we hold about {persona} is in {file} ({len(text.encode()):,} bytes)."
    )


def erase(
    ctx: typer.Context,
    persona: Whose,
    workspace: InWorkspace = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask first.")] = False,
) -> None:
    """Remove everything we hold about a persona, for good: it cannot be undone."""
    with workbench(ctx) as bench:
        found = chosen(bench, workspace)
        persona_id = _id(found, persona)
        if not yes:
            typer.confirm(
                f"Erase everything held about {persona_id!r} in {found.name!r}, for good?", abort=True, err=True
            )
        removed = found.erase_persona(persona_id)
    told = ", ".join(f"{table.replace('_', ' ')} {count:,}" for table, count in removed.items() if count)
    typer.echo(f"Erased {persona_id!r}. Rows: {told}. Archives and files that name it are not ours to change.")


def _id(workspace: "Workspace", wanted: str) -> str:
    try:
        return persona_id_of(workspace, wanted)
    except NotFound:
        return wanted  # perhaps a deleted one's: no list names it any more
