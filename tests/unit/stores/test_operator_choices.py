"""Choices of operators: one's own alone, forgotten and brought back, without growing for ever."""

import pytest

from tastebench.domain.choices import Choice
from tastebench.domain.preferences import PreferenceName
from tastebench.stores import operator_choices

BARS = PreferenceName("presentation", "chart", "bars")
CSV = PreferenceName("data", "export", "csv")


def test_they_come_back_as_they_were_made_and_only_ones_own(database, workspace, other):
    made = [Choice(BARS, 2), Choice(CSV, 1, 0.5), Choice(BARS, 3, always=True)]
    with database.write() as connection:
        for choice in made:
            operator_choices.add(connection, workspace, "", choice)
        operator_choices.add(connection, workspace, "bo@example.com", Choice(CSV, 9))
        operator_choices.add(connection, other, "", Choice(CSV, 8))
        assert operator_choices.of_operator(connection, workspace, "") == made
        assert operator_choices.of_operator(connection, other, "") == [Choice(CSV, 8)]


def test_what_is_forgotten_can_be_brought_back(database, workspace, other):
    with database.write() as connection:
        first = operator_choices.add(connection, workspace, "", Choice(BARS, 1))
        operator_choices.add(connection, workspace, "bo", Choice(BARS, 1))
        assert operator_choices.forget(connection, workspace, "") == [first]
        assert operator_choices.of_operator(connection, workspace, "") == []
        assert operator_choices.of_operator(connection, workspace, "bo") == [Choice(BARS, 1)]
        assert operator_choices.forget(connection, workspace, "") == []
        assert operator_choices.restore(connection, other, [first]) == 0
        assert operator_choices.restore(connection, workspace, [first, 999]) == 1
        assert operator_choices.of_operator(connection, workspace, "") == [Choice(BARS, 1)]


def test_the_oldest_go_but_not_what_holds_always(database, workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(operator_choices, "KEPT", 2)
    with database.write() as connection:
        operator_choices.add(connection, workspace, "bo", Choice(BARS, 7))
        for at in range(5):
            operator_choices.add(connection, workspace, "", Choice(BARS, at, always=at == 0))
        assert [one.at for one in operator_choices.of_operator(connection, workspace, "")] == [0, 3, 4]
        assert len(operator_choices.of_operator(connection, workspace, "bo")) == 1
