"""The states of the language model's stage in words."""

import pytest

from tastebench.domain.model_state import TELLINGS, ModelState, told


def test_every_state_has_its_words() -> None:
    assert set(TELLINGS) == set(ModelState)
    assert len(ModelState) == 25


def test_every_state_either_answers_waits_fails_or_is_off() -> None:
    kinds = [(s.answered, s.waiting, s.failed, s is ModelState.OFF) for s in ModelState]
    assert all(sum(kind) == 1 for kind in kinds)


@pytest.mark.parametrize("state", ModelState)
@pytest.mark.parametrize("detail", ["", "90 s", "it said so."])
def test_sentences_are_whole(state: ModelState, detail: str) -> None:
    sentence, step = told(state, host="http://127.0.0.1:11434", model="qwen3:4b", detail=detail)
    assert sentence.endswith(".")
    assert not any(bad in sentence + step for bad in ("{", "}", "()", " .", "..", ": ."))
    assert sentence[0].isupper() or sentence.startswith("qwen3:4b")


@pytest.mark.parametrize("state", [state for state in ModelState if state.failed])
def test_every_failure_names_a_next_step_or_offers_a_button(state: ModelState) -> None:
    telling = TELLINGS[state]
    assert telling.step or telling.button
