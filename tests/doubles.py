"""Stand-ins that tests share: they obey the ports' contracts and need no model."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tastebench.domain.chat import (
    ChatAnswer,
    ChatProgress,
    ChatPrompt,
    ChatUsage,
    IsCancelled,
    ModelInfo,
    PullProgress,
    ServerStatus,
    Verdict,
)
from tastebench.domain.columns import Vectors
from tastebench.domain.model_state import ModelState


class HashingEncoder:
    """An encoder whose vectors are sums of one fixed pseudo-random vector per word: shared words, close vectors."""

    def __init__(self, dimension: int = 32, name: str = "hashing") -> None:
        self.dimension = dimension
        self.name = name
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)


class ScriptedChat:
    """A language model that is a function from prompt to text, always there; it keeps what it was asked."""

    def __init__(self, answer: Callable[[ChatPrompt], str], state: ModelState | None = None) -> None:
        self.answer, self.state = answer, state
        self.asked: list[ChatPrompt] = []
        self.models = (ModelInfo("tiny:1b", digest="abc", size_bytes=1_000_000),)

    def status(self, *, fresh: bool = False) -> ServerStatus:
        return ServerStatus(ModelState.OK, "http://127.0.0.1:1", "0.30.0", self.models)

    def ask(
        self,
        model: str,
        prompt: ChatPrompt,
        verdict: Verdict,
        *,
        on_progress: Callable[[ChatProgress], None] | None = None,
        cancelled: IsCancelled | None = None,
        insist: bool = False,
        wall_clock: float | None = None,
    ) -> ChatAnswer:
        self.asked.append(prompt)
        who = {"host": "http://127.0.0.1:1", "model": model, "digest": "abc", "server_version": "0.30.0"}
        usage = ChatUsage(900, 120, 0.0, 40.0, 1500.0)
        if cancelled is not None and cancelled():
            return ChatAnswer(ModelState.CANCELLED, attempts=1, **who)
        if self.state is not None:
            return ChatAnswer(self.state, detail="as the test says", attempts=1, **who)
        text = self.answer(prompt)
        return ChatAnswer(verdict(text), text, usage=usage, attempts=1, **who)

    def warm_up(self, model: str, prompt: ChatPrompt, *, cancelled: IsCancelled | None = None) -> ChatAnswer:
        return ChatAnswer(ModelState.OK, model=model)

    def pull(
        self,
        model: str,
        *,
        on_progress: Callable[[PullProgress], None] | None = None,
        cancelled: IsCancelled | None = None,
    ) -> ChatAnswer:
        self.models = (*self.models, ModelInfo(model, digest=model, size_bytes=2_000_000))
        return ChatAnswer(ModelState.OK, model=model)

    def close(self) -> None:
        pass


def grading(grades: Mapping[str, int], summary: str = "A list.") -> Callable[[ChatPrompt], str]:
    """Return a mind that grades the candidates it recognises by title, 5 for all others."""

    def answer(prompt: ChatPrompt) -> str:
        handles = [name for name in prompt.schema["required"] if name != "summary"]
        lines = {name: next(line for line in prompt.user.splitlines() if f'"{name}"' in line) for name in handles}
        given = {
            name: next((grade for title, grade in grades.items() if title in line), 5) for name, line in lines.items()
        }
        said = {name: {"fit": grade, "why": f"It fits {grade} of 10."} for name, grade in given.items()}
        return json.dumps({**said, "summary": summary})

    return answer
