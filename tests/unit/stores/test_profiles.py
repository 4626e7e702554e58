"""Profiles and impressions: versions, the default, what was shown."""

from datetime import UTC, datetime

import pytest

from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tastebench.domain.persona import Persona
from tastebench.domain.profile import ScoringProfile
from tastebench.stores import impressions, personas, profiles
from tastebench.stores.database import Database
from tastebench.stores.impressions import Impression

AT = datetime(2024, 5, 1, tzinfo=UTC)
FIRST = ScoringProfile(weights={"similarity": 1})
SECOND = ScoringProfile(weights={"similarity": 2, "popularity": 1})


class TestProfiles:
    def test_versions_count_up_by_name(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            assert profiles.save(connection, workspace, FIRST, "calm") == 1
            assert profiles.save(connection, workspace, SECOND) == 2
            assert profiles.save(connection, workspace, FIRST, "back") == 3
            assert profiles.save(connection, workspace, FIRST.model_copy(update={"name": "a b"})) == 1
            assert profiles.fetch(connection, workspace, "For You") == FIRST
            assert profiles.fetch(connection, workspace, "For You", 2) == SECOND
            listed = [(row.name, row.version, row.note) for row in profiles.all_versions(connection, workspace)]
        assert listed == [("a b", 1, ""), ("For You", 3, "back"), ("For You", 2, ""), ("For You", 1, "calm")]

    def test_saving_the_newest_again_makes_no_version(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            assert [profiles.save(connection, workspace, FIRST, "calm") for _ in range(2)] == [1, 1]
            assert profiles.save(connection, workspace, FIRST) == 1
            assert profiles.save(connection, workspace, FIRST, "other note") == 2

    def test_a_name_is_cleaned_and_never_empty(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            profiles.save(connection, workspace, FIRST.model_copy(update={"name": " a\x00b "}))
            assert profiles.fetch(connection, workspace, "ab").name == "ab"
            with pytest.raises(InvalidInput, match="name is empty"):
                profiles.save(connection, workspace, FIRST.model_copy(update={"name": "\x00"}))

    def test_one_version_is_the_default(self, database: Database, workspace: int, other: int) -> None:
        with database.write() as connection:
            assert profiles.default(connection, workspace) is None
            profiles.save(connection, workspace, FIRST)
            profiles.save(connection, workspace, SECOND)
            profiles.set_default(connection, workspace, "For You")
            assert profiles.default(connection, workspace) == (SECOND, 2)
            profiles.set_default(connection, workspace, "For You", 1)
            assert profiles.default(connection, workspace) == (FIRST, 1)
            assert [row.is_default for row in profiles.all_versions(connection, workspace)] == [False, True]
            assert profiles.default(connection, other) is None

    def test_deleting_takes_every_version_and_the_default(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            profiles.save(connection, workspace, FIRST)
            profiles.save(connection, workspace, SECOND)
            profiles.set_default(connection, workspace, "For You", 1)
            before = profiles.all_versions(connection, workspace)
            removed = profiles.delete(connection, workspace, "For You")
            assert profiles.default(connection, workspace) is None
            assert profiles.all_versions(connection, workspace) == []
            profiles.put_back(connection, workspace, removed)
            assert profiles.all_versions(connection, workspace) == before
            assert profiles.default(connection, workspace) == (FIRST, 1)

    def test_what_is_put_back_takes_no_place_that_was_given_away(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            profiles.save(connection, workspace, FIRST)
            profiles.set_default(connection, workspace, "For You")
            removed = profiles.delete(connection, workspace, "For You")
            profiles.save(connection, workspace, SECOND.model_copy(update={"name": "Mine"}))
            profiles.set_default(connection, workspace, "Mine")
            profiles.put_back(connection, workspace, removed)
            assert [row.name for row in profiles.all_versions(connection, workspace) if row.is_default] == ["Mine"]
            with pytest.raises(AlreadyExists, match="a profile 'For You' again"):
                profiles.put_back(connection, workspace, removed)

    def test_no_version_need_be_the_default(self, database: Database, workspace: int) -> None:
        with database.write() as connection:
            profiles.save(connection, workspace, FIRST)
            profiles.set_default(connection, workspace, "For You")
            profiles.set_default(connection, workspace, None)
            assert profiles.default(connection, workspace) is None

    def test_an_unknown_profile_or_version_is_named(self, database: Database, workspace: int, other: int) -> None:
        with database.write() as connection:
            profiles.save(connection, workspace, FIRST)
            with pytest.raises(NotFound, match="profile 'Mine'"):
                profiles.fetch(connection, workspace, "Mine")
            with pytest.raises(NotFound, match="version 9 of the profile 'For You'"):
                profiles.set_default(connection, workspace, "For You", 9)
            with pytest.raises(NotFound, match="profile 'For You'"):
                profiles.delete(connection, other, "For You")


class TestImpressions:
    def test_what_was_shown_comes_back(self, database: Database, workspace: int, other: int) -> None:
        request = {"limit": 10, "filters": {"text": "été"}}
        with database.write() as connection:
            key = personas.add(connection, workspace, Persona("Maya")).key
            shown = impressions.add(connection, workspace, key, AT, request, ["b", "a"], "0123")
            again = impressions.add(connection, workspace, key, AT, request, ["b", "a"], "0123")
            assert shown != again
            assert impressions.fetch(connection, workspace, shown) == Impression(
                shown, "maya", AT, request, ("b", "a"), "0123"
            )
            with pytest.raises(NotFound, match=shown):
                impressions.fetch(connection, other, shown)
            with pytest.raises(NotFound, match=f"key {key} "):
                impressions.add(connection, other, key, AT, request, [], "0123")
