"""Commands that measure on held-out history: evaluate profiles, search weights."""

import json
from collections import Counter
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from tastebench.cli.common import InWorkspace, chosen, workbench
from tastebench.cli.figures import estimated, lift_lines
from tastebench.cli.reading import profile_at
from tastebench.cli.telling import progress_shown
from tastebench.domain.errors import InvalidInput

if TYPE_CHECKING:
    from tastebench.domain.profile import ScoringProfile
    from tastebench.evaluation.report import Evaluation, EvaluationSettings
    from tastebench.evaluation.tuning import Tuned
    from tastebench.services import Workspace


class Kind(StrEnum):
    """The splits there are."""

    last = "last"
    share = "share"
    clock = "clock"


class Metric(StrEnum):
    """What can be searched for."""

    ndcg = "ndcg"
    recall = "recall"
    mrr = "mrr"
    map = "map"
    hit_rate = "hit_rate"


SplitBy: TypeAlias = Annotated[
    Kind, typer.Option("--split", help="Each persona's last like, each one's last share, or one clock for all.")
]
Share: TypeAlias = Annotated[float, typer.Option(min=0.01, max=0.9, help="Share held out by `share` and `clock`.")]
From: TypeAlias = Annotated[
    datetime | None, typer.Option("--from", help="For `clock`: hold out what happened from here on, in UTC.")
]
Repeats: TypeAlias = Annotated[bool, typer.Option("--repeats", help="Look for items met before too.")]
Reversed: TypeAlias = Annotated[
    bool, typer.Option("--reverse-ties", help="Events of one moment in the reverse order of the log.")
]
Length: TypeAlias = Annotated[int, typer.Option("-k", min=1, max=100, help="Length of the lists.")]
Sample: TypeAlias = Annotated[int, typer.Option(min=1, max=5000, help="So many personas at most.")]
Seed: TypeAlias = Annotated[
    int, typer.Option(min=0, max=2**32 - 1, help="Of the sample, of random lists, of intervals.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")]
Keep: TypeAlias = Annotated[
    bool, typer.Option("--keep/--no-keep", help="Keep the result with the workspace; without, no lock is needed.")
]


def evaluate(
    ctx: typer.Context,
    workspace: InWorkspace = None,
    profile: Annotated[list[Path] | None, typer.Option(help="A profile's file to compare. Repeatable.")] = None,
    saved: Annotated[
        list[str] | None, typer.Option(help="A saved profile to compare, NAME or NAME:VERSION. Repeatable.")
    ] = None,
    split: SplitBy = Kind.last,
    share: Share = 0.2,
    start: From = None,
    repeats: Repeats = False,
    reverse_ties: Reversed = False,
    k: Length = 10,
    rerank: Annotated[
        bool, typer.Option("--rerank", help="Put the default's lists before the language model too; takes its time.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(min=1, max=5000, help="So many personas at most: 500, or 50 with --rerank.")
    ] = None,
    seed: Seed = 0,
    metric: Annotated[Metric, typer.Option(help="What the table shows.")] = Metric.ndcg,
    as_json: AsJson = False,
    keep: Keep = True,
) -> None:
    """Measure the default profile, others and plain methods on held-out history."""
    from tastebench.evaluation.record import evaluation_record

    tested = sample or (50 if rerank else 500)
    settings = _settings(split, share, start, repeats, reverse_ties, k, tested, seed)
    settings = settings.model_copy(update={"rerank": tested if rerank else 0})
    with workbench(ctx, read_only=not keep) as bench, progress_shown() as progress:
        found = chosen(bench, workspace)
        kept = found.evaluate(_compared(found, profile, saved), settings, progress=progress, keep=keep)
    lines = [_table(kept.report, metric.value), *lift_lines(kept.report, metric.value)]
    typer.echo(_json(evaluation_record(kept.report)) if as_json else "\n".join(lines))


def tune(
    ctx: typer.Context,
    workspace: InWorkspace = None,
    profile: Annotated[
        Path | None, typer.Option(help="Where to start (JSON or TOML), instead of the workspace's default.")
    ] = None,
    split: SplitBy = Kind.last,
    share: Share = 0.2,
    start: From = None,
    repeats: Repeats = False,
    reverse_ties: Reversed = False,
    k: Length = 10,
    sample: Sample = 500,
    seed: Seed = 0,
    objective: Annotated[Metric, typer.Option(help="What to search for.")] = Metric.ndcg,
    signals: Annotated[str, typer.Option(help="Signals that may have weight, by comma; by default all.")] = "",
    vectors: Annotated[int, typer.Option(min=64, max=1_000_000, help="Weights tried at each setting.")] = 2000,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--try", metavar="FIELD=VALUES", help="Settings to try: taste.half_life_days=2,7,30. Repeat as needed."
        ),
    ] = None,
    least_coverage: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of the items that must stand on some list.")
    ] = None,
    most_popularity_bias: Annotated[
        float | None, typer.Option(min=-1, max=1, help="Mean popularity bias that is allowed at most.")
    ] = None,
    adopt: Annotated[str, typer.Option(metavar="NAME", help="Save what was found under this name.")] = "",
    default: Annotated[bool, typer.Option("--default", help="Make what is saved the workspace's default.")] = False,
    as_json: AsJson = False,
    keep: Keep = True,
) -> None:
    """Search the weights that would have ranked best, and measure what was found on likes the search never saw."""
    from tastebench.evaluation.candidates import SearchSettings
    from tastebench.evaluation.record import search_record

    if default and not adopt:
        raise InvalidInput("--default goes with --adopt.", "Add --adopt NAME: what is the default is saved first.")
    settings = _settings(split, share, start, repeats, reverse_ties, k, sample, seed)
    search = SearchSettings(
        objective=objective.value, signals=tuple(_listed(signals)), vectors=vectors, axes=_axes(also), seed=seed,
        least_coverage=least_coverage, most_popularity_bias=most_popularity_bias,
    )  # fmt: skip
    with workbench(ctx, read_only=not (keep or adopt)) as bench, progress_shown() as progress:
        found = chosen(bench, workspace)
        report = found.search_weights(profile_at(profile), settings, search, progress=progress, keep=keep).report
        adopted = _adopted(found, report, adopt, default=default)
    typer.echo(_json(search_record(report)) if as_json else "\n".join([_found(report), adopted]).strip())


