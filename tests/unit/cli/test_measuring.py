"""`tastebench evaluate` and `tastebench tune`: the table, the report, what is kept, how they fail."""

import json
from pathlib import Path

import numpy as np
import pytest

from tastebench import ScoringProfile, Workbench
from tastebench.services.profile_files import as_json
from tastebench.signals import REGISTRY
from tests.doubles import HashingEncoder
from tests.ollama_double.server import OllamaDouble
from tests.unit.cli.conftest import Run

SPLIT = ("--split", "share", "--share", "0.3", "-k", "3")


@pytest.fixture
def shelf(run: Run, tmp_path: Path) -> Run:
    """Twenty items of two kinds; each of six personas likes seven of one kind, one a day."""
    items = tmp_path / "items.csv"
    items.write_text(
        "id,title,genres\n" + "".join(f"i{n:02d},Title {n},{['noir', 'western'][n % 2]}\n" for n in range(20)),
        encoding="utf-8",
    )
    events = tmp_path / "events.csv"
    liked = {p: np.random.default_rng(p).permutation(np.arange(p % 2, 20, 2))[:7] for p in range(6)}
    events.write_text(
        "user,item,action,time\n"
        + "".join(f"p{p},i{n:02d},like,2024-03-{day + 1:02d}\n" for p in liked for day, n in enumerate(liked[p])),
        encoding="utf-8",
    )
    assert run("import", "items", items, "-w", "shelf").exit_code == 0
    assert run("import", "interactions", events, "-w", "shelf").exit_code == 0
    return run


def kept(folder: Path) -> list[str]:
    with Workbench.open(folder, encoder=HashingEncoder()) as bench:
        return [head.kind for head in bench.workspace("shelf").evaluations()]


class TestEvaluate:
    def test_a_table_best_first(self, shelf, folder):
        result = shelf("evaluate", *SPLIT)
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert lines[0] == "Top 3 of each persona's last 30 %, new items, 6 personas"
        assert lines[1].split() == ["ndcg@3", "against", "For", "You", "(default)", "coverage"]
        rows = [line for line in lines[2:] if "[" in line]
        means = [float(line.split(" [")[0].split()[-1]) for line in rows]
        assert means == sorted(means, reverse=True)
        assert len(rows) == 1 + len(REGISTRY) + 5 + 6
        assert "Replaying For You (default)" in result.stderr
        assert kept(folder) == ["evaluation"]

    def test_the_report(self, shelf):
        report = json.loads(shelf("evaluate", *SPLIT, "--json").stdout)
        assert report["settings"]["split"]["kind"] == "share"
        assert (report["personas"], report["reference"]) == (6, "default")
        ndcg = report["metrics"]["ndcg"]
        assert ndcg["default"]["difference"] == {"mean": 0.0, "low": 0.0, "high": 0.0}
        assert {name for name in ndcg if name.startswith("signal:")} == {f"signal:{name}" for name in REGISTRY}
        assert ndcg["baseline:ease"]["mean"]["low"] <= ndcg["baseline:ease"]["mean"]["mean"]
        assert {one["by"] for one in report["slices"]} == {"history", "origin", "category"}
        assert report["methods"][0]["profile"]["name"] == "For You"

    def test_files_of_one_name_are_told_apart(self, shelf, tmp_path):
        files = []
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            files.append(tmp_path / name / "p.json")
            files[-1].write_text(as_json(ScoringProfile(name=name, weights={"popularity": 1})), encoding="utf-8")
        report = json.loads(
            shelf("evaluate", *(part for file in files for part in ("--profile", file)), "--json").stdout
        )
        assert [one["label"] for one in report["methods"][1:3]] == [str(file) for file in files]

    def test_other_profiles_from_files_and_saved_ones(self, shelf, tmp_path, folder):
        bold = ScoringProfile(name="Bold", weights={"popularity": 1})
        (tmp_path / "bold.json").write_text(as_json(bold), encoding="utf-8")
        with Workbench.open(folder, encoder=HashingEncoder()) as bench:
            bench.workspace("shelf").save_profile(bold.model_copy(update={"name": "Shy"}))
        arguments = ("--profile", tmp_path / "bold.json", "--saved", "Shy", "--saved", "Shy:1", "--json")
        methods = json.loads(shelf("evaluate", *SPLIT, *arguments).stdout)["methods"]
        assert [one["label"] for one in methods[:4]] == ["For You (default)", "bold.json", "Shy", "Shy:1"]
        assert methods[1]["profile"]["weights"] == methods[3]["profile"]["weights"]

    def test_without_keeping_it_needs_no_lock(self, shelf, folder):
        with Workbench.open(folder, encoder=HashingEncoder()):
            assert shelf("evaluate", *SPLIT).exit_code == 1
            assert shelf("evaluate", *SPLIT, "--no-keep").exit_code == 0
        assert kept(folder) == []

    def test_a_clock(self, shelf):
        result = shelf("evaluate", "--split", "clock", "--from", "2024-03-06", "--metric", "recall")
        assert result.stdout.splitlines()[0].startswith("Top 10 of what happened from 06 March 2024 on, new items")
        assert "recall@10" in result.stdout

    def test_what_cannot_be_asked(self, shelf):
        assert "Add --split clock" in shelf("evaluate", "--from", "2024-03-06").stderr
        assert "no profile 'Nope'" in shelf("evaluate", "--saved", "Nope").stderr
        assert shelf("evaluate", "--split", "luck").exit_code == 2
        nobody = shelf("evaluate", "--split", "clock", "--from", "2030-01-01")
        assert (nobody.exit_code, nobody.stderr.splitlines()[-1][:10]) == (1, "Nobody has")


