"""The figures of the comparison as a table."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tastebench.domain.columns import Float
from tastebench.evaluation.bootstrap import bootstrapped

FOUND = "profile found"
BEATEN_COLD = ("EASE", "popular")
"""What the profile found should be ahead of for those of whom little is known."""


def compared(values: Mapping[str, Float]) -> dict[str, Any]:
    """Return every method's mean with its interval, and the found profile's paired difference to each other one."""
    if not len(values[FOUND]):
        return {"personas": 0}
    names = list(values)
    columns = np.column_stack([*values.values(), *(values[FOUND] - values[name] for name in names)])
    means = bootstrapped(columns, seed=0)
    return {
        "personas": len(values[FOUND]),
        "ndcg": {name: means[place] for place, name in enumerate(names)},
        "ahead": {name: means[len(names) + place] for place, name in enumerate(names)},
    }


def table(figures: Mapping[str, Any]) -> str:
    """Return everything that was measured."""
    lines: list[str] = []
    for task in figures["tasks"]:
        lines += [f"{task['task']}: {task['personas']:,} personas, NDCG@10 with 95 % intervals", *_block(task["all"])]
        lines += [_verdict(task), f"  with at most 5 likes: {task['cold']['personas']:,} personas"]
        lines += [*([*_block(task["cold"]), _cold_verdict(task["cold"])] if task["cold"]["personas"] else []), ""]
    return "\n".join([*lines, *_speed(figures["speed"])])


def _block(part: Mapping[str, Any]) -> list[str]:
    means = sorted(part["ndcg"].items(), key=lambda one: -one[1][0])
    return [
        f"  {name:16}  {mean[0]:.4f} [{mean[1]:.4f}, {mean[2]:.4f}]"
        + ("" if name == FOUND else "   ahead {:+.4f} [{:+.4f}, {:+.4f}]".format(*part["ahead"][name]))
        for name, mean in means
    ]


def best_peer(task: Mapping[str, Any]) -> tuple[str, float]:
    """Return the peer with the best mean and that mean."""
    peers = {name: task["all"]["ndcg"][name][0] for name in task["settings"]}
    best = max(peers, key=peers.__getitem__)
    return best, peers[best]


def _verdict(task: Mapping[str, Any]) -> str:
    best, mean = best_peer(task)
    ahead = task["all"]["ahead"][best]
    low, high = (part / mean for part in ahead[1:])
    reached = "reached" if ahead[0] / mean >= task["target"] else "NOT REACHED"
    return (
        f"  ahead of the best single peer, {best}, by {ahead[0] / mean:+.1%} [{low:+.1%}, {high:+.1%}]; "
        f"to reach: {task['target']:+.0%}: {reached}"
    )


def _cold_verdict(cold: Mapping[str, Any]) -> str:
    behind = [name for name in BEATEN_COLD if cold["ahead"][name][0] <= 0]
    return f"  ahead of {' and '.join(BEATEN_COLD)}: {'NOT REACHED' if behind else 'reached'}"


def _speed(found: Mapping[str, Any]) -> list[str]:
    size = f"{found['personas']} personas × up to 1,000 candidates × {found['signals']} signals"
    lines = [f"Search over {size}"]
    for method, words in (("none", "without diversity"), ("repeat", "with diversity")):
        one = found[method]
        lines.append(
            f"  {words}: {one['per_minute']:,.0f} weight vectors a minute, {one['megabytes']:,.0f} MB; another "
            f"half-life, rebuilt: {one['rebuilding']:.1f} s"
        )
    lines.append(f"  peak memory of the process: {found['memory']:,.0f} MB")
    lines.append(f"  lists of 100 random profiles ordered as `recommend` does: {found['equal']} of {found['lists']}")
    return lines
