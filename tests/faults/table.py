"""Every fault of the stand-in for Ollama, and what must become of a question under it.

Where more than one state could be meant, the choice is this. What answers, and not as Ollama would, is not Ollama: a
page, a redirect, another service. A refusal that names what the model lacks makes it the wrong kind; any other refusal
or broken-off error line is a fault of the server. A stream that ends without its last line was disconnected, however
politely. What the model wrote and nobody can use is invalid output, too much of it included; only what it says itself
was cut short is truncated output.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from tastebench.domain.chat import Budgets, ChatAnswer, LanguageModelSettings
from tastebench.domain.model_state import ModelState as S
from tastebench.domain.persona import Persona
from tastebench.models.ollama_chat import OllamaChat
from tastebench.ranking.prompting import Asked, Brief, Candidate, judging
from tastebench.ranking.reading import verdict
from tests.ollama_double import FAULTS, OllamaDouble

MODEL = "qwen3:4b"
PATIENT = Budgets(
    connect=10.0, probe=20.0, load=20.0, first_byte=20.0, between_chunks=20.0, wall_clock=20.0, pull_stall=20.0
)
"""Where something else than time must end a call: a busy machine then ends none of them."""
BUDGETS = replace(PATIENT, load=0.6, first_byte=0.5, between_chunks=0.4, wall_clock=1.5, pull_stall=0.4)
"""Where time must end a call: little for what the fault holds up, plenty for what comes before it."""
HURRIED = replace(PATIENT, probe=0.5)
"""Where time must end a look at the server."""
LOOKING = 1.0
"""Seconds that it may take to look at a server which answers."""
GRACE = 2.0
"""Seconds over a budget that a busy machine is forgiven; a slow fault goes on for thirty."""

ASKED: Mapping[str, tuple[S, int]] = {
    "refused": (S.UNREACHABLE, 0),
    "silence": (S.TIMED_OUT, 1),
    "reset": (S.DISCONNECTED, 2),
    "reset_midway": (S.DISCONNECTED, 2),
    "slow_headers": (S.TIMED_OUT, 1),
    "slow_first_token": (S.TIMED_OUT, 1),
    "drip": (S.TIMED_OUT, 1),
    "drip_bytes": (S.TIMED_OUT, 1),
    "stall": (S.TIMED_OUT, 1),
    "cut_mid_chunk": (S.DISCONNECTED, 2),
    "clean_end": (S.DISCONNECTED, 2),
    "redirect": (S.NOT_OLLAMA, 1),
    "split_utf8": (S.OK, 1),
    "blank_lines": (S.OK, 1),
    "bom": (S.OK, 1),
    "404_model": (S.MODEL_MISSING, 1),
    "400_thinking": (S.WRONG_KIND, 1),
    "400_chat": (S.WRONG_KIND, 1),
    "400_context": (S.PROMPT_TOO_LONG, 1),
    "400_context_plain": (S.PROMPT_TOO_LONG, 1),
    "400_schema": (S.SERVER_ERROR, 1),
    "500": (S.SERVER_ERROR, 1),
    "500_empty": (S.SERVER_ERROR, 1),
    "502_html": (S.SERVER_ERROR, 1),
    "503": (S.BUSY, 2),
    "503_once": (S.OK, 2),
    "403": (S.SERVER_ERROR, 1),
    "429": (S.BUSY, 2),
    "error_list": (S.SERVER_ERROR, 1),
    "200_html": (S.NOT_OLLAMA, 1),
    "other_service": (S.NOT_OLLAMA, 0),
    "other_service_ok": (S.NOT_OLLAMA, 0),
    "error_first": (S.SERVER_ERROR, 1),
    "error_midway": (S.SERVER_ERROR, 1),
    "done_false": (S.DISCONNECTED, 2),
    "length": (S.OUTPUT_TRUNCATED, 1),
    "after_done": (S.OK, 1),
    "no_metrics": (S.OK, 1),
    "no_message": (S.INVALID_OUTPUT, 2),
    "thinking_only": (S.INVALID_OUTPUT, 2),
    "tool_calls": (S.INVALID_OUTPUT, 2),
    "unloaded": (S.INVALID_OUTPUT, 2),
    "silent_truncation": (S.PROMPT_TRUNCATED, 1),
    "prose": (S.INVALID_OUTPUT, 2),
    "fenced": (S.OK, 1),
    "thinking_inside": (S.OK, 1),
    "bom_inside": (S.OK, 1),
    "truncated_json": (S.INVALID_OUTPUT, 2),
    "duplicate_keys": (S.OK, 1),
    "list_variant": (S.OK, 1),
    "ranking_variant": (S.OK, 1),
    "duplicate_handles": (S.OK, 1),
    "invented_handles": (S.OK, 1),
    "missing_handles": (S.PARTIAL, 1),
    "most_missing": (S.INVALID_OUTPUT, 2),
    "titles_for_handles": (S.INVALID_OUTPUT, 2),
    "extra_fields": (S.OK, 1),
    "fit_text": (S.PARTIAL, 1),
    "fit_fraction": (S.OK, 1),
    "fit_true": (S.PARTIAL, 1),
    "fit_null": (S.PARTIAL, 1),
    "fit_negative": (S.PARTIAL, 1),
    "fit_99": (S.PARTIAL, 1),
    "fit_1e400": (S.PARTIAL, 1),
    "fit_nan": (S.PARTIAL, 1),
    "all_equal": (S.NO_PREFERENCE, 1),
    "shown_order": (S.OK, 1),
    "reversed_order": (S.OK, 1),
    "whitespace_loop": (S.INVALID_OUTPUT, 2),
    "repetition_loop": (S.OUTPUT_TRUNCATED, 1),
    "flood": (S.INVALID_OUTPUT, 2),
    "open_brackets": (S.INVALID_OUTPUT, 2),
    "other_language": (S.OK, 1),
    "why_about_another": (S.OK, 1),
    "hostile_why": (S.OK, 1),
    "echoed_schema": (S.INVALID_OUTPUT, 2),
    "echoed_prompt": (S.INVALID_OUTPUT, 2),
    "no_models": (S.NO_MODELS, 0),
    "models_null": (S.NO_MODELS, 0),
    "many_models": (S.OK, 1),
    "no_details": (S.OK, 1),
    "digest_changed": (S.OK, 1),
    "version_zero": (S.OK, 1),
    "version_garbage": (S.OK, 1),
    "version_old": (S.TOO_OLD, 0),
}
"""Fault to the state of a question under it, the model being loaded, and the calls made."""

PULLED: Mapping[str, S] = {
    "pull_stalls": S.TIMED_OUT,
    "pull_errors": S.SERVER_ERROR,
    "pull_unknown": S.SERVER_ERROR,
    "pull_ends": S.DISCONNECTED,
}
"""Fault to the state of a pull under it."""

PROBED: Mapping[str, S] = {
    **dict.fromkeys(("silence", "reset", "slow_headers", "slow_first_token", "stall", "cut_mid_chunk"), S.UNREACHABLE),
    "redirect": S.NOT_OLLAMA,
    "500": S.NOT_OLLAMA,
    "500_empty": S.NOT_OLLAMA,
    "502_html": S.NOT_OLLAMA,
    "403": S.NOT_OLLAMA,
    "error_list": S.NOT_OLLAMA,
    "200_html": S.NOT_OLLAMA,
    "refused": S.UNREACHABLE,
    "other_service": S.NOT_OLLAMA,
    "other_service_ok": S.NOT_OLLAMA,
}
"""Fault to what is found at an address where it strikes every request."""


class Row(NamedTuple):
    """What became of one question.

    Parameters
    ----------
    budget : float
        Seconds it may take.
    left : tuple of str
        Threads and sockets that were there afterwards and not before.
    """

    fault: str
    group: str
    state: S
    seconds: float
    attempts: int
    budget: float
    detail: str = ""
    left: tuple[str, ...] = ()


def brief() -> Brief:
    """Return a question's material: ten films and a person."""
    titles = ["Stalker", "Heat", "Solaris", "Alien", "Brazil", "Casablanca", "Diva", "Klute", "Laura", "Mirror"]
    about = "A film that people still talk about, of which more could be said than fits into a line or two."
    candidates = tuple(Candidate(title.lower(), title, about, {"genres": ("drama", "slow")}) for title in titles)
    return Brief(Persona("Maya", "Loves slow films."), instruction="Something calm.", candidates=candidates)


