"""The one Workbench that all visitors of the app share."""

import time
from collections.abc import Callable
from functools import partial

import streamlit as st

from tastebench.domain.reports import OnProgress
from tastebench.services import Workbench

_FIRST_PAGE_SECONDS = 2.0
"""How long the work in the background leaves the processor to the first page."""


def _close(bench: Workbench) -> None:
    bench.close()


@st.cache_resource(show_spinner="Opening the data folder …", on_release=_close)
def workbench() -> Workbench:
    """Return the Workbench of this process, opened by the settings on first use.

    Raises
    ------
    FolderInUse
        Where another process holds the data folder.
    DatabaseUnavailable
        Where SQL cannot be reached or is of an unknown schema.
    """
    bench = Workbench.open()
    bench.jobs.start("Waking up", partial(_wake, bench))
    return bench


def _wake(bench: Workbench, progress: OnProgress, cancel: Callable[[], bool]) -> None:
    time.sleep(_FIRST_PAGE_SECONDS)
    bench.wake(progress, cancel)
