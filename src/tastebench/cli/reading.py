"""Commands that only look: they need no lock and work while the app runs."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tastebench.cli.common import InWorkspace, chosen, folder_of, workbench
from tastebench.domain.errors import InvalidInput, InvalidProfile, NotFound
from tastebench.domain.query import METHODS, Method, Query
from tastebench.domain.ranking import Ranking, ScoredItem

if TYPE_CHECKING:
    from tastebench.domain.profile import ScoringProfile
    from tastebench.services import Workspace
    from tastebench.services.asking import Asked

_SIGNS = {"well": "ok", "warning": "warning", "down": "DOWN", "off": "off"}


def recommend(
    ctx: typer.Context,
    persona: Annotated[str, typer.Argument(help="Its id, or its name.")],
    workspace: InWorkspace = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many items.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole decision record.")] = False,
    profile: Annotated[
        Path | None, typer.Option(help="A scoring profile (JSON or TOML) instead of the workspace's default.")
    ] = None,
    now: Annotated[datetime | None, typer.Option(help="As of this moment, in UTC.")] = None,
    instruction: Annotated[str | None, typer.Option(help="What the list is asked for, in words.")] = None,
    rerank: Annotated[bool, typer.Option("--rerank", help="Have the language model grade the first items.")] = False,
) -> None:
    """Print the list for a persona. It is searched exactly, and works while the app runs."""
    if rerank:
        typer.echo("Asking the language model; Ctrl+C stops it.", err=True)
    with workbench(ctx, read_only=True) as bench:
        found = chosen(bench, workspace)
        persona_id = persona_id_of(found, persona)
        moment = found.default_now(persona_id)
        ranking = found.recommend(
            persona_id, limit=limit, now=now or moment.at, profile=profile_at(profile), instruction=instruction,
            rerank=rerank,
        )  # fmt: skip
    typer.echo(ranking.to_json() if as_json else _table(ranking, "" if now else moment.note))


def ask(
    ctx: typer.Context,
    persona: Annotated[str, typer.Argument(help="Its id, or its name.")],
    question: Annotated[str, typer.Argument(help="What is looked for, in words.")],
    workspace: InWorkspace = None,
    method: Annotated[str, typer.Option(help=f"How to search: {', '.join(METHODS)}.")] = "hybrid",
    alpha: Annotated[float, typer.Option(min=0, max=1, help="In hybrid, the share of the search by meaning.")] = 0.7,
    strength: Annotated[float, typer.Option(min=0, max=1, help="0: the question alone. 1: the persona alone.")] = 0.5,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many items.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole record, both orders in it.")] = False,
    now: Annotated[datetime | None, typer.Option(help="As of this moment, in UTC.")] = None,
) -> None:
    """Print what answers a persona's question. It is searched exactly, and works while the app runs."""
    with workbench(ctx, read_only=True) as bench:
        found = chosen(bench, workspace)
        persona_id = persona_id_of(found, persona)
        moment = found.default_now(persona_id)
        asked = found.ask(
            persona_id, question, method=cast("Method", method), alpha=alpha, strength=strength, limit=limit,
            depth=max(Query.depth, limit), now=now or moment.at,
        )  # fmt: skip
    typer.echo(asked.to_json() if as_json else _answer(asked, "" if now else moment.note))


def workspaces(ctx: typer.Context) -> None:
    """List the workspaces and what is in them."""
    with workbench(ctx, read_only=True) as bench:
        found = bench.workspaces()
    for summary in found:
        typer.echo(
            f"{summary.name}: {summary.items:,} items, {summary.personas:,} personas, "
            f"{summary.interactions:,} interactions"
            + (f", {summary.pending_texts:,} texts wait to be embedded" if summary.pending_texts else "")
        )
    if not found:
        typer.echo("There is no workspace yet. Load the demo with `tastebench demo`, or import a file.")


def doctor(ctx: typer.Context) -> None:
    """Check every part and say what to do. Ends with code 1 where something is down."""
    from tastebench.services.doctor import diagnosed
    from tastebench.services.settings import Settings

    parts = diagnosed(Settings.read(data=folder_of(ctx)))
    for part in parts:
        typer.echo(f"{_SIGNS[part.state]:8} {part.part}: {part.detail}")
        if part.next_step:
            typer.echo(f"{'':8} {part.next_step}")
    if any(part.state == "down" for part in parts):
        raise typer.Exit(1)


def persona_id_of(workspace: "Workspace", wanted: str) -> str:
    """Return the id of the persona that is called so, or has this id. Raises `NotFound`, `InvalidInput`."""
    names = workspace.persona_names()
    if wanted in names:
        return wanted
    called = [persona_id for persona_id, name in names.items() if name.casefold() == wanted.casefold()]
    if len(called) == 1:
        return called[0]
    if called:
        raise InvalidInput(f"Several personas are called {wanted!r}.", f"Give one's id: {', '.join(called[:10])}.")
    some = ", ".join(list(names)[:10])
    raise NotFound(
        f"There is no persona {wanted!r}.", f"There are, among others: {some}." if some else "Add one first."
    )


def profile_at(path: Path | None) -> "ScoringProfile | None":
    """Return the profile in this file, None where none is named. Raises `InvalidProfile`."""
    from tastebench.services.profile_files import read_profile

    if path is None:
        return None
    try:
        return read_profile(path.read_bytes(), path.name)
    except OSError as error:
        raise InvalidProfile(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error


def _table(ranking: Ranking, note: str) -> str:
    lines = [
        f"{item.rank:>4}  {item.score:+.3f}  {item.title}  ({item.reason}){_comment(ranking, item)}"
        for item in ranking.items
    ]
    return "\n".join([*(lines or ["Nothing to recommend."]), *filter(None, (note, *ranking.notes, _moved(ranking)))])


def _comment(ranking: Ranking, item: ScoredItem) -> str:
    """Return the model's grade and comment as a line of their own, which says whose they are."""
    said = ranking.model.get("items", {}).get(item.item_id)
    if said is None or said["grade"] is None:
        return ""
    before = f", place {item.ranks['diversity']} without it" if item.ranks["diversity"] != item.rank else ""
    comment = "" if said["ungrounded"] or not said["comment"] else f": {said['comment']}"
    return f"\n              model, unverified: {said['grade']:g} of 10{before}{comment}"


def _moved(ranking: Ranking) -> str:
    if not ranking.model.get("items"):
        return ""
    moved = (
        f"It moved {ranking.model['moved']} of {len(ranking.model['items'])}; Kendall's τ {ranking.model['tau']:.2f}."
    )
    return f"{ranking.model['sentence']} {moved}"


def _answer(asked: "Asked", note: str) -> str:
    items = asked.personal.items
    plain = {item.item_id: f"({asked.places[item.item_id].plain})" for item in items}
    lines = [f"{i.rank:>4}  {plain[i.item_id]:>6}  {i.score:+.3f}  {i.title}  ({i.reason})" for i in items]
    legend = "In brackets: the place by the question alone." if lines else ""
    return "\n".join([*(lines or ["No answer."]), *filter(None, (legend, note, *asked.personal.notes))])
