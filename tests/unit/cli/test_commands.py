"""Every command: what it prints, what it does, how it fails."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest

from tastebench import ScoringProfile, Workbench
from tastebench.services.profile_files import as_json, as_toml
from tests.doubles import HashingEncoder, ScriptedChat, grading


class TestImport:
    def test_items(self, run, items):
        result = run("import", "items", items, "--workspace", "films")
        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            "items.csv: 4 rows read; 3 added, 0 changed, 0 unchanged, 1 left out.",
            "New: 3 items. Texts embedded: 3.",
            "  left out: row 4, column id: The id is missing.",
        ]
        assert "Embedding texts: 3 of 3" in result.stderr

    def test_the_same_file_again(self, loaded, items):
        result = loaded("import", "items", items, "-w", "films")
        assert "0 added, 0 changed, 3 unchanged, 1 left out" in result.stdout
        assert "New: nothing" in result.stdout

    def test_mapping(self, run, items):
        assert (
            run("import", "items", items, "-w", "films", "--map", "title=id", "--map", "item_id=title").exit_code == 0
        )
        assert run("export", "films", items.with_name("films.zip")).exit_code == 0
        with zipfile.ZipFile(items.with_name("films.zip")) as archive:
            assert b'"item_id":"Klute","title":"klute"' in archive.read("items.jsonl")

    def test_one_facet_of_a_mapping(self, run, items, folder):
        run("import", "items", items, "-w", "films", "--map", "facets.kinds=genres")
        with Workbench.open(folder, encoder=HashingEncoder()) as bench:
            assert bench.workspace("films").tags()["kinds"] == {"crime": 2, "family": 1, "mystery": 1}

    @pytest.mark.parametrize("text", ["foo", "=id", " =id"])
    def test_a_mapping_that_is_none_is_a_usage_error(self, run, items, text):
        result = run("import", "items", items, "-w", "films", "--map", text)
        assert result.exit_code == 2
        assert "field=column" in result.stderr

    def test_a_column_that_is_not_there(self, run, items):
        result = run("import", "items", items, "-w", "films", "--map", "title=titel")
        assert result.exit_code == 1
        assert result.stderr == "There is no column 'titel' for title. Did you mean 'title'?\n"

    def test_a_failed_import_leaves_no_empty_workspace(self, run, items):
        run("import", "items", items.with_name("nowhere.csv"), "-w", "films")
        assert "no workspace yet" in run("workspaces").stdout

    def test_a_failed_import_leaves_a_workspace_that_was_there(self, loaded, items):
        assert loaded("import", "items", items.with_name("nowhere.csv"), "-w", "films").exit_code == 1
        assert loaded("workspaces").stdout == "films: 3 items, 2 personas, 2 interactions\n"

    @pytest.mark.parametrize("typed", ["caf\u00e9  noir ", "cafe\u0301 noir"])
    def test_nor_does_one_whose_name_is_typed_in_another_way_lose_a_workspace(self, run, folder, items, typed):
        with Workbench.open(folder, encoder=HashingEncoder()) as bench:
            bench.workspace("caf\u00e9 noir", create=True).save_profile(ScoringProfile())
        assert run("import", "items", items.with_name("nowhere.csv"), "-w", typed).exit_code == 1
        assert run("workspaces").stdout == "caf\u00e9 noir: 0 items, 0 personas, 0 interactions\n"

    def test_a_binary_file(self, run, tmp_path):
        (tmp_path / "x.csv").write_bytes(bytes(range(256)) * 10)
        result = run("import", "items", tmp_path / "x.csv", "-w", "films")
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)

    def test_personas(self, run, tmp_path):
        (tmp_path / "people.csv").write_text("name,description\nMaya,Nights\n", encoding="utf-8")
        assert "New: 1 personas" in run("import", "personas", tmp_path / "people.csv", "-w", "x").stdout

    def test_invoices(self, run, project):
        lines = run("import", "invoices", project / "sample_data/shop/invoices.csv", "-w", "shop").stdout.splitlines()
        assert lines[0].startswith("invoices.csv: 3,004 rows read")
        assert lines[-1].endswith(": 29 taken out, 2,604 left")

    def test_a_cleaning_step_left_out(self, run, project):
        path = project / "sample_data/shop/invoices.csv"
        assert "There is no cleaning step 'x'" in run("import", "invoices", path, "-w", "a", "--skip-step", "x").stderr

    def test_many_rejections_are_counted(self, run, tmp_path):
        (tmp_path / "x.csv").write_text("id,title\n" + ",x\n" * 30 + "a,A\n", encoding="utf-8")
        result = run("import", "items", tmp_path / "x.csv", "-w", "films")
        assert result.stdout.count("left out: row") == 10
        assert "… and 20 more" in result.stdout

    def test_every_row_left_out_is_written_where_it_is_asked_for(self, run, tmp_path):
        path, out = tmp_path / "bad.csv", tmp_path / "left out.csv"
        path.write_text("id,title\n" + ",=Nameless\n" * 12 + "a,One\n", encoding="utf-8")
        result = run("import", "items", path, "-w", "shop", "--rejections", out)
        assert f"All 12 rows left out, each with its reason, are in {out}." in result.stdout
        rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
        assert [(row["file"], row["row"], row["column"]) for row in rows[:2]] == [
            ("bad.csv", "2", "id"),
            ("bad.csv", "3", "id"),
        ]
        assert len(rows) == 12
        refused = run("import", "items", path, "-w", "shop", "--rejections", tmp_path)
        assert (refused.exit_code, "could not be written to" in refused.stderr) == (1, True)


class TestAsk:
    def test_the_answer_says_where_each_stands_by_the_question_alone(self, loaded):
        result = loaded("ask", "maya", "heat", "--method", "bm25", "--now", "2026-02-03")
        assert (result.exit_code, result.stderr) == (0, "")
        first, legend, *_ = result.stdout.splitlines()
        assert re.match(r"   1     \(1\)  \+\d\.\d{3}  Heat  \(.+\)$", first)
        assert legend == "In brackets: the place by the question alone."

    def test_the_record_holds_both_orders(self, loaded):
        record = json.loads(loaded("ask", "maya", "crime", "--strength", "0.2", "--limit", "1", "--json").stdout)
        assert record["request"]["query"]["strength"] == 0.2
        assert len(record["plain"]["items"]) == len(record["decision"]["items"]) == 1

    def test_what_cannot_be_asked_is_told(self, loaded):
        assert "The question is empty. Write what is looked for" in loaded("ask", "maya", " ").stderr
        assert (
            "There is no method 'guess'. Choose one of hybrid" in loaded("ask", "maya", "x", "--method", "guess").stderr
        )
        assert loaded("ask", "maya", "x", "--strength", "2").exit_code == 2


class TestRecommend:
    def test_by_id(self, loaded):
        result = loaded("recommend", "maya")
        assert result.exit_code == 0
        first = result.stdout.splitlines()[0]
        assert first.startswith("   1  +0.")
        assert "Heat" in first

    def test_by_name(self, loaded, tmp_path):
        (tmp_path / "p.csv").write_text("id,name\np1,Maya Okafor\np2,Zoe\np3,zoe\n", encoding="utf-8")
        loaded("import", "personas", tmp_path / "p.csv", "-w", "films")
        assert loaded("recommend", "maya OKAFOR").exit_code == 0
        result = loaded("recommend", "Zoe")
        assert (result.exit_code, result.stderr) == (1, "Several personas are called 'Zoe'. Give one's id: p2, p3.\n")

    def test_the_record(self, loaded, folder):
        record = json.loads(loaded("recommend", "maya", "--json", "--limit", "1", "--now", "2026-02-03").stdout)
        assert record["request"]["now"] == "2026-02-03T00:00:00+00:00"
        assert len(record["decision"]["items"]) == 1
        with Workbench.open(folder, encoder=HashingEncoder()) as bench:
            request = bench.workspace("films").request("maya", limit=1, now=_day(3))
            films = bench.workspace("films")
            items = films.rank(films.gather(request), request).decision()["items"]
        assert json.loads(json.dumps(items)) == record["decision"]["items"]

    def test_judged_by_the_language_model(self, loaded, monkeypatch):
        chat = ScriptedChat(grading({"Totoro": 10, "Heat": 0}, "Two films."))
        monkeypatch.setattr("tastebench.models.ollama_chat.OllamaChat", lambda *_: chat)
        result = loaded("recommend", "maya", "--rerank", "--instruction", "for children")
        lines = result.stdout.splitlines()
        assert "              model, unverified: 10 of 10: It fits 10 of 10." in lines
        assert lines[-1] == "tiny:1b graded the top of the list. It moved 0 of 2; Kendall's τ 1.00."
        assert "for children" in chat.asked[0].user
        assert result.stderr == "Asking the language model; Ctrl+C stops it.\n"

    def test_without_a_language_model_the_list_stands(self, loaded):
        plain, result = loaded("recommend", "maya"), loaded("recommend", "maya", "--rerank")
        assert result.exit_code == 0
        assert result.stdout.startswith(plain.stdout)
        assert "Ranked without the language model. Start it with `ollama serve`." in result.stdout

    def test_old_data_says_what_now_is(self, run, items, tmp_path):
        (tmp_path / "old.csv").write_text("user,item,action,time\nmaya,klute,like,2011-02-01\n", encoding="utf-8")
        run("import", "items", items, "-w", "films")
        run("import", "interactions", tmp_path / "old.csv", "-w", "films")
        assert "2011" in run("recommend", "maya").stdout.splitlines()[-1]

    @pytest.mark.parametrize(("name", "write"), [("p.json", as_json), ("p.toml", as_toml)])
    def test_with_a_profile(self, loaded, tmp_path, name, write):
        path = tmp_path / name
        path.write_text(write(ScoringProfile(name="Popular", weights={"popularity": 1})), encoding="utf-8")
        record = json.loads(loaded("recommend", "maya", "--json", "--profile", path).stdout)
        assert record["request"]["profile"]["name"] == "Popular"
        assert all("popularity" in item["contributions"] for item in record["decision"]["items"])

    @pytest.mark.parametrize("content", ["[]", "{", '{"weights": {"similarity": 0}}', '{"weights": {"nonsense": 1}}'])
    def test_with_a_profile_that_is_none(self, loaded, tmp_path, content):
        path = tmp_path / "p.json"
        path.write_text(content, encoding="utf-8")
        result = loaded("recommend", "maya", "--profile", path)
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)

    def test_with_a_profile_that_is_not_there(self, loaded, tmp_path):
        result = loaded("recommend", "maya", "--profile", tmp_path / "nowhere.json")
        assert result.exit_code == 1
        assert "nowhere.json cannot be read" in result.stderr

    def test_somebody_unknown(self, loaded):
        result = loaded("recommend", "nobody")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "There is no persona 'nobody'. There are, among others: ada, maya.\n"

    def test_several_workspaces(self, loaded, items):
        loaded("import", "items", items, "-w", "more")
        assert "Name one with --workspace: films, more." in loaded("recommend", "maya").stderr
        assert loaded("recommend", "maya", "-w", "films").exit_code == 0
        assert "no workspace 'none'" in loaded("recommend", "maya", "-w", "none").stderr

    def test_in_an_empty_folder(self, run):
        result = run("recommend", "maya")
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)

    @pytest.mark.parametrize("limit", ["0", "many", "1001"])
    def test_a_limit_that_is_none(self, loaded, limit):
        assert loaded("recommend", "maya", "--limit", limit).exit_code == 2

    def test_while_the_app_runs(self, loaded, folder):
        with Workbench.open(folder, encoder=HashingEncoder()):
            assert loaded("recommend", "maya").exit_code == 0
            assert loaded("workspaces").exit_code == 0
            assert loaded("doctor").exit_code == 0
            assert loaded("export", "films", folder / "x.zip").exit_code == 0


class TestDemo:
    def test_films_by_default(self, run):
        result = run("demo")
        assert result.stdout == "The workspace 'films' holds 470 items, 208 personas and 8,461 interactions.\n"
        assert "Embedding texts: 470 of 470" in result.stderr

    def test_the_shop_under_another_name(self, run):
        assert run("demo", "shop", "--name", "mine").stdout.startswith("The workspace 'mine' holds 324 items")

    def test_only_where_there_is_nothing(self, loaded):
        result = loaded("demo", "--if-empty")
        assert (result.exit_code, result.output) == (0, "")
        assert loaded("workspaces").stdout.count("\n") == 1

    def test_only_where_there_is_nothing_and_there_is_nothing(self, run):
        assert run("demo", "shop", "--if-empty").exit_code == 0
        assert "shop: 324 items" in run("workspaces").stdout

    def test_one_there_is_none_of(self, run):
        assert run("demo", "music").exit_code == 2

    def test_while_the_app_runs(self, loaded, folder):
        with Workbench.open(folder, encoder=HashingEncoder()):
            result = loaded("demo")
            assert result.exit_code == 1
            assert "already open in this process" in result.stderr
            assert loaded("demo", "--if-empty").exit_code == 0


class TestRebuild:
    def test_all(self, loaded):
        result = loaded("rebuild")
        assert (result.exit_code, result.stdout) == (0, "films: 3 vectors in the index.\n")

    def test_one(self, loaded, items):
        loaded("import", "items", items, "-w", "more")
        assert loaded("rebuild", "-w", "more").stdout == "more: 3 vectors in the index.\n"

    def test_embedding_anew(self, loaded):
        result = loaded("rebuild", "--embed")
        assert "Embedding texts: 3 of 3" in result.stderr
        assert result.stdout == "films: 3 vectors in the index.\n"

    def test_one_there_is_none_of(self, loaded):
        for extra in ([], ["--embed"]):
            result = loaded("rebuild", "--workspace", "none", *extra)
            assert result.exit_code == 1
            assert "films" in result.stderr

    def test_nothing_at_all(self, run):
        assert run("rebuild").stdout == "There is no workspace yet.\n"


class TestArchives:
    def test_there_and_back(self, loaded, tmp_path):
        path = tmp_path / "films.zip"
        assert loaded("export", "films", path).stdout.startswith(f"films is in {path} (")
        result = loaded("restore", path, "--name", "copy")
        assert result.stdout == "The workspace 'copy' holds 3 items, 2 personas and 2 interactions.\n"
        lists = [loaded("recommend", "maya", "-w", name, "--now", "2026-02-03").stdout for name in ("films", "copy")]
        assert lists[0] == lists[1]

    def test_into_another_folder(self, loaded, tmp_path):
        loaded("export", "films", tmp_path / "films.zip")
        assert loaded("--data", tmp_path / "other", "restore", tmp_path / "films.zip").exit_code == 0
        assert loaded("workspaces", f"--data={tmp_path / 'other'}").stdout.startswith("films: 3 items")

    def test_a_file_that_is_there(self, loaded, tmp_path):
        path = tmp_path / "films.zip"
        path.write_text("precious", encoding="utf-8")
        result = loaded("export", "films", path)
        assert (result.exit_code, path.read_text(encoding="utf-8")) == (1, "precious")
        assert loaded("export", "films", path, "--force").exit_code == 0

    def test_a_taken_name(self, loaded, tmp_path):
        loaded("export", "films", tmp_path / "films.zip")
        assert "already is a workspace 'films'" in loaded("restore", tmp_path / "films.zip").stderr

    def test_no_archive(self, loaded, items):
        result = loaded("restore", items)
        assert result.exit_code == 1
        assert "items.csv cannot be restored" in result.stderr


class TestDoctor:
    def test_where_all_is_well(self, loaded):
        result = loaded("doctor")
        assert result.exit_code == 0
        assert [line.split()[1] for line in result.stdout.splitlines() if not line.startswith(" ")] == [
            "folder:", "SQL:", "index:", "encoder:", "Ollama:", "disk:",
        ]  # fmt: skip

    def test_where_nothing_is_yet(self, run, folder):
        assert run("doctor").exit_code == 0
        assert not folder.exists()

    def test_where_the_database_is_broken(self, loaded, folder):
        for name in ("", "-wal", "-shm"):
            (folder / f"tastebench.sqlite{name}").unlink(missing_ok=True)
        (folder / "tastebench.sqlite").write_bytes(b"nonsense" * 1000)
        result = loaded("doctor")
        assert result.exit_code == 1
        assert "DOWN     SQL:" in result.stdout
        assert "encoder" in result.stdout


class TestWorkspaces:
    def test_in_figures(self, loaded):
        assert loaded("workspaces").stdout == "films: 3 items, 2 personas, 2 interactions\n"

    def test_texts_that_wait(self, run, items, monkeypatch):
        monkeypatch.setattr("tastebench.services.import_run.embed_pending", lambda *_: 0)
        run("import", "items", items, "-w", "films")
        assert run("workspaces").stdout.endswith("3 texts wait to be embedded\n")
        monkeypatch.undo()


class TestRefusals:
    @pytest.mark.parametrize("arguments", [["nonsense"], ["recommend"], ["import"], ["export", "x"], ["--nonsense"]])
    def test_usage_errors(self, run, arguments):
        assert run(*arguments).exit_code == 2

    def test_a_setting_that_cannot_be_used(self, run, monkeypatch):
        monkeypatch.setenv("TASTEBENCH_ENCODER_THREADS", "many")
        for command in ("workspaces", "doctor", "demo"):
            result = run(command)
            assert result.exit_code == 1
            assert "TASTEBENCH_ENCODER_THREADS" in result.stderr

    def test_a_disk_that_refuses(self, run, monkeypatch):
        monkeypatch.setattr(Workbench, "open", lambda *_a, **_k: _raise(OSError(28, "No space left on device")))
        result = run("workspaces")
        assert (result.exit_code, "No space left on device" in result.stderr) == (1, True)

    def test_a_stop(self, run, monkeypatch):
        monkeypatch.setattr(Workbench, "open", lambda *_a, **_k: _raise(KeyboardInterrupt()))
        result = run("workspaces")
        assert (result.exit_code, result.stderr.startswith("Stopped.")) == (130, True)


def _day(number):
    return datetime(2026, 2, number, tzinfo=UTC)


def _raise(error):
    raise error


class TestRecompute:
    def test_it_tells_what_was_learned_and_that_it_agrees(self, loaded):
        result = loaded("recompute")
        assert result.exit_code == 0
        told = "films: 3 preferences of 2 personas, 0 of them established, from 2 interactions in "
        assert result.stdout.startswith(told)
        assert "Lists went by the same." in result.stdout

    def test_of_one_workspace(self, loaded):
        assert loaded("recompute", "-w", "films").stdout.startswith("films: ")
        assert "There is no workspace 'x'" in loaded("recompute", "-w", "x").stderr

    def test_where_there_is_none(self, run):
        assert run("recompute").stdout == "There is no workspace yet.\n"


class TestMembers:
    def test_adding_removing_and_listing(self, loaded):
        assert loaded("members", "films").stdout.startswith("Nobody is named")
        result = loaded("members", "films", "--add", "Bo@Example.org", "--add", "ana@example.org")
        assert (result.exit_code, result.stdout.split()) == (0, ["ana@example.org", "bo@example.org"])
        assert loaded("members", "films", "--remove", "ana@example.org").stdout.split() == ["bo@example.org"]

    def test_the_last_one_goes_only_on_purpose(self, loaded):
        loaded("members", "films", "--add", "bo@example.org")
        refused = loaded("members", "films", "--remove", "bo@example.org")
        assert refused.exit_code == 1
        assert "is the last member" in refused.stderr
        assert loaded("members", "films").stdout.split() == ["bo@example.org"]
        assert "Nobody is named" in loaded("members", "films", "--remove", "bo@example.org", "--last").stdout

    def test_what_is_no_address_is_refused(self, loaded):
        result = loaded("members", "films", "--add", "bo")
        assert result.exit_code == 1
        assert "'bo' is no e-mail address" in result.stderr
