"""Importing: once is enough, half is never, a bad row costs itself only."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tastebench import Interaction, Workbench, Workspace
from tastebench.domain.columns import Vectors
from tastebench.domain.errors import Cancelled, EncoderUnavailable, InvalidInput, UnreadableFile
from tastebench.domain.reports import Progress
from tastebench.services.import_run import BATCH
from tests.doubles import HashingEncoder

EVENTS = "user,item,action,time\nmaya,klute,like,2024-05-01\nmaya,heat,view,2024-05-02\nmaya,heat,view,2024-05-02\n"


def write(tmp_path: Path, text: str, name: str = "events.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def everything(workspace: Workspace) -> tuple[object, ...]:
    log = workspace.interactions(limit=1000)
    rows = [(r.persona_id, r.target, r.action, r.at, r.weight, r.origin) for r in log.rows]
    return workspace.items(limit=1000), [p.persona.persona_id for p in workspace.personas().personas], rows


def test_law_10_the_same_file_twice_changes_nothing(films: Workspace, encoder: HashingEncoder, tmp_path: Path) -> None:
    path = write(tmp_path, EVENTS)
    first = films.import_interactions(path)
    before, embedded = everything(films), encoder.encoded
    second = films.import_interactions(path)
    again = films.import_items(tmp_path / "films.jsonl")
    assert (first.rows, first.added, first.personas) == (3, 3, 1)  # equal rows are told apart by their ordinal
    assert (second.added, second.unchanged) == (0, 3)
    assert (again.added, again.changed, again.unchanged, again.embedded) == (0, 0, 4, 0)
    assert everything(films) == before
    assert encoder.encoded == embedded


def test_only_changed_texts_are_embedded_again(films: Workspace, encoder: HashingEncoder, tmp_path: Path) -> None:
    before = encoder.encoded
    changed = (tmp_path / "films.jsonl").read_text().replace('"title": "Heat"', '"title": "Heat again"')
    changed = changed.replace('"year": 1971', '"year": 1972')  # not part of the text
    report = films.import_items(write(tmp_path, changed, "films2.jsonl"))
    assert (report.added, report.changed, report.unchanged, report.embedded) == (0, 2, 2, 1)
    assert encoder.encoded == before + 1
    assert films.item("klute").attributes["year"] == 1972


def test_a_changed_text_leaves_no_old_vector_in_an_index_that_was_closed(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [f"i{n}" for n in range(20)], "title": [f"Item number {n}" for n in range(20)]})
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        bench.workspace("w", create=True).import_items(frame)
        assert bench._parts.held_for(1).index() is not None
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        bench.workspace("w").import_items(frame.assign(title=[f"Quite another thing {n}" for n in range(20)]))
    with Workbench.open(tmp_path, encoder=HashingEncoder()) as bench:
        catalogue, index = bench.workspace("w")._snapshot().catalogue, bench._parts.held_for(1).index()
        assert index is not None
        hits = index.search(catalogue.vectors, 1)
        assert [hit.keys[0] for hit in hits] == catalogue.keys.tolist()
        np.testing.assert_allclose([hit.similarities[0] for hit in hits], 1.0, atol=1e-5)


def test_the_preview_reads_as_the_import_would(films: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "user,item,score,time\nmaya,klute,5,03/04/2024\n,heat,1,05/04/2024\n")
    mapping = {"rating": "score", "rating_max": 5, "date_order": "day first"}
    seen = films.preview(path, "interactions", mapping)
    assert seen.rows[0] == {"user": "maya", "item": "klute", "score": "5", "time": "03/04/2024"}
    like = {"persona": "maya", "item": "klute", "action": "like", "time (UTC)": "2024-04-03 00:00", "weight": "+1.00"}
    assert seen.read[0] == like
    assert list(seen.read[1]) == ["left out"]
    assert seen.read[1]["left out"].startswith("Row 3, user:")
    films.import_interactions(path, mapping)
    (row,) = films.interactions("maya").rows
    assert (row.target, row.action, f"{row.at:%Y-%m-%d %H:%M}", row.weight) == (
        "klute",
        "like",
        "2024-04-03 00:00",
        1.0,
    )
    assert films.preview(path, "interactions", {"item_id": "nowhere"}).read == []
    catalogue = films.preview(write(tmp_path, "id,title,genres\na,Alien,horror|space\n", "items.csv"), "items")
    assert (catalogue.read[0]["title"], catalogue.read[0]["genres"]) == ("Alien", "horror, space")


def test_rows_that_name_no_known_item_are_said(films: Workspace, tmp_path: Path) -> None:
    assert films.import_interactions(write(tmp_path, EVENTS)).notes == ()
    wrong = films.import_interactions(
        write(tmp_path, EVENTS), {"item_id": "action", "default_action": "view", "action": ""}
    )
    assert "3 rows name items that the catalogue doesn't hold (yet)." in wrong.notes[-1]


def test_a_bad_row_is_reported_and_costs_no_other(films: Workspace, tmp_path: Path) -> None:
    report = films.import_interactions(write(tmp_path, EVENTS + "maya,klute,like,1600-01-01\n,heat,view,2024-05-03\n"))
    assert (report.rows, report.added, report.rejected) == (5, 3, 2)
    refused = films.rejections(report.import_id)
    assert list(refused.columns) == ["file", "row", "column", "reason"]
    assert refused["row"].tolist() == [5, 6]
    assert refused["file"].unique().tolist() == ["events.csv"]
    assert refused["column"].tolist() == ["time", "user"]


def test_a_wrong_column_is_named_and_nothing_is_changed(films: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, EVENTS)
    with pytest.raises(InvalidInput, match="itme"):
        films.import_interactions(path, {"item_id": "itme"})
    assert films.interactions().total == 0
    assert [report.kind for report in films.imports()] == ["items"]
    assert films.import_interactions(path, {"item_id": "item"}).added == 3


def test_a_data_frame_imports_like_a_file(films: Workspace) -> None:
    frame = pd.DataFrame({"user_id": ["maya"], "item_id": ["klute"], "rating": [4], "timestamp": [1_700_000_000]})
    report = films.import_interactions(frame)
    row = films.interactions().rows[0]
    assert (row.action, row.weight, row.origin) == ("like", 0.5, "imported")
    assert row.at.isoformat() == "2023-11-14T22:13:20+00:00"
    assert any("rating" in note.lower() for note in report.notes)


def test_an_action_only_the_file_knows_is_added_and_said(films: Workspace, tmp_path: Path) -> None:
    report = films.import_interactions(write(tmp_path, "user,item,action\nmaya,klute,hum\n"))
    assert films.settings.actions["hum"] == 1.0
    assert any("hum" in note for note in report.notes)


def test_interactions_may_come_before_their_items(bench: Workbench, tmp_path: Path) -> None:
    empty = bench.workspace("empty", create=True)
    empty.import_interactions(write(tmp_path, "user,item,action\nmaya,klute,like\n"))
    assert empty.recommend("maya").items == ()
    items = pd.DataFrame({"id": ["klute", "heat"], "title": ["Klute, a crime", "Heat, a crime"]})
    empty.import_items(items)
    ranking = empty.recommend("maya")
    assert [item.item_id for item in ranking.items] == ["heat"]
    assert ranking.items[0].signals["similarity"] is not None


def test_cancelled_while_reading_leaves_nothing(films: Workspace, tmp_path: Path) -> None:
    asked = iter([False, True])
    path = write(tmp_path, EVENTS + "maya,klute,view,2024-05-04\n" * 6000)
    with pytest.raises(Cancelled):
        films.import_interactions(path, cancel=lambda: next(asked))
    assert films.interactions().total == 0
    assert films.personas().total == 0


def test_a_broken_file_leaves_nothing(films: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(UnreadableFile, match=r"broken\.parquet"):
        films.import_items(path)
    assert films.items().total == 4


class FailingEncoder(HashingEncoder):
    """Fails from the n-th batch on."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self.left = batches

    def encode(self, texts: list[str]) -> Vectors:
        if self.left == 0:
            raise EncoderUnavailable("The model is not there.", "Install it.")
        self.left -= 1
        return super().encode(texts)


