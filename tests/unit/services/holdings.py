"""A workspace that holds something of everything, each thing with a word of its own: who is to find what is left?"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import text

from tastebench import Interaction, Persona, Workspace
from tastebench.domain.retention import RetentionSettings
from tastebench.evaluation.report import EvaluationSettings
from tastebench.evaluation.splits import SplitSettings

NOW = datetime.now(UTC)
SECRETS = {
    "id": "xq-elfriede-7",
    "name": "Elfriede Zaubernuss",
    "earlier name": "Elfi Haselwurz",
    "description": "Collects Nachtigallenlieder and reads them aloud.",
    "property": "lives beside the Glockenspielturm, second floor",
    "tag": "quellnymphen",
    "instruction": "for an evening with Kräuterschnaps",
    "choice": "pfauenrad",
    "item nobody has": "wolpertinger-77",
    "correction": "irrlichter",
    "question": "something like Schwertlilien",
    "suggestion": "Maiglöckchenwiese",
    "view": "schachbrettblume",
    "followed long ago": "Wegwartes Filmwerkstatt",
}
"""Words that only the persona brings in, in one place each."""


def persona(**changes: object) -> Persona:
    fields: dict[str, object] = {
        "name": SECRETS["name"], "description": SECRETS["description"], "persona_id": SECRETS["id"],
        "properties": {"home": SECRETS["property"]}, "interests": {"genres": [SECRETS["tag"]]},
    }  # fmt: skip
    return Persona(**{**fields, **changes})  # type: ignore[arg-type]


def fill(space: Workspace, folder: Path) -> None:
    """Give a workspace items, twenty people with likes, and one persona of whom there is something everywhere."""
    rows = [{"id": f"i{n}", "title": f"Title {n}", "genres": ["noir" if n % 2 else "western"]} for n in range(20)]
    space.import_items(pd.DataFrame(rows))
    for n in range(20):
        space.add_persona(Persona(f"Person {n}", f"word{n}", persona_id=f"p{n}"))
        space.add_interactions(f"p{n}", likes(n))
    file = folder / f"{SECRETS['id']}.jsonl"
    lines = [{"persona_id": SECRETS["id"], "name": SECRETS["earlier name"]}] * 2  # the second one is refused by its id
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    space.import_personas(file)
    (folder / "better.jsonl").write_text(json.dumps(lines[0] | {"description": "better"}), encoding="utf-8")
    space.import_personas(folder / "better.jsonl")
    space.update_persona(SECRETS["id"], persona())
    space.add_interactions(SECRETS["id"], likes(3))
    events = [{"user": SECRETS["id"], "item": SECRETS["item nobody has"], "action": "view", "time": NOW}]
    space.import_interactions(pd.DataFrame(events))
    space.choose(SECRETS["id"], "presentation", "chart", SECRETS["choice"])
    space.correct(SECRETS["id"], "taste", "genres", SECRETS["correction"], 0.5)
    expire(space, Interaction(SECRETS["followed long ago"], "follow", NOW, target_kind="creator"))
    space.show(space.recommend(SECRETS["id"], instruction=SECRETS["instruction"]))
    space.feedback(SECRETS["id"], "suggestion", f"new: {SECRETS['suggestion']}")
    space.feedback(SECRETS["id"], "view", f"presentation:chart={SECRETS['view']}", good=False)
    space.remember(SECRETS["id"], SECRETS["question"], ["i0"])
    space.evaluate(settings=EvaluationSettings(split=SplitSettings(kind="share", share=0.3), k=3))
    space.fit_links()
    space.refresh_personas()


def expire(space: Workspace, event: Interaction) -> None:
    """Let a snapshot be all that is left of an interaction."""
    space.add_interactions(SECRETS["id"], [event])
    with space._parts.database.write() as connection:
        connection.execute(text("UPDATE interactions SET recorded_at = 1 WHERE target_kind = 'creator'"))
    space.save_retention(RetentionSettings(interaction_days=90))
    assert space.retain().snapshots == 1


def likes(seed: int) -> list[Interaction]:
    mine = np.random.default_rng(seed).permutation(np.arange(seed % 2, 20, 2))[:6]
    return [Interaction(f"i{n}", "like", NOW - timedelta(days=20 - day)) for day, n in enumerate(mine.tolist())]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def traces(folder: Path, secrets: dict[str, str]) -> dict[str, list[str]]:
    """Return the files in which each secret is found, in any of the ways it may be written there."""
    held, found = files(folder), {}
    for what, secret in secrets.items():
        ways = [secret.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
        ways.append(json.dumps(secret).strip('"').encode())
        found[what] = [name for name, data in held.items() if any(way in data for way in ways)]
    return found


def vector_in(folder: Path, vector: bytes) -> list[str]:
    """Return the files with the first numbers of a vector."""
    return [name for name, data in files(folder).items() if vector[:24] in data]
