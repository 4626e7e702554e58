"""What the tests of pages share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from tastebench import Workbench
from tastebench.services import Workspace
from tests.doubles import HashingEncoder
from tests.ui.stage import fill


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The workspace of `stage.fill`, open on the pages."""
    st.cache_data.clear()  # its keys know a workspace by name and revision, and every test has one of the same name
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        monkeypatch.setattr("tastebench.ui.page.workbench", lambda: bench)
        yield fill(bench)
