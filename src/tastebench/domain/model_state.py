"""What may become of a call to the language model: each state one sentence and one next step."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class ModelState(StrEnum):
    """How the language model's stage ended, or where it stands. In every one the base ranking stands on the page."""

    OFF = "off"
    BAD_ADDRESS = "bad_address"
    UNREACHABLE = "unreachable"
    NOT_OLLAMA = "not_ollama"
    TOO_OLD = "too_old"
    NO_MODELS = "no_models"
    MODEL_MISSING = "model_missing"
    WRONG_KIND = "wrong_kind"
    LOADING = "loading"
    QUEUED = "queued"
    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    NO_PREFERENCE = "no_preference"
    TIMED_OUT = "timed_out"
    PROMPT_TOO_LONG = "prompt_too_long"
    PROMPT_TRUNCATED = "prompt_truncated"
    OUTPUT_TRUNCATED = "output_truncated"
    INVALID_OUTPUT = "invalid_output"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    DISCONNECTED = "disconnected"
    CANCELLED = "cancelled"
    BREAKER_OPEN = "breaker_open"
    CLOUD_REFUSED = "cloud_refused"

    @property
    def answered(self) -> bool:
        """Whether there is an answer that may be used."""
        return self in {ModelState.OK, ModelState.PARTIAL, ModelState.NO_PREFERENCE}

    @property
    def waiting(self) -> bool:
        """Whether the call is still under way."""
        return self in {ModelState.LOADING, ModelState.QUEUED, ModelState.RUNNING}

    @property
    def failed(self) -> bool:
        """Whether the model was asked, or should have been, and nothing came of it."""
        return not (self.answered or self.waiting or self is ModelState.OFF)


class Telling(NamedTuple):
    """A state in words.

    Parameters
    ----------
    sentence : str
        What is the matter; may name ``{host}``, ``{model}`` and ``{detail}``.
    step : str
        What the reader can do; empty where nothing needs doing.
    button : str
        The one button that does it: ``settings``, ``pull``, ``retry``, ``cancel``, ``cloud``; empty where none helps.
    """

    sentence: str
    step: str = ""
    button: str = ""


TELLINGS: Mapping[ModelState, Telling] = MappingProxyType(
    {
        ModelState.OFF: Telling("Ranked without the language model."),
        ModelState.BAD_ADDRESS: Telling(
            "The address {host} cannot be used for Ollama.", "Correct it in the settings on Home.", "settings"
        ),
        ModelState.UNREACHABLE: Telling("Ollama isn't running at {host}.", "Start it with `ollama serve`.", "retry"),
        ModelState.NOT_OLLAMA: Telling(
            "What answers at {host} is not Ollama.", "Check the address in the settings on Home.", "settings"
        ),
        ModelState.TOO_OLD: Telling(
            "The Ollama at {host} is too old ({detail}).", "Update it from ollama.com, then try again.", "retry"
        ),
        ModelState.NO_MODELS: Telling("Ollama has no model yet.", "Pull one; {model} is a small one.", "pull"),
        ModelState.MODEL_MISSING: Telling("Ollama doesn't have {model}.", "Pull it, or choose another model.", "pull"),
        ModelState.WRONG_KIND: Telling(
            "{model} can't answer questions: {detail}.", "Choose a model that can chat.", "settings"
        ),
        ModelState.LOADING: Telling("{model} is being loaded.", "The first time takes up to a few minutes.", "cancel"),
        ModelState.QUEUED: Telling("Another call to {model} is still running.", "This one waits its turn.", "cancel"),
        ModelState.RUNNING: Telling("{model} is reading the list.", "", "cancel"),
        ModelState.OK: Telling("{model} graded the top of the list."),
        ModelState.PARTIAL: Telling("{model} graded only part of the list; the rest keeps its score.", "", "retry"),
        ModelState.NO_PREFERENCE: Telling("{model} gave every item the same grade, so nothing moved.", "", "retry"),
        ModelState.TIMED_OUT: Telling(
            "{model} took too long ({detail}).", "Try a smaller model, fewer items, or a longer limit.", "retry"
        ),
        ModelState.PROMPT_TOO_LONG: Telling(
            "The question is too long for {model}.", "Use fewer items, or a model with a longer context.", "settings"
        ),
        ModelState.PROMPT_TRUNCATED: Telling(
            "{model} read only part of the question, so its answer is not used.",
            "Use fewer items, or a model with a longer context.",
            "settings",
        ),
        ModelState.OUTPUT_TRUNCATED: Telling(
            "{model} ran out of room before its answer was complete.",
            "Use fewer items or shorter comments.",
            "retry",
        ),
        ModelState.INVALID_OUTPUT: Telling(
            "{model} gave an answer that can't be used.", "Try again, or choose another model.", "retry"
        ),
        ModelState.BUSY: Telling("Ollama is busy with other work.", "Try again in a moment.", "retry"),
        ModelState.SERVER_ERROR: Telling("Ollama reports a fault: {detail}.", "Its own log says more.", "retry"),
        ModelState.DISCONNECTED: Telling(
            "The connection to Ollama broke off before the answer was complete.", "Check that it still runs.", "retry"
        ),
        ModelState.CANCELLED: Telling("You stopped the language model.", "", "retry"),
        ModelState.BREAKER_OPEN: Telling(
            "The last calls to {model} failed, so it is left alone for {detail}.", "Or try now.", "retry"
        ),
        ModelState.CLOUD_REFUSED: Telling(
            "{model} runs in the cloud: persona and item texts would leave this machine.",
            "Choose a local model, or allow cloud models in the settings on Home.",
            "cloud",
        ),
    }
)
"""Every state's words. A test holds the two sets equal."""


def told(state: ModelState, *, host: str = "", model: str = "", detail: str = "") -> tuple[str, str]:
    """Return a state's sentence and next step, filled in; an unknown detail leaves no empty brackets.

    Examples
    --------
    >>> told(ModelState.UNREACHABLE, host="http://127.0.0.1:11434")
    ("Ollama isn't running at http://127.0.0.1:11434.", 'Start it with `ollama serve`.')
    >>> told(ModelState.TIMED_OUT, model="qwen3:4b")[0]
    'qwen3:4b took too long.'
    """
    telling = TELLINGS[state]
    words = {"host": host, "model": model or "The model", "detail": detail.rstrip(".")}
    sentence = telling.sentence.format_map(words).replace(" ()", "")
    if not detail:
        sentence = sentence.replace(": .", ".").replace(" for .", " for a while.")
    return sentence, telling.step.format_map(words)