BRIEF = brief()


def question() -> Asked:
    """Return the one question put under every fault."""
    return judging(BRIEF)[0]


def client(server: OllamaDouble, budgets: Budgets = PATIENT) -> OllamaChat:
    """Return a client that knows nothing yet."""
    return OllamaChat(LanguageModelSettings, lambda: server.url, budgets)


def budgets_for(name: str) -> Budgets:
    """Return what a question or a pull may take under a fault: little only where it is time that must end it."""
    state = PULLED[name] if name in PULLED else ASKED.get(name, (S.OK, 1))[0]
    return BUDGETS if state is S.TIMED_OUT else PATIENT


def double(name: str = "") -> OllamaDouble:
    """Return a double whose slow faults are slower than any budget here."""
    return OllamaDouble(name, models=[MODEL], delay=30, pace=0.02)


def asked(name: str) -> Row:
    """Return what becomes of a question under a fault, the model being loaded."""
    one = question()

    budgets = budgets_for(name)

    def ask(server: OllamaDouble) -> ChatAnswer:
        return client(server, budgets).ask(MODEL, one.prompt, verdict(one, "short"))

    return _row(name, ask, LOOKING + budgets.wall_clock)


def pulled(name: str) -> Row:
    """Return what becomes of fetching a model under a fault."""
    budgets = budgets_for(name)
    return _row(name, lambda server: client(server, budgets).pull("gemma3:270m"), LOOKING + budgets.pull_stall)


