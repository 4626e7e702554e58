"""Choices of operators: which chart, level and export they took, and what they said to use always."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tastebench.domain.errors import InvalidInput
from tastebench.domain.preferences import Category, PreferenceName

OPTIONS: Mapping[str, tuple[Category, tuple[str, ...]]] = MappingProxyType(
    {
        "level": ("presentation", ("beginner", "intermediate", "advanced")),
        "explanation": ("presentation", ("plain", "usual", "full")),
        "complexity": ("presentation", ("simple", "usual", "full")),
        "chart": ("presentation", ("sentences", "bars", "waterfall")),
        "comments": ("presentation", ("short", "full")),
        "export": ("data", ("csv", "json")),
    }
)
"""What can be chosen of a view: the preference's key, its category, and its values from the least to the most."""


class Choice(NamedTuple):
    """Something an operator chose.

    Parameters
    ----------
    at : int
        Microseconds since 1970.
    strength : float
        s, in [0, 1]: 1 where it was chosen in so many words, less where it is only a hint.
    always : bool
        Whether it was said to hold always.
    """

    name: PreferenceName
    at: int
    strength: float = 1.0
    always: bool = False


def option(category: str, key: str, value: str) -> PreferenceName:
    """Return the name of something that can be chosen of a view. Raises `InvalidInput` for anything else."""
    known, values = OPTIONS.get(key, (None, ()))
    if known is None or known != category:
        offered = ", ".join(f"{one}:{name}" for name, (one, _) in OPTIONS.items())
        raise InvalidInput(f"{category}:{key} is nothing to choose of a view.", f"Choose one of {offered}.")
    if value not in values:
        raise InvalidInput(f"There is no {key} {value!r}.", f"Choose one of {', '.join(values)}.")
    return PreferenceName(known, key, value)
