"""Reading a follow-up by rules: any text in, what it asks for out."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tastebench.ranking.conversation.bounds import Bound, bounds_in
from tastebench.ranking.conversation.comparing import COMPARISONS, EXTREMES, extreme, phrase_at
from tastebench.ranking.conversation.folding import Fold
from tastebench.ranking.conversation.pieces import Piece, Place, Tags, Word
from tastebench.ranking.conversation.places import Places
from tastebench.ranking.conversation.questions import beside_the_point, is_question
from tastebench.ranking.conversation.tokens import BREAK, Token, mistyped, tokens
from tastebench.ranking.conversation.values import FollowUp, Shown, Vocabulary
from tastebench.ranking.conversation.words import CUES, FILLERS, SMALL_TALK

_PHRASE_LIMIT = 6


def read_follow_up(text: str, shown: Shown, vocabulary: Vocabulary) -> FollowUp:
    """Return what somebody asks for who says `text` about a shown list. Pure and total: nothing is ever raised.

    Examples
    --------
    >>> from tastebench.ranking.conversation.values import ShownItem
    >>> shown = Shown((ShownItem("Klute", attributes={"year": 1971}), ShownItem("Alien", attributes={"year": 1979})))
    >>> words = Vocabulary({"genres": ("comedy", "horror")}, {"year": (1921, 2024)})
    >>> read = read_follow_up("something funny like the second one, but older", shown, words)
    >>> read.like, [tag.name for tag in read.more], dict(read.ranges)
    (2, ['comedy'], {'year': (None, 1978)})
    """
    places = Places(shown, vocabulary)
    fold = Fold(shown, vocabulary)
    for ends, sentence in groupby(tokens(text), key=lambda token: token.word == BREAK):
        said = list(sentence)
        if ends or is_question([token.word for token in said]):
            continue
        pieces = list(_pieces(said, places, vocabulary))
        if not beside_the_point(pieces):
            fold.sentence(pieces)
    return fold.result()


def _pieces(said: Sequence[Token], places: Places, vocabulary: Vocabulary) -> Iterator[Piece]:
    words = [token.word for token in said]
    bounds = {start: (end, bound) for start, end, bound in bounds_in(words, years="year" in vocabulary.of_kind)}
    at = 0
    while at < len(words):
        end, piece = _longest(words, at, bounds.get(at), places, vocabulary)
        if piece is not None:
            yield piece
        elif end == at:
            end = at + 1
            if piece := _single(said[at], places, vocabulary):
                yield piece
        at = end


def _single(token: Token, places: Places, vocabulary: Vocabulary) -> Piece | None:
    """Return what a word is that is in no phrase: a tag or a name mistyped, or just a word."""
    word = token.word.removesuffix("'s")
    if not word[:1].isalpha():
        return None
    if tags := vocabulary.forms.get((mistyped(word, (form[0] for form in vocabulary.forms if len(form) == 1)),)):
        return Tags(tags)
    place = places.named(mistyped(word, places.single_names))
    return Place((place,)) if place else Word(token.raw)


def _longest(
    words: Sequence[str], at: int, bound: tuple[int, Bound] | None, places: Places, vocabulary: Vocabulary
) -> tuple[int, Piece | None]:
    """Return the longest piece that begins at `at`, and where it ends; where it says nothing, None."""
    found: list[tuple[int, Piece | None]] = [bound] if bound else []
    if place := places.at(words, at):
        found.append((place[0], Place(place[1])))
    if most := phrase_at(EXTREMES, words, at):
        place_of_it = extreme(most[1], places.shown, vocabulary)
        found += [(most[0], Place((place_of_it,)))] if place_of_it else []
    for end in range(min(len(words), at + _PHRASE_LIMIT), at, -1):
        phrase = tuple(words[at:end])
        tags = vocabulary.forms.get(phrase) or vocabulary.forms.get((*phrase[:-1], phrase[-1].removesuffix("'s")))
        if tags:
            found.append((end, Tags(tags)))
        if phrase in SMALL_TALK:
            found.append((end, None))
        if phrase in CUES:
            found.append((end, CUES[phrase]))
    if comparison := phrase_at(COMPARISONS, words, at):
        found.append(comparison)
    if words[at] in FILLERS or words[at] in vocabulary.names:
        found.append((at + 1, None))
    return max(found, key=lambda one: one[0], default=(at, None))
