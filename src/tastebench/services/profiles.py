"""Use cases of scoring profiles: save, fork, roll back, choose the default."""

from tastebench.domain.profile import ScoringProfile
from tastebench.services.uses import Uses
from tastebench.signals import resolved
from tastebench.stores import profiles
from tastebench.stores.profiles import ProfileRow, Removed


class Profiles(Uses):
    """What can be done with a workspace's scoring profiles."""

    def profiles(self) -> list[ProfileRow]:
        """Return every version of every profile, by name, newest version first."""
        with self._parts.database.read() as connection:
            return profiles.all_versions(connection, self._key)

    def profile(self, name: str | None = None, version: int | None = None) -> ScoringProfile:
        """Return a profile with all weights written out: its newest version unless another is asked for.

        Without a name: the workspace's default, or the design's where none was chosen. Raises `NotFound`.
        """
        with self._parts.database.read() as connection:
            if name is not None:
                return resolved(profiles.fetch(connection, self._key, name, version))
            chosen = profiles.default(connection, self._key)
        return resolved(chosen[0] if chosen else ScoringProfile())

    def save_profile(self, profile: ScoringProfile, note: str = "") -> int:
        """Save as the newest version under the profile's name and return its number. Raises `InvalidProfile`."""
        complete = resolved(profile)
        with self._parts.database.write() as connection:
            return profiles.save(connection, self._key, complete, note)

    def default_profile(self) -> ProfileRow | None:
        """Return which version is the workspace's default; None where none was chosen and the design's is."""
        return next((row for row in self.profiles() if row.is_default), None)

    def set_default_profile(self, name: str | None, version: int | None = None) -> None:
        """Make a version, the newest unless one is named, the workspace's default. Raises `NotFound`.

        With None in place of a name no version is chosen any more: the design's profile is the default.
        """
        with self._parts.database.write() as connection:
            profiles.set_default(connection, self._key, name, version)

    def delete_profile(self, name: str) -> Removed:
        """Delete all versions of a profile and return what `restore_profile` takes. Raises `NotFound`.

        A workspace whose default it was goes back to the design's.
        """
        with self._parts.database.write() as connection:
            return profiles.delete(connection, self._key, name)

    def restore_profile(self, removed: Removed) -> None:
        """Bring a deleted profile back with all its versions, notes and dates; as the default if it was and none is.

        Raises
        ------
        AlreadyExists
            Where the name was given to another profile meanwhile.
        """
        with self._parts.database.write() as connection:
            profiles.put_back(connection, self._key, removed)
