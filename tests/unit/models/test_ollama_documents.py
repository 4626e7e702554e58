"""What Ollama tells about itself: any JSON is read, and nothing is believed that can't be used."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench.domain.chat import ModelInfo
from tastebench.domain.model_state import ModelState
from tastebench.models import ollama_documents as documents
from tastebench.models.ollama_faults import Failed
from tests.unit.models.failing import failure

KEYS = st.sampled_from(
    ["models", "name", "model", "details", "families", "family", "size", "digest", "capabilities", "model_info",
     "context_length", "a.context_length", "remote_host", "parameter_size", "version"]
)  # fmt: skip
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | KEYS, inner, max_size=4),
)


@given(st.dictionaries(KEYS, ANY_JSON))
def test_any_json_is_read_or_is_not_ollamas(document: dict[str, Any]) -> None:
    for read in (documents.version, documents.models):
        failed = failure(partial(read, document))
        assert failed is None or failed.state is ModelState.NOT_OLLAMA
    documents.tells_capabilities(document)
    documents.described(ModelInfo("m"), document)
    documents.is_loaded(document, "m", 4096)


def test_what_a_list_tells() -> None:
    listed = {
        "models": [
            {
                "name": "qwen3:4b",
                "digest": "abc",
                "size": 2_500_000_000,
                "details": {"parameter_size": "4.0B", "context_length": 40_960},
                "capabilities": ["completion", "thinking"],
            },
            {"name": "nomic-embed-text:latest", "details": {"families": ["nomic-bert"]}},
            {"name": "all-minilm:33m", "details": {"family": "bert"}},
            {"name": "reader:1b", "capabilities": ["embedding"]},
            {"name": "gpt-oss:120b-cloud", "remote_host": "https://ollama.com:443"},
            {"name": "mine:latest", "remote_model": "gpt-oss:120b"},
            {"model": "bare", "details": None, "size": True},
        ]
    }
    assert documents.models(listed) == (
        ModelInfo("all-minilm:33m", chats=False),
        ModelInfo("bare"),
        ModelInfo("gpt-oss:120b-cloud", cloud=True),
        ModelInfo("mine:latest", cloud=True),
        ModelInfo("nomic-embed-text:latest", chats=False),
        ModelInfo("qwen3:4b", "abc", 2_500_000_000, "4.0B", chats=True, context=40_960),
        ModelInfo("reader:1b", chats=False),
    )
    assert documents.tells_capabilities(listed)


@pytest.mark.parametrize("models", [[], None])
def test_a_list_without_models(models: object) -> None:
    assert documents.models({"models": models}) == ()


@pytest.mark.parametrize("document", [{}, {"models": {}}, {"models": "a"}, {"models": [1, {"name": ""}]}])
def test_what_is_no_list_of_models(document: dict[str, Any]) -> None:
    with pytest.raises(Failed):
        documents.models(document)


def test_a_name_that_hides_something_is_not_offered() -> None:
    names = ["good:1b", "b\u202ead:1b", "b\x00ad:1b", " bad:1b", "x" * 201]
    found = documents.models({"models": [{"name": name} for name in names]})
    assert [info.name for info in found] == ["good:1b"]


def test_what_a_model_tells_of_itself_goes_before_what_its_name_says() -> None:
    shown = {"capabilities": ["embedding"], "model_info": {"general.a": 1, "bert.context_length": 512}}
    assert documents.described(ModelInfo("a"), shown) == ModelInfo("a", chats=False, context=512)
    kept = ModelInfo("an-embedder", "d", 5, "1B", chats=False, context=9)
    assert documents.described(kept, {"capabilities": ["completion"]}).chats
    assert documents.described(kept, {}) == kept
    assert documents.described(kept, {"remote_host": "https://elsewhere"}).cloud


@pytest.mark.parametrize(
    ("version", "too_old"),
    [
        ("0.8.9", True), ("0.9.0", False), ("0.9.0-rc1", False), ("0.31.1", False), ("1.0.0", False), ("0.5", True),
        ("0.0.0", False), ("", False), ("garbage", False), ("v0.1.2", True),
    ],
)  # fmt: skip
def test_versions(version: str, too_old: bool) -> None:
    assert documents.is_too_old(version) is too_old


@pytest.mark.parametrize("told", [None, 9, ["0.9.0"], {"a": 1}])
def test_a_version_that_is_none(told: object) -> None:
    with pytest.raises(Failed):
        documents.version({"version": told})


def test_a_model_counts_as_loaded_with_the_window_it_is_asked_for() -> None:
    listed = {"models": [{"name": "a:latest", "context_length": 8192}, {"model": "b:1b"}]}
    assert documents.is_loaded(listed, "a", 8192)
    assert not documents.is_loaded(listed, "a", 4096)
    assert documents.is_loaded(listed, "b:1b", 4096)
    assert not documents.is_loaded(listed, "b", 4096)
    assert not documents.is_loaded({"models": None}, "a", 4096)


@pytest.mark.parametrize(
    ("name", "cloud"),
    [("gpt-oss:120b-cloud", True), ("glm:Cloud", True), ("cloud", False), ("my-cloud:1b", False), ("clouds:1b", False)],
)
def test_names_of_the_cloud(name: str, cloud: bool) -> None:
    assert documents.is_cloud_name(name) is cloud
