"""One suite over every vector index: the exact one, Chroma in a folder of ours, and Chroma behind HTTP."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tastebench.domain.columns import Ints, Vectors
from tastebench.domain.errors import IndexUnavailable, InvalidInput
from tastebench.domain.ports import VectorIndex
from tastebench.stores.chroma_index import ChromaIndexes
from tastebench.stores.exact_index import ExactIndex, exact_search

D = 16
_namespaces = itertools.count()


def unit(vectors: np.ndarray) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def random_vectors(n: int, d: int = D, seed: int = 0) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((n, d)))


def clustered(n: int, d: int, clusters: int = 100) -> Vectors:
    luck = np.random.default_rng(0)
    centres = luck.standard_normal((clusters, d))
    return unit(centres[luck.integers(0, clusters, n)] + 0.5 * luck.standard_normal((n, d)))


def keys_of(*keys: int) -> Ints:
    return np.array(keys, dtype=np.int64)


class Exact:
    """Exact indexes by workspace; closing is nothing to them, as they live and die with the process."""

    def __init__(self) -> None:
        self.held: dict[int, ExactIndex] = {}

    def open(self, workspace: int, dimension: int) -> VectorIndex:
        return self.held.setdefault(workspace, ExactIndex(dimension))

    def reopened(self) -> "Exact":
        return self

    def close(self) -> None:
        self.held.clear()


class Chroma:
    def __init__(self, source: Path | str, namespace: str = "tastebench") -> None:
        self.source, self.namespace = source, namespace
        self.indexes = ChromaIndexes(source, namespace)
        self.open = self.indexes.open
        self.close = self.indexes.close

    def reopened(self) -> "Chroma":
        self.close()
        return Chroma(self.source, self.namespace)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", folder, "--host", "127.0.0.1", "--port"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, str(port)], stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["exact", "folder", "server"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Exact | Chroma]:
    if request.param == "exact":
        opened: Exact | Chroma = Exact()
    elif request.param == "folder":
        opened = Chroma(tmp_path / "chroma")
    else:
        opened = Chroma(request.getfixturevalue("server"), f"test-{next(_namespaces)}")
    yield opened
    opened.close()


@pytest.fixture
def index(stores: Exact | Chroma) -> VectorIndex:
    return stores.open(1, D)


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.count() == 0
    assert index.keys().tolist() == []
    assert [len(hits.keys) for hits in index.search(random_vectors(2), 10)] == [0, 0]
    index.delete(keys_of(1))
    index.upsert(keys_of(), np.empty((0, D), dtype=np.float32))
    assert index.count() == 0


def test_similarity_is_the_cosine_and_the_best_comes_first(index: VectorIndex) -> None:
    east, north, north_east = np.eye(D)[0], np.eye(D)[1], np.eye(D)[0] + np.eye(D)[1]
    index.upsert(keys_of(30, 10, 20, 40), unit(np.array([east, north, north_east, -east])))
    (hits,) = index.search(unit(east[None]), 4)
    assert hits.keys.tolist() == [30, 20, 10, 40]
    assert hits.similarities == pytest.approx([1, np.sqrt(0.5), 0, -1], abs=1e-6)
    assert hits.keys.dtype == np.int64
    assert hits.similarities.dtype == np.float64
    assert index.keys().tolist() == [10, 20, 30, 40]


def test_several_queries_are_answered_in_their_order(index: VectorIndex) -> None:
    vectors = random_vectors(50)
    index.upsert(np.arange(50), vectors)
    found = index.search(vectors[[7, 3, 7]], 5)
    assert [hits.keys[0] for hits in found] == [7, 3, 7]
    assert found[0].keys.tolist() == found[2].keys.tolist()
    assert all((np.diff(hits.similarities) <= 0).all() for hits in found)


def test_the_length_of_a_query_does_not_matter_and_one_without_direction_finds_nothing(index: VectorIndex) -> None:
    vectors = random_vectors(50)
    index.upsert(np.arange(50), vectors)
    short, long, zero = index.search(np.stack([vectors[4] * 0.1, vectors[4] * 9, vectors[4] * 0]), 5)
    assert short.keys.tolist() == long.keys.tolist()
    assert short.similarities == pytest.approx(long.similarities, abs=1e-6)
    assert len(zero.keys) == 0
    assert index.search(np.empty((0, D), dtype=np.float32), 5) == []


def test_upsert_replaces_and_delete_removes(index: VectorIndex) -> None:
    vectors = random_vectors(4)
    index.upsert(keys_of(1, 2, 3), vectors[:3])
    index.upsert(keys_of(2), vectors[3:])
    assert index.count() == 3
    (hits,) = index.search(vectors[3:], 1)
    assert hits.keys.tolist() == [2]
    assert hits.similarities == pytest.approx([1], abs=1e-6)
    index.delete(keys_of(2, 3, 999))
    assert index.keys().tolist() == [1]
    (hits,) = index.search(vectors[3:], 10)
    assert hits.keys.tolist() == [1]
    index.upsert(keys_of(2), vectors[1:2])
    assert index.keys().tolist() == [1, 2]


def test_a_key_named_twice_takes_the_last_vector(index: VectorIndex) -> None:
    vectors = random_vectors(2)
    index.upsert(keys_of(5, 5), vectors)
    (hits,) = index.search(vectors[1:], 3)
    assert (hits.keys.tolist(), index.count()) == ([5], 1)
    assert hits.similarities == pytest.approx([1], abs=1e-6)


def test_a_limit_beyond_the_count_gives_all_there_is(index: VectorIndex) -> None:
    index.upsert(np.arange(20), random_vectors(20))
    (hits,) = index.search(random_vectors(1, seed=1), 1000)
    assert sorted(hits.keys.tolist()) == list(range(20))
    assert [len(hits.keys) for hits in index.search(random_vectors(2), 0)] == [0, 0]


def test_ties_stand_in_the_order_of_their_keys(index: VectorIndex) -> None:
    same = np.repeat(random_vectors(1), 30, axis=0)
    index.upsert(np.arange(30)[::-1] * 7, same)
    (hits,) = index.search(same[:1], 30)
    assert hits.keys.tolist() == [7 * n for n in range(30)]
    assert len(set(hits.similarities.tolist())) == 1


def test_more_than_one_batch_goes_in_and_comes_out(index: VectorIndex) -> None:
    vectors = random_vectors(6000)
    index.upsert(np.arange(6000), vectors)
    assert index.count() == 6000
    assert index.keys().tolist() == list(range(6000))
    assert [hits.keys[0] for hits in index.search(vectors[[0, 5460, 5461, 5999]], 3)] == [0, 5460, 5461, 5999]
    index.delete(np.arange(5990))
    assert index.keys().tolist() == list(range(5990, 6000))


def test_what_was_written_is_there_after_reopening(stores: Exact | Chroma) -> None:
    vectors = random_vectors(300)
    stores.open(1, D).upsert(np.arange(300), vectors)
    stores.open(1, D).delete(keys_of(299))
    again = stores.reopened()
    assert again.open(1, D).count() == 299
    assert again.open(1, D).search(vectors[17:18], 1)[0].keys.tolist() == [17]
    again.close()


def test_two_workspaces_never_mix(stores: Exact | Chroma) -> None:
    vectors = random_vectors(10)
    one, eleven = stores.open(1, D), stores.open(11, 4)
    one.upsert(np.arange(10), vectors)
    eleven.upsert(keys_of(3, 77), random_vectors(2, 4))
    one.delete(keys_of(3))
    assert eleven.keys().tolist() == [3, 77]
    assert 77 not in one.search(vectors[:1], 100)[0].keys
    assert eleven.search(random_vectors(1, 4), 100)[0].keys.tolist() == [3, 77]
    assert stores.open(2, D).count() == 0


@pytest.mark.parametrize(
    ("keys", "vectors"),
    [
        (keys_of(1), random_vectors(1, D + 1)),
        (keys_of(1, 2), random_vectors(1)),
        (keys_of(1), np.full((1, D), np.nan, dtype=np.float32)),
    ],
    ids=["dimension", "number", "nan"],
)
def test_vectors_that_do_not_fit_are_refused(index: VectorIndex, keys: Ints, vectors: Vectors) -> None:
    with pytest.raises(InvalidInput):
        index.upsert(keys, vectors)
    assert index.count() == 0


def test_three_hundred_results_have_a_recall_of_at_least_99_percent(stores: Exact | Chroma) -> None:
    index = stores.open(1, 64)
    vectors = clustered(6000, 64)
    keys = np.arange(6000) * 3
    index.upsert(keys, vectors)
    queries = clustered(20, 64)
    found = index.search(queries, 300)
    exact = exact_search(vectors, keys, None, queries, 300)
    shares = [len(np.intersect1d(a.keys, b.keys)) / 300 for a, b in zip(found, exact, strict=True)]
    assert np.mean(shares) >= 0.99
    if isinstance(index, ExactIndex):
        assert [hits.keys.tolist() for hits in found] == [hits.keys.tolist() for hits in exact]


def test_reading_and_writing_at_once_is_safe(index: VectorIndex) -> None:
    vectors = random_vectors(400)
    index.upsert(np.arange(100), vectors[:100])
    with ThreadPoolExecutor(2) as pool:
        writes = pool.submit(
            lambda: [index.upsert(np.arange(10) + start, vectors[:10]) for start in range(100, 400, 10)]
        )
        reads = pool.submit(lambda: [index.search(vectors[n : n + 2], 10) for n in range(30)])
    assert len(writes.result()) == 30
    assert all(len(hits.keys) == 10 for found in reads.result() for hits in found)
    assert index.keys().tolist() == list(range(400))


# -- the exact search, against its definition -----------------------------------------------------------------------


def brute_force(vectors: Vectors, keys: Ints, allowed: np.ndarray, query: np.ndarray, limit: int) -> list[int]:
    """Return what the definition says: float64 cosines, descending, ties by key."""
    direction = query.astype(np.float32) / np.linalg.norm(query.astype(np.float32)).astype(np.float32)
    pairs = [(-float((vectors[n].astype(float) * direction).sum()), int(keys[n])) for n in np.flatnonzero(allowed)]
    return [key for _, key in sorted(pairs)[:limit]]


@pytest.mark.parametrize("share", [0.02, 0.5, 1.0])
def test_exact_search_finds_the_best_of_the_permitted_rows(share: float) -> None:
    luck = np.random.default_rng(3)
    vectors = np.concatenate([random_vectors(500), random_vectors(500)])  # every vector twice: ties everywhere
    keys = luck.permutation(1000)
    allowed = luck.random(1000) < share
    queries = random_vectors(5, seed=9)
    for limit in (1, 7, 300, 2000):
        found = exact_search(vectors, keys, allowed, queries, limit)
        assert [h.keys.tolist() for h in found] == [brute_force(vectors, keys, allowed, q, limit) for q in queries]


def test_exact_search_gives_equal_vectors_equal_similarities_whoever_is_permitted_beside_them() -> None:
    vectors = random_vectors(997, 33)
    vectors[[0, 500, 996]] = vectors[0]
    query = random_vectors(1, 33, seed=5)
    everywhere = exact_search(vectors, np.arange(997), None, query, 997)[0]
    ours = everywhere.similarities[np.isin(everywhere.keys, [0, 500, 996])]
    alone = exact_search(vectors, np.arange(997), np.isin(np.arange(997), [0, 500]), query, 2)[0]
    assert len({*ours.tolist(), *alone.similarities.tolist()}) == 1


def test_exact_search_over_nothing_finds_nothing() -> None:
    vectors = random_vectors(5)
    for permitted in (np.zeros(5, dtype=np.bool_), None):
        rows = 5 if permitted is not None else 0
        (hits,) = exact_search(vectors[:rows], np.arange(rows), permitted, vectors[:1], 3)
        assert len(hits.keys) == 0


# -- health and rebuild ---------------------------------------------------------------------------------------------


@pytest.fixture(params=["folder", "server"])
def chroma(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chroma]:
    if request.param == "folder":
        opened = Chroma(tmp_path / "chroma")
    else:
        opened = Chroma(request.getfixturevalue("server"), f"health-{next(_namespaces)}")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "chroma"


def batches(vectors: Vectors, size: int = 500) -> Iterator[tuple[Ints, Vectors]]:
    for start in range(0, len(vectors), size):
        part = vectors[start : start + size]
        yield np.arange(start, start + len(part)), part


def test_a_check_names_missing_and_surplus_keys(chroma: Chroma) -> None:
    index = chroma.indexes.open(1, D)
    index.upsert(keys_of(1, 2, 3), random_vectors(3))
    assert not index.check(keys_of(1, 2, 3))
    found = index.check(keys_of(2, 3, 4, 5))
    assert (found.missing.tolist(), found.surplus.tolist(), found.fault) == ([4, 5], [1], "")
    assert found


def test_an_empty_index_is_well_where_nothing_is_expected(chroma: Chroma) -> None:
    assert not chroma.indexes.open(1, D).check(keys_of())
    assert chroma.indexes.open(1, D).check(keys_of(1)).missing.tolist() == [1]


def test_a_rebuild_replaces_everything_for_those_who_hold_the_index_too(chroma: Chroma) -> None:
    held = chroma.indexes.open(1, D)
    held.upsert(keys_of(9000), random_vectors(1))
    vectors = random_vectors(1200)
    assert chroma.indexes.rebuild(1, D, batches(vectors)) is held
    assert not held.check(np.arange(1200))
    assert held.search(vectors[55:56], 1)[0].keys.tolist() == [55]
    again = chroma.reopened()
    assert not again.indexes.open(1, D).check(np.arange(1200))
    again.close()


def test_a_rebuild_from_nothing_leaves_an_empty_index(chroma: Chroma) -> None:
    chroma.open(1, D).upsert(keys_of(1), random_vectors(1))
    assert chroma.indexes.rebuild(1, D, []).count() == 0


def test_a_rebuild_takes_another_dimension(chroma: Chroma) -> None:
    chroma.open(1, D).upsert(keys_of(1), random_vectors(1))
    other = chroma.indexes.open(1, 8)
    assert "dimension" in other.check(keys_of(1)).fault
    with pytest.raises(IndexUnavailable, match="rebuild"):
        other.search(random_vectors(1, 8), 1)
    chroma.indexes.rebuild(1, 8, [(keys_of(1), random_vectors(1, 8))])
    assert not other.check(keys_of(1))


def test_a_rebuild_that_fails_leaves_the_old_index_and_no_rest(chroma: Chroma) -> None:
    def breaking() -> Iterator[tuple[Ints, Vectors]]:
        yield keys_of(5), random_vectors(1)
        raise ZeroDivisionError

    index = chroma.indexes.open(1, D)
    index.upsert(keys_of(1), random_vectors(1))
    with pytest.raises(ZeroDivisionError):
        index.rebuild(breaking())
    assert index.keys().tolist() == [1]
    again = chroma.reopened()
    assert again.open(1, D).keys().tolist() == [1]
    assert again.indexes.rebuild(1, D, batches(random_vectors(3))).keys().tolist() == [0, 1, 2]
    again.close()


def test_a_note_comes_and_goes_with_the_vectors_it_was_written_for(chroma: Chroma) -> None:
    index = chroma.indexes.open(1, D, "personas")
    assert index.note() == {}
    index.rebuild(batches(random_vectors(3)), {"day": "2026-11-20", "moment": 1_795_132_800_000_000})
    with pytest.raises(ZeroDivisionError):
        index.rebuild((1 / 0 for _ in range(1)), {"day": "2026-11-21"})
    assert index.note() == {"day": "2026-11-20", "moment": 1_795_132_800_000_000}
    again = chroma.reopened()
    reopened = again.indexes.open(1, D, "personas")
    assert (reopened.note(), reopened.count()) == ({"day": "2026-11-20", "moment": 1_795_132_800_000_000}, 3)
    reopened.rebuild([])
    assert reopened.note() == {}
    again.close()


def test_a_workspace_s_items_and_personas_never_mix_and_are_dropped_together(chroma: Chroma) -> None:
    items, personas = chroma.indexes.open(1, D), chroma.indexes.open(1, D, "personas")
    other = chroma.indexes.open(11, D, "personas")
    for number, index in enumerate((items, personas, other), start=1):
        index.rebuild([(keys_of(number), random_vectors(1, seed=number))])
    assert [index.keys().tolist() for index in (items, personas, other)] == [[1], [2], [3]]
    chroma.indexes.drop(1)
    assert [chroma.indexes.open(1, D, kind).count() for kind in ("items", "personas")] == [0, 0]
    assert other.keys().tolist() == [3]


def test_a_search_during_a_rebuild_sees_the_old_index(chroma: Chroma) -> None:
    index = chroma.indexes.open(1, D)
    index.upsert(keys_of(1), random_vectors(1))
    seen = []

    def watching() -> Iterator[tuple[Ints, Vectors]]:
        for batch in batches(random_vectors(30), 10):
            other = threading.Thread(target=lambda: seen.append(index.search(random_vectors(1), 9)[0].keys.tolist()))
            other.start()
            other.join()
            yield batch

    index.rebuild(watching())
    assert seen == [[1], [1], [1]]
    assert index.count() == 30


def test_a_search_during_the_first_build_of_all_finds_nothing_and_stops_nothing(chroma: Chroma) -> None:
    index = chroma.indexes.open(1, D)

    def searching() -> Iterator[tuple[Ints, Vectors]]:
        for batch in batches(random_vectors(30), 10):
            assert index.search(random_vectors(1), 9)[0].keys.tolist() == []
            yield batch

    index.rebuild(searching())
    assert index.count() == 30
    again = chroma.reopened()
    assert again.open(1, D).count() == 30
    again.close()


def test_dropping_a_workspace_leaves_the_others(chroma: Chroma) -> None:
    for workspace in (1, 11):
        chroma.open(workspace, D).upsert(keys_of(workspace), random_vectors(1))
    chroma.indexes.drop(1)
    chroma.indexes.drop(404)
    assert chroma.open(1, D).count() == 0
    assert chroma.open(11, D).keys().tolist() == [11]


def test_old_generations_leave_no_files(folder: Path) -> None:
    chroma = Chroma(folder)
    for _ in range(3):
        chroma.indexes.rebuild(1, D, batches(random_vectors(2500)))
        assert len([path for path in folder.iterdir() if path.is_dir()]) == 1
    assert sorted(path.suffix for path in folder.iterdir() if path.is_file()) == [".sqlite3"]
    chroma.indexes.drop(1)
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    chroma.close()


def test_no_text_is_kept(folder: Path) -> None:
    import sqlite3

    chroma = Chroma(folder)
    chroma.open(1, D).upsert(keys_of(123456789), random_vectors(1))
    chroma.close()
    database = sqlite3.connect(folder / "chroma.sqlite3")
    assert database.execute("SELECT embedding_id FROM embeddings").fetchall() == [("123456789",)]
    assert database.execute("SELECT count(*) FROM embedding_metadata").fetchone() == (0,)
    database.close()


def torn(folder: Path, how: str) -> None:
    segment = next(path for path in folder.iterdir() if path.is_dir())
    database = folder / "chroma.sqlite3"
    noise = np.random.default_rng(0).bytes(200_000)
    {
        "data cut off": lambda: os.truncate(segment / "data_level0.bin", 1000),
        "data scrambled": lambda: (segment / "data_level0.bin").write_bytes(noise),
        "header scrambled": lambda: (segment / "header.bin").write_bytes(noise[:100]),
        "ids gone": lambda: os.truncate(segment / "index_metadata.pickle", 0),
        "links gone": lambda: (segment / "link_lists.bin").unlink(),
        "vectors gone": lambda: shutil.rmtree(segment),
        "database scrambled": lambda: database.write_bytes(noise),
        "database cut off": lambda: os.truncate(database, 20_000),
        "database gone": database.unlink,
        "all gone": lambda: shutil.rmtree(folder),
    }[how]()


LOOKING = """
import sys
from pathlib import Path
import numpy as np
from tastebench.stores.chroma_index import ChromaIndexes

