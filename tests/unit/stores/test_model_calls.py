"""Kept calls to the language model: the newest, of one workspace, without growing for ever."""

import pytest

from tastebench.domain.model_state import ModelState
from tastebench.stores import model_calls
from tastebench.stores.model_calls import ModelCall


def call(ms: float) -> ModelCall:
    return ModelCall("rank", "qwen3:4b", ModelState.PARTIAL, 2, 10, 3, 0.6, 1, ms)


def test_the_newest_come_first_and_only_ones_own(database, workspace, other):
    with database.write() as connection:
        for ms in (1.0, 2.0, 3.0):
            model_calls.add(connection, workspace, call(ms))
        model_calls.add(connection, other, call(9.0))
        assert model_calls.newest(connection, workspace, 2) == [call(3.0), call(2.0)]
        assert model_calls.newest(connection, other) == [call(9.0)]


def test_the_oldest_go(database, workspace, other, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(model_calls, "KEPT", 3)
    with database.write() as connection:
        model_calls.add(connection, other, call(0.0))
        for ms in range(7):
            model_calls.add(connection, workspace, call(float(ms)))
        assert [one.total_ms for one in model_calls.newest(connection, workspace)] == [6.0, 5.0, 4.0]
        assert len(model_calls.newest(connection, other)) == 1
