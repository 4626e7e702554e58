"""The table of what each action teaches, and what is wrong with what was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from tastebench.domain.preferences import Teaching

ACTION, CONFIDENCE = "Action", "Says"
SWITCHES = {"Tags": "tags", "Creator": "creator", "Price": "price", "When": "moment"}
"""Column to the switch of `Teaching` it stands for."""
_POSSIBLE = "Write a number from 0 to 1; empty, it teaches nothing."


@dataclass(frozen=True)
class Lessons:
    """What the table says: what each action teaches, and a sentence per row that cannot be used."""

    teaches: Mapping[str, Teaching]
    problems: tuple[str, ...] = ()


def table(teaches: Mapping[str, Teaching], actions: Iterable[str]) -> pd.DataFrame:
    """Return one row per action, the surest first; one that teaches nothing has no confidence.

    Examples
    --------
    >>> table({"like": Teaching(confidence=0.8)}, ["view", "like"]).to_dict("records")[1]["Action"]
    'view'
    """
    names = sorted({*actions, *teaches}, key=lambda name: (name not in teaches, -_confidence(teaches, name), name))
    rows = [
        {ACTION: name, CONFIDENCE: teaches[name].confidence if name in teaches else None}
        | {column: getattr(teaches.get(name, Teaching(confidence=0)), part) for column, part in SWITCHES.items()}
        for name in names
    ]
    frame = pd.DataFrame(rows, columns=[ACTION, CONFIDENCE, *SWITCHES])
    return frame.astype({ACTION: "string", CONFIDENCE: "float64"} | dict.fromkeys(SWITCHES, "bool"))


def read(rows: Iterable[Mapping[str, object]]) -> Lessons:
    """Return what the rows of the table say; a row without a confidence teaches nothing.

    Examples
    --------
    >>> read([{"Action": "hug", "Says": 1.5}]).problems
    ('hug: a confidence of 1.5 is not possible. Write a number from 0 to 1; empty, it teaches nothing.',)
    """
    teaches, problems = dict[str, Teaching](), list[str]()
    for row in rows:
        name, confidence = str(row[ACTION]), _number(row.get(CONFIDENCE))
        if confidence is None:
            continue
        if not 0 <= confidence <= 1:
            problems.append(f"{name}: a confidence of {confidence:g} is not possible. {_POSSIBLE}")
            continue
        switches = {part: bool(row.get(column, False)) for column, part in SWITCHES.items()}
        teaches[name] = Teaching(confidence=confidence, **switches)
    return Lessons(teaches, tuple(problems))


def _confidence(teaches: Mapping[str, Teaching], name: str) -> float:
    return teaches[name].confidence if name in teaches else 0.0


def _number(value: object) -> float | None:
    return None if value is None or value is pd.NA or value != value else float(str(value))
