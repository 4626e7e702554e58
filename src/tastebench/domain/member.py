"""Members: the people whom a workspace names, by their e-mail addresses, as those who may see it."""

import re

from tastebench.domain.errors import InvalidInput

EMAIL_LIMIT = 254
MEMBERS_LIMIT = 1_000

# Letters beyond ASCII are refused, not folded: some of them fold to ASCII ones (the Kelvin sign to k), and two people's
# addresses must never become one.
_EMAIL = re.compile(r"[!-?A-~]+@[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def checked_email(address: str) -> str:
    """Return an e-mail address as it is kept and compared: without white space around it, in lower case.

    Raises
    ------
    InvalidInput
        Where it is no e-mail address, is longer than 254 characters or holds letters beyond ASCII.

    Examples
    --------
    >>> checked_email(" Maya.Lind@Example.org ")
    'maya.lind@example.org'
    """
    plain = str(address).strip()
    if not plain:
        raise InvalidInput("The e-mail address is empty.", "Give one such as maya@example.org.")
    if len(plain) > EMAIL_LIMIT:
        raise InvalidInput(f"The e-mail address has {len(plain):,} characters; {EMAIL_LIMIT} are allowed.")
    if not plain.isascii() or not _EMAIL.fullmatch(plain.lower()):
        raise InvalidInput(
            f"{plain!r} is no e-mail address.",
            "Give one such as maya@example.org; a domain with other letters in its form that begins with xn--.",
        )
    return plain.lower()
