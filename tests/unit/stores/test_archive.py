"""A workspace read into records and written from them: the same content, whatever the database."""

from datetime import UTC, datetime

import numpy as np
import pytest

from tastebench.domain.errors import AlreadyExists, InvalidInput
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.reports import ImportReport, Rejection
from tastebench.domain.statements import Statements
from tastebench.stores import (
    embeddings,
    evaluations,
    imports,
    impressions,
    interactions,
    items,
    personas,
    preference_edits,
    preference_snapshots,
    profiles,
    workspaces,
)
from tastebench.stores.archive_reading import Reading
from tastebench.stores.archive_writing import Writing
from tastebench.stores.evaluations import EvaluationHead
from tastebench.stores.interactions import EventRow

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORDS = (
    "imports", "rejections", "item_ids", "items", "item_versions", "personas", "persona_versions", "impressions",
    "interactions", "preference_edits", "preference_snapshots", "profiles", "evaluations",
)  # fmt: skip


def fill(connection, home):
    first = imports.start(connection, home, "items", "films.csv", {"item_id": "id"})
    items.upsert(connection, home, [Item("a", "Klute", facets={"genres": ("crime",)}), Item("b")], first)
    imports.add_rejections(connection, home, first, [Rejection(3, "id", "It is empty.")])
    imports.finish(connection, home, first, ImportReport(first, "items", "films.csv", NOON, rows=3, added=2))
    second = imports.start(connection, home, "personas", "people.csv", {})
    personas.upsert(connection, home, [Persona("Maya", "Nights.", persona_id="maya"), Persona("X", persona_id="x")])
    personas.upsert(connection, home, [Persona("Maya", "Days.", persona_id="maya")], second)
    key = personas.keys_of(connection, home, ["maya"])["maya"]
    seen = impressions.add(connection, home, key, NOON, {"limit": 1}, ["a"], "digest")
    like = Interaction("a", "like", NOON, 0.5, "imported", impression=seen)
    follow = Interaction("Pakula", "follow", NOON, target_kind="creator")
    missing = Interaction("gone", "view", NOON)
    rows = [EventRow(key, like, b"d" * 16, second), EventRow(key, follow), EventRow(key, missing)]
    interactions.append(connection, home, rows)
    preference_edits.add(connection, home, key, "pin", PreferenceName("taste", "genres", "noir"), 0.4, NOON)
    undone = preference_edits.add(connection, home, key, "forget", PreferenceName("taste", "genres", "noir"), 0.0, NOON)
    preference_edits.delete(connection, home, [undone])
    moment = np.array([1_700_000_000_000_000])
    left = Statements(np.array([key]), moment, ("snapshot",), (PreferenceName("taste", "genres", "noir"),),
                      np.array([0.3]), np.array([4]))  # fmt: skip
    preference_snapshots.replace(connection, home, left, np.ones(1, np.bool_))
    profiles.save(connection, home, ScoringProfile(name="Mine"))
    profiles.set_default(connection, home, "Mine")
    measured = EvaluationHead(0, "search", "Last like", NOON, ScoringProfile().canonical_json(), {"log": 3}, 7)
    evaluations.add(connection, home, measured, '{"k":10}', b"\x00\xff")
    workspaces.set_encoder(connection, home, "one", 2)
    pending = embeddings.without_vector(connection, home, 0, 1)
    embeddings.save_vectors(connection, home, [pending[0].key], np.array([[1, 0]], dtype=np.float32), [pending[0].hash])
    prior = np.array([0, 1], dtype=np.float32)
    embeddings.save_priors(connection, home, {key: (prior, b"p" * 16)})


def all_of(connection, home):
    reading = Reading(connection, home)
    lines = {name: [record.model_dump_json() for record in getattr(reading, name)()] for name in RECORDS}
    return lines, [(count, list(blobs)) for count, blobs in (reading.vectors(), reading.priors())]


def copy(connection, home, name="copy", keep_vectors=True):
    source = Reading(connection, home)
    writing = Writing(connection, source.workspace(), name, keep_vectors=keep_vectors)
    matrices = {
        "items": np.array([[1, 0]], dtype=np.float32),
        "personas": np.array([[0, 1]], dtype=np.float32),
    }
    for kind in RECORDS:
        record_type = None
        lines = []
        for record in getattr(source, kind)():
            record_type = type(record)
            lines.append(record_type.model_validate_json(record.model_dump_json()))
        add = getattr(writing, f"add_{kind}")
        add(lines, matrices[kind]) if kind in matrices else add(lines)
    writing.finish()
    return writing.key


def test_a_copy_has_the_same_content(database, workspace, other):
    with database.write() as connection:
        fill(connection, other)
        fill(connection, workspace)
        made = copy(connection, workspace)
        lines, matrices = all_of(connection, made)
        assert (lines, matrices) == all_of(connection, workspace)
        assert {name: len(rows) for name, rows in lines.items()} == {
            "imports": 2, "rejections": 1, "item_ids": 3, "items": 2, "item_versions": 2, "personas": 2,
            "persona_versions": 1, "impressions": 1, "interactions": 3, "preference_edits": 1,
            "preference_snapshots": 1, "profiles": 1, "evaluations": 1,
        }  # fmt: skip
        assert matrices == [(1, [b"\0\0\x80?\0\0\0\0"]), (1, [b"\0\0\0\0\0\0\x80?"])]
        assert Reading(connection, made).workspace().created_at == workspaces.by_key(connection, workspace).created_at


def test_without_vectors_all_texts_wait(database, workspace):
    with database.write() as connection:
        fill(connection, workspace)
        made = copy(connection, workspace, keep_vectors=False)
        assert embeddings.count_without_vector(connection, made) == 2
        assert len(embeddings.without_prior(connection, made, 10)) == 2
        assert workspaces.by_key(connection, made).encoder_name is None


def test_an_unfinished_import_stays_one(database, workspace):
    with database.write() as connection:
        imports.start(connection, workspace, "items", "films.csv", {})
        made = copy(connection, workspace)
        assert imports.unfinished(connection, made) == [imports.all_reports(connection, made)[0].import_id]


def test_a_taken_name(database, workspace):
    with database.write() as connection, pytest.raises(AlreadyExists):
        copy(connection, workspace, "films")


def test_records_that_name_what_is_not_there(database, workspace):
    with database.write() as connection:
        fill(connection, workspace)
        source = Reading(connection, workspace)
        writing = Writing(connection, source.workspace(), "copy", keep_vectors=True)
        with pytest.raises(InvalidInput, match="item id 'a' is named"):
            writing.add_item_versions(list(source.item_versions()))
        with pytest.raises(InvalidInput, match="persona 'maya' is named"):
            writing.add_interactions(list(source.interactions()))
        with pytest.raises(InvalidInput, match="no import with the number 1"):
            writing.add_rejections(list(source.rejections()))