print(ChromaIndexes(Path(sys.argv[1])).open(1, int(sys.argv[2])).check(np.arange(2500)))
"""
RAISING = ["ids gone", "links gone", "vectors gone"]
RAISING += ["database scrambled", "database cut off", "database gone", "all gone"]
PERHAPS_DEADLY = ["data cut off", "data scrambled", "header scrambled"]


def said_in_a_process_of_its_own(folder: Path) -> str:
    """Return what a check says there. Torn files may be the end of that process, but of no other."""
    command = [sys.executable, "-c", LOOKING, str(folder), str(D)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode < 0:
        return said(folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def said(folder: Path) -> str:
    indexes = ChromaIndexes(folder)
    found = str(indexes.open(1, D).check(np.arange(2500)))
    indexes.close()
    return found


@pytest.mark.parametrize("how", [*RAISING, *PERHAPS_DEADLY])
def test_a_torn_folder_is_noticed_and_rebuilt(folder: Path, how: str) -> None:
    vectors = random_vectors(2500)
    chroma = Chroma(folder)
    chroma.indexes.rebuild(1, D, batches(vectors))
    chroma.close()
    torn(folder, how)

    found = said(folder) if how in RAISING else said_in_a_process_of_its_own(folder)
    assert "The vector index in" in found or "lacks 2,500 items" in found

    chroma = Chroma(folder)
    index = chroma.indexes.rebuild(1, D, batches(vectors))
    assert not index.check(np.arange(2500))
    assert index.search(vectors[1234:1235], 1)[0].keys.tolist() == [1234]
    chroma.close()
    again = Chroma(folder)
    assert not again.indexes.open(1, D).check(np.arange(2500))
    again.close()


def test_starting_the_folder_over_is_noticed_by_the_other_workspaces(folder: Path) -> None:
    chroma = Chroma(folder)
    chroma.open(2, D).upsert(keys_of(2), random_vectors(1))
    chroma.close()
    (folder / "chroma.sqlite3").write_bytes(os.urandom(100_000))

    chroma = Chroma(folder)
    other = chroma.indexes.open(2, D)
    chroma.indexes.rebuild(1, D, [(keys_of(1), random_vectors(1))])
    with pytest.raises(IndexUnavailable, match="started over"):
        other.search(random_vectors(1), 1)
    assert "started over" in other.check(keys_of(2)).fault
    chroma.indexes.rebuild(2, D, [(keys_of(2), random_vectors(1))])
    assert not other.check(keys_of(2))
    chroma.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from tastebench.stores.chroma_index import ChromaIndexes
from tests.contracts.test_vector_index import D, batches, keys_of, random_vectors

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def dying(rows):
    yield from rows
    die()

folder, moment = Path(sys.argv[1]), sys.argv[2]
index = ChromaIndexes(folder).open(1, D)
from chromadb.api.models.Collection import Collection
if moment == "while reading":
    Collection.query = die
    index.count()
elif moment == "while writing":
    index.count()
    Collection.upsert = die
    index.upsert(keys_of(1), random_vectors(1))
elif moment == "while building":
    index.rebuild(dying(batches(random_vectors(1500))))
elif moment == "before the swap":
    index._generations.promote = die
    index.rebuild(batches(random_vectors(1500)))
elif moment == "after the swap":
    index._generations.sweep = die
    index.rebuild(batches(random_vectors(1500)))
"""


