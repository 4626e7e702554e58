"""The question to the language model: how well each candidate fits this persona."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from tastebench.domain.chat import ChatPrompt
from tastebench.domain.item import Attribute
from tastebench.domain.persona import Persona

Explain: TypeAlias = Literal["none", "short", "full"]


@dataclass(frozen=True)
class Candidate:
    """An item as the model is to see it. All of it is untrusted text."""

    item_id: str
    title: str
    description: str = ""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    creator: str = ""
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Deed:
    """Something the persona did with an item."""

    title: str
    action: str
    at: datetime


@dataclass(frozen=True)
class Brief:
    """All that the model may be told.

    Parameters
    ----------
    persona : Persona
    history : tuple of Deed
        Newest last; the last ten count.
    instruction : str
        What the list is asked for.
    conversation : str
        What was said before; may be empty.
    candidates : tuple of Candidate
        The head of the list, in its order.
    explain : {"none", "short", "full"}
        Length of the comments; ``none`` asks for grades alone.
    seed : int
        The only luck: of the order in which candidates are shown, and of the model.
    """

    persona: Persona
    history: tuple[Deed, ...] = ()
    instruction: str = ""
    conversation: str = ""
    candidates: tuple[Candidate, ...] = ()
    explain: Explain = "short"
    seed: int = 0


@dataclass(frozen=True)
class Asked:
    """A question, and which item each of its handles stands for."""

    prompt: ChatPrompt
    handles: Mapping[str, str]


def judging(brief: Brief, shuffles: int = 1, context: int | None = None) -> tuple[Asked, ...]:
    """Return the question once per shuffle; none at all where fewer than two candidates can be asked about.

    Parameters
    ----------
    context : int, optional
        Longest window of the model, in tokens.
    """
    raise NotImplementedError
