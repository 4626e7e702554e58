"""Which item of the shown list somebody speaks of: by ordinal, number, title or creator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from tastebench.ranking.conversation.ordinals import CARDINAL, DEFINITE, NAMED, NOUNS, Reference, counted
from tastebench.ranking.conversation.tokens import listed, other_numbers, words_of
from tastebench.ranking.conversation.values import Shown, ShownItem, Tag, Vocabulary
from tastebench.ranking.conversation.words import CUES, FILLERS, FUNCTION_WORDS

_TITLE_WORDS, _HEAD = 20, 200
"""Words of a title that can be referred to by some of them, and items of a list that can be named."""
_INDEFINITE = listed("a an some any no")


@dataclass(frozen=True)
class Places:
    """Finds references to the items of one list."""

    shown: Shown
    vocabulary: Vocabulary

    def at(self, words: Sequence[str], at: int) -> Reference | None:
        """Return where a reference that begins at `at` ends, and the places it names, which may lie beyond the list."""
        found = (
            counted(words, at, len(self.shown)),
            self._title(words, at),
            self._part(words, at),
            self._carrier(words, at),
        )
        return max((one for one in found if one), key=lambda one: one[0], default=None)

    @cached_property
    def single_names(self) -> tuple[str, ...]:
        """Titles and names of one word that could hardly be meant otherwise."""
        return tuple(name[0] for name in self._names if len(name) == 1 and not self._ordinary(name))

    def named(self, name: str) -> int | None:
        """Return the place that a title or a creator of one word stands for."""
        return self._names.get((name,))

    @cached_property
    def _head(self) -> tuple[ShownItem, ...]:
        return self.shown.items[:_HEAD]

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], int]:
        """Titles with and without a leading article or what stands behind a colon, creators, their last names."""
        names: dict[tuple[str, ...], int] = {}
        for place, item in enumerate(self._head, start=1):
            for form in (words_of(item.title), words_of(item.title.partition(":")[0].partition("(")[0])):
                names.setdefault(form, place)
                names.setdefault(form[1:] if form[:1] in {("the",), ("a",), ("an",)} else form, place)
            creator = words_of(item.creator)
            for form in (creator, creator[-1:]) if len(creator[-1:] and creator[-1]) > 2 else (creator,):
                names.setdefault(form, place)
        names.pop((), None)
        return names

    @cached_property
    def _words(self) -> tuple[frozenset[str], ...]:
        """The telling words of each title, in either number."""
        told = [[word for word in words_of(item.title) if self._telling(word)] for item in self._head]
        return tuple(frozenset(form for word in words for form in (word, *other_numbers(word))) for words in told)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._names), default=0)

    def _telling(self, word: str) -> bool:
        return word not in FILLERS and word not in CARDINAL and not word.isdecimal()

    def _ordinary(self, words: tuple[str, ...]) -> bool:
        """Tell whether a name might as well be an ordinary word: then it takes more to be a reference."""
        plain = FUNCTION_WORDS if len(words) > 1 else FILLERS
        return words in self.vocabulary.forms or words in CUES or plain.issuperset(words)

    def _title(self, words: Sequence[str], at: int) -> Reference | None:
        before = words[at - 1] if at else ""
        for end in range(min(len(words), at + self._longest), at, -1):
            name = tuple(word.removesuffix("'s") for word in words[at:end])
            place = self._names.get(name) or self._names.get(tuple(words[at:end]))
            alone = end - at == len(words)
            if place and (alone or before in NAMED or not self._ordinary(name)):
                return end, (place,)
        return None

    def _part(self, words: Sequence[str], at: int) -> Reference | None:
        """Return a reference by words of a title: any behind "the", several in their order elsewhere."""
        if words[at] in DEFINITE:
            end, places = self._sharing(words, at + 1)
            named = tuple(words[at + 1 : end]) not in self.vocabulary.forms
        else:
            end, places = self._in_order(words, at)
            named = end - at > 1 and _INDEFINITE.isdisjoint(words[max(0, at - 2) : at])
        if not named or len(places) != 1:
            return None
        return end + (end < len(words) and words[end] in NOUNS), (places.pop(),)

    def _sharing(self, words: Sequence[str], at: int) -> tuple[int, set[int]]:
        """Return how far the words are all telling words of a title, and of which ones."""
        end, places = at, set[int]()
        while end < len(words):
            sharing = {place for place, telling in enumerate(self._words, start=1) if words[end] in telling}
            if not (left := sharing & places if places else sharing):
                break
            end, places = end + 1, left
        return end, places

    def _in_order(self, words: Sequence[str], at: int) -> tuple[int, set[int]]:
        """Return how far the words stand so in a title, and in which ones."""
        for end in range(min(len(words), at + self._longest), at + 1, -1):
            if FILLERS.isdisjoint(words[at:end]) and (places := self._runs.get(tuple(words[at:end]))):
                return end, set(places)
        return at, set()

    @cached_property
    def _runs(self) -> Mapping[tuple[str, ...], set[int]]:
        """Two and more words that stand together in titles."""
        runs: dict[tuple[str, ...], set[int]] = {}
        for place, item in enumerate(self._head, start=1):
            title = words_of(item.title)[:_TITLE_WORDS]
            for start, end in combinations(range(len(title) + 1), 2):
                runs.setdefault(title[start:end], set()).add(place)
        return {run: places for run, places in runs.items() if len(run) > 1}

    def _carrier(self, words: Sequence[str], at: int) -> Reference | None:
        """Return a reference by a tag that one shown item alone has: "the red one"."""
        if words[at] not in DEFINITE:
            return None
        for end in range(min(len(words) - 1, at + 4), at + 1, -1):
            tags: tuple[Tag, ...] = self.vocabulary.forms.get(tuple(words[at + 1 : end]), ())
            if tags and words[end] in NOUNS - {"ones"} and len(places := self.shown.carriers(tags)) == 1:
                return end + 1, places
        return None
