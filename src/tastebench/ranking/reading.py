"""Reading the language model's answer: any text in, grades and a list of repairs out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tastebench.domain.chat import Verdict
from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.ranking.prompting import Asked, Brief, Explain


@dataclass(frozen=True)
class Reading:
    """What one answer says.

    Parameters
    ----------
    grades : mapping of str to int
        Item id to grade in 0 to 10; empty where the answer can't be used.
    comments : mapping of str to str
        Item id to the model's comment, one clean line.
    summary : str
    state : ModelState
        OK, PARTIAL, NO_PREFERENCE or INVALID_OUTPUT.
    repairs : tuple of str
        What had to be mended, one short sentence each.
    handles : mapping of str to str
        Handle to item id, as the question had them.
    """

    state: ModelState
    grades: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    comments: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    summary: str = ""
    repairs: tuple[str, ...] = ()
    handles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read(text: str | bytes, asked: Asked, explain: Explain) -> Reading:
    """Return what an answer says. Pure and total: whatever comes in, nothing is raised."""
    raise NotImplementedError


def verdict(asked: Asked, explain: Explain) -> Verdict:
    """Return the judge of answers to this question, for the chat model's port."""
    raise NotImplementedError


def judgement(brief: Brief, asked: Sequence[Asked], readings: Sequence[Reading]) -> Judgement:
    """Return the answers taken together: mean grades, grounded comments, which items were left out and why.

    `readings` may be fewer than `asked`: only what was answered counts.
    """
    raise NotImplementedError
