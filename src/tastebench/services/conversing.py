"""Use cases of conversation: what a persona says after a list is read in its context, and a list made for it."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

import numpy as np

from tastebench.domain.columns import CatalogueColumns
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.query import QUESTION_LIMIT, Method
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Filters, Request
from tastebench.domain.text import checked
from tastebench.ranking import rank as rank_evidence
from tastebench.ranking.conversation import FollowUp, Shown, ShownItem, Wish, phrase, read_follow_up, said
from tastebench.ranking.conversation.prompting import asking_about, read_answer
from tastebench.ranking.permitted import passing
from tastebench.services.asking import Asking
from tastebench.services.turning import Turning
from tastebench.stores import items
from tastebench.stores.turns import Turn

Reader: TypeAlias = Literal["rules", "model"]

READING_SECONDS = 20.0
_SAID_BEFORE = 3
"""Questions before this one that the language model is told."""
SOFTENED = "Nothing has the tags asked for and passes the rest, so they are searched for in words instead."


@dataclass(frozen=True)
class FollowedUp:
    """What became of a follow-up.

    Parameters
    ----------
    said : str
        How it was read, in one sentence, what could not be used included.
    reading : FollowUp
    by : {"rules", "model"}
        Who read it.
    wish : Wish
        What the conversation has come to.
    ranking : Ranking, optional
        The list for it; None where the follow-up was not understood, so that the one before still stands.
    plain : Ranking, optional
        By the question alone, where there is one.
    turn : int, optional
        Key of the turn it is remembered as.
    """

    said: str
    reading: FollowUp
    by: Reader
    wish: Wish
    ranking: Ranking | None = None
    plain: Ranking | None = None
    turn: int | None = None


class Conversing(Asking, Turning):
    """What can be said after a list was shown."""

    def follow_up(
        self,
        persona_id: str,
        text: str,
        *,
        limit: int = 10,
        now: datetime | None = None,
        profile: ScoringProfile | None = None,
        strength: float = 0.5,
        rerank: bool = False,
        model: bool = False,
        teach: bool = True,
        shown: Sequence[str] | None = None,
    ) -> FollowedUp:
        """Return the list for what a persona says after the last one, and how it was read; remember it as a turn.

        Parameters
        ----------
        strength : float
            How far the persona bends the order where there is something to search for, in [0, 1].
        model : bool
            Let the language model read it, where there is one; the rules do where it fails.
        teach : bool
            Learn from it: tags asked for are chosen, tags of which there should be less or none refined away from.
        shown : sequence of str, optional
            Ids of the items on the screen, where that is another list by now than the one remembered.

        Raises
        ------
        NotFound
            Where there is no such persona.
        InvalidInput
            Where the text is empty or too long, or a number cannot be used.
        """
        text = checked(text, "the follow-up", QUESTION_LIMIT, required=True)
        self.expire_turns()
        before = self.turns(persona_id)
        last = before[-1] if before else Turn(now or self.default_now(persona_id).at, "")
        last = last if shown is None else replace(last, item_ids=tuple(shown))
        read, by = self._read(text, before, last, model=model)
        if not read.understood:
            return FollowedUp(self._said(read, last, _wish(last)), read, by, _wish(last))
        options: dict[str, Any] = {"strength": strength, "limit": limit, "now": now, "profile": profile}
        wish = self._thinned(persona_id, _wish(last).refined(read, last.item_ids), options)
        sentence = self._said(read, last, wish)
        ranking, plain = self._list(self.wished(persona_id, wish, **options, rerank=rerank), _told(before))
        if wish.more and not ranking.request.filters.facets:
            ranking = replace(ranking, notes=(*ranking.notes, SOFTENED))
        with self._parts.database.write():
            if teach:
                self._teach(persona_id, read, ranking.request.now)
            kept = {"wish": wish.as_dict(), "said": sentence, "by": by}
            turn = self._remembered(persona_id, Turn(ranking.request.now, text, ids(ranking), kept), last, read)
        return FollowedUp(sentence, read, by, wish, ranking, plain, turn)

    def wished(
        self,
        persona_id: str,
        wish: Wish,
        *,
        strength: float = 0.5,
        alpha: float = 0.7,
        limit: int = 10,
        depth: int = 100,
        now: datetime | None = None,
        profile: ScoringProfile | None = None,
        filters: Filters | None = None,
        rerank: bool = False,
    ) -> Request:
        """Return the request that a conversation has come to, for `gather` and `answer`; like `request` without words.

        Tags asked for are a condition that items must pass, beside `filters`, unless nothing passes: then they are
        only searched for in words, as they are in any case. Raises as `asking` does.
        """
        condition = wish.filters(filters)
        if wish.more and not passing(self._snapshot().catalogue, condition, None).any():
            condition = wish.filters(filters, softened=True)
        rest: dict[str, Any] = {
            "limit": limit, "now": now, "profile": profile, "filters": condition, "exclude_items": wish.excluded,
            "rerank": rerank,
        }  # fmt: skip
        words = wish.words(self._about(wish.like))[:QUESTION_LIMIT]
        if not words.strip():
            return self.request(persona_id, **rest)
        method: Method = "near_text" if wish.like else "hybrid"
        return self.asking(persona_id, words, method=method, alpha=alpha, strength=strength, depth=depth, **rest)

    def _read(self, text: str, before: Sequence[Turn], last: Turn, *, model: bool) -> tuple[FollowUp, Reader]:
        snapshot = self._snapshot()
        shown = _shown(snapshot.catalogue, last)
        if model and (read := self._read_by_model(text, shown, _told(before))):
            return read, "model"
        return read_follow_up(text, shown, snapshot.vocabulary), "rules"

    def _said(self, read: FollowUp, last: Turn, wish: Wish) -> str:
        """Return how a follow-up was read that led to this wish, and what holds from before."""
        catalogue, vocabulary = self._snapshot().catalogue, self._snapshot().vocabulary
        still, item_ids = wish.beside(read, _wish(last))
        kept = phrase(still, Shown(tuple(_items(catalogue, item_ids))), vocabulary)
        return said(read, _shown(catalogue, last), vocabulary, kept)

    def _read_by_model(self, text: str, shown: Shown, before: str) -> FollowUp | None:
        vocabulary, seed = self._snapshot().vocabulary, zlib.crc32(text.encode("utf-8", "replace"))
        question = asking_about(text, shown, vocabulary, before=before, seed=seed, context=self._window())
        if question is None:
            return None
        answer = self._parts.language_model.ask(question.prompt, question.verdict, wall_clock=READING_SECONDS)
        return read_answer(answer.text, question) if answer.state.answered else None

    def _list(self, request: Request, conversation: str) -> tuple[Ranking, Ranking | None]:
        """Return the list for a request, and the one by its words alone, where it has any."""
        evidence = self.gather(request)
        judged = self.judge(self.question(request, evidence, conversation)) if request.rerank else None
        if request.query is None:
            return self.rank(evidence, request, judged), None
        answer = self.answer(evidence, request, judged)
        return answer.personal, answer.plain

    def _about(self, item_id: str) -> str:
        """Return what others can be like an item in; empty for no item."""
        if not item_id:
            return ""
        with self._parts.database.read() as connection:
            found = items.fetch(connection, self._key, [item_id])
        return found[item_id].embedded_text if item_id in found else ""

    def _thinned(self, persona_id: str, wish: Wish, options: dict[str, Any]) -> Wish:
        """Return the wish with the items to spare: those with tags of which there should be less, but for half."""
        if not wish.less:
            return wish
        request, catalogue = self.wished(persona_id, wish, **options), self._snapshot().catalogue
        carrying = ~passing(catalogue, wish.fewer, None)
        evidence = self.gather(request)
        order = ids(rank_evidence(evidence, request.page(max(1, len(evidence)), 0)))
        found = [place for place, item_id in enumerate(order) if carrying[catalogue.position_of[item_id]]]
        kept = sum(place < request.limit for place in found) // 2
        return replace(wish, spare=tuple(order[place] for place in found[kept:]))

    def _teach(self, persona_id: str, read: FollowUp, at: datetime) -> None:
        for tag in read.more:
            self.choose(persona_id, "taste", *tag, at=at)
        for tag in (*read.less, *read.without):
            self.choose(persona_id, "taste", *tag, away=True, at=at)

    def _remembered(self, persona_id: str, turn: Turn, last: Turn, read: FollowUp) -> int:
        """Remember a turn; where a reference stood alone, that its item was taken from the last one."""
        if last.key and read.like and read == FollowUp(like=read.like):
            self.take_item(last.key, last.item_ids[read.like - 1])
        return self._keep_turn(persona_id, replace(turn, refines=last.key or None))


def ids(ranking: Ranking) -> tuple[str, ...]:
    """Return the ids of a list's items, in its order."""
    return tuple(item.item_id for item in ranking.items)


def _wish(turn: Turn) -> Wish:
    return Wish.from_dict(turn.reading["wish"]) if "wish" in turn.reading else Wish(turn.question)


def _told(before: Sequence[Turn]) -> str:
    return " / ".join(turn.question for turn in before[-_SAID_BEFORE:] if turn.question)


def _shown(catalogue: CatalogueColumns, turn: Turn) -> Shown:
    chosen = turn.item_ids.index(turn.chosen) + 1 if turn.chosen in turn.item_ids else None
    return Shown(tuple(_items(catalogue, turn.item_ids)), chosen)


def _items(catalogue: CatalogueColumns, item_ids: Sequence[str]) -> Iterator[ShownItem]:
    """Yield the items of a list; one that has gone since keeps its place."""
    for item_id in item_ids:
        row = catalogue.position_of.get(item_id, -1)
        if row < 0:
            yield ShownItem(item_id)
            continue
        creator = int(catalogue.creators[row])
        yield ShownItem(
            catalogue.titles[row] or item_id,
            catalogue.creator_names[creator] if creator >= 0 else "",
            {facet: column.tags_of(row) for facet, column in catalogue.facets.items()},
            {name: float(values[row]) for name, values in catalogue.attributes.items() if np.isfinite(values[row])},
        )
