"""Opinions: the language model asked about lists of the past, for an evaluation."""

from collections.abc import Callable

from tastebench.domain.model_state import ModelState
from tastebench.evaluation.reranked import Ask, Head, Opinion
from tastebench.ranking.prompting import Brief, judging
from tastebench.services.bootstrap import Parts
from tastebench.services.judged import Judged, Question
from tastebench.services.judging import candidate, put, seed_of
from tastebench.stores import items


def asking(parts: Parts, workspace: int, cancelled: Callable[[], bool]) -> Ask:
    """Return the door through which an evaluation asks the language model, as a list of today would ask it.

    What the model is told of a persona is its text of today and what it did before its split. These calls don't count
    among those a workspace is asked about lately, which are of lists that somebody saw.
    """

    def ask(head: Head) -> Opinion:
        question = _question(parts, workspace, head)
        judged = put(parts.language_model, question, cancelled=cancelled)
        if judged.state is ModelState.BREAKER_OPEN:  # nobody waits here, and a list left out would count as ranked
            judged = put(parts.language_model, question, cancelled=cancelled, insist=True)
        return _opinion(judged)

    return ask


def _question(parts: Parts, workspace: int, head: Head) -> Question:
    with parts.database.read() as connection:
        found = items.fetch(connection, workspace, head.item_ids)
    model, settings = parts.language_model.model(), head.request.profile.rerank
    brief = Brief(
        persona=head.persona,
        history=head.deeds,
        candidates=tuple(map(candidate, found.values())),
        explain=settings.explain,
        seed=seed_of(head.request.persona_id),
    )
    return Question(brief, judging(brief, settings.shuffles, model.context if model else None))


def _opinion(judged: Judged) -> Opinion:
    answers = [exchange.answer for exchange in judged.exchanges]
    taken = sum(answer.usage.total_ms for answer in answers) / 1000
    model, sentence = answers[-1].model if answers else "", f"{judged.sentence} {judged.next_step}".strip()
    return Opinion(judged.state, judged.judgement, taken, model, sentence)
