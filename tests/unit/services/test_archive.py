"""Archives: what goes out comes in again, byte for byte; what is not an archive leaves nothing behind."""

import json
import os
import subprocess
import sys
import textwrap
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from tastebench import Interaction, Item, Persona, ScoringProfile, Workbench, Workspace
from tastebench.domain.errors import (
    AlreadyExists,
    DatabaseUnavailable,
    EncoderUnavailable,
    InvalidInput,
    UnreadableFile,
)
from tastebench.domain.preferences import PreferenceSettings
from tastebench.evaluation.report import EvaluationSettings
from tastebench.evaluation.splits import SplitSettings
from tastebench.services import archive_in
from tastebench.services.archive_in import LIMITS
from tastebench.services.archive_out import ArchiveOut
from tests.doubles import HashingEncoder
from tests.unit.services.conftest import FILMS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SINCE_TWO = ("preference_edits.jsonl", "preference_snapshots.jsonl", "evaluations.jsonl")
EVENTS = """user,item,action,time
maya,klute,like,2026-02-01
maya,heat,view,2026-02-02
zoe,gone,purchase,2026-02-03
,x,like,2026-02-04
"""


def filled(films: Workspace, tmp_path: Path) -> Workspace:
    """Return the workspace with something in every table."""
    maya = Persona("Maya", "Night buses.", {"genres": ["crime"]}, {"age": 41, "era": "1970s"}, "🌃", persona_id="maya")
    films.add_persona(maya)
    films.add_persona(Persona("Nobody", persona_id="nobody"))
    events = tmp_path / "events.csv"
    events.write_text(EVENTS, encoding="utf-8")
    films.import_interactions(events)
    again = tmp_path / "again.csv"
    again.write_text("id,title,genres\nheat,Heat (restored),crime|drama\nronin,Ronin,crime\n", encoding="utf-8")
    films.import_items(again)
    films.add_interactions("maya", [Interaction("Mann", "follow", NOW, target_kind="creator")])
    films.add_interactions("maya", [Interaction("totoro", "dislike", NOW, weight=-0.7)])
    films.pin("maya", "taste", "genres", "crime", now=NOW)
    films.save_profile(ScoringProfile(name="Mine", weights={"similarity": 1.0}))
    films.save_profile(ScoringProfile(name="Mine", weights={"similarity": 2.0, "popularity": 1.0}), "better")
    films.set_default_profile("Mine", 2)
    films.evaluate(settings=EvaluationSettings(split=SplitSettings(kind="share", share=0.9), signals=False))
    films.show(films.recommend("maya", now=NOW + timedelta(days=1)))
    films.save_actions({**films.settings.actions, "view": 0.5})
    films.set_available("parallax", False)
    return films


