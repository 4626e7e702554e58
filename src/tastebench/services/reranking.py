"""Use cases of the language model's stage: judge the head of a list, propose searches, tell whether it is worth it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from tastebench.domain.chat import ChatProgress, IsCancelled
from tastebench.domain.evidence import Evidence
from tastebench.domain.judgement import Judgement
from tastebench.domain.model_state import ModelState
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Ranking
from tastebench.domain.request import Filters, Request
from tastebench.ranking import rank as rank_evidence
from tastebench.ranking import recommend as recommend_now
from tastebench.ranking.prompting import Brief, Deed, judging
from tastebench.ranking.proposing import proposing, read_proposals
from tastebench.ranking.rerank import movement
from tastebench.services.judged import Exchange, Judged, Proposed, Question, Worth, opinion, record
from tastebench.services.judging import candidate, put, seed_of
from tastebench.services.presenting import Presenting
from tastebench.services.recommending import Recommending
from tastebench.stores import interactions, items, model_calls, personas
from tastebench.stores.model_calls import ModelCall

HISTORY_SHOWN = 10
"""Interactions put before the model, the newest ones: more of them make small models worse."""
PROPOSING_SECONDS = 30.0
CALLS_COUNTED = 100

OnChat = Callable[[ChatProgress], None]


class Reranking(Recommending, Presenting):
    """What can be asked of the language model about a list. In every case the list without it stands."""

    def question(self, request: Request, evidence: Evidence, conversation: str = "") -> Question:
        """Return what the model would be asked about the head of the list, told what was said before. Asks nothing."""
        brief = replace(self._brief(request, evidence), conversation=conversation)
        shuffles = request.profile.rerank.shuffles if len(brief.candidates) > 1 else 0
        return Question(brief, judging(brief, shuffles, self._window()))

    def judge(
        self,
        question: Question,
        *,
        on_progress: OnChat | None = None,
        cancelled: IsCancelled | None = None,
        insist: bool = False,
    ) -> Judged:
        """Return what the model says of the head of a list; every call takes at most what the settings allow."""
        judged = put(self._parts.language_model, question, on_progress=on_progress, cancelled=cancelled, insist=insist)
        graded = judged.judgement
        self._remember("rank", judged.exchanges, judged.state, graded.repairs if graded else (), graded)
        return judged

    def rank(self, evidence: Evidence, request: Request, judged: Judged | None = None) -> Ranking:
        """Return the ranking of held evidence under the request's profile, with a judgement that was given. Pure."""
        judgement = judged.judgement if judged else None
        ranking = rank_evidence(evidence, request, judgement=judgement)
        if judged is None or not request.rerank:
            return ranking
        count = request.profile.rerank.candidates
        moved = movement(rank_evidence(evidence, request.page(count, 0), judgement=judgement), count)
        notes = ranking.notes if judged.state is ModelState.OK else (*ranking.notes, judged.note)
        return replace(ranking, model=record(judged, request, moved), notes=notes)

    def propose(
        self,
        request: Request,
        evidence: Evidence,
        *,
        on_progress: OnChat | None = None,
        cancelled: IsCancelled | None = None,
        insist: bool = False,
    ) -> Proposed:
        """Return up to three searches the model proposes, having seen the list; put them into a new request."""
        brief = self._brief(request, evidence)
        model = self._parts.language_model.model()
        prompt = proposing(brief, [one.title for one in brief.candidates], model.context if model else None)
        answer = self._parts.language_model.ask(
            prompt,
            lambda text: ModelState.OK if read_proposals(text, brief).queries else ModelState.INVALID_OUTPUT,
            on_progress=on_progress,
            cancelled=cancelled,
            insist=insist,
            wall_clock=PROPOSING_SECONDS,
        )
        found = read_proposals(answer.text, brief)
        exchange = Exchange(prompt, answer)
        self._remember("search", [exchange], answer.state, [reason for _, reason in found.dropped])
        return Proposed(found.queries if answer.state.answered else (), found.dropped, exchange)

    def recommend(
        self,
        persona_id: str,
        limit: int = 10,
        offset: int = 0,
        now: datetime | None = None,
        profile: ScoringProfile | None = None,
        filters: Filters | None = None,
        exclude_items: Sequence[str] = (),
        instruction: str | None = None,
        rerank: bool = False,
        queries: Sequence[str] = (),
        proposed: Sequence[str] = (),
    ) -> Ranking:
        """Return the ranked list for a persona, with `rerank` judged by the language model if there is one.

        Raises
        ------
        NotFound
            Where there is no such persona.
        """
        request = self.request(
            persona_id, limit=limit, offset=offset, now=now, profile=profile, filters=filters, rerank=rerank,
            exclude_items=exclude_items, instruction=instruction, queries=queries, proposed=proposed,
        )  # fmt: skip
        if not rerank:
            return recommend_now(request, self._sources(persona_id))
        evidence = self.gather(request)
        return self.rank(evidence, request, self.judge(self.question(request, evidence)))

    def worth(self) -> Worth:
        """Return what the last 100 rerankings of this workspace came to."""
        with self._parts.database.read() as connection:
            calls = model_calls.newest(connection, self._key, CALLS_COUNTED, kind="rank")
        return Worth.of(calls)

    def _window(self) -> int | None:
        model = self._parts.language_model.model()
        return model.context if model else None

    def _brief(self, request: Request, evidence: Evidence) -> Brief:
        head = rank_evidence(evidence, request.page(request.profile.rerank.candidates, 0)).items
        with self._parts.database.read() as connection:
            stored = personas.find(connection, self._key, request.persona_id)
            rows, _ = interactions.page(
                connection, self._key, persona_key=stored.key, until=request.now, limit=HISTORY_SHOWN
            )
            found = items.fetch(connection, self._key, [one.item_id for one in head])
        return Brief(
            persona=replace(stored.persona, skill_level=self.level(request.persona_id, request.now)),
            history=tuple(Deed(row.title or row.target, row.action, row.at) for row in reversed(rows)),
            instruction=request.wish,
            candidates=tuple(candidate(found[one.item_id]) for one in head if one.item_id in found),
            explain=request.profile.rerank.explain,
            seed=seed_of(request.persona_id),
        )

    def _remember(
        self,
        kind: Literal["rank", "search"],
        exchanges: Sequence[Exchange],
        state: ModelState,
        repairs: Sequence[str],
        graded: Judgement | None = None,
    ) -> None:
        fresh = [one.answer for one in exchanges if one.answer.attempts and not one.answer.cached]
        if not fresh or self._parts.lock is None:  # a kept answer is no call; a folder open for reading takes no note
            return
        own = opinion(graded) if graded else None
        call = ModelCall(
            kind=kind,
            model=fresh[-1].model,
            state=state,
            calls=sum(answer.attempts for answer in fresh),
            items=own.of if own else 0,
            moved=own.moved if own else None,
            tau=own.tau if own else None,
            repairs=len(repairs),
            total_ms=sum(answer.usage.total_ms for answer in fresh),
        )
        with self._parts.database.write() as connection:
            model_calls.add(connection, self._key, call)
