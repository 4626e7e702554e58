"""Commands of personal data: everything held about one persona, handed out or erased; what is too old to be kept."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastebench.cli.common import InWorkspace, chosen, workbench
from tastebench.cli.reading import persona_id_of

if TYPE_CHECKING:
    from tastebench.services import Workbench, Workspace

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


def retain(
    ctx: typer.Context,
    workspace: InWorkspace = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would be removed.")] = False,
) -> None:
    """Remove for good what is older than its workspace keeps it; what was learned from it stays.

    The app does so when it starts. How long that is, is settled on the page Interactions, under Retention.
    """
    with workbench(ctx, read_only=preview) as bench:
        names = bench.workspace_names() if workspace is None else [workspace]
        lines = [_previewed(bench.workspace(name)) if preview else _retained(bench, name) for name in names]
    for line in lines or ["There is no workspace yet."]:
        typer.echo(line)


def _previewed(workspace: "Workspace") -> str:
    days, due = workspace.settings.retention.interaction_days, workspace.retention_due()
    if days is None:
        return f"{workspace.name}: interactions are kept for ever."
    kinds = ", ".join(f"{count:,} {origin}" for origin, count in due.by_origin.items())
    told = f"{due.interactions:,} ({kinds}) of {due.personas:,} personas" if due.interactions else "none"
    return f"{workspace.name}: of the interactions recorded more than {days:,} days ago, {told} would be removed."


def _retained(bench: "Workbench", name: str) -> str:
    done = bench.retain(name)[name]
    return (
        f"{name}: {done.interactions:,} interactions and {done.turns:,} turns of conversations removed, "
        f"{done.snapshots:,} preferences kept in their place."
    )


def _id(workspace: "Workspace", wanted: str) -> str:
    # An id before a name: a deleted persona's id may be the name of one that is here, who is not meant then.
    return wanted if workspace.remembers(wanted) else persona_id_of(workspace, wanted)
