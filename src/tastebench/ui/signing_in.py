"""The door: who is there, where people sign in; and that only this machine is served, where they don't.

Sign-in is Streamlit's: an OIDC provider under ``[auth]`` in ``.streamlit/secrets.toml``. Whatever is unclear keeps the
door shut.
"""

import ipaddress
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn

import streamlit as st
from streamlit.errors import Error as StreamlitError
from streamlit.errors import StreamlitMissingAuthlibError

from tastebench.domain.errors import InvalidInput
from tastebench.domain.member import checked_email
from tastebench.ui.components import message
from tastebench.ui.format import escape

_log = logging.getLogger(__name__)

_SHARED = {"redirect_uri", "cookie_secret", "expose_tokens"}
"""What ``[auth]`` holds for all its providers; what else stands there is one provider's own."""
_OPERATOR = "operator"
_INSTALL = 'Install what it needs: `pip install -e ".[auth]"`.'
_CHECK = "Check `[auth]` in `.streamlit/secrets.toml`; the log says what is missing."


def operator() -> str:
    """Return the address of whoever signed in, empty where nobody signs in; whoever may not come in stays outside.

    Then a sentence and the next step are drawn, and the script stops.
    """
    provider_settings = _auth()
    if provider_settings is None:
        if not is_loopback(st.get_option("server.address")):
            _refuse(
                "Tastebench shows nothing here: other machines can reach it, and nobody is asked to sign in.",
                "Start it with `--server.address 127.0.0.1`, or set up sign-in as the README says.",
            )
        return ""
    if not st.user.get("is_logged_in"):
        _offer(provider_settings)
    email = _email()
    if st.session_state.setdefault(_OPERATOR, email) != email:
        st.session_state.clear()  # whatever is held and offered here is another person's
        st.session_state[_OPERATOR] = email
    return email


def let_in() -> str:
    """Return whom `operator` let in, also from fragments and callbacks, which draw nothing of the door."""
    return str(st.session_state.get(_OPERATOR, ""))


def is_loopback(address: str | None) -> bool:
    """Tell whether a server at this address can be reached from its own machine alone.

    Examples
    --------
    >>> [is_loopback(one) for one in ("127.0.0.1", "::1", "localhost", "unix:///run/app.sock")]
    [True, True, True, True]
    >>> [is_loopback(one) for one in (None, "", "0.0.0.0", "::", "192.168.1.5", "example.org")]
    [False, False, False, False, False, False]
    """
    if not address:
        return False  # all there are
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address.lower() == "localhost" or address.startswith("unix://")


def configured() -> bool:
    """Tell whether people sign in here."""
    return _auth() is not None


def who(email: str) -> None:
    """Draw who is signed in, and the way out."""
    st.caption(f"Signed in as {escape(email)}")
    st.button("Sign out", type="tertiary", icon=":material/logout:", key="sign_out", on_click=st.logout)


def _auth() -> Mapping[str, Any] | None:
    """Return the settings of sign-in, None where there are none. A file that can't be read stops the script."""
    if not st.secrets.load_if_toml_exists():
        try:
            st.secrets.to_dict()
        except StreamlitError as error:
            if getattr(error, "error_id", "") != "no-secrets-found":
                _log.warning("secrets cannot be read: %s", error)
                _refuse(
                    "Tastebench shows nothing: its secrets file can't be read, so nobody knows whether to sign in.",
                    "Correct `.streamlit/secrets.toml`; the log says where.",
                )
        return None
    return st.secrets.to_dict().get("auth")


def _offer(settings: Mapping[str, Any]) -> NoReturn:
    named = [name for name, value in settings.items() if isinstance(value, Mapping)]
    own = set(settings) - set(named) - _SHARED
    st.markdown("Sign in to see your workspaces.")
    for provider in ([None] if own or not named else []) + named:
        label = "Sign in" if provider is None else f"Sign in with {escape(provider)}"
        st.button(label, type="primary", key=f"sign_in_{provider or ''}", on_click=partial(_sign_in, provider))
    if fault := st.session_state.pop("sign_in_fault", ""):
        message("Signing in isn't possible as it is set up.", fault, wrong=True)
    st.stop()


def _sign_in(provider: str | None) -> None:
    try:
        st.login(provider)
    except StreamlitError as error:
        _log.warning("signing in: %s", error)
        missing = isinstance(error, StreamlitMissingAuthlibError)
        st.session_state["sign_in_fault"] = _INSTALL if missing else _CHECK


def _email() -> str:
    """Return the address that the provider vouches for. Whoever has none is told so, and the script stops."""
    claimed = str(st.user.get("email") or "")
    try:
        return checked_email("" if st.user.get("email_verified") in {False, "false"} else claimed)
    except InvalidInput:
        who(claimed or "somebody without an address")
        _refuse(
            "You are signed in, but your provider vouches for no e-mail address that Tastebench can use.",
            "Sign out and choose another account, or have your address verified there.",
        )


def _refuse(sentence: str, step: str) -> NoReturn:
    message(sentence, step, wrong=True)
    st.stop()
