"""Another click ends a callback wherever it touches the session: nothing may be left half done."""

from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from tastebench import ScoringProfile
from tastebench.services import Workspace
from tastebench.ui.evaluation import found
from tastebench.ui.tuning import state, toolbar, versions

NEW = ScoringProfile(name="New", weights={"popularity": 1})


class Session(dict):
    """A session that ends the run at the n-th time it is touched, as Streamlit's does where another click came."""

    def __init__(self, allowed: int) -> None:
        super().__init__()
        self.allowed = allowed

    def _touched(self) -> None:
        if not self.allowed:
            raise StopException
        self.allowed -= 1

    def __getitem__(self, key: str) -> object:
        self._touched()
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: object) -> None:
        self._touched()
        super().__setitem__(key, value)

    def __contains__(self, key: object) -> bool:
        self._touched()
        return super().__contains__(key)

    def get(self, key: str, default: object = None) -> object:
        self._touched()
        return super().get(key, default)


def adopting(workspace: Workspace) -> Callable[[], None]:
    st.session_state.update({"default": True})
    return lambda: found.adopt(workspace, NEW, "New", "", "default")


def saving(workspace: Workspace) -> Callable[[], None]:
    state.begin(workspace, state.Start(NEW, "New"))
    st.session_state.update({state.key(workspace, f"save//{name}"): value for name, value in
                             (("name", "New"), ("note", ""), ("default", True))})  # fmt: skip
    return lambda: toolbar.save(workspace)


def rolling_back(workspace: Workspace) -> Callable[[], None]:
    workspace.save_profile(ScoringProfile(name="New", weights={"similarity": 1}))
    workspace.save_profile(NEW)
    workspace.set_default_profile("New", 2)
    state.begin(workspace, state.default_start(workspace))
    oldest = workspace.profiles()[-1]
    return lambda: versions.roll_back(workspace, oldest)


@pytest.mark.parametrize("prepared", [adopting, saving, rolling_back])
def test_a_version_saved_as_the_default_is_the_default(
    films: Workspace, monkeypatch: pytest.MonkeyPatch, prepared: Callable[[Workspace], Callable[[], None]]
) -> None:
    outcomes = []
    for touches in range(200):
        session = Session(10_000)
        monkeypatch.setattr(st, "session_state", session)
        callback = prepared(films)
        before = films.default_profile()
        session.allowed = touches
        ended = False
        try:
            callback()
        except StopException:
            ended = True
        saved = len(films.profiles()) > (before.version if before else 0)
        assert (films.default_profile() != before) is saved, f"half done after {touches} touches"
        outcomes.append(saved)
        films.set_default_profile(None)
        if films.profiles():
            films.delete_profile("New")
        if not ended:
            break
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert outcomes.count(True) > 1, "never ended after it had saved"
