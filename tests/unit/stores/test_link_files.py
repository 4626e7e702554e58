"""Links on disk: what is kept comes back, what is damaged is passed over, what is old goes."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastebench.domain.links import ItemLinks
from tastebench.stores import link_files
from tastebench.stores.link_files import KEPT, LinkFiles


def links(until: int, size: int = 3, *, sparse: bool = False, events: int = 7) -> ItemLinks:
    weights = np.random.default_rng(until).random((size, size)).astype(np.float32)
    return ItemLinks(np.arange(size) * 2, csr_array(weights) if sparse else weights, until, events)


def dense(found: ItemLinks) -> np.ndarray:
    return found.of(found.items).to(found.items)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("size", [0, 3, 600])
def test_links_come_back_as_they_were(tmp_path: Path, size: int, sparse: bool) -> None:
    kept = links(5, size, sparse=sparse)
    LinkFiles(tmp_path).save(1, "abc", kept)
    found = LinkFiles(tmp_path).newest(1, "abc")
    assert (found.until, found.events, found.items.tolist()) == (5, 7, kept.items.tolist())
    np.testing.assert_array_equal(dense(found), dense(kept))
    assert isinstance(found.weights, np.memmap) == (size == 600 and not sparse)


def test_the_latest_that_knows_nothing_later_is_found(tmp_path: Path) -> None:
    files = LinkFiles(tmp_path)
    for until in (10, 30, 20):
        files.save(1, "abc", links(until))
    files.save(2, "abc", links(40))
    assert [files.newest(1, "abc", until).until for until in (30, 29, 10)] == [30, 20, 10]
    assert files.newest(1, "abc").until == 30
    assert files.newest(1, "abc", 9) is None
    assert files.newest(1, "other") is None


def test_of_two_fits_for_one_moment_the_later_made_counts(tmp_path: Path) -> None:
    files = LinkFiles(tmp_path)
    files.save(1, "abc", links(10, events=7))
    files.save(1, "abc", links(10, events=9))
    assert files.newest(1, "abc").events == 9


def test_the_oldest_go_and_so_does_what_a_kill_left_half_written(tmp_path: Path) -> None:
    files = LinkFiles(tmp_path)
    (tmp_path / "1" / "new abc.1.1").mkdir(parents=True)
    for until in range(KEPT + 2):
        files.save(1, "abc", links(until))
    assert len(list((tmp_path / "1").iterdir())) == KEPT
    assert files.newest(1, "abc", 1) is None


def test_a_workspace_that_goes_takes_its_links_along_and_no_others(tmp_path: Path) -> None:
    files = LinkFiles(tmp_path)
    files.save(1, "abc", links(1))
    files.save(12, "abc", links(2))
    files.drop(1)
    files.drop(99)
    assert files.newest(1, "abc") is None
    assert files.newest(12, "abc").until == 2


@pytest.mark.parametrize("damage", ["cut", "gone", "note", "format"])
def test_what_is_damaged_is_passed_over(tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = LinkFiles(tmp_path)
    files.save(1, "abc", links(10))
    files.save(1, "abc", links(20))
    newest = max((tmp_path / "1").iterdir(), key=lambda path: path.name)
    if damage == "cut":
        (newest / "weights.npy").write_bytes((newest / "weights.npy").read_bytes()[:-5])
    elif damage == "gone":
        (newest / "items.npy").unlink()
    elif damage == "note":
        (newest / "note.json").write_text("{")
    else:
        (newest / "note.json").write_text('{"format": 99, "events": 1}')
    assert LinkFiles(tmp_path).newest(1, "abc").until == 10
    monkeypatch.setattr(link_files, "FORMAT", 2)
    assert LinkFiles(tmp_path).newest(1, "abc") is None
