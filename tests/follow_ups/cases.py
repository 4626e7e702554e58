"""The cases of follow-ups, and whether a reading is the expected one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tastebench.ranking.conversation import FollowUp, Shown, ShownItem, Vocabulary

FOLDER = Path(__file__).parent


def contexts() -> dict[str, tuple[Shown, Vocabulary]]:
    read = json.loads((FOLDER / "contexts.json").read_text("utf-8"))
    return {name: (_shown(one["shown"]), _vocabulary(one)) for name, one in read.items()}


def cases(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def is_right(read: FollowUp, expected: Mapping[str, Any]) -> bool:
    """Tell whether every part is as expected; a part that is not mentioned must be empty."""
    wanted_words = set(str(expected.get("query") or "").casefold().split())
    words = set(read.query.casefold().split())
    dropped = expected.get("drop") or []
    return (
        read.like == expected.get("like")
        and list(read.drop) == (dropped if isinstance(dropped, list) else [dropped])
        and all(
            {tag.name for tag in getattr(read, part)} == set(expected.get(part) or ())
            for part in ("more", "less", "without")
        )
        and {name: list(bounds) for name, bounds in read.ranges.items()} == (expected.get("ranges") or {})
        and (wanted_words <= words if wanted_words else not words)
        and read.understood is expected.get("understood", True)
    )


def _shown(items: list[dict[str, Any]]) -> Shown:
    return Shown(
        tuple(
            ShownItem(
                item["title"],
                item["creator"],
                {facet: tuple(tags) for facet, tags in item["tags"].items()},
                item["attributes"],
            )
            for item in items
        )
    )


def _vocabulary(context: dict[str, Any]) -> Vocabulary:
    return Vocabulary(
        {facet: tuple(tags) for facet, tags in context["tags"].items()},
        {name: tuple(ends) for name, ends in context["attributes"].items()},
    )
