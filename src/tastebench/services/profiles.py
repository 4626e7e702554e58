"""Use cases of scoring profiles: save, fork, roll back, choose the default."""

from tastebench.domain.profile import ScoringProfile
from tastebench.services.uses import Uses
from tastebench.signals import resolved
from tastebench.stores import profiles
from tastebench.stores.profiles import ProfileRow


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

    def set_default_profile(self, name: str, version: int) -> None:
        """Make one version the workspace's default. Raises `NotFound`."""
        with self._parts.database.write() as connection:
            profiles.set_default(connection, self._key, name, version)

    def delete_profile(self, name: str) -> None:
        """Delete all versions of a profile; a workspace whose default it was goes back to the design's."""
        with self._parts.database.write() as connection:
            profiles.delete(connection, self._key, name)