def test_embedding_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [f"i{n}" for n in range(600)], "title": [f"Item number {n}" for n in range(600)]})
    failing = FailingEncoder(batches=1)
    with Workbench.open(tmp_path / "a", encoder=failing) as bench:
        report = bench.workspace("w", create=True).import_items(frame)
        assert any("not embedded yet" in note for note in report.notes)
        assert bench.workspace("w").summary().pending_texts == 600 - 128
    going_on = HashingEncoder()
    with Workbench.open(tmp_path / "a", encoder=going_on) as bench:
        assert bench.resume() == 600 - 128
        resumed = bench.workspace("w")._snapshot().catalogue
        assert sorted(bench._parts.held_for(1).index().keys()) == sorted(resumed.keys)
    with Workbench.open(tmp_path / "b", encoder=HashingEncoder()) as bench:
        bench.workspace("w", create=True).import_items(frame)
        undisturbed = bench.workspace("w")._snapshot().catalogue
    assert resumed.item_ids == undisturbed.item_ids
    assert np.array_equal(resumed.vectors, undisturbed.vectors)
    assert going_on.encoded == 600 - 128


def test_progress_counts_up_and_estimates(films: Workspace) -> None:
    heard: list[Progress] = []
    frame = pd.DataFrame({"id": [f"i{n}" for n in range(300)], "title": [f"Item number {n}" for n in range(300)]})
    films.import_items(frame, progress=heard.append)
    assert {progress.phase for progress in heard} == {"Reading rows", "Embedding texts"}
    embedding = [progress.done for progress in heard if progress.phase == "Embedding texts"]
    assert embedding == [0, 128, 256, 300]
    assert heard[-1].seconds_left == 0


