"""Where Ollama listens: the rules of OLLAMA_HOST."""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_faults import Failed

DEFAULT_PORT = 11434
_LONGEST = 300
_PORTS = {"http": 80, "https": 443}
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — read, not bound


class Address(NamedTuple):
    """A server's address.

    Parameters
    ----------
    url : str
        Scheme, host, port and path, without a slash at the end.
    is_loopback : bool
        Whether it is on this machine, and so never asked by way of a proxy.
    is_cloud : bool
        Whether it is Ollama's own service: all its models run there.
    """

    url: str
    is_loopback: bool
    is_cloud: bool


def address(text: str) -> Address:
    """Return the address that is meant, as Ollama itself reads OLLAMA_HOST; an empty text is the default.

    A bare host gets scheme ``http`` and port 11434, one with a scheme that scheme's port. An address to listen on
    (``0.0.0.0``, ``::``, none) is read as this machine. What Ollama would replace silently, such as a port out of
    range, is refused; so are user names and passwords, which would be shown and stored.

    Raises
    ------
    Failed
        BAD_ADDRESS and what is wrong with it.

    Examples
    --------
    >>> address("").url, address("myhost").url, address("https://example.com/ollama/").url
    ('http://127.0.0.1:11434', 'http://myhost:11434', 'https://example.com:443/ollama')
    >>> address("[::]:8080")
    Address(url='http://[::1]:8080', is_loopback=True, is_cloud=False)
    """
    told = text.strip().strip("\"'").strip()
    if len(told) > _LONGEST or re.search(r"[\s\x00-\x1f\x7f\\]", told):
        raise _bad("it holds white space or is too long")
    scheme, separator, rest = told.partition("://")
    scheme, rest = (scheme.lower(), rest) if separator else ("http", told)
    if scheme not in _PORTS:
        raise _bad("it begins with neither http:// nor https://")
    default_port = _PORTS[scheme] if separator else DEFAULT_PORT
    parts = _split(f"{scheme}://{_bracketed(rest)}")
    host, port = _host(parts), _port(parts, default_port)
    path = "/".join(part for part in parts.path.split("/") if part)
    return Address(f"{scheme}://{host}:{port}{'/' * bool(path)}{path}", is_loopback(host), _is_cloud(host))


def normalised(text: str) -> str:
    """Return an address in full; what can't be used stays as it is, for people to see."""
    try:
        return address(text).url
    except Failed:
        return text


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    name = host.strip("[]").lower()
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def _is_cloud(host: str) -> bool:
    return host.lower() == "ollama.com" or host.lower().endswith(".ollama.com")


def _bracketed(rest: str) -> str:
    """Return an IPv6 address without brackets in brackets."""
    host, slash, path = rest.partition("/")
    try:
        return f"[{ipaddress.IPv6Address(host)}]{slash}{path}"
    except ValueError:
        return rest


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _bad("its brackets don't match") from error
    if "@" in parts.netloc:
        raise _bad("a user name or password has no place in it")
    if parts.query or parts.fragment:
        raise _bad("it goes on after the path")
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = _EVERYWHERE.get(host, host)
    if parts.netloc.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError as error:
            raise _bad("what stands in brackets is no IPv6 address") from error
    if not re.fullmatch(r"\w([\w.-]*\w)?\.?", host):
        raise _bad("it has no usable host")
    return host


def _port(parts: SplitResult, default: int) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise _bad("its port is no number from 1 to 65535") from error
    if port == 0:
        raise _bad("its port is no number from 1 to 65535")
    return port or default


def _bad(reason: str) -> Failed:
    return Failed(ModelState.BAD_ADDRESS, reason)
