"""Searches that the language model proposes, having seen the head of a first list."""

from collections.abc import Sequence
from dataclasses import dataclass

from tastebench.domain.chat import ChatPrompt
from tastebench.ranking.prompting import Brief


@dataclass(frozen=True)
class Proposals:
    """What came of the question for searches.

    Parameters
    ----------
    queries : tuple of str
        Up to three, each one clean line of at most 80 characters.
    dropped : tuple of (str, str)
        A proposal that is not used, shortened, and why.
    repairs : tuple of str
        What had to be mended to read the answer.
    """

    queries: tuple[str, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    repairs: tuple[str, ...] = ()


def proposing(brief: Brief, head_titles: Sequence[str], context: int | None = None) -> ChatPrompt:
    """Return the question for up to three searches; `brief.candidates` and `brief.explain` don't matter."""
    raise NotImplementedError


def read_proposals(text: str | bytes, brief: Brief) -> Proposals:
    """Return the searches an answer proposes. Pure and total: whatever comes in, nothing is raised."""
    raise NotImplementedError
