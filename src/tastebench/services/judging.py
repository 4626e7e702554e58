"""Putting a question about candidates to the language model, and taking its answers together."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from tastebench.domain.chat import ChatProgress, IsCancelled
from tastebench.domain.item import Item
from tastebench.domain.model_state import ModelState, told
from tastebench.ranking.prompting import Candidate
from tastebench.ranking.reading import judgement, read, verdict
from tastebench.services.judged import Exchange, Judged, Question
from tastebench.services.language_model import LanguageModel

OnChat: TypeAlias = Callable[[ChatProgress], None]


def candidate(item: Item) -> Candidate:
    """Return an item as the model is to see it."""
    return Candidate(item.item_id, item.title, item.description, item.facets, item.creator, item.attributes)


def seed_of(persona_id: str) -> int:
    """Return the seed of every question about this persona: the same one each time, so that answers can be kept."""
    return zlib.crc32(persona_id.encode())


def put(
    language_model: LanguageModel,
    question: Question,
    *,
    on_progress: OnChat | None = None,
    cancelled: IsCancelled | None = None,
    insist: bool = False,
) -> Judged:
    """Return what the model says; it is asked once per shuffle, until a call can't be used."""
    exchanges: list[Exchange] = []
    for number, asked in enumerate(question.asked, start=1):
        answer = language_model.ask(
            asked.prompt,
            verdict(asked, question.brief.explain),
            on_progress=on_progress and _numbered(on_progress, number, len(question.asked)),
            cancelled=cancelled,
            insist=insist,
        )
        exchanges.append(Exchange(asked.prompt, answer))
        if not answer.state.answered:
            break
    return _judged(question, exchanges)


def _numbered(on_progress: OnChat, call: int, calls: int) -> OnChat:
    return lambda progress: on_progress(replace(progress, call=call, calls=calls))


def _judged(question: Question, exchanges: Sequence[Exchange]) -> Judged:
    if not exchanges:
        return Judged(ModelState.OFF, "There are too few items here for the language model to compare.")
    last = exchanges[-1].answer
    answered = [exchange.answer.text for exchange in exchanges if exchange.answer.state.answered]
    if not answered or last.state is ModelState.CANCELLED:
        sentence, step = told(last.state, host=last.host, model=last.model, detail=last.detail)
        return Judged(last.state, sentence, step, exchanges=tuple(exchanges))
    asked = question.asked[: len(answered)]
    readings = [read(text, one, question.brief.explain) for text, one in zip(answered, asked, strict=True)]
    found = judgement(question.brief, asked, readings)
    sentence, step = told(found.state, host=last.host, model=last.model)
    if len(asked) < len(question.asked):
        sentence = f"{sentence} Only {len(asked)} of {len(question.asked)} calls were answered."
    return Judged(found.state, sentence, step, found, tuple(exchanges))
