"""The one Workbench that all visitors of the app share."""

import streamlit as st

from tastebench.services import Workbench


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
    bench.jobs.start("Waking up", lambda progress, cancel: bench.wake(progress, cancel))
    return bench