def _settings(
    split: Kind, share: float, start: datetime | None, repeats: bool, reverse_ties: bool, k: int, sample: int, seed: int
) -> "EvaluationSettings":
    from tastebench.evaluation.report import EvaluationSettings
    from tastebench.evaluation.splits import SplitSettings

    if start is not None and split is not Kind.clock:
        raise InvalidInput("--from goes with the split `clock`.", "Add --split clock.")
    rule = SplitSettings(kind=split.value, share=share, clock=start, repeats=repeats, reverse_ties=reverse_ties)
    return EvaluationSettings(split=rule, k=k, sample=sample, seed=seed)


def _compared(workspace: "Workspace", files: list[Path] | None, saved: list[str] | None) -> "dict[str, ScoringProfile]":
    short = Counter(path.name for path in files or ())
    labels = {path: path.name if short[path.name] == 1 else str(path) for path in files or ()}
    found = {label: profile for path, label in labels.items() if (profile := profile_at(path)) is not None}
    for one in saved or ():
        name, _, version = one.rpartition(":")
        known = name and version.isdigit()
        found[one] = workspace.profile(name, int(version)) if known else workspace.profile(one)
    return found


def _axes(written: list[str] | None) -> dict[str, tuple[float | str, ...]]:
    axes = {}
    for one in written or ():
        field, sign, values = one.partition("=")
        if not sign or not field.strip() or not _listed(values):
            raise typer.BadParameter(f"{one!r} is not of the form field=value,value.", param_hint="--try")
        axes[field.strip()] = tuple(map(_value, _listed(values)))
    return axes


def _listed(written: str) -> list[str]:
    return [part.strip() for part in written.split(",") if part.strip()]


def _value(written: str) -> float | str:
    try:
        return float(written)
    except ValueError:
        return written


def _adopted(workspace: "Workspace", report: "Tuned", name: str, *, default: bool) -> str:
    if not name:
        return ""
    if report.best is None:
        return "Nothing was saved."
    version = workspace.adopt(report.best, name, report.verdict, default=default)
    return f"Saved as {name!r}, version {version}{', the default now' if default else ''}."


def _table(report: "Evaluation", metric: str) -> str:
    """Return the leaderboard, best first; a mean, its 95 % interval, and the paired difference to the reference."""
    standings = sorted(report.standings(metric), key=lambda one: -one.mean[0])
    width = max(len(one.method.label) for one in standings)
    head = f"{'':{width}}  {f'{metric}@{report.settings.k}':^22}  {f'against {report.reference.label}':^26}  coverage"
    lines = [
        f"{one.method.label:{width}}  {estimated(one.mean):22}  "
        + f"{'' if one.method == report.reference else estimated(one.difference, '+'):26}  "
        + f"{report.total(one.method.name, 'coverage'):8.2f}"
        for one in standings
    ]
    return "\n".join([f"{report.settings.label}, {len(report.personas):,} personas", head, *lines, *report.notes])


def _found(report: "Tuned") -> str:
    lines = [_table(report.evaluation, report.search.objective), "", report.verdict]
    if report.best is not None:
        shares = sorted(report.best.shares().items(), key=lambda one: -one[1])
        lines.append("Weights found: " + ", ".join(f"{name} {share:.3f}" for name, share in shares))
        changed = _changed(report)
        lines += [f"Settings found: {', '.join(changed)}"] if changed else []
    effort = report.effort
    lines.append(
        f"{effort.vectors:,} weight vectors in {effort.weighing:.1f} s, {effort.replays} replays in "
        f"{effort.replaying:.1f} s, {effort.nbytes / 1e6:,.0f} MB held."
    )
    return "\n".join(lines)


def _changed(report: "Tuned") -> list[str]:
    """Return the settings that were tried, as they are in what was found."""
    found: dict[str, Any] = {} if report.best is None else report.best.model_dump()
    changed = []
    for field in report.search.axes:
        value: Any = found
        for name in field.split("."):
            value = value[name]
        changed.append(f"{field} {value}")
    return changed


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)
