"""What a sentence is made of, once its words are read."""

from typing import NamedTuple, TypeAlias

from tastebench.ranking.conversation.bounds import Bound
from tastebench.ranking.conversation.comparing import Comparison
from tastebench.ranking.conversation.values import Tag
from tastebench.ranking.conversation.words import Cue


class Place(NamedTuple):
    """A reference to shown items."""

    places: tuple[int, ...]


class Tags(NamedTuple):
    """What was named of the catalogue's tags."""

    tags: tuple[Tag, ...]


class Word(NamedTuple):
    """A word that is nothing else."""

    raw: str


Piece: TypeAlias = Place | Tags | Word | Bound | Comparison | Cue
