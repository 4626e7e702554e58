"""Another embedding model than the one a workspace was embedded with: never mixed, and a way out."""

from dataclasses import replace

import pytest

from tastebench import Item, Persona, Workbench
from tastebench.domain.errors import EncoderMismatch
from tests.doubles import HashingEncoder


@pytest.fixture
def folder(tmp_path, films):
    films.add_persona(Persona("Maya", "Night buses.", persona_id="maya"))
    films._parts.close()
    return tmp_path / "data"


@pytest.fixture
def other(folder):
    with Workbench.open(folder, encoder=HashingEncoder(16, "other")) as bench:
        yield bench


def test_a_new_text_waits_and_the_error_says_how_to_go_on(other):
    films = other.workspace("films")
    with pytest.raises(EncoderMismatch, match="embedded with hashing, but other is set") as raised:
        films.save_item(Item("new", "A new one"))
    assert "rebuild --embed" in raised.value.next_step
    assert films.summary().pending_texts == 1


def test_an_import_keeps_its_rows_and_notes_it(other, tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("id,title\nx,Ex\n", encoding="utf-8")
    report = other.workspace("films").import_items(path)
    assert (report.added, report.embedded) == (1, 0)
    assert "embedded with hashing" in report.notes[-1]


def test_a_persona_is_stored_all_the_same(other):
    assert other.workspace("films").add_persona(Persona("Joon", "Physics.")) == "joon"


def test_a_persona_is_saved_without_reading_the_catalogue(films, encoder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("tastebench.services.catalogue.embed_item", lambda *_: None)
        films.save_item(Item("new", "A new one"))
    before = encoder.encoded
    films.add_persona(Persona("Joon", "Physics.", persona_id="joon"))
    assert encoder.encoded == before + 1
    assert films.taste("joon").items
    assert films.summary().pending_texts == 1


def test_an_item_is_saved_without_reading_what_else_waits(films, encoder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("tastebench.services.catalogue.embed_item", lambda *_: None)
        films.save_item(Item("waits", "It waits"))
    before = encoder.encoded
    films.save_item(Item("another", "Another"))
    assert (encoder.encoded, films.summary().pending_texts) == (before + 1, 1)
    films.save_item(replace(films.item("another"), available=False))
    assert encoder.encoded == before + 1, "its text is the same"
    films.embed_pending()
    assert films.summary().pending_texts == 0


def test_home_tells_of_it(other):
    part = next(part for part in other.health() if part.part == "encoder")
    assert part.state == "warning"
    assert "embedded with hashing" in part.detail


def test_other_workspaces_are_embedded_all_the_same(other, monkeypatch):
    with pytest.raises(EncoderMismatch):
        other.workspace("films").save_item(Item("new", "A new one"))
    with monkeypatch.context() as patch:
        patch.setattr("tastebench.services.catalogue.embed_item", lambda *_: None)
        other.workspace("later", create=True).save_item(Item("a", "One"))
    assert other.resume() == 1
    assert other.workspace("later").summary().pending_texts == 0
    assert other.workspace("films").summary().pending_texts == 1


def test_embedding_anew_settles_it(other):
    assert other.rebuild("films", embed=True) == {"films": 4}
    films = other.workspace("films")
    assert films.summary().pending_texts == 0
    assert len(films.recommend("maya").items) == 4
    assert next(part for part in other.health() if part.part == "encoder").state == "well"
