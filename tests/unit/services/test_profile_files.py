"""Profiles as files: what goes out comes back, and hostile files give a sentence."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastebench import Persona, Workspace
from tastebench.domain.errors import InvalidInput, InvalidProfile
from tastebench.domain.profile import ScoringProfile, TasteSettings
from tastebench.services.profile_files import as_json, as_python, as_toml, file_name, read_profile
from tastebench.signals import REGISTRY, resolved
from tests.doubles import HashingEncoder

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)
WEIGHTS = st.floats(min_value=1e-9, max_value=1000)


@st.composite
def profiles(draw: st.DrawFn) -> ScoringProfile:
    weights = {name: draw(WEIGHTS) for name in REGISTRY}
    facets = draw(st.dictionaries(NAMES, WEIGHTS, max_size=3))
    taste = TasteSettings(half_life_days=draw(st.floats(0.001, 3650)), action_weights={draw(NAMES): draw(WEIGHTS) / 10})
    return ScoringProfile(weights=weights, facet_weights=facets, taste=taste, hide_after=tuple(draw(st.lists(NAMES))))


@given(profiles())
def test_both_forms_give_back_the_very_document(profile: ScoringProfile) -> None:
    assert read_profile(as_json(profile).encode(), "p.json") == profile
    assert read_profile(as_toml(profile).encode(), "p.toml") == profile


@given(NAMES)
def test_toml_keeps_every_text(text: str) -> None:
    profile = resolved(ScoringProfile(hide_after=(text, '"\\\n\x7f\t')))
    assert tomllib.loads(as_toml(profile))["hide_after"] == [text, '"\\\n\x7f\t']


def test_weights_are_written_out() -> None:
    document = json.loads(as_json(ScoringProfile()))
    assert document["weights"] == {name: signal.default_weight for name, signal in REGISTRY.items()}
    assert tomllib.loads(as_toml(ScoringProfile())) == document


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "p.json", "p.json cannot be read as JSON."),
        (b"\xff\xfe\x00", "p.toml", "p.toml cannot be read as TOML."),
        (b"[" * 100_000, "p.json", "cannot be read as JSON"),
        (b'{"weights": {"similarity": ' + b"9" * 5000 + b"}}", "p.json", "cannot be read as JSON"),
        (b"[]", "p.json", "the profile:"),
        (b"{" + b" " * 200_000 + b"}", "p.json", "has 200,002 bytes"),
        (b'{"weights": {"similarity": NaN}}', "p.json", "weights.similarity"),
        (b'{"weights": {"similarity": -1}}', "p.json", "weights.similarity"),
        (b'{"weights": {"charm": 1}}', "p.json", "There is no signal 'charm'."),
        (b'{"weights": {"similarity": 0}}', "p.json", "all weights are zero"),
        (b"taste = 1979-05-27", "p.toml", "taste:"),
        (b'{"surprise": 1}', "p.json", "surprise"),
    ],
)
def test_a_hostile_file_gives_a_sentence(data: bytes, name: str, says: str) -> None:
    with pytest.raises(InvalidProfile) as caught:
        read_profile(data, name)
    assert says in str(caught.value)


def test_a_name_of_invisible_signs_is_refused() -> None:
    with pytest.raises(InvalidInput, match="name is empty"):
        read_profile('{"name": "\u202e\u200b"}'.encode(), "p.json")


def test_the_python_is_three_lines_that_compile() -> None:
    profile = ScoringProfile(name="It's mine")
    lines = as_python(profile, 'films "x"', "maya's")
    compile(lines, "lines", "exec")
    assert len(lines.splitlines()) == 3
    assert "open('it-s-mine.json'" in lines
    assert file_name(ScoringProfile(name="映画"), "json") == "profile.json"


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_python_gives_the_list_while_the_app_holds_the_folder(
    films: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile, maya = ScoringProfile(name="Mine", weights={"popularity": 1}), films.add_persona(Persona("Maya"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tastebench.services.bootstrap.encoder_of", lambda _: HashingEncoder())
    Path(file_name(profile, "json")).write_text(as_json(profile), encoding="utf-8")
    found: dict[str, Any] = {}
    exec(as_python(profile, films.name, maya, str(films.folder)), found)
    now = found["ranking"].request.now
    assert found["ranking"].items == films.recommend(maya, profile=profile, now=now).items
