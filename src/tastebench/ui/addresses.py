"""Whether a page's part of the URL asks for something, or only repeats what the page wrote there itself."""

from collections.abc import Mapping, Sequence

import streamlit as st

Parameters = Mapping[str, Sequence[str]]


def asked(page: str, workspace: str, names: Sequence[str], witness: str) -> Parameters | None:
    """Return what the URL asks this page for; None where the page should stay as it is.

    A link or the browser's Back asks, and an address without any parameter then asks for the usual view. Nothing is
    asked by what the page wrote itself, by what another workspace left behind, or by the bare address of the
    navigation's links.

    Parameters
    ----------
    page, workspace : str
        Who looks, and where.
    names : sequence of str
        The page's parameters.
    witness : str
        Key of a widget without `persist_state` that the page always draws: the session knows it only where the last
        run was this page's.
    """
    given = {name: st.query_params.get_all(name) for name in names if name in st.query_params}
    last_workspace, last = st.session_state.get(f"{page}/url", ("", {}))
    if not last_workspace:
        return given or None
    if last_workspace != workspace:
        return None if all(last.get(name) == values for name, values in given.items()) else given
    if given == last or (not given and witness not in st.session_state):
        return None
    return given


def tell(page: str, workspace: str, names: Sequence[str], spoken: Mapping[str, list[str]]) -> None:
    """Write the page's parameters into the URL and remember that it was the page who did."""
    for name in names:
        if name in spoken and st.query_params.get_all(name) != spoken[name]:
            st.query_params[name] = spoken[name]
        elif name not in spoken and name in st.query_params:
            del st.query_params[name]
    st.session_state[f"{page}/url"] = (workspace, dict(spoken))
