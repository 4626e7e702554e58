"""What a follow-up is read against, and what it is read as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias, cast

from tastebench.domain.item import Facets
from tastebench.domain.request import Range
from tastebench.ranking.conversation.everyday import everyday_forms
from tastebench.ranking.conversation.tokens import variants, words_of
from tastebench.ranking.conversation.words import FUNCTION_WORDS

Kind: TypeAlias = Literal["year", "length", "price"]

_KINDS: Mapping[Kind, frozenset[str]] = MappingProxyType(
    {
        "year": frozenset({"year", "released", "published", "vintage"}),
        "length": frozenset({"runtime", "length", "duration", "minutes", "playtime", "running", "pages"}),
        "price": frozenset({"price", "cost", "amount"}),
    }
)
"""An attribute is of a kind if its name has one of these words."""


class Tag(NamedTuple):
    """A tag of the catalogue, in its facet."""

    facet: str
    name: str


@dataclass(frozen=True)
class ShownItem:
    """An item of the list that the person speaks about; `attributes` are the numeric ones."""

    title: str
    creator: str = ""
    tags: Facets = field(default_factory=lambda: MappingProxyType({}))
    attributes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def all_tags(self) -> frozenset[Tag]:
        """The tags of every facet."""
        return frozenset(Tag(facet, name) for facet, names in self.tags.items() for name in names)


@dataclass(frozen=True)
class Shown:
    """The list that was just shown, in its order; `chosen` is the place, from 1, of what was taken from it."""

    items: tuple[ShownItem, ...] = ()
    chosen: int | None = None

    def __len__(self) -> int:
        return len(self.items)

    def carriers(self, tags: Sequence[Tag]) -> tuple[int, ...]:
        """Return the places of the items that carry any of these tags."""
        return tuple(place for place, item in enumerate(self.items, start=1) if item.all_tags.intersection(tags))

    def values(self, attribute: str) -> dict[int, float]:
        """Return the attribute's value by place, of the items that have it."""
        items = enumerate(self.items, start=1)
        return {place: item.attributes[attribute] for place, item in items if attribute in item.attributes}

    def within(self, attribute: str, bounds: Range) -> tuple[int, ...]:
        """Return the places of the items whose attribute lies within."""
        low, high = bounds
        values = self.values(attribute).items()
        return tuple(p for p, value in values if (low is None or value >= low) and (high is None or value <= high))


@dataclass(frozen=True)
class Vocabulary:
    """What a workspace's items can be asked for by: tags by facet, and numeric attributes from least to greatest."""

    tags: Facets = field(default_factory=lambda: MappingProxyType({}))
    attributes: Mapping[str, tuple[float, float]] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def forms(self) -> Mapping[tuple[str, ...], tuple[Tag, ...]]:
        """Every wording of a tag, in words, and the tags it may mean: singular and plural, joined, everyday words."""
        forms: dict[tuple[str, ...], dict[Tag, None]] = {}
        for tag in (Tag(facet, name) for facet, names in self.tags.items() for name in names):
            for form in variants(words_of(tag.name)):
                forms.setdefault(form, {})[tag] = None
        exact = {form: tuple(tags) for form, tags in forms.items() if form and not FUNCTION_WORDS.issuperset(form)}
        return {**everyday_forms(exact), **exact}

    @cached_property
    def of_kind(self) -> Mapping[Kind, str]:
        """The attribute that holds years, lengths, prices, where there is one."""
        found = {kind: [one for one in self.attributes if words & {*words_of(one)}] for kind, words in _KINDS.items()}
        return {kind: names[0] for kind, names in found.items() if names}

    def attribute_of(self, kind: str) -> str | None:
        """Return the attribute that a quantity of a kind is of; a bare number is a price, a length or a year."""
        kinds: tuple[Kind, ...] = ("price", "length", "year") if kind == "number" else (cast("Kind", kind),)
        return next((self.of_kind[one] for one in kinds if one in self.of_kind), None)

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that name facets and attributes, which say nothing of what is looked for."""
        named = (words_of(name) for name in (*self.tags, *self.attributes))
        return frozenset(form[-1] for words in named for form in variants(words) if len(form) == 1)


@dataclass(frozen=True)
class FollowUp:
    """How a follow-up is read.

    Parameters
    ----------
    like : int, optional
        Place, from 1, of the shown item that is referred to.
    drop : tuple of int
        Places of shown items that are to be left out.
    more, less, without : tuple of Tag
        Tags asked for; tags of which there should be less; tags that are ruled out.
    ranges : mapping of str to (low, high)
        By attribute, inclusive; None is open.
    query : str
        What is left to search for.
    understood : bool
        False where the text gives nothing to go by.
    unread : tuple of str
        What was said and cannot be acted on, such as to be without something that is no tag.
    """

    like: int | None = None
    drop: tuple[int, ...] = ()
    more: tuple[Tag, ...] = ()
    less: tuple[Tag, ...] = ()
    without: tuple[Tag, ...] = ()
    ranges: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))
    query: str = ""
    understood: bool = True
    unread: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to act on."""
        parts = (self.like, self.drop, self.more, self.less, self.without, self.ranges, self.query)
        return not any(parts)
