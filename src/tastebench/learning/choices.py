"""What an operator's choices come to: the rule of preferences, each choice held against the other values of its key."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tastebench.domain.choices import OPTIONS, Choice
from tastebench.domain.columns import LogColumns
from tastebench.domain.preferences import CHOOSE, REFINE, PreferenceName, PreferenceSettings
from tastebench.domain.statements import Statements
from tastebench.learning.preferences import learned

_NO = np.zeros(0, np.int64)
_OPERATOR = 1
"""Whose choices they are does not matter here: they are one person's."""


class Known(NamedTuple):
    """A preference about views, as of a moment.

    Parameters
    ----------
    confidence : float
    times : int
        Pieces of evidence: how often it was chosen.
    seen : int
        When it was last chosen: microseconds since 1970.
    pinned : bool
        Whether it holds always.
    """

    name: PreferenceName
    confidence: float
    times: int
    seen: int
    pinned: bool = False


def known(choices: Sequence[Choice], now: int, settings: PreferenceSettings) -> tuple[Known, ...]:
    """Return what an operator was found to prefer at `now`, the surest first; what is under tracking is left out."""
    log = LogColumns(_NO, _NO, _NO, _NO, (), _NO, np.zeros(0), _NO, _NO, (), said=_statements(choices))
    found = learned(log, _NO, (), settings)
    rows = zip(found.codes.tolist(), found.as_of(now, settings).tolist(), found.pinned.tolist(), strict=True)
    kept = [(found.vocabulary.name(code), sure, pinned) for code, sure, pinned in rows if sure >= settings.tracked]
    made = [(name, sure, [one.at for one in choices if one.name == name], pinned) for name, sure, pinned in kept]
    entries = (Known(name, sure, len(at), max(at), pinned) for name, sure, at, pinned in made)
    return tuple(sorted(entries, key=lambda one: (not one.pinned, -one.confidence, one.name)))


def _statements(choices: Sequence[Choice]) -> Statements:
    said = [one for choice in choices for one in _said(choice)]
    return Statements(
        np.full(len(said), _OPERATOR, np.int64), np.array([choice.at for choice, *_ in said], np.int64),
        tuple(action for _, action, _, _ in said), tuple(name for *_, name, _ in said),
        np.array([amount for *_, amount in said], np.float64), np.zeros(len(said), np.int64),
    )  # fmt: skip


def _said(choice: Choice) -> Iterator[tuple[Choice, str, PreferenceName, float]]:
    """Yield a choice and what it says of the other values: chosen away from, and done with where it holds always."""
    yield choice, "pin" if choice.always else CHOOSE, choice.name, choice.strength
    for value in OPTIONS[choice.name.key][1]:
        if value != choice.name.value:
            yield choice, "forget" if choice.always else REFINE, choice.name._replace(value=value), 0.0
