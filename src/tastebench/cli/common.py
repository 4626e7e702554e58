"""What the commands share: the global option, opening the folder, choosing a workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from typer.core import TyperGroup

from tastebench.cli.telling import errors_told
from tastebench.domain.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from tastebench.services import Workbench, Workspace

_GLOBAL = "--data"

InWorkspace: TypeAlias = Annotated[
    str | None,
    typer.Option("--workspace", "-w", help="Name of the workspace; may be left out where there is one only."),
]


class Commands(TyperGroup):
    """Commands that end in a sentence, not a traceback; the global option may stand behind the command too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return what is left to parse, the global option moved to the front."""
        moved: list[str] = []
        kept: list[str] = []
        left = iter(args)
        for one in left:
            if one == "--":
                kept += [one, *left]
            elif one == _GLOBAL:
                moved += [one, *([value] if (value := next(left, None)) is not None else [])]
            else:
                (moved if one.startswith(f"{_GLOBAL}=") else kept).append(one)
        return super().parse_args(ctx, moved + kept)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with errors_told():
            return super().invoke(ctx)


@contextmanager
def workbench(ctx: typer.Context, *, read_only: bool = False) -> "Iterator[Workbench]":
    """Yield the data folder that the global option names, open."""
    from tastebench.services import Workbench

    with Workbench.open(ctx.find_root().obj, read_only=read_only) as bench:
        yield bench


def folder_of(ctx: typer.Context) -> Path | None:
    """Return what the global option says."""
    folder: Path | None = ctx.find_root().obj
    return folder


def chosen(bench: "Workbench", name: str | None) -> "Workspace":
    """Return the workspace of that name, or the only one there is.

    Raises
    ------
    NotFound
        Where there is none of that name, or none at all.
    InvalidInput
        Where there are several and none was named.
    """
    names = bench.workspace_names()
    if name is not None:
        return bench.workspace(name)
    if not names:
        raise NotFound("There is no workspace yet.", "Load the demo with `tastebench demo`, or import a file.")
    if len(names) > 1:
        raise InvalidInput("There are several workspaces.", f"Name one with --workspace: {', '.join(names)}.")
    return bench.workspace(names[0])
