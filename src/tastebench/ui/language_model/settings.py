"""The language model's section of Home: where it is, whom to ask, how long and how much, and a test."""

import streamlit as st

from tastebench.domain.chat import LanguageModelSettings, ServerStatus
from tastebench.domain.model_state import TELLINGS, ModelState, told
from tastebench.services import Workbench
from tastebench.ui import home, style
from tastebench.ui.components import message, prose_line
from tastebench.ui.format import counted
from tastebench.ui.language_model import looks, models, stage, trial
from tastebench.ui.page import guarded

TITLE = "Language model"
_WHAT = (
    "A model served by Ollama may grade the head of a list, say why, and propose searches. Each list has its own "
    "switch for it, on Recommendations. Nothing leaves this machine unless you allow cloud models."
)
_CLOUD = "Personas' descriptions and history and the texts of items are then sent to whoever runs the model."


def asked_for() -> bool:
    """Tell whether the URL asks for this section, as the panel of a list does."""
    return st.query_params.get("show") == "language-model"


def draw(bench: Workbench) -> None:
    """Draw the section."""
    style.apply(looks.CSS)
    st.subheader(TITLE, anchor=False)
    st.caption(_WHAT)
    if fault := bench.language_model.fault:
        message(fault, wrong=True)
    slot = st.container()
    with slot.skeleton(height=380):
        status = bench.language_model.status()
    with slot:
        _state(bench, status)
        if bench.may_settle:
            _form(bench, status)
        else:
            st.caption(models.SETTLED_BY_OTHERS)
        trial.draw(bench)


def _state(bench: Workbench, status: ServerStatus) -> None:
    state, model = status.state, bench.language_model.model(status)
    if state is ModelState.OK and model is None:
        state = ModelState.MODEL_MISSING if bench.language_model.settings.model else ModelState.NO_MODELS
    if state is ModelState.OK and model is not None:
        held = counted(len(status.models), "model")
        prose_line(f"Ollama {status.version} at {status.host} has {held}; {model.name} is asked.")
        return
    named = bench.language_model.settings.model
    named = bench.language_model.suggested[0].name if state is ModelState.NO_MODELS else named
    message(*told(state, host=status.host, model=named, detail=status.detail))
    if TELLINGS[state].button == "pull":
        models.pulling(bench, bench.language_model.settings.model)


def _form(bench: Workbench, status: ServerStatus) -> None:
    settled = bench.language_model.settings
    with st.form("language_model", border=True):
        left, right = st.columns(2, gap="large")
        with left:
            host = st.text_input(
                "Address of Ollama", settled.host, placeholder=bench.settings.ollama_address, max_chars=300,
                help="Empty: what TASTEBENCH_OLLAMA_URL says, else OLLAMA_HOST, else this machine at port 11434.",
            )  # fmt: skip
            model = _model(settled, status)
            cloud = st.checkbox("Allow models that run in the cloud", settled.allow_cloud, help=_CLOUD)
        with right:
            influence = st.slider(
                "Influence", 0.0, 0.5, settled.influence, 0.01, help="Where neither a profile nor a list says another. "
                "How far a graded item goes towards the score of the place the model gives it.",
            )  # fmt: skip
            seconds = st.slider(
                "Seconds a call may take", 10, 300, round(settled.wall_clock), 5, help="Loading the model comes on top."
            )
        if st.form_submit_button("Save", type="primary"):
            _save(bench, host.strip(), model, float(seconds), influence, allow_cloud=cloud)


def _model(settled: LanguageModelSettings, status: ServerStatus) -> str:
    labels = models.installed(status)
    if settled.model and settled.model not in labels:
        same = f"{settled.model}:latest"
        labels = {settled.model: labels.pop(same, f"{settled.model} (not installed)"), **labels}
    options = ["", *labels]
    return st.selectbox(
        "Model", options, options.index(settled.model), key=f"settled_model_{len(options)}_{settled.model}",
        format_func=lambda name: labels.get(name, "the smallest one installed"),
    )  # fmt: skip


def _save(bench: Workbench, host: str, model: str, seconds: float, influence: float, *, allow_cloud: bool) -> None:
    with guarded():
        bench.language_model.save(
            LanguageModelSettings(
                host=host, model=model, wall_clock=seconds, influence=influence, allow_cloud=allow_cloud
            )
        )
        bench.language_model.status(fresh=True)
        home.health.clear()
        stage.forget_failures()
        st.toast("Saved.")
        st.rerun()
