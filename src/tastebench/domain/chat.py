"""Questions to the language model and what comes back: values, budgets, settings."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from tastebench.domain.model_state import ModelState

Verdict: TypeAlias = Callable[[str], ModelState]
"""Reads an answer's text and says what it is worth: OK, PARTIAL, NO_PREFERENCE or INVALID_OUTPUT. Never raises."""
IsCancelled: TypeAlias = Callable[[], bool]

SCHEMA_VERSION = 1
"""Counted up when prompt or schema change their meaning: kept answers are then no longer used."""


@dataclass(frozen=True)
class ChatPrompt:
    """One complete question.

    Parameters
    ----------
    system, user : str
    schema : mapping
        JSON schema of the answer: an object with one required key per handle, all else forbidden.
    seed : int
    num_predict : int
        Tokens the answer may have.
    num_ctx : int
        Tokens of the model's window; fixed, so that the server doesn't load the model anew.
    """

    system: str
    user: str
    schema: Mapping[str, Any]
    seed: int = 0
    num_predict: int = 1024
    num_ctx: int = 8192

    def digest(self) -> str:
        """Return a hash of everything the answer may depend on, the model and its server left out."""
        parts = (SCHEMA_VERSION, self.system, self.user, self.schema, self.seed, self.num_predict, self.num_ctx)
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True)
class ChatUsage:
    """What a call cost. Tokens are None where the server didn't count them; times are milliseconds."""

    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    load_ms: float | None = None
    first_token_ms: float | None = None
    total_ms: float = 0.0


@dataclass(frozen=True)
class ChatAnswer:
    """What became of one question. It is returned, never raised.

    Parameters
    ----------
    state : ModelState
        Never one that waits.
    text : str
        The answer's text as it came, thinking included; what came before a failure too. Untrusted.
    detail : str
        Why, in a few words for people; untrusted words of the server are shortened and cleaned.
    attempts : int
        Calls made: 0 where none was needed to know, 2 where one was tried again.
    host, model, digest, server_version : str
        Who answered; empty where unknown.
    cached : bool
        It is a kept answer and cost nothing now.
    """

    state: ModelState
    text: str = ""
    detail: str = ""
    usage: ChatUsage = ChatUsage()
    attempts: int = 0
    host: str = ""
    model: str = ""
    digest: str = ""
    server_version: str = ""
    cached: bool = False


@dataclass(frozen=True)
class ChatProgress:
    """Where a call stands: LOADING, QUEUED or RUNNING, how many characters have come, and which of how many it is."""

    state: ModelState
    characters: int = 0
    call: int = 1
    calls: int = 1


@dataclass(frozen=True)
class ModelInfo:
    """One model a server holds.

    Parameters
    ----------
    size_bytes : int
        On disk; 0 where unknown.
    chats : bool
        Whether it can answer questions (an embedding model can't).
    cloud : bool
        Whether it runs on somebody else's machine.
    context : int, optional
        Longest window in tokens, where the server says so.
    """

    name: str
    digest: str = ""
    size_bytes: int = 0
    parameters: str = ""
    chats: bool = True
    cloud: bool = False
    context: int | None = None


@dataclass(frozen=True)
class ServerStatus:
    """What was found at an address: OK, or one of the states up to NO_MODELS."""

    state: ModelState
    host: str
    version: str = ""
    models: tuple[ModelInfo, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class PullProgress:
    """How far a model has been pulled, in bytes; `total` is 0 while unknown."""

    phase: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Budgets:
    """How long anything may take, in seconds, and how much may come. Tests shorten them."""

    connect: float = 1.5
    probe: float = 2.0
    probe_kept: float = 10.0
    load: float = 180.0
    first_byte: float = 60.0
    between_chunks: float = 20.0
    wall_clock: float = 90.0
    breaker_opens_after: int = 2
    breaker_open: float = 30.0
    pull_stall: float = 60.0
    answer_bytes: int = 64 * 1024
    whitespace_run: int = 200


Seconds = Annotated[float, Field(ge=10, le=300)]


class LanguageModelSettings(BaseModel):
    """What the operator settled about the language model, for all workspaces of a data folder.

    Parameters
    ----------
    host : str
        Where Ollama listens; empty for TASTEBENCH_OLLAMA_URL, OLLAMA_HOST or the default.
    model : str
        Whom to ask; empty until one is chosen.
    wall_clock : float
        Seconds one call may take, 10 to 300.
    influence : float
        Share of the way to the model's place that an item's score goes, where a profile doesn't say, 0 to .5.
    allow_cloud : bool
        Whether models that run elsewhere may be asked: persona and item texts then leave the machine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    host: str = Field(default="", max_length=300)
    model: str = Field(default="", max_length=200)
    wall_clock: Seconds = 90.0
    influence: float = Field(default=0.2, ge=0, le=0.5)
    allow_cloud: bool = False