def probed(name: str) -> Row:
    """Return what is found at an address where a fault strikes every request."""

    budgets = HURRIED if PROBED[name] is S.UNREACHABLE else PATIENT

    def probe(server: OllamaDouble) -> ChatAnswer:
        found = client(server, budgets).status()
        return ChatAnswer(found.state, detail=found.detail)

    return _row(name, probe, budgets.probe, everywhere=True)


def _row(name: str, work: Callable[[OllamaDouble], ChatAnswer], budget: float, *, everywhere: bool = False) -> Row:
    with double() as server:
        client(server).warm_up(MODEL, question().prompt)
        server.inject(name, at=() if everywhere else None)
        server.wait_for(lambda one: one.open_connections == 0)
        before = _threads() | _sockets()
        began = time.monotonic()
        answer = work(server)
        seconds = time.monotonic() - began
        # A socket of the double's is closed a moment after its connection has ended.
        server.wait_for(lambda one: not one.open_connections and not (_threads() | _sockets()) - before)
        left = (*((_threads() | _sockets()) - before), *["connection"] * server.open_connections)
    return Row(name, FAULTS[name].group, answer.state, seconds, answer.attempts, budget, answer.detail, left)


def _threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def _sockets() -> set[str]:
    """Return this process's open sockets, where the system tells them."""
    folder = "/proc/self/fd"
    found = set()
    for number in os.listdir(folder) if os.path.isdir(folder) else ():  # noqa: PTH112, PTH208
        try:
            target = os.readlink(f"{folder}/{number}")  # noqa: PTH115
        except OSError:
            continue  # it was the one that listed the folder
        if target.startswith("socket:"):
            found.add(target)
    return found


def rows() -> Iterable[tuple[Row, S]]:
    """Yield every fault's row beside the state it must have."""
    for name, (state, _) in ASKED.items():
        yield asked(name), state
    for name, state in PULLED.items():
        yield pulled(name), state
    for name, state in PROBED.items():
        yield probed(name), state