class TestWithTheLanguageModel:
    def test_its_lift_stands_below_the_table(self, shelf, monkeypatch):
        with OllamaDouble(mind="even") as ollama:
            monkeypatch.setenv("TASTEBENCH_OLLAMA_URL", ollama.url)
            lines = shelf("evaluate", *SPLIT, "--rerank", "--sample", 5).stdout.splitlines()
            assert sum("format" in body for body in ollama.chats) == 5  # loading the model is a call without
        assert lines[0].endswith("5 personas")
        head = next(place for place, line in enumerate(lines) if line.startswith("With the language model (qwen3:4b"))
        assert "influence 0.20, the first 10): 5 of 5 lists ranked by it, 0." in lines[head]
        assert lines[head + 1].split() == ["lists", "without", "with", "lift"]
        assert [line.split("  ")[0] for line in lines[head + 2 : head + 4]] == ["all", "1 to 5 likes"]
        assert lines[head + 2].split()[1] == "5"
        assert lines[head + 4].startswith("Whatever a model says, at this influence the lift lies between ")
        assert "qwen3:4b" in lines[head + 5]

    def test_the_report(self, shelf, monkeypatch):
        with OllamaDouble(mind="even") as ollama:
            monkeypatch.setenv("TASTEBENCH_OLLAMA_URL", ollama.url)
            report = json.loads(shelf("evaluate", *SPLIT, "--rerank", "--json", "--no-keep").stdout)["language_model"]
        assert (report["model"], report["lists"], report["answered"]) == ("qwen3:4b", 6, 6)
        assert report["unanswered"] == {}
        ndcg = report["metrics"]["ndcg"]
        assert ndcg["least"] <= ndcg["lift"]["mean"] <= ndcg["most"]
        assert ndcg["judged"]["mean"] - ndcg["without"]["mean"] == pytest.approx(ndcg["lift"]["mean"])
        assert {one["by"] for one in report["slices"]} == {"history", "origin", "category"}

    def test_without_a_server_it_is_counted_and_said(self, shelf):
        lines = shelf("evaluate", *SPLIT, "--rerank", "--sample", 4).stdout.splitlines()
        assert any("(none, influence 0.20, the first 10): 0 of 4 lists ranked by it" in line for line in lines)
        said = next(line for line in lines if line.startswith("3 of 4 lists stand as they were"))
        assert "Ollama isn't running at http://127.0.0.1:9." in said
        assert any("nothing is known of its worth" in line for line in lines)

    def test_unasked_for_nothing_is_said_of_it(self, shelf):
        assert "language model" not in shelf("evaluate", *SPLIT).stdout
        assert json.loads(shelf("evaluate", *SPLIT, "--json").stdout)["language_model"] is None


class TestTune:
    def test_what_was_found_and_what_remains(self, shelf, folder):
        result = shelf("tune", *SPLIT, "--vectors", "64", "--signals", "similarity,popularity")
        assert result.exit_code == 0
        assert "Found by the search" in result.stdout
        weights = next(line for line in result.stdout.splitlines() if line.startswith("Weights found: "))
        assert {part.split()[0] for part in weights.removeprefix("Weights found: ").split(", ")} <= {
            "similarity",
            "popularity",
        }
        assert "64 weight vectors in" in result.stdout
        assert kept(folder) == ["search"]

    def test_the_report_and_settings_to_try(self, shelf):
        arguments = ("--vectors", 64, "--try", "taste.half_life_days=1,30", "--try", "scale=standardised", "--json")
        report = json.loads(shelf("tune", *SPLIT, *arguments, "--no-keep").stdout)
        assert report["search"]["axes"] == {"taste.half_life_days": [1.0, 30.0], "scale": ["standardised"]}
        assert report["effort"]["vectors"] == 4 * 64
        assert report["candidates"][0]["objective"] >= report["before"]
        assert report["gain"]["low"] <= report["gain"]["mean"] <= report["gain"]["high"]
        assert report["holds"] == (report["gain"]["low"] > 0)
        assert report["found"]["weights"] == report["candidates"][0]["profile"]["weights"]

    def test_adopting(self, shelf, folder):
        result = shelf("tune", *SPLIT, "--vectors", "64", "--adopt", "Found", "--default", "--no-keep")
        assert result.stdout.splitlines()[-1] == "Saved as 'Found', version 1, the default now."
        with Workbench.open(folder, encoder=HashingEncoder()) as bench:
            (row,) = bench.workspace("shelf").profiles()
        assert (row.name, row.is_default) == ("Found", True)
        assert "likes the search never saw" in row.note

    def test_nothing_to_adopt(self, shelf):
        arguments = ("--vectors", "64", "--most-popularity-bias", "-1", "--adopt", "Found")
        result = shelf("tune", *SPLIT, *arguments)
        assert result.stdout.splitlines()[-1] == "Nothing was saved."
        assert "Loosen them" in result.stdout

    @pytest.mark.parametrize("written", ["half_life", "=3", "taste.half_life_days="])
    def test_a_setting_that_is_none_is_a_usage_error(self, shelf, written):
        assert shelf("tune", *SPLIT, "--try", written).exit_code == 2

    def test_a_seed_too_large_and_a_default_without_a_name_are_refused(self, shelf):
        assert shelf("evaluate", *SPLIT, "--seed", 2**32).exit_code == 2
        result = shelf("tune", *SPLIT, "--default")
        assert (result.exit_code, "--default goes with --adopt" in result.stderr) == (1, True)

    def test_what_cannot_be_searched(self, shelf):
        assert "no signal 'luck'" in shelf("tune", *SPLIT, "--signals", "luck").stderr
        assert "taste.mood" in shelf("tune", *SPLIT, "--vectors", 64, "--try", "taste.mood=1").stderr
