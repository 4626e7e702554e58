"""The command that simulates: people who never were, or what one persona might do."""

from typing import Annotated

import typer

from tastebench.cli.common import InWorkspace, chosen, workbench
from tastebench.cli.reading import persona_id_of
from tastebench.cli.telling import progress_shown


def simulate(
    ctx: typer.Context,
    workspace: InWorkspace = None,
    people: Annotated[int, typer.Option("--people", help="How many people to add.")] = 50,
    persona: Annotated[
        str | None, typer.Option("--persona", help="No new people: a history for this one, by id or name.")
    ] = None,
    days: Annotated[float, typer.Option("--days", help="How far back their histories go.")] = 84.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same people.")] = 0,
    liking: Annotated[str, typer.Option("--liking", help="They like by: like, favorite or purchase.")] = "like",
) -> None:
    """Add simulated people with a history each, drawn from hidden tastes over the catalogue. Marked as simulated."""
    with workbench(ctx) as bench, progress_shown() as progress:
        found = chosen(bench, workspace)
        if persona is not None:
            keys = found.simulate_history(persona_id_of(found, persona), days, seed=seed, liking=liking)
            typer.echo(f"{persona}: {len(keys):,} simulated interactions over {days:g} days.")
            return
        report = found.simulate_people(people, days=days, seed=seed, liking=liking, progress=progress)
    typer.echo(f"Simulated {report.personas:,} people with {report.interactions:,} interactions over {days:g} days.")
