"""From the pieces of sentences to what they ask for: the sense in which each is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Literal, TypeAlias, cast

from tastebench.domain.request import Range
from tastebench.ranking.conversation.bounds import Bound
from tastebench.ranking.conversation.comparing import Comparison, compared
from tastebench.ranking.conversation.pieces import Piece, Place, Tags, Word
from tastebench.ranking.conversation.values import FollowUp, Shown, Tag, Vocabulary
from tastebench.ranking.conversation.words import Cue

Sense: TypeAlias = Literal["more", "less", "without", "known"]


@dataclass
class Fold:
    """What was read so far, and in which sense the next piece is meant.

    `had` tells whether the sense has found an object, `pointing` whether an item is being named by what it is like,
    `than` what is being compared.
    """

    shown: Shown
    vocabulary: Vocabulary
    sense: Sense = "more"
    had: bool = False
    pointing: bool = False
    than: Comparison | None = None
    spoken_of: int | None = None
    like: int | None = None
    drop: list[int] = field(default_factory=list)
    senses: dict[Tag, Sense] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    comparisons: dict[Comparison, int | None] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def sentence(self, pieces: Sequence[Piece]) -> None:
        """Take in the pieces of one sentence."""
        self._turn("more")
        for at, piece in enumerate(pieces):
            if isinstance(piece, str):
                self._cue(piece, pieces[:at], pieces[at + 1 :])
            else:
                self._take(piece)

    def result(self) -> FollowUp:
        """Return what all sentences come to."""
        self._compare()
        read = FollowUp(
            like=self.like,
            drop=tuple(dict.fromkeys(self.drop)),
            more=self._meant("more"),
            less=self._meant("less"),
            without=self._meant("without"),
            ranges=self.ranges,
            query=" ".join(self.words),
            unread=tuple(self.unread),
        )
        return read if not read.empty else FollowUp(understood=False, unread=read.unread)

    def _meant(self, sense: Sense) -> tuple[Tag, ...]:
        return tuple(tag for tag, one in self.senses.items() if one == sense)

    def _turn(self, sense: Sense) -> None:
        self.sense, self.had, self.pointing, self.than = sense, False, False, None

    def _cue(self, cue: Cue, before: Sequence[Piece], after: Sequence[Piece]) -> None:
        if cue in {"less", "known", "want"} or (cue == "without" and not _enough_in(after)):
            self._turn("more" if cue == "want" else cast("Sense", cue))
        elif cue == "the one":
            self.pointing = True
        elif cue == "that":
            self._that()
        elif turned := self._turned(cue, before, after):
            self._turn(turned)

    def _turned(self, cue: Cue, before: Sequence[Piece], after: Sequence[Piece]) -> Sense | None:
        """Return the sense that a cue turns to which does so only at times."""
        negated = self.sense in {"less", "without"}
        last = before[-1] if before else ""
        applies: Mapping[Cue, tuple[bool, Sense]] = {
            "without": (True, "more"),  # "not funny enough"
            "more": (self.had or self.sense != "without", "more"),
            "with": (self.had and negated, "more"),
            "comma": (not (self.had and negated and _list_goes_on(after)), "more"),
            "degree": (self.sense == "without" and not self.had, "less"),
            "enough": (isinstance(last, str), "without"),
            "than": (isinstance(last, Tags) and self.sense == "more", "less"),
        }
        holds, sense = applies.get(cue, (False, "more"))
        return sense if holds else None

    def _take(self, piece: Piece) -> None:
        """Take in what is said in the present sense."""
        than, self.than = self.than, None
        match piece:
            case Place(places):
                self._place(places, than)
            case Tags(tags) if self.pointing and len(carriers := self.shown.carriers(tags)) == 1:
                self._place(carriers, than)
            case Tags(tags):
                self.senses |= dict.fromkeys(tags, "more" if self.sense == "known" else self.sense)
            case Word(raw):
                (self.unread if self.sense in {"less", "without"} else self.words).append(raw)
            case Comparison():
                self._comparison(piece)
            case Bound():
                self._bound(piece)
        self.had = True

    def _place(self, named: Sequence[int], than: Comparison | None) -> None:
        places = [place for place in named if 1 <= place <= len(self.shown)]
        if not places:
            self.unread.append(f"number {named[0]}")
            return
        self.spoken_of = places[0]
        if than is not None:
            self.comparisons[than] = places[0]
        if than is None and (self.sense in {"without", "known"} or (self.sense == "less" and not self.had)):
            self.drop += places
        elif self.like is None:
            self.like = places[0]
        self.pointing = False

    def _that(self) -> None:
        """Take in a word for the item spoken of, or else the one chosen, or the only one."""
        place = self.spoken_of or self.shown.chosen or (1 if len(self.shown) == 1 else None)
        if place is None:
            return
        if self.sense == "known":  # "I saw it and liked it"
            self.drop = [one for one in self.drop if one != place]
            self._turn("more")
        self._take(Place((place,)))

    def _comparison(self, one: Comparison) -> None:
        if self.sense == "less" or (self.sense == "without" and not self.had):
            one = one.turned
        self.comparisons.setdefault(one, None)
        self.than = one

    def _bound(self, bound: Bound) -> None:
        attribute, (low, high) = self.vocabulary.attribute_of(bound.kind), bound.range
        if attribute is None:
            self.unread.append(bound.text)
        elif self.pointing and len(places := self.shown.within(attribute, bound.range)) == 1:
            self._place(places, None)
        elif self.sense in {"more", "known"} or self.had:
            self._narrow(attribute, bound.range)
        elif low is None or high is None:
            step = 1 if bound.kind == "year" else 0
            self._narrow(attribute, (None, low - step) if low is not None else (high + step if high else None, None))
        else:
            self._without_period(low, bound.text)

    def _without_period(self, low: float, text: str) -> None:
        """Rule out a decade, which no range can do, by its tag."""
        tags = self.vocabulary.forms.get((f"{low:.0f}s",), ())
        self.senses |= dict.fromkeys(tags, self.sense)
        self.unread += [] if tags else [text]

    def _compare(self) -> None:
        """Turn comparisons into ranges, now that it is known which item they are with."""
        referred = self.like or next(iter(self.drop), None)
        for one, place in self.comparisons.items():
            found = compared(one, place or referred, self.shown, self.vocabulary)
            if found is None:
                self.unread.append(one.text)
            else:
                self._narrow(*found)

    def _narrow(self, attribute: str, bounds: Range) -> None:
        """Let a range hold too: two that are closed are alternatives, open ones hold together if they can."""
        low, high = self.ranges.get(attribute, (None, None))
        if None not in (low, high, *bounds):
            self.ranges[attribute] = _hull((low, high), bounds)
            return
        lows, highs = ([one for one in ends if one is not None] for ends in ((low, bounds[0]), (high, bounds[1])))
        both = (max(lows, default=None), min(highs, default=None))
        self.ranges[attribute] = bounds if lows and highs and max(lows) > min(highs) else both


def _hull(one: Range, other: Range) -> Range:
    ends = [end for end in (*one, *other) if end is not None]
    return (min(ends), max(ends))


def _enough_in(after: Sequence[Piece]) -> bool:
    """Tell whether "enough" ends what a negation says: "not funny enough" asks for more."""
    said = list(takewhile(lambda piece: piece not in {"comma", "want", "more"}, after))[:3]
    return "enough" in said


def _list_goes_on(after: Sequence[Piece]) -> bool:
    """Tell whether a comma parts what is ruled out together: "no war, crime or revenge", "no war, crime, revenge"."""
    said = list(takewhile(lambda piece: isinstance(piece, Tags) or piece in {"comma", "and"}, after))
    if len(said) < len(after) and after[len(said)] not in {"want", "more"}:
        return False
    return sum(isinstance(piece, Tags) for piece in said) > 1 or said[:1] == ["and"]