def killed(folder: Path, moment: str) -> None:
    command = [sys.executable, "-c", KILLED, str(folder), moment]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("moment", ["while reading", "while writing"])
def test_whole_files_that_a_process_died_over_are_used_again(folder: Path, moment: str) -> None:
    chroma = Chroma(folder)
    chroma.open(1, D).upsert(keys_of(0), random_vectors(1))
    chroma.close()
    killed(folder, moment)
    assert len(list(folder.glob("*.touched"))) == 1

    chroma = Chroma(folder)
    assert not chroma.indexes.open(1, D).check(keys_of(0))
    assert list(folder.glob("*.touched")) == []
    chroma.close()


def test_torn_files_that_a_process_died_over_are_not_touched_again(folder: Path) -> None:
    """Reading torn files can end the process: without the mark it would end every one that follows."""
    vectors = random_vectors(1500)
    chroma = Chroma(folder)
    index = chroma.indexes.rebuild(1, D, batches(vectors))
    (folder / f"{index._current().name}.touched").touch()
    chroma.close()
    torn(folder, "data scrambled")

    chroma = Chroma(folder)
    index = chroma.indexes.open(1, D)
    assert "left torn by a process that ended" in index.check(np.arange(1500)).fault
    with pytest.raises(IndexUnavailable, match="torn"):
        index.upsert(keys_of(1), vectors[:1])
    index.rebuild(batches(vectors))
    assert not index.check(np.arange(1500))
    chroma.close()
    assert list(folder.glob("*.touched")) == []


