"""The query: a persona's question in words, how it is searched for, and how far the persona bends the answer."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

from tastebench.domain.errors import InvalidInput
from tastebench.domain.text import clean

Method: TypeAlias = Literal["hybrid", "near_text", "bm25"]

METHODS: tuple[Method, ...] = get_args(Method)
QUESTION_LIMIT = 1_000
DEPTH_LIMIT = 1_000
OVERFETCH_LIMIT = 10.0


@dataclass(frozen=True)
class Query:
    """A question, complete.

    Parameters
    ----------
    text : str
        The question, cleaned; 1 to 1,000 characters.
    method : {"hybrid", "near_text", "bm25"}
        Both searches, by meaning alone, by words alone.
    alpha : float
        Share of the search by meaning in ``hybrid``, in [0, 1].
    strength : float
        How far the persona bends the order, in [0, 1]: 0 is the question alone, 1 the persona alone.
    overfetch : float
        Candidates looked at per place, 1 to 10.
    depth : int
        Places the answer is made for, 1 to 1,000. Which page of it is asked for changes nothing: pages join up.

    Examples
    --------
    >>> Query("quiet films", depth=30).window, Query("quiet films", "bm25").meaning
    (45, 0.0)
    """

    text: str
    method: Method = "hybrid"
    alpha: float = 0.7
    strength: float = 0.5
    overfetch: float = 1.5
    depth: int = 100

    def __post_init__(self) -> None:
        _check_text(self.text)
        if self.method not in METHODS:
            raise InvalidInput(f"There is no method {self.method!r}.", f"Choose one of {', '.join(METHODS)}.")
        ranges = {"alpha": (0, 1), "strength": (0, 1), "overfetch": (1, OVERFETCH_LIMIT), "depth": (1, DEPTH_LIMIT)}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidInput(f"{name} is {value}; {low:,g} to {high:,g} are allowed.")

    @property
    def meaning(self) -> float:
        """Share of the search by meaning, whatever the method, in [0, 1]."""
        return {"hybrid": self.alpha, "near_text": 1.0, "bm25": 0.0}[self.method]

    @property
    def window(self) -> int:
        """How many candidates the question brings."""
        return math.ceil(self.overfetch * self.depth)

    def as_dict(self) -> dict[str, Any]:
        """Return the query as plain JSON values."""
        return asdict(self)


def _check_text(text: str) -> None:
    if not clean(text):
        raise InvalidInput("The question is empty.", "Write what is looked for, in a few words.")
    if len(text) > QUESTION_LIMIT:
        raise InvalidInput(
            f"The question has {len(text):,} characters; {QUESTION_LIMIT:,} are allowed.", "Ask in fewer words."
        )
