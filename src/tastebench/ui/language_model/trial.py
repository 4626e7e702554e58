"""The test of the language model: three invented films, one of which fits an invented person."""

import streamlit as st

from tastebench.domain.chat import IsCancelled
from tastebench.services import Workbench
from tastebench.services.model_trial import CANDIDATES, FITTING, PERSONA, Trial
from tastebench.ui.components import message
from tastebench.ui.format import escape_html, prose
from tastebench.ui.language_model import asking, exchanges, watching
from tastebench.ui.language_model.asking import Asking

PAGE = "Home"
SLOT = "trial"
_HEAD = "<thead><tr><th>Invented film</th><th>Grade</th><th>The model’s comment, unverified</th></tr></thead>"


def draw(bench: Workbench) -> None:
    """Draw the button, the question under way, and what came back."""
    current = asking.find(SLOT)
    running = current is not None and current.running
    st.button(
        "Test the model", key="trial", icon=":material/science:", on_click=_start, args=(bench,), disabled=running,
        help=f"It grades three invented films for {PERSONA.name}: “{PERSONA.description}” One of them fits.",
    )  # fmt: skip
    if current is not None and running:
        watching.watch(current, SLOT)
    elif current is not None:
        found = current.answer()
        if isinstance(found, Trial):
            _outcome(found)


def verdict(trial: Trial) -> str:
    """Return what a trial that was answered shows."""
    seconds = f"{trial.seconds:.1f} s"
    if trial.recognised:
        return f"It works: the film that fits got the best grade, in {seconds}."
    return f"It answers, in {seconds}, but the film that fits didn’t get the best grade. Expect little of this model."


def _start(bench: Workbench) -> None:
    def ask(told: Asking, cancelled: IsCancelled) -> Trial:
        model = bench.language_model.model()
        told.model = model.name if model else ""
        return bench.test_model(told.hear, cancelled)

    asking.start(bench, PAGE, SLOT, "", ask)


def _outcome(trial: Trial) -> None:
    judged = trial.judged
    if not judged.state.answered:
        message(judged.sentence, judged.next_step, wrong=True)
    else:
        st.markdown(f"**{prose(verdict(trial))}**")
        st.html(_table(trial))
    exchanges.draw(judged, None)


def _table(trial: Trial) -> str:
    comments = trial.judged.judgement.comments if trial.judged.judgement else {}
    rows = "".join(
        f"<tr><td>{escape_html(one.title)}{' (fits)' if one.item_id == FITTING else ''}</td>"
        f"<td>{_grade(trial.grades.get(one.item_id))}</td><td>{escape_html(comments.get(one.item_id, ''))}</td></tr>"
        for one in CANDIDATES
    )
    return f'<table class="tb-table tb-trial">{_HEAD}<tbody>{rows}</tbody></table>'


def _grade(grade: float | None) -> str:
    return "none" if grade is None else f"{grade:g} of 10"