@pytest.fixture
def full(films: Workspace, tmp_path: Path) -> Workspace:
    return filled(films, tmp_path)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of such a workspace, to be read only."""
    folder = tmp_path_factory.mktemp("sealed")
    (folder / "films.jsonl").write_text(FILMS, encoding="utf-8")
    with Workbench.open(folder / "data", encoder=HashingEncoder()) as bench:
        films = bench.workspace("films", create=True)
        films.import_items(folder / "films.jsonl")
        return filled(films, folder).export(folder / "films.zip")


@pytest.fixture
def other(tmp_path: Path) -> Workbench:
    with Workbench.open(tmp_path / "other", encoder=HashingEncoder()) as bench:
        yield bench


def missing(_texts):
    raise EncoderUnavailable("The model is not there.", "Install it.")


@pytest.fixture
def archive(full: Workspace, tmp_path: Path) -> Path:
    return full.export(tmp_path / "films.zip")


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def without_manifest(path: Path) -> dict[str, bytes]:
    return {name: data for name, data in members(path).items() if name != "manifest.json"}


def packed(path: Path, content: dict[str, bytes], *, resealed: bool = True) -> Path:
    """Write an archive of these members, its manifest made to agree with them."""
    if resealed:
        manifest = json.loads(content["manifest.json"])
        for name, note in manifest["members"].items():
            if name in content:
                data = content[name]
                note |= {"size": len(data), "sha256": sha256(data).hexdigest(), "rows": data.count(b"\n")}
        content = {**content, "manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in content.items():
            opened.writestr(name, data)
    return path


def changed_line(data: bytes, number: int, /, **values: object) -> bytes:
    lines = data.splitlines()
    lines[number] = json.dumps({**json.loads(lines[number]), **values}).encode()
    return b"\n".join(lines) + b"\n"


class TestThereAndBack:
    def test_content_is_equal_byte_for_byte(self, archive, other, tmp_path):
        again = other.restore(archive).export(tmp_path / "again.zip")
        assert without_manifest(again) == without_manifest(archive)

    def test_what_was_pinned_stays_pinned(self, archive, other):
        restored = other.restore(archive)
        assert [one.value for one in restored.preferences("maya", NOW) if one.pinned] == ["crime"]

    def test_what_was_measured_comes_along(self, full, archive, other):
        restored = other.restore(archive)
        (head,), (before,) = restored.evaluations(), full.evaluations()
        assert (head.label, head.made_at, head.profile) == (before.label, before.made_at, before.profile)
        mine, theirs = full.evaluation(before.key).report, restored.evaluation(head.key).report
        np.testing.assert_array_equal(mine.values, theirs.values)
        assert mine.methods == theirs.methods

    def test_an_archive_of_the_first_format(self, sealed, other, tmp_path):
        content = members(sealed)
        for later in SINCE_TWO:
            del content[later]
        workspace, manifest = (json.loads(content[name]) for name in ("workspace.json", "manifest.json"))
        del workspace["settings"]["preferences"]
        for later in SINCE_TWO:
            del manifest["members"][later]
        content["workspace.json"] = json.dumps(workspace).encode() + b"\n"
        content["manifest.json"] = json.dumps({**manifest, "format": 1}).encode()
        restored = other.restore(packed(tmp_path / "old.zip", content))
        assert restored.preference_edits("maya") == ()
        assert restored.settings.preferences == PreferenceSettings()

    def test_what_the_archive_holds(self, archive):
        found = members(archive)
        manifest = json.loads(found.pop("manifest.json"))
        assert (manifest["format"], manifest["workspace"], manifest["encoder"], manifest["dimension"]) == (
            4, "films", "hashing", 32,
        )  # fmt: skip
        rows = {name: note["rows"] for name, note in manifest["members"].items()}
        assert rows == {
            "workspace.json": 1, "imports.jsonl": 3, "rejections.jsonl": 1, "item_ids.jsonl": 6, "items.jsonl": 5,
            "vectors.npy": 5, "item_versions.jsonl": 6, "personas.jsonl": 3, "priors.npy": 1,
            "persona_versions.jsonl": 1, "impressions.jsonl": 1, "interactions.jsonl": 5,
            "preference_edits.jsonl": 1, "preference_snapshots.jsonl": 0, "profiles.jsonl": 2, "evaluations.jsonl": 1,
        }  # fmt: skip
        for name, note in manifest["members"].items():
            assert (note["size"], note["sha256"]) == (len(found[name]), sha256(found[name]).hexdigest())

    @pytest.mark.parametrize("persona_id", ["maya", "zoe", "nobody"])
    def test_decisions_are_equal(self, full, archive, other, persona_id):
        back = other.restore(archive)
        for moment in (NOW - timedelta(days=25), NOW + timedelta(days=1)):
            decisions = [
                json.dumps(workspace.recommend(persona_id, now=moment).decision()) for workspace in (full, back)
            ]
            assert decisions[0] == decisions[1]

    def test_nothing_is_embedded_again(self, archive, other):
        encoder = other._parts.encoder
        other.restore(archive)
        assert encoder.encoded == 0

    def test_restored_beside_the_original_under_another_name(self, full, archive, bench):
        back = bench.restore(archive, "copy")
        full.delete_item("klute")
        assert back.item("klute").title == "Klute"
        assert bench.workspace_names() == ["copy", "films"]
        assert back.similar("klute", 2)

    def test_imports_can_still_be_undone(self, archive, other):
        back = other.restore(archive)
        latest = back.imports()[0]
        assert latest.added == 1
        back.undo_import(latest.import_id)
        assert back.item("heat").title == "Heat"
        assert [item.item_id for item in back.items().items] == ["heat", "klute", "parallax", "totoro"]

    def test_rejections_come_along(self, archive, other):
        back = other.restore(archive)
        report = next(report for report in back.imports() if report.kind == "interactions")
        assert back.rejections(report.import_id)["row"].tolist() == [5]

    def test_the_same_file_again_changes_nothing(self, archive, other, tmp_path):
        back = other.restore(archive)
        report = back.import_interactions(tmp_path / "events.csv")
        assert (report.added, report.unchanged) == (0, 3)

    def test_profiles_and_settings_come_along(self, archive, other):
        back = other.restore(archive)
        assert back.profile().weights["similarity"] == 2.0
        assert back.settings.actions["view"] == 0.5
        assert not back.item("parallax").available
        assert back.persona("maya").face == "🌃"
        assert back.persona("maya").properties == {"age": 41, "era": "1970s"}

    def test_what_is_deleted_stays_behind(self, full, other, tmp_path):
        full.delete_item("klute")
        full.delete_persona("zoe")
        full.delete_interactions([row.key for row in full.interactions(action="dislike").rows])
        path = full.export(tmp_path / "films.zip")
        assert b"zoe" not in members(path)["interactions.jsonl"]
        assert b"gone" not in members(path)["item_ids.jsonl"]
        back = other.restore(path)
        assert {item.item_id for item in back.items().items} == {"heat", "parallax", "totoro", "ronin"}
        assert sorted(back.persona_names()) == ["maya", "nobody"]
        assert back.interactions(action="dislike").total == 0
        assert back.interactions(persona_id="maya", action="like").rows[0].target == "klute"

    def test_an_empty_workspace(self, bench, other, tmp_path):
        path = bench.workspace("empty", create=True).export(tmp_path / "empty.zip")
        assert other.restore(path).summary().items == 0
        again = other.workspace("empty").export(tmp_path / "again.zip")
        assert without_manifest(again) == without_manifest(path)

    def test_texts_that_wait_still_wait_and_are_embedded_then(self, bench, other, tmp_path, monkeypatch):
        films = bench.workspace("films", create=True)
        films.save_item(Item("a", "A film"))
        monkeypatch.setattr("tastebench.services.catalogue.embed_item", lambda *_: None)
        films.save_item(Item("a", "A film in colour"))
        films.save_item(Item("b", "Another"))
        back = other.restore(films.export(tmp_path / "films.zip"))
        assert back.summary().pending_texts == 0
        assert other._parts.encoder.encoded == 2

    def test_vectors_of_another_model_are_made_anew(self, archive, tmp_path):
        with Workbench.open(tmp_path / "third", encoder=HashingEncoder(16, "third")) as bench:
            back = bench.restore(archive)
            assert back.summary().pending_texts == 0
            assert bench._parts.encoder.encoded == 8  # five items, three personas
            assert len(back.recommend("nobody", now=NOW + timedelta(days=1)).items) == 4

    def test_without_the_encoder_what_came_stays_and_its_texts_wait(self, archive, tmp_path):
        encoder = HashingEncoder(16, "third")
        with Workbench.open(tmp_path / "third", encoder=encoder) as bench:
            encoder.encode = missing
            back = bench.restore(archive)
            assert (back.summary().items, back.summary().pending_texts) == (5, 5)
            del encoder.encode
            assert back.embed_pending() == 6  # five items, and what Maya states

    def test_what_waits_for_the_next_recomputation_still_waits(self, full, other, tmp_path):
        full.save_preference_settings(PreferenceSettings(updates="batch"))
        moment = NOW + timedelta(days=1)
        full.add_interactions("nobody", [Interaction("heat", "purchase", NOW) for _ in range(6)])
        full.delete_interactions([full.interactions("maya").rows[0].key])
        known = full.preferences("nobody", moment)
        back = other.restore(full.export(tmp_path / "batch.zip"))
        assert back.preferences("nobody", moment) == known
        for space in (full, back):
            space.recompute()
        assert back.preferences("nobody", moment) == full.preferences("nobody", moment) != known

    def test_progress_is_told(self, full, archive, other, tmp_path):
        told = []
        full.export(tmp_path / "x.zip", progress=told.append)
        other.restore(archive, progress=told.append)
        last = {step.phase: (step.done, step.total) for step in told}
        assert last.keys() == {"Writing the archive", "Checking the archive", "Restoring rows"}
        assert all(done == total for done, total in last.values())

    def test_the_demos(self, bench, other, tmp_path):
        for which in ("films", "shop"):
            demo = bench.load_demo(which)
            path = demo.export(tmp_path / f"{which}.zip")
            back = other.restore(path)
            assert without_manifest(back.export(tmp_path / f"{which}-2.zip")) == without_manifest(path)
            for persona_id in list(demo.persona_names())[:3]:
                moment = datetime.now(UTC)
                assert (
                    back.recommend(persona_id, now=moment, limit=50).decision()
                    == demo.recommend(persona_id, now=moment, limit=50).decision()
                )


class TestWriting:
    def test_a_file_that_is_there_is_left_alone(self, full, tmp_path):
        path = tmp_path / "mine.jsonl"
        path.write_text("precious", encoding="utf-8")
        with pytest.raises(AlreadyExists, match=r"mine\.jsonl"):
            full.export(path)
        assert path.read_text(encoding="utf-8") == "precious"
        full.export(path, overwrite=True)
        assert zipfile.is_zipfile(path)

    @pytest.mark.parametrize("place", ["nowhere/x.zip", "."])
    def test_a_place_that_cannot_be_written_to(self, full, tmp_path, place):
        with pytest.raises(InvalidInput):
            full.export(tmp_path / place)

    def test_an_error_on_the_way_leaves_nothing(self, full, tmp_path, monkeypatch):
        folder = tmp_path / "out"
        folder.mkdir()
        monkeypatch.setattr(ArchiveOut, "add_manifest", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            full.export(folder / "x.zip")
        assert list(folder.iterdir()) == []

    def test_a_killed_process_leaves_no_half_archive(self, full, tmp_path):
        full._parts.close()
        code = f"""
            import os
            from tastebench import Workbench
            from tastebench.services import archive_out
            from tests.doubles import HashingEncoder
            archive_out.ArchiveOut.add_manifest = lambda *_: os._exit(9)
            with Workbench.open({str(tmp_path / "data")!r}, encoder=HashingEncoder()) as bench:
                bench.workspace("films").export({str(tmp_path / "half.zip")!r})
        """
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, capture_output=True)
        assert done.returncode == 9
        assert not (tmp_path / "half.zip").exists()

    def test_while_reading_only(self, full, tmp_path, archive):
        with Workbench.open(tmp_path / "data", encoder=HashingEncoder(), read_only=True) as bench:
            path = bench.workspace("films").export(tmp_path / "second.zip")
            assert without_manifest(path) == without_manifest(archive)
            with pytest.raises(DatabaseUnavailable, match="reading only"):
                bench.restore(path, "copy")


def refused(bench: Workbench, path: Path, saying: str) -> UnreadableFile:
    """Restore in vain; nothing of it may be left."""
    before = bench.workspace_names()
    with pytest.raises(UnreadableFile, match=saying) as raised:
        bench.restore(path)
    assert raised.value.next_step
    assert path.name in raised.value.message
    assert bench.workspace_names() == before
    return raised.value


class TestHostileFiles:
    def test_a_taken_name(self, sealed, other):
        other.workspace("films", create=True)
        with pytest.raises(AlreadyExists, match="'films'"):
            other.restore(sealed)
        with pytest.raises(InvalidInput, match="name"):
            other.restore(sealed, "x" * 300)

    @pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18])
    def test_no_archive(self, other, tmp_path, content):
        path = tmp_path / "x.zip"
        path.write_bytes(content)
        refused(other, path, "cannot be restored")

    def test_missing_or_a_folder(self, other, tmp_path):
        refused(other, tmp_path / "nowhere.zip", "There is no file")
        folder = tmp_path / "folder.zip"
        folder.mkdir()
        refused(other, folder, "cannot be read")

    def test_another_zip(self, other, tmp_path):
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as opened:
            opened.writestr("hello.txt", "hello")
        refused(other, tmp_path / "x.zip", "no manifest")

    def test_packed_in_another_way(self, sealed, other, tmp_path):
        with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_LZMA) as opened:
            for name, data in members(sealed).items():
                opened.writestr(name, data)
        refused(other, tmp_path / "x.zip", "packed in another way")

    def test_cut_off_anywhere(self, sealed, other, tmp_path):
        data = sealed.read_bytes()
        for share in (0.1, 0.5, 0.9, 0.99):
            path = tmp_path / "cut.zip"
            path.write_bytes(data[: int(len(data) * share)])
            refused(other, path, "cannot be restored")

    def test_a_flipped_byte_anywhere(self, sealed, other, tmp_path):
        data = sealed.read_bytes()
        rng = np.random.default_rng(0)
        for place in rng.integers(0, len(data), 30).tolist():
            path = tmp_path / "flipped.zip"
            path.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
            try:
                other.restore(path, f"at {place}")
            except UnreadableFile:
                assert f"at {place}" not in other.workspace_names()
            else:  # a byte that says nothing: a date, say
                assert other.workspace(f"at {place}").summary().items == 5

    @pytest.mark.parametrize("text", ["[]", "{}", "null", '{"format": "1"}', "[" * 100_000, "\xff", '{"format": 0}'])
    def test_a_strange_manifest(self, sealed, other, tmp_path, text):
        content = {**members(sealed), "manifest.json": text.encode("latin-1")}
        refused(other, packed(tmp_path / "x.zip", content, resealed=False), "manifest|format")

    def test_a_newer_format(self, sealed, other, tmp_path):
        content = {**members(sealed), "manifest.json": b'{"format": 5, "something": "new"}'}
        error = refused(other, packed(tmp_path / "x.zip", content, resealed=False), "a newer Tastebench wrote it")
        assert error.next_step == "Upgrade Tastebench."

    @pytest.mark.parametrize("name", ["items.jsonl", "vectors.npy", "workspace.json", "profiles.jsonl"])
    def test_a_missing_member(self, sealed, other, tmp_path, name):
        content = members(sealed)
        del content[name]
        refused(other, packed(tmp_path / "x.zip", content), "lacks members")

    @pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "C:\\evil", "items.jsonl/../x", "extra.txt"])
    def test_a_member_too_many(self, sealed, other, tmp_path, name):
        refused(other, packed(tmp_path / "x.zip", {**members(sealed), name: b"x"}), "holds others")
        assert not (tmp_path / "evil").exists()

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_a_doubled_member(self, sealed, other, tmp_path):
        path = packed(tmp_path / "x.zip", members(sealed))
        with zipfile.ZipFile(path, "a") as opened:
            opened.writestr("items.jsonl", b"")
        refused(other, path, "something twice")

    def test_a_wrong_hash(self, sealed, other, tmp_path):
        content = members(sealed)
        content["items.jsonl"] = content["items.jsonl"].replace(b"Klute", b"Glute")
        refused(other, packed(tmp_path / "x.zip", content, resealed=False), "items.jsonl in it was changed or damaged")

    def test_a_bomb(self, sealed, other, tmp_path, monkeypatch):
        bomb = {**members(sealed), "rejections.jsonl": b" " * 5_000_000}
        path = packed(tmp_path / "x.zip", bomb)
        limits = {"ratio_from_bytes": 1_000_000}, {"total_bytes": 4_000_000}, {"line_bytes": 1_000_000}
        for limit, saying in zip(limits, ("unpacks to 5,000,000", "are allowed", "too long"), strict=True):
            monkeypatch.setattr(archive_in.reading.__wrapped__, "__defaults__", (LIMITS._replace(**limit),))
            refused(other, path, saying)

    def test_more_than_the_disk_has_room_for(self, sealed, other, monkeypatch):
        usage = type("Usage", (), {"free": 1000})
        monkeypatch.setattr(archive_in.shutil, "disk_usage", lambda _: usage)
        assert refused(other, sealed, "the disk has 1,000 left").next_step == "Free some disk space."

    @pytest.mark.parametrize(
        ("name", "number", "values", "saying"),
        [
            ("items.jsonl", 1, {"item": {"item_id": ""}}, "line 2 of items.jsonl"),
            ("items.jsonl", 0, {"unknown": 1}, "line 1 of items.jsonl"),
            ("items.jsonl", 0, {"vector": "zz"}, "line 1 of items.jsonl"),
            ("items.jsonl", 0, {"vector": None}, "more rows than"),
            ("items.jsonl", 0, {"import_number": 77}, "no import with the number 77"),
            ("items.jsonl", 1, {"item": {"item_id": "klute"}}, "named twice"),
            ("items.jsonl", 1, {"item": {"item_id": "stranger"}}, "'stranger' is named and isn't there"),
            ("item_ids.jsonl", 0, {"item_id": "a\u0000b"}, "line 1 of item_ids.jsonl"),
            ("item_versions.jsonl", 0, {"existed": True}, "line 1 of item_versions.jsonl"),
            ("item_versions.jsonl", 0, {"item_id": "stranger"}, "'stranger' is named"),
            ("personas.jsonl", 0, {"persona": {"name": "X", "persona_id": ""}}, "has no id"),
            ("personas.jsonl", 2, {"states_something": True}, "fewer rows than"),
            ("interactions.jsonl", 0, {"persona_id": "stranger"}, "persona 'stranger' is named"),
            ("interactions.jsonl", 0, {"interaction": {"target": "klute", "action": "like"}}, "has no time"),
            ("interactions.jsonl", 0, {"interaction": {"target": "klute", "action": "like", "weight": 7}}, "line 1"),
            ("interactions.jsonl", 0, {"recorded_at": "9999-01-01T00:00:00Z"}, "line 1 of interactions.jsonl"),
            ("interactions.jsonl", 0, {"digest": "00"}, "line 1 of interactions.jsonl"),
            ("profiles.jsonl", 0, {"is_default": True}, "more than one scoring profile is the default"),
            ("profiles.jsonl", 0, {"version": 2}, "named twice"),
            ("profiles.jsonl", 0, {"profile": {"weights": {"similarity": 0}}}, "line 1 of profiles.jsonl"),
            ("imports.jsonl", 1, {"number": 1}, "two imports with the number 1"),
            ("imports.jsonl", 0, {"report": {}}, "line 1 of imports.jsonl"),
            ("rejections.jsonl", 0, {"import_number": 9}, "no import with the number 9"),
            ("impressions.jsonl", 0, {"persona_id": "stranger"}, "persona 'stranger' is named"),
            ("workspace.json", 0, {"settings": {"actions": {}}}, "line 1 of workspace.json"),
            ("workspace.json", 0, {"encoder": "other"}, "name different models"),
            ("workspace.json", 0, {"name": ""}, "line 1 of workspace.json"),
        ],
    )
    def test_a_bad_row(self, sealed, other, tmp_path, name, number, values, saying):
        content = members(sealed)
        content[name] = changed_line(content[name], number, **values)
        refused(other, packed(tmp_path / "x.zip", content), saying)

    @pytest.mark.parametrize("line", [b"\xff\xfe", b"[" * 100_000, b"[]", b"{", b"NaN", b'"' + b"x" * 10_000])
    def test_a_line_that_is_no_row(self, sealed, other, tmp_path, line):
        content = members(sealed)
        content["items.jsonl"] = line + b"\n"
        refused(other, packed(tmp_path / "x.zip", content), "line 1 of items.jsonl")

    @pytest.mark.parametrize("number", ["1e400", "NaN", "Infinity", "-1e999"])
    def test_numbers_that_are_not_finite(self, sealed, other, tmp_path, number):
        content = members(sealed)
        content["items.jsonl"] = content["items.jsonl"].replace(b'"year":1971', f'"year":{number}'.encode())
        refused(other, packed(tmp_path / "x.zip", content), "line 1 of items.jsonl")

    @pytest.mark.parametrize(
        "matrix",
        [
            np.zeros((5, 32), np.float32),
            np.full((5, 32), np.nan, np.float32),
            np.full((5, 32), np.inf, np.float32),
            np.full((5, 32), 3e38, np.float32),
            np.eye(5, 31, dtype=np.float32),
            np.eye(4, 32, dtype=np.float32),
            np.eye(6, 32, dtype=np.float32),
            np.eye(5, 32, dtype=np.float64),
            np.asfortranarray(np.eye(5, 32, dtype=np.float32)),
            np.eye(5, 32, dtype=np.float32)[0],
            np.array([{"a": 1}], dtype=object),
        ],
        ids=["zeros", "nan", "inf", "huge", "narrow", "short", "long", "double", "fortran", "flat", "objects"],
    )
    def test_bad_vectors(self, sealed, other, tmp_path, matrix):
        np.save(tmp_path / "vectors.npy", matrix)
        content = {**members(sealed), "vectors.npy": (tmp_path / "vectors.npy").read_bytes()}
        refused(other, packed(tmp_path / "x.zip", content), "vectors.npy")

    @pytest.mark.parametrize(
        "data", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff{", b"\x93NUMPY\x09\x00aa", b"x" * 99]
    )
    def test_no_matrix_at_all(self, sealed, other, tmp_path, data):
        refused(other, packed(tmp_path / "x.zip", {**members(sealed), "vectors.npy": data}), "vectors.npy")

    def test_a_killed_restore_leaves_nothing(self, sealed, tmp_path):
        code = f"""
            import os
            from tastebench import Workbench
            from tastebench.stores.archive_writing import Writing
            from tests.doubles import HashingEncoder
            Writing.add_profiles = lambda *_: os._exit(9)
            Workbench.open({str(tmp_path / "third")!r}, encoder=HashingEncoder()).restore({str(sealed)!r})
        """
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, capture_output=True)
        assert done.returncode == 9
        with Workbench.open(tmp_path / "third", encoder=HashingEncoder()) as bench:
            assert bench.workspace_names() == []
            assert bench.restore(sealed).summary().items == 5


def test_the_archive_is_nobody_elses_to_read_but_the_owners(archive):
    assert os.name != "posix" or archive.stat().st_mode & 0o077 == 0
