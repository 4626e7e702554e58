"""What is kept comes back as it was; what isn't ours is refused in words."""

import json
import zipfile
from dataclasses import fields, replace
from io import BytesIO

import numpy as np
import pytest

from tastebench.domain.errors import InvalidInput
from tastebench.evaluation import packing
from tastebench.evaluation.candidates import SearchSettings
from tastebench.evaluation.packing import Packed, packed, unpacked_evaluation, unpacked_search
from tastebench.evaluation.tuning import Tuned
from tests.unit.evaluation.test_tuning import run


@pytest.fixture(scope="module")
def search() -> Tuned:
    return run(SearchSettings(vectors=64, axes={"diversity.strength": (0.0, 0.1)}))


def assert_equal(one: object, other: object) -> None:
    for field in fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, theirs)
        elif field.name == "categories":
            assert list(mine) == list(theirs)
            assert all((mine[tag] == theirs[tag]).all() for tag in mine)
        elif field.name not in {"evaluation", "candidates"}:
            assert mine == theirs, field.name


def test_an_evaluation_comes_back_as_it_was(search: Tuned) -> None:
    back = unpacked_evaluation(packed(search.evaluation))
    assert_equal(search.evaluation, back)
    assert back.standings("ndcg") == search.evaluation.standings("ndcg")


def test_a_search_comes_back_as_it_was(search: Tuned) -> None:
    back = unpacked_search(packed(search))
    assert_equal(search, back)
    assert_equal(search.candidates, back.candidates)
    assert_equal(search.evaluation, back.evaluation)
    assert (back.verdict, back.best) == (search.verdict, search.best)


def test_one_without_categories(search: Tuned) -> None:
    bare = replace(search.evaluation, categories={})
    assert unpacked_evaluation(packed(bare)).categories == {}


def broken(kept: Packed) -> list[Packed]:
    document = json.loads(kept.document)
    pickled = BytesIO()
    np.savez(pickled, history=np.array([{}], dtype=object))
    return [
        Packed("{", kept.arrays),
        Packed("[]", kept.arrays),
        Packed(kept.document, b""),
        Packed(kept.document, kept.arrays[:-40]),
        Packed(kept.document, pickled.getvalue()),
        Packed(json.dumps({**document, "personas": ["one"]}), kept.arrays),
        Packed(json.dumps({**document, "methods": [{}]}), kept.arrays),
        Packed(json.dumps({**document, "settings": {"k": -1}}), kept.arrays),
        Packed("[" * 100_000, kept.arrays),
    ]


@pytest.mark.parametrize("number", range(9))
def test_what_cannot_be_read_is_refused(search: Tuned, number: int) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        unpacked_evaluation(broken(packed(search.evaluation))[number])
    with pytest.raises(InvalidInput, match="cannot be read"):
        unpacked_search(broken(packed(search))[number] if number < 5 else packed(search.evaluation))


def test_what_unpacks_to_too_much_is_not_unpacked(search: Tuned, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = packed(search.evaluation)
    with zipfile.ZipFile(BytesIO(kept.arrays)) as archive:
        size = sum(info.file_size for info in archive.infolist())
    monkeypatch.setattr(packing, "_LARGEST", size - 1)
    with pytest.raises(InvalidInput, match="cannot be read"):
        unpacked_evaluation(kept)


def test_one_from_before_the_language_model_was_asked(search: Tuned) -> None:
    kept = packed(search.evaluation)
    document = json.loads(kept.document)
    del document["lift"]
    del document["settings"]["rerank"]
    assert_equal(search.evaluation, unpacked_evaluation(Packed(json.dumps(document), kept.arrays)))
