"""A corpus of bad input files: each case says what must come out, and nothing else may."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tastebench.domain.errors import InvalidInput, UnreadableFile
from tastebench.domain.reports import Rejection
from tastebench.ingest import (
    RowSource,
    guess_interactions,
    guess_items,
    guess_personas,
    open_rows,
    parse_interactions,
    parse_items,
    parse_personas,
)
from tests.unit.ingest.cases import Case
from tests.unit.ingest.corpus_files import FILES, FRAMES, JSON, PARQUET
from tests.unit.ingest.corpus_text import ENCODINGS, HEADERS, SHAPES
from tests.unit.ingest.corpus_values import DATES, IDS, NUMBERS, TEXTS

KINDS: dict[str, tuple[Any, Any]] = {
    "items": (guess_items, parse_items),
    "events": (guess_interactions, parse_interactions),
    "personas": (guess_personas, parse_personas),
}


CASES = [*ENCODINGS, *SHAPES, *HEADERS, *NUMBERS, *DATES, *IDS, *TEXTS, *FILES, *JSON, *PARQUET, *FRAMES]


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the rights of root, to whom no file is forbidden."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def parsed(source: RowSource, case: Case) -> list[Any]:
    guess, parse = KINDS[case.kind]
    mapping = guess(source.columns, source.peek())
    return list(parse(source, mapping.changed(**case.options) if case.options else mapping))


def test_the_corpus_holds_a_hundred_kinds_under_different_names() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.error])
def test_unusable_file_is_refused_with_a_sentence_and_a_next_step(case: Case, tmp_path: Path) -> None:
    path = case.build(tmp_path)
    expected = InvalidInput if case.mapping_fault else UnreadableFile
    with pytest.raises(expected) as caught, as_nobody() if case.as_nobody else nullcontext(), open_rows(path) as source:
        parsed(source, case)
    assert type(caught.value) is expected
    assert case.error in str(caught.value)
    assert caught.value.next_step.endswith((".", "?"))
    if not case.mapping_fault:
        name = "the data frame" if isinstance(path, pd.DataFrame) else path.name[:100].replace("\0", "")
        assert name in caught.value.message


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if not case.error])
def test_bad_rows_are_rejected_one_by_one_and_no_other_is_lost(case: Case, tmp_path: Path) -> None:
    with open_rows(case.build(tmp_path)) as source:
        results = parsed(source, case)
    rejections = [result for result in results if isinstance(result, Rejection)]
    good = [result for result in results if not isinstance(result, Rejection)]
    assert [(one.row, one.column) for one in rejections] == [(row, column) for row, column, _ in case.rejected], (
        rejections
    )
    for rejection, (_, _, words) in zip(rejections, case.rejected, strict=True):
        assert words in rejection.reason
        assert rejection.reason.endswith(".")
        assert len(rejection.reason) < 300
    assert len(good) == case.good
    assert case.holds(good), good[:5]
    assert case.notes in " ".join(source.notes)
