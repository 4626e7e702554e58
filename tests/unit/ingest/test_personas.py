import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tastebench.domain.persona import Persona
from tastebench.domain.reports import Rejection
from tastebench.ingest import open_rows, parse_personas

MAYA: dict[str, object] = {
    "persona_id": "maya",
    "name": "Maya",
    "description": "Watches at night.",
    "interests": {"genres": ["noir", "crime"]},
    "properties": {"age": 34, "city": "Lyon", "member": True},
    "face": "👩🏽‍🚀",
    "skill_level": "advanced",
    "communication_style": "technical",
    "origin": "authored",
    "created_at": "2024-01-31T12:00:00+00:00",
}
EXPECTED = Persona(
    "Maya",
    "Watches at night.",
    {"genres": ("noir", "crime")},
    {"age": 34, "city": "Lyon", "member": True},
    "👩🏽‍🚀",
    "advanced",
    "technical",
    "authored",
    "maya",
    datetime(2024, 1, 31, 12, tzinfo=UTC),
)


def parsed(folder: Path, name: str, content: str) -> list[Persona | Rejection]:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    with open_rows(path) as source:
        return list(parse_personas(source))


@pytest.mark.parametrize(("name", "content"), [("p.jsonl", json.dumps(MAYA)), ("p.json", json.dumps([MAYA], indent=2))])
def test_json_gives_every_field(name: str, content: str, tmp_path: Path) -> None:
    assert parsed(tmp_path, name, content) == [EXPECTED]


def test_a_table_gives_the_same(tmp_path: Path) -> None:
    content = (
        "persona_id,name,description,interests.genres,age,city,member,face,skill_level,communication_style,origin,created_at\n"
        "maya,Maya,Watches at night.,noir|crime,34,Lyon,true,👩🏽‍🚀,Advanced,technical,authored,2024-01-31 12:00\n"
    )
    assert parsed(tmp_path, "p.csv", content) == [EXPECTED]


def test_objects_may_be_written_as_text(tmp_path: Path) -> None:
    content = 'name,interests,properties\nAda,"{""genres"": ""noir, crime""}","{""age"": 7}"\n'
    assert parsed(tmp_path, "p.csv", content) == [
        Persona("Ada", interests={"genres": ("noir", "crime")}, properties={"age": 7}, origin="imported")
    ]


def test_plain_interests_are_a_facet_of_that_name(tmp_path: Path) -> None:
    (ada,) = parsed(tmp_path, "p.csv", "name,interests\nAda,noir|crime\n")
    assert isinstance(ada, Persona)
    assert ada.interests == {"interests": ("noir", "crime")}


def test_the_id_stands_in_for_a_name_and_imported_is_the_default(tmp_path: Path) -> None:
    assert parsed(tmp_path, "p.csv", "user_id,city\n17,Lyon\n") == [
        Persona("17", properties={"city": "Lyon"}, origin="imported", persona_id="17")
    ]


def test_bad_rows_are_rejected_and_the_others_kept(tmp_path: Path) -> None:
    rows = [
        {"name": "Ada", "persona_id": "a"},
        {"name": "Bo", "persona_id": "a"},
        {"name": "", "persona_id": ""},
        {"name": "Cy", "persona_id": "c", "interests": {"genres": [["nested"]]}},
        {"name": "Di", "persona_id": "d", "interests": ["noir"]},
        {"name": "Ed", "persona_id": "e", "properties": {"age": {"years": 7}}},
        {"name": "Fu", "persona_id": "f", "skill_level": "wizard"},
        {"name": "Gil", "persona_id": "g", "face": "a very long face"},
        {"name": "Hal"},
        {"name": "Hal"},
    ]
    results = parsed(tmp_path, "p.jsonl", "\n".join(map(json.dumps, rows)))
    rejected = [(one.row, one.column) for one in results if isinstance(one, Rejection)]
    assert rejected == [
        (2, "persona_id"),
        (3, "name"),
        (4, "interests"),
        (5, "interests"),
        (6, "properties"),
        (7, "skill_level"),
        (8, "face"),
    ]
    assert [one.name for one in results if isinstance(one, Persona)] == ["Ada", "Hal", "Hal"]