@pytest.mark.parametrize(
    ("moment", "count"), [("while building", 40), ("before the swap", 40), ("after the swap", 1500)]
)
def test_a_rebuild_killed_at_any_moment_leaves_one_whole_index(folder: Path, moment: str, count: int) -> None:
    chroma = Chroma(folder)
    chroma.open(1, D).upsert(np.arange(40), random_vectors(40))
    chroma.close()
    killed(folder, moment)

    chroma = Chroma(folder)
    index = chroma.indexes.open(1, D)
    assert not index.check(np.arange(count))
    with chroma.indexes._home.answering() as client:
        assert len(client.list_collections()) == 1
    chroma.close()
    assert len([path for path in folder.iterdir() if path.is_dir()]) <= 1


def test_a_closed_index_says_so(chroma: Chroma) -> None:
    index = chroma.open(1, D)
    chroma.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        index.search(random_vectors(1), 1)


def test_a_server_that_is_not_there_is_an_error_with_a_next_step() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    indexes = ChromaIndexes(f"http://127.0.0.1:{port}")
    index = indexes.open(1, D)
    with pytest.raises(IndexUnavailable, match=f"127.0.0.1:{port} fails") as caught:
        index.search(random_vectors(1), 1)
    assert "server is running" in caught.value.next_step
    assert index.check(keys_of(1)).fault == caught.value.message
    indexes.close()


@pytest.mark.parametrize("url", ["http://", "http://[", "https://:8000", "http://host:port"])
def test_an_address_without_a_server_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="names no server"):
        ChromaIndexes(url)


def test_opening_costs_nothing_until_the_first_use(folder: Path) -> None:
    indexes = ChromaIndexes(folder)
    indexes.open(1, D)
    indexes.close()
    assert not folder.exists()
