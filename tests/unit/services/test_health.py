"""Health: what each part says of itself, well or not, and that asking costs little."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tastebench import Item, Persona, Workbench
from tastebench.domain.chat import LanguageModelSettings, ModelInfo, ServerStatus
from tastebench.domain.errors import EncoderUnavailable, IndexUnavailable
from tastebench.domain.model_state import ModelState
from tastebench.models.encoder import SentenceTransformerEncoder
from tastebench.services import health
from tastebench.services.bootstrap import language_model_of
from tastebench.services.doctor import diagnosed
from tastebench.services.health import disk_health, encoder_health, ollama_health
from tastebench.services.language_model import LanguageModel
from tastebench.services.model_preferences import ModelPreferences
from tastebench.services.settings import Settings
from tastebench.services.views import PartHealth
from tests.doubles import HashingEncoder, ScriptedChat

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _no_ollama(monkeypatch):
    monkeypatch.setenv("TASTEBENCH_OLLAMA_URL", NOWHERE)


def part(parts: list[PartHealth], name: str) -> PartHealth:
    return next(found for found in parts if found.part == name)


def diagnosis(folder: Path, encoder: object = None) -> dict[str, PartHealth]:
    return {found.part: found for found in diagnosed(Settings.read(data=folder), encoder or HashingEncoder())}


class Broken(HashingEncoder):
    def encode(self, texts):
        raise EncoderUnavailable("The embedding model failed: no weights.", "Install it anew.")


class TestHealth:
    def test_every_part_in_order(self, bench):
        assert [(found.part, found.state) for found in bench.health()] == [
            ("SQL", "well"), ("index", "well"), ("encoder", "well"), ("Ollama", "off"), ("disk", "well"),
        ]  # fmt: skip

    def test_sql_says_what_and_where_it_is(self, bench, tmp_path):
        detail = part(bench.health(), "SQL").detail
        assert detail.startswith("SQLite, ")
        assert str(tmp_path / "data" / "tastebench.sqlite") in detail
        assert "schema 00" in detail

    def test_asking_neither_opens_the_index_nor_takes_long(self, films, bench):
        bench.health()
        started = time.perf_counter()
        found = part(bench.health(), "index")
        assert time.perf_counter() - started < 1.0
        assert "opens on first use" in found.detail
        assert not (bench.settings.data / "index" / "chroma.sqlite3").exists()

    def test_an_open_index_is_compared_with_sql(self, films, bench):
        films.recommend(_maya(films))
        assert part(bench.health(), "index").detail == "Chroma, 4 vectors, as many as SQL has."
        held = bench._parts.held[films._key]
        held.index().delete(held.index().keys()[:1])
        found = part(bench.health(), "index")
        assert found.state == "warning"
        assert found.detail == "The index of 'films' holds 3 vectors, SQL 4."
        assert "tastebench rebuild" in found.next_step
        bench.rebuild("films")
        assert part(bench.health(), "index").state == "well"

    def test_thorough_opens_it(self, films, bench):
        assert part(bench.health(thorough=True), "index").detail == "Chroma, 4 vectors, as many as SQL has."

    def test_an_index_that_could_not_be_opened_is_down(self, films, bench, monkeypatch):
        held = bench._parts.held_for(films._key)
        monkeypatch.setattr(held, "_mended", lambda: _raise(IndexUnavailable("The index is torn.", "Rebuild it.")))
        assert films.recommend(_maya(films)).items
        found = part(bench.health(), "index")
        assert (found.state, found.detail, found.next_step) == ("down", "The index is torn.", "Rebuild it.")
        monkeypatch.undo()
        bench.rebuild("films")
        assert part(bench.health(), "index").state == "well"

    def test_an_index_that_is_busy_is_not_waited_for(self, films, bench):
        held = bench._parts.held_for(films._key)
        done, locked = threading.Event(), threading.Event()

        def filling() -> None:
            with held._lock:
                locked.set()
                done.wait(10)

        thread = threading.Thread(target=filling)
        thread.start()
        locked.wait(10)
        try:
            assert held.index_state(0.01).state == "busy"
            assert health._summed_up([("films", held.index_state(0.01))]).detail == "Chroma, being filled."
        finally:
            done.set()
            thread.join()

    def test_for_reading_only(self, films, bench):
        folder = bench.settings.data
        bench.close()
        with Workbench.open(folder, encoder=HashingEncoder(), read_only=True) as reading:
            found = part(reading.health(), "index")
        assert found.state == "off"

    def test_texts_that_wait(self, films, bench, monkeypatch):
        monkeypatch.setattr("tastebench.services.catalogue.embed_item", lambda *_: None)
        films.save_item(Item("a", "One"))
        assert part(bench.health(), "encoder").detail == "1 text waits to be embedded by hashing."
        films.save_item(Item("b", "Two"))
        found = part(bench.health(), "encoder")
        assert (found.state, found.detail) == ("warning", "2 texts wait to be embedded by hashing.")
        assert found.next_step

    def test_sql_that_fails_takes_nobody_with_it(self, films, bench, monkeypatch):
        def broken() -> None:
            raise OperationalError("SELECT", {}, sqlite3.DatabaseError("database disk image is malformed"))

        monkeypatch.setattr(bench._parts.database._reader, "begin", broken)
        parts = bench.health()
        found = part(parts, "SQL")
        assert found.state == "down"
        assert "malformed" in found.detail
        assert "damaged" in found.next_step
        assert [one.part for one in parts] == ["SQL", "index", "encoder", "Ollama", "disk"]

    def test_workspaces_without_anything(self, bench):
        bench.workspace("a", create=True)
        bench.workspace("b", create=True)
        assert part(bench.health(), "index").state == "well"


class TestEncoder:
    def test_the_bundled_one_is_there_and_the_one_it_should_be(self):
        assert encoder_health(SentenceTransformerEncoder(), [], 0).state == "well"

    def test_a_folder_that_is_not_there(self, tmp_path):
        found = encoder_health(SentenceTransformerEncoder(tmp_path / "nowhere"), [], 0)
        assert found.state == "down"
        assert "there is no such folder" in found.detail
        assert found.next_step


class TestOllama:
    def row(self, tmp_path, status: ServerStatus, **settings: str) -> PartHealth:
        chat = ScriptedChat(lambda _: "")
        chat.status = lambda fresh=False: status
        model = LanguageModel(chat, ModelPreferences(tmp_path / "settings.json", NOWHERE))
        model.save(LanguageModelSettings(**settings))
        return ollama_health(model)

    def test_where_it_answers(self, tmp_path):
        held = (ModelInfo("big:8b", size_bytes=5), ModelInfo("tiny:1b", size_bytes=1))
        found = self.row(tmp_path, ServerStatus(ModelState.OK, NOWHERE, "0.30.0", held))
        assert found.state == "well"
        assert found.detail == "Ollama 0.30.0 with 2 models at http://127.0.0.1:9; tiny:1b is asked."

    def test_where_nothing_listens(self, tmp_path):
        found = ollama_health(language_model_of(Settings.read(data=tmp_path)))
        assert found.state == "off"
        assert (
            found.detail
            == f"Ollama isn't running at {NOWHERE}. Lists are ranked without a language model, which is fine."
        )
        assert found.next_step == "Start it with `ollama serve`."

    def test_without_a_model_a_small_one_is_named(self, tmp_path):
        found = self.row(tmp_path, ServerStatus(ModelState.NO_MODELS, NOWHERE, "0.30.0"))
        assert (found.state, found.next_step) == ("off", "Pull it with `ollama pull llama3.2:3b`, or on Home.")

    def test_a_settled_model_that_is_gone_needs_attention(self, tmp_path):
        held = (ModelInfo("tiny:1b", size_bytes=1),)
        found = self.row(tmp_path, ServerStatus(ModelState.OK, NOWHERE, "0.30.0", held), model="gone:7b")
        assert (found.state, found.next_step) == ("warning", "Pull it with `ollama pull gone:7b`, or on Home.")
        assert found.detail.startswith("Ollama doesn't have gone:7b.")

    @pytest.mark.parametrize("state", [ModelState.BAD_ADDRESS, ModelState.NOT_OLLAMA, ModelState.TOO_OLD])
    def test_what_nobody_means_needs_attention(self, tmp_path, state):
        found = self.row(tmp_path, ServerStatus(state, NOWHERE))
        assert found.state == "warning"
        assert found.next_step


class TestDisk:
    def test_a_folder_that_is_not_there_yet(self, tmp_path):
        assert disk_health(tmp_path / "a" / "b").state == "well"

    def test_little_room(self, tmp_path, monkeypatch):
        monkeypatch.setattr(health.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 400_000_000}))
        found = disk_health(tmp_path)
        assert found.state == "warning"
        assert found.detail.startswith("400.0 MB left")


class TestDoctor:
    def test_where_nothing_is_yet(self, tmp_path):
        found = diagnosis(tmp_path / "data")
        assert {name: one.state for name, one in found.items()} == {
            "folder": "off", "SQL": "off", "index": "off", "encoder": "well", "Ollama": "off", "disk": "well",
        }  # fmt: skip
        assert "tastebench demo" in found["SQL"].next_step
        assert not (tmp_path / "data").exists()

    def test_where_all_is_well(self, films, bench):
        films.recommend(_maya(films))
        bench.close()
        found = diagnosis(bench.settings.data)
        assert found["folder"].state == "well"
        assert "nobody has it open" in found["folder"].detail
        assert found["SQL"].state == "well"
        assert found["index"].detail == "Chroma; it opens, and holds what SQL holds."
        assert found["encoder"].detail.startswith("hashing, 32 numbers, ")

    def test_an_index_that_lags_behind_is_no_fault(self, films, bench):
        films.recommend(_maya(films))
        held = bench._parts.held[films._key]
        held.index().delete(held.index().keys()[:1])
        bench.close()
        assert diagnosis(bench.settings.data)["index"].detail.endswith("1 vectors follow on first use.")

    def test_while_the_app_runs(self, films, bench):
        films.recommend(_maya(films))
        found = diagnosis(bench.settings.data)
        assert found["folder"].state == "well"
        assert "already open" in found["folder"].detail
        assert found["SQL"].state == "well"
        assert "looks after it" in found["index"].detail
        films.save_item(Item("after", "The app goes on"))
        assert films.similar("after", 1)

    def test_a_damaged_database(self, films, bench):
        bench.close()
        file = bench.settings.data / "tastebench.sqlite"
        data = bytearray(file.read_bytes())
        data[20_000:60_000] = b"\x17" * 40_000
        file.write_bytes(bytes(data))
        found = diagnosis(bench.settings.data)
        assert found["SQL"].state == "down"
        assert found["SQL"].next_step
        assert found["encoder"].state in {"well", "warning"}

    @pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\0" * 50])
    def test_a_file_that_is_no_database(self, tmp_path, content):
        (tmp_path / "tastebench.sqlite").write_bytes(content)
        found = diagnosis(tmp_path)
        assert found["SQL"].state == "down"
        assert found["index"].state == "off"

    def test_a_database_of_a_newer_version(self, films, bench):
        bench.close()
        with sqlite3.connect(bench.settings.data / "tastebench.sqlite") as connection:
            connection.execute("UPDATE tastebench_schema SET version_num = '9999'")
        connection.close()
        found = diagnosis(bench.settings.data)["SQL"]
        assert "newer Tastebench" in found.detail
        assert "Upgrade" in found.next_step

    def test_a_folder_that_is_a_file(self, tmp_path):
        (tmp_path / "data").write_text("oops", encoding="utf-8")
        found = diagnosis(tmp_path / "data")["folder"]
        assert (found.state, found.next_step[:18]) == ("down", "Choose another one")

    def test_an_index_beyond_use(self, films, bench):
        films.recommend(_maya(films))
        bench.close()
        (bench.settings.data / "index" / "chroma.sqlite3").write_bytes(b"torn" * 1000)
        found = diagnosis(bench.settings.data)["index"]
        assert found.state == "down"
        assert "tastebench rebuild" in found.next_step

    def test_an_encoder_that_fails(self, tmp_path):
        found = diagnosis(tmp_path, Broken())["encoder"]
        assert (found.state, found.next_step) == ("down", "Install it anew.")

    def test_another_encoder(self, films, bench):
        bench.close()
        found = diagnosis(bench.settings.data, HashingEncoder(16, "other"))["encoder"]
        assert found.state == "warning"
        assert "rebuild --embed" in found.next_step

    def test_a_postgresql_that_is_not_there(self, tmp_path):
        settings = Settings.read(data=tmp_path, database_url="postgresql://127.0.0.1:9/nowhere")
        found = next(one for one in diagnosed(settings, HashingEncoder()) if one.part == "SQL")
        assert found.state == "down"
        assert found.next_step

    def test_a_chroma_server_that_is_not_there(self, films, bench):
        bench.close()
        settings = Settings.read(data=bench.settings.data, chroma_url="http://127.0.0.1:9")
        found = next(one for one in diagnosed(settings, HashingEncoder()) if one.part == "index")
        assert found.state == "down"


def _maya(workspace):
    return workspace.add_persona(Persona("Maya", interests={"genres": ["crime"]}))


def _raise(error):
    raise error
