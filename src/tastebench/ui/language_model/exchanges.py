"""What was asked of the language model and what it answered, word by word."""

import json
from collections.abc import Sequence

import streamlit as st

from tastebench.domain.chat import ChatAnswer
from tastebench.domain.model_state import told
from tastebench.services.judged import Exchange, Judged, Proposed
from tastebench.ui.components import notes, plain
from tastebench.ui.format import count, counted

_TALL = 320
_LONG = 1200


def draw(judged: Judged | None, proposed: Proposed | None) -> None:
    """Draw every call of the list's judgement and of the latest proposals, folded; nothing is read as Markdown."""
    unfolded = st.expander("The exact question and the raw answer", on_change="rerun", key="exchanges", type="compact")
    if not unfolded.open:
        return
    with unfolded:
        calls = judged.exchanges if judged else ()
        for number, exchange in enumerate(calls, start=1):
            _call(f"Grading, call {number} of {len(calls)}" if len(calls) > 1 else "Grading", exchange)
        if proposed:
            _call("Proposing searches", proposed.exchange)
        if not calls and not proposed:
            st.caption("Nothing has been asked yet, or the answer hasn't come.")
        _repairs(judged.judgement.repairs if judged and judged.judgement else ())


def usage_line(answer: ChatAnswer) -> str:
    """Return what a call cost, in one line; what isn't known is left out.

    Examples
    --------
    >>> from tastebench.domain.chat import ChatUsage
    >>> from tastebench.domain.model_state import ModelState
    >>> usage = ChatUsage(prompt_tokens=912, answer_tokens=140, load_ms=0.0, first_token_ms=420.0, total_ms=8150.0)
    >>> usage_line(ChatAnswer(ModelState.OK, usage=usage, attempts=1, model="qwen3:4b", digest="8f1e" * 16))
    'qwen3:4b · 8f1e8f1e8f1e · 912 tokens in · 140 tokens out · loaded in 0.0 s · first token after 0.4 s · 8.2 s in \
all · 1 attempt'
    """
    usage = answer.usage
    tokens = [f"{count(number)} tokens {way}" for number, way in ((usage.prompt_tokens, "in"),
              (usage.answer_tokens, "out")) if number is not None]  # fmt: skip
    times = [f"{words} {ms / 1000:.1f} s" for ms, words in ((usage.load_ms, "loaded in"),
             (usage.first_token_ms, "first token after")) if ms is not None]  # fmt: skip
    rest = [f"{usage.total_ms / 1000:.1f} s in all", counted(answer.attempts, "attempt")]
    kept = ["kept from before, so it cost nothing now"] if answer.cached else []
    return " · ".join(filter(None, [answer.model, answer.digest[:12], *tokens, *times, *rest, *kept]))


def _call(title: str, exchange: Exchange) -> None:
    answer, prompt = exchange.answer, exchange.prompt
    st.markdown(f"**{title}**")
    plain(usage_line(answer), style="font-size:.85rem;opacity:.85")
    if not answer.state.answered:
        notes([" ".join(told(answer.state, host=answer.host, model=answer.model, detail=answer.detail))])
    for caption, text in (
        ("Question: what the model is told to do", prompt.system),
        ("Question: the material", prompt.user),
        ("Raw answer", answer.text or "(nothing came)"),
        ("The shape its answer must have (JSON schema)", json.dumps(prompt.schema, indent=1, ensure_ascii=False)),
    ):
        st.caption(caption)
        st.code(text, language=None, wrap_lines=True, height=_TALL if len(text) > _LONG else "content")


def _repairs(repairs: Sequence[str]) -> None:
    if repairs:
        st.caption(f"Mended in reading the answer: {counted(len(repairs), 'thing')}")
        plain("\n".join(repairs), style="font-size:.85rem;white-space:pre-line")
