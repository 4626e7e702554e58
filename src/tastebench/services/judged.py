"""What comes of asking the language model: values for pages, command line and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tastebench.domain.chat import ChatAnswer, ChatPrompt
from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState, told
from tastebench.domain.request import Request
from tastebench.ranking.prompting import Asked, Brief
from tastebench.ranking.rerank import Movement, moved_between
from tastebench.stores.model_calls import ModelCall


@dataclass(frozen=True)
class Question:
    """What the model is to be asked about the head of a list: the material, and a prompt per shuffle."""

    brief: Brief
    asked: tuple[Asked, ...]

    @property
    def digest(self) -> str:
        """A text that is equal for questions that are."""
        return "/".join(one.prompt.digest() for one in self.asked)


@dataclass(frozen=True)
class Exchange:
    """One question and what became of it, word by word."""

    prompt: ChatPrompt
    answer: ChatAnswer


@dataclass(frozen=True)
class Judged:
    """What came of asking the model about the head of one list.

    Parameters
    ----------
    state : ModelState
    sentence, next_step : str
        The state in words.
    judgement : Judgement, optional
        None where no answer could be used.
    exchanges : tuple of Exchange
        One per call: several in thorough mode, none where nothing was asked.
    """

    state: ModelState
    sentence: str
    next_step: str = ""
    judgement: Judgement | None = None
    exchanges: tuple[Exchange, ...] = ()

    @property
    def note(self) -> str:
        """What a ranking's notes say of it."""
        kept = "" if self.state.answered else "Ranked without the language model."
        return " ".join(part for part in (self.sentence, kept, self.next_step) if part)


@dataclass(frozen=True)
class Proposed:
    """Searches the model proposed, and what was dropped of them and why."""

    queries: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...]
    exchange: Exchange

    @property
    def told(self) -> tuple[str, str]:
        """What became of the call, as a sentence and a next step; empty where it went well."""
        answer = self.exchange.answer
        if answer.state.answered:
            return "", ""
        return told(answer.state, host=answer.host, model=answer.model, detail=answer.detail)


@dataclass(frozen=True)
class Worth:
    """What the language model did for a workspace lately. None where nothing is known.

    Parameters
    ----------
    uses, answered : int
        Times it was asked, times its answer could be used.
    agreement : float, optional
        Mean Kendall's τ between the list's order and the model's own, in [-1, 1]; 1: it would change nothing.
    moved : float, optional
        Share of the graded items whose place the model's own order changes, in [0, 1].
    seconds : float, optional
        Median time a list took.
    repaired : float, optional
        Share of the answers that had to be mended, in [0, 1].
    """

    uses: int
    answered: int
    agreement: float | None
    moved: float | None
    seconds: float | None
    repaired: float | None

    @classmethod
    def of(cls, calls: Sequence[ModelCall]) -> "Worth":
        """Return what these rerankings came to."""
        used = [call for call in calls if call.state.answered]
        graded = sum(call.items for call in used)
        taus = [call.tau for call in used if call.tau is not None]
        return cls(
            uses=len(calls),
            answered=len(used),
            agreement=sum(taus) / len(taus) if taus else None,
            moved=sum(call.moved or 0 for call in used) / graded if graded else None,
            seconds=median(call.total_ms for call in used) / 1000 if used else None,
            repaired=sum(call.repairs > 0 for call in used) / len(used) if used else None,
        )


def opinion(judgement: Judgement) -> Movement:
    """Return how far the model's own order is from the list's, whatever influence it is given; ties change nothing.

    Examples
    --------
    >>> opinion(Judgement(("a", "b", "c"), {"a": 5, "b": 2, "c": 9}))
    Movement(moved=3, tau=-0.333333333333, of=3)
    """
    grades = [judgement.grades[item_id] for item_id in judgement.item_ids if item_id in judgement.grades]
    places = sorted(range(len(grades)), key=lambda place: -grades[place])
    return moved_between(places, range(len(grades)))


def record(judged: Judged, request: Request, moved: Movement) -> dict[str, Any]:
    """Return the ``model`` part of a decision record: what the model did and what it cost, as plain JSON values."""
    answers = [exchange.answer for exchange in judged.exchanges]
    last = answers[-1] if answers else ChatAnswer(judged.state)
    return {
        "state": judged.state.value,
        "sentence": judged.sentence,
        "model": last.model,
        "digest": last.digest,
        "server_version": last.server_version,
        "influence": request.profile.rerank.influence,
        "moved": moved.moved,
        "tau": moved.tau,
        "usage": _usage(answers),
        **_said(judged.judgement),
    }


def _usage(answers: Sequence[ChatAnswer]) -> dict[str, Any]:
    usages = [answer.usage for answer in answers]
    return {
        "calls": sum(answer.attempts for answer in answers if not answer.cached),
        "cached": sum(answer.cached for answer in answers),
        **{name: _sum([getattr(usage, name) for usage in usages]) for name in _COUNTED},
        "first_token_ms": next((usage.first_token_ms for usage in usages if usage.first_token_ms is not None), None),
    }


_COUNTED = ("prompt_tokens", "answer_tokens", "load_ms", "total_ms")


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _said(judgement: Judgement | None) -> Mapping[str, Any]:
    if judgement is None:
        return {"items": {}, "summary": "", "repairs": []}
    said = {
        item_id: {
            "grade": judgement.grades.get(item_id),
            "comment": judgement.comments.get(item_id, ""),
            "ungrounded": judgement.ungrounded.get(item_id, ""),
            "neutral": judgement.neutral.get(item_id, ""),
        }
        for item_id in judgement.item_ids
    }
    return {"items": said, "summary": judgement.summary, "repairs": list(judgement.repairs)}