def test_reading_what_personas_state_tells_how_far_it_is_and_can_be_stopped(films: Workspace, tmp_path: Path) -> None:
    lines = "".join(f'{{"name": "P{n}", "description": "Likes number {n}."}}\n' for n in range(300))
    heard: list[Progress] = []
    report = films.import_personas(write(tmp_path, lines, "people.jsonl"), progress=heard.append)
    assert report.embedded == 300
    assert [one.done for one in heard if one.phase == "Embedding personas"] == [128, 256, 300]
    heard.clear()
    more = write(tmp_path, lines.replace('"P', '"Q'), "more.jsonl")
    stopped = films.import_personas(
        more, progress=heard.append, cancel=lambda: heard[-1:] != [] and heard[-1].phase == "Embedding personas"
    )
    assert (stopped.added, stopped.embedded) == (300, 0)
    assert "Embedding was stopped" in stopped.notes[-1]


def test_an_import_that_is_running_cannot_be_undone(films: Workspace, tmp_path: Path) -> None:
    refused: list[str] = []

    def undo(_: Progress) -> None:
        with pytest.raises(InvalidInput) as raised:
            films.undo_import(films.imports()[0].import_id)
        refused.append(raised.value.message)

    films.import_interactions(
        write(tmp_path, EVENTS), progress=lambda one: undo(one) if one.phase == "Reading rows" else None
    )
    assert set(refused) == {"This import is still running."}
    assert films.interactions().total == 3


@pytest.mark.parametrize("silent", [False, True])
def test_a_second_folder_on_the_same_database_leaves_a_running_import_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    address, number = f"sqlite:///{tmp_path / 'shared.sqlite'}", 2 * BATCH + 10
    if silent:  # every import counts as dead at once
        monkeypatch.setattr("tastebench.services.import_run.SILENCE", timedelta(0))

    def look_in(progress: Progress) -> None:
        if progress.phase == "Reading rows" and progress.done == BATCH:
            Workbench.open(tmp_path / "second", database_url=address, encoder=HashingEncoder()).close()

    rows = pd.DataFrame({"id": range(number), "title": [f"Film {one}" for one in range(number)]})
    with Workbench.open(tmp_path / "first", database_url=address, encoder=HashingEncoder()) as bench:
        films = bench.workspace("films", create=True)
        if silent:
            with pytest.raises(Cancelled, match="undone while it ran"):
                films.import_items(rows, progress=look_in)
            assert films.summary().items == 0
        else:
            report = films.import_items(rows, progress=look_in)
            assert (report.state, report.added, films.summary().items) == ("finished", number, number)


def test_undoing_an_import_puts_back_what_was(films: Workspace, tmp_path: Path) -> None:
    before = everything(films)
    changed = (tmp_path / "films.jsonl").read_text().replace('"title": "Heat"', '"title": "Warmth"')
    report = films.import_items(write(tmp_path, changed + '{"id": "new", "title": "New"}\n', "more.jsonl"))
    assert films.items().total == 5
    films.undo_import(report.import_id)
    assert everything(films) == before
    assert "new" not in {item.item_id for item in films.similar("klute")}


def test_invoices_become_products_customers_and_purchases(bench: Workbench, project: Path) -> None:
    shop = bench.workspace("shop", create=True)
    report = shop.import_invoices(project / "sample_data/shop/invoices.csv")
    assert [(step.name, step.left) for step in report.funnel] == [
        ("missing customer", 2760), ("duplicates", 2714), ("cancelled", 2654), ("non-positive", 2633),
        ("non-products", 2604),
    ]  # fmt: skip
    assert (report.rows, report.added, report.rejected) == (3004, 2604, 400)
    assert (report.items, report.personas, report.interactions) == (324, 120, 2604)
    refused = shop.rejections(report.import_id)["reason"].value_counts().to_dict()
    assert refused == {
        "Left out by the step missing customer": 244, "Left out by the step cancelled": 60,
        "Left out by the step duplicates": 46, "Left out by the step non-products": 29,
        "Left out by the step non-positive": 21,
    }  # fmt: skip
    again = shop.import_invoices(project / "sample_data/shop/invoices.csv")
    assert (again.added, again.unchanged) == (0, 2604)


def test_a_cleaning_step_can_be_switched_off_and_a_wrong_name_is_told(bench: Workbench, project: Path) -> None:
    shop = bench.workspace("shop", create=True)
    with pytest.raises(InvalidInput, match="wash"):
        shop.import_invoices(project / "sample_data/shop/invoices.csv", {"wash": False})
    report = shop.import_invoices(project / "sample_data/shop/invoices.csv", {"duplicates": False})
    assert [step.applied for step in report.funnel] == [True, False, True, True, True]
    assert report.interactions > 2604


def test_feedback_on_an_unknown_item_or_action_is_refused(films: Workspace) -> None:
    films.import_interactions(pd.DataFrame({"user": ["m"], "item": ["klute"], "action": ["like"]}))
    with pytest.raises(InvalidInput, match="hum"):
        films.add_interactions("m", [Interaction("klute", "hum")])
    with pytest.raises(LookupError, match="nothing"):
        films.add_interactions("m", [Interaction("nothing", "like")])
    assert films.interactions().total == 1
