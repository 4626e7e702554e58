"""What a conversation has come to: a question, and what every follow-up since has added or taken away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from tastebench.domain.request import Filters, Range
from tastebench.ranking.conversation.values import FollowUp, Tag


@dataclass(frozen=True)
class Wish:
    """What a list is asked for.

    Parameters
    ----------
    question : str
        In words; may be empty.
    like : str
        Id of an item that the others shall be like; the question is empty then.
    drop : tuple of str
        Ids of items to leave out.
    more, less, without : tuple of Tag
    ranges : mapping of str to (low, high)
    spare : tuple of str
        Ids of items that are left out so that the list has fewer with the tags in `less`.
    """

    question: str = ""
    like: str = ""
    drop: tuple[str, ...] = ()
    more: tuple[Tag, ...] = ()
    less: tuple[Tag, ...] = ()
    without: tuple[Tag, ...] = ()
    ranges: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))
    spare: tuple[str, ...] = ()

    def refined(self, read: FollowUp, item_ids: Sequence[str]) -> Self:
        """Return the wish after a follow-up on a list of these items.

        What is said last holds: another item or question takes the place of the one before, a tag asked for that of
        those in its facet, a range that of the same attribute. The rest adds up.

        Examples
        --------
        >>> noir = Tag("genres", "noir")
        >>> first = Wish("rainy city", more=(noir,)).refined(FollowUp(like=2), ["a", "b"])
        >>> first.like, first.question, first.more == (noir,)
        ('b', '', True)
        >>> first.refined(FollowUp(without=(noir,)), ["c"]).more
        ()
        """
        like = item_ids[read.like - 1] if read.like else "" if read.query else self.like
        taken = {*read.more, *read.less, *read.without}
        asked = {tag.facet for tag in read.more}
        return type(self)(
            question="" if like else read.query or self.question,
            like=like,
            drop=_joined(self.drop, (item_ids[place - 1] for place in read.drop)),
            more=_joined((tag for tag in self.more if tag not in taken and tag.facet not in asked), read.more),
            less=_joined((tag for tag in self.less if tag not in taken), read.less),
            without=_joined((tag for tag in self.without if tag not in taken), read.without),
            ranges={**self.ranges, **read.ranges},
        )

    def beside(self, read: FollowUp, before: Self) -> tuple[FollowUp, tuple[str, ...]]:
        """Return what holds beside the follow-up that led here from `before`, as one on a list of these items."""
        like = [self.like] if self.like and not read.like else []
        item_ids = (*like, *before.drop)
        still = FollowUp(
            like=1 if like else None,
            drop=tuple(range(1 + len(like), 1 + len(item_ids))),
            more=tuple(tag for tag in self.more if tag not in read.more),
            less=tuple(tag for tag in self.less if tag not in read.less),
            without=tuple(tag for tag in self.without if tag not in read.without),
            ranges={name: bounds for name, bounds in self.ranges.items() if name not in read.ranges},
        )
        return still, item_ids

    @property
    def excluded(self) -> tuple[str, ...]:
        """Items that are not to appear: those left out, and the one the others shall be like."""
        return _joined((*self.drop, *self.spare), [self.like] if self.like else [])

    def filters(self, others: Filters | None = None, *, softened: bool = False) -> Filters:
        """Return what items must pass, beside other filters; `softened`, the tags asked for are no condition."""
        others = others or Filters()
        return Filters(
            facets={**others.facets, **({} if softened else _by_facet(self.more))},
            ranges={**others.ranges, **self.ranges},
            text=others.text,
            only_items=others.only_items,
            without={**others.without, **_by_facet(self.without)},
        )

    @property
    def fewer(self) -> Filters:
        """What passes the tags of which there should be less: the items without any of them."""
        return Filters(without=_by_facet(self.less))

    def words(self, like: str) -> str:
        """Return what to search for in words, `like` being what is said of the item to be like; empty for nothing."""
        return " ".join(part for part in (like or self.question, *(tag.name for tag in self.more)) if part)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "question": self.question,
            "like": self.like,
            "drop": list(self.drop),
            "spare": list(self.spare),
            **{sense: [list(tag) for tag in getattr(self, sense)] for sense in ("more", "less", "without")},
            "ranges": {name: list(bounds) for name, bounds in self.ranges.items()},
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Return what `as_dict` returned."""
        return cls(
            question=stored["question"],
            like=stored["like"],
            drop=tuple(stored["drop"]),
            spare=tuple(stored["spare"]),
            **{sense: tuple(Tag(*tag) for tag in stored[sense]) for sense in ("more", "less", "without")},
            ranges={name: (low, high) for name, (low, high) in stored["ranges"].items()},
        )


def _joined(before: Iterable[Any], after: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*before, *after)))


def _by_facet(tags: Iterable[Tag]) -> dict[str, tuple[str, ...]]:
    facets: dict[str, tuple[str, ...]] = {}
    for tag in tags:
        facets[tag.facet] = (*facets.get(tag.facet, ()), tag.name)
    return facets
