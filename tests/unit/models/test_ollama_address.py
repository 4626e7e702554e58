"""Where Ollama listens: the rules of OLLAMA_HOST, and what can't be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.model_state import ModelState
from tastebench.models.ollama_address import address, is_loopback, normalised
from tastebench.models.ollama_faults import Failed
from tests.unit.models.failing import failure

MEANT = {
    "": "http://127.0.0.1:11434",
    "1.2.3.4": "http://1.2.3.4:11434",
    ":1234": "http://127.0.0.1:1234",
    "1.2.3.4:1234": "http://1.2.3.4:1234",
    "example.com": "http://example.com:11434",
    "example.com:1234": "http://example.com:1234",
    "example.com/": "http://example.com:11434",
    "example.com:1234/path/": "http://example.com:1234/path",
    "example.com//a//b": "http://example.com:11434/a/b",
    "my_host.local.": "http://my_host.local.:11434",
    "[::1]": "http://[::1]:11434",
    "::1": "http://[::1]:11434",
    "[::1]:1337": "http://[::1]:1337",
    "[0001:002:003:0004::1]:56789/path": "http://[1:2:3:4::1]:56789/path",
    "0.0.0.0": "http://127.0.0.1:11434",
    "0.0.0.0:8080": "http://127.0.0.1:8080",
    "[::]": "http://[::1]:11434",
    "::": "http://[::1]:11434",
    " 1.2.3.4 ": "http://1.2.3.4:11434",
    '"1.2.3.4"': "http://1.2.3.4:11434",
    " ' 1.2.3.4 ' ": "http://1.2.3.4:11434",
    "http://1.2.3.4": "http://1.2.3.4:80",
    "http://1.2.3.4:4321": "http://1.2.3.4:4321",
    "HTTP://Example.COM": "http://example.com:80",
    "https://1.2.3.4": "https://1.2.3.4:443",
    "https://example.com/ollama": "https://example.com:443/ollama",
    "http://[::1]": "http://[::1]:80",
    "https://[::1]:1/x/": "https://[::1]:1/x",
}
UNUSABLE = [
    "ftp://127.0.0.1", "file:///etc/passwd", "unix:///run/ollama.sock", ":66000", ":-1", ":0", "host:port", "http://a:b",
    "http://[::1", "[nonsense]", "a b", "a\nb", "a\\b", "user@host", "http://user:password@host", "host?query",
    "http://host/#part", "-", "..", "h" * 301,
]  # fmt: skip


@pytest.mark.parametrize(("text", "url"), MEANT.items())
def test_what_is_meant(text: str, url: str) -> None:
    assert address(text).url == url
    assert normalised(text) == url
    assert address(url).url == url


@pytest.mark.parametrize("text", UNUSABLE)
def test_what_cannot_be_used_is_told_and_stays_as_it_is(text: str) -> None:
    with pytest.raises(Failed) as failure:
        address(text)
    assert failure.value.state is ModelState.BAD_ADDRESS
    assert failure.value.detail
    assert normalised(text) == text


@given(st.text(st.sampled_from("abz019.:/[]@?#%- \\'\"é\u200b") | st.characters(), max_size=40))
def test_any_text_is_an_address_or_told_to_be_none(text: str) -> None:
    failed = failure(lambda: address(text))
    if failed is None:
        assert address(address(text).url) == address(text)
    else:
        assert failed.state is ModelState.BAD_ADDRESS


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("[::1]", True), ("::ffff:127.0.0.1", True), ("localhost", True),
        ("LOCALHOST", True), ("a.localhost", True), ("128.0.0.1", False), ("::2", False), ("localhost.example", False),
        ("notlocalhost", False),
    ],
)  # fmt: skip
def test_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_the_service_of_ollama_itself_is_the_cloud() -> None:
    assert [address(text).is_cloud for text in ("https://ollama.com", "api.Ollama.com", "myollama.com", "")] == [
        True, True, False, False,
    ]  # fmt: skip
