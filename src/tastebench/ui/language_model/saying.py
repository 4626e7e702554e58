"""What is said of the language model: where a question stands, what came of it."""

from collections.abc import Mapping
from typing import Any

from tastebench.domain.model_state import ModelState, told
from tastebench.services.judged import Judged, opinion
from tastebench.ui.format import counted, score
from tastebench.ui.language_model.asking import Asking

TAU_HINT = (
    "Kendall's τ compares the order with and without the model: 1 is the same order, 0 are two orders that have "
    "nothing to do with each other, −1 is the order turned round."
)
UNVERIFIED = "Written by the language model, unverified"


def waiting(asking: Asking) -> str:
    """Return where a question stands, in one sentence and a few figures."""
    seconds = f"{asking.seconds:.0f} s"
    if asking.stopped:
        return f"Stopping … · {seconds}"
    progress = asking.progress
    if progress is None:
        return f"Looking for Ollama … · {seconds}"
    sentence, step = told(progress.state, model=asking.model)
    come = counted(progress.characters, "character") if progress.characters else ""
    call = f"call {progress.call} of {progress.calls}" if progress.calls > 1 else ""
    return " · ".join(part for part in (f"{sentence} {step}".strip(), call, seconds, come) if part)


def finding(judged: Judged, model: Mapping[str, Any]) -> tuple[str, str]:
    """Return what came of it as a headline and the rest of the line: figures, or what to do.

    Parameters
    ----------
    model : mapping
        The ``model`` part of the ranking it was used in.
    """
    if not judged.state.answered:
        return judged.sentence, judged.next_step
    headline = f"{judged.sentence} {_moved(judged, model)}".strip().removesuffix(".")
    return headline, "· " + " · ".join(_figures(judged, model))


def _moved(judged: Judged, model: Mapping[str, Any]) -> str:
    if judged.judgement is None or judged.state is ModelState.NO_PREFERENCE:
        return ""
    moved, own = int(model["moved"]), opinion(judged.judgement).moved
    if moved:
        return f"It moved {moved} of {len(model['items'])}."
    if own:
        return f"It would order {own} otherwise, but at this influence none changes its place."
    return "It agrees with the order: none moved."


def _figures(judged: Judged, model: Mapping[str, Any]) -> list[str]:
    usage = model["usage"]
    tau = [] if judged.state is ModelState.NO_PREFERENCE else [f"Kendall’s τ {score(model['tau'], 2)}"]
    taken = f"{(usage['total_ms'] or 0) / 1000:.1f} s"
    return [*tau, f"kept answer, took {taken}" if usage["cached"] else taken]
