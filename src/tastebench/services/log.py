"""Use cases of the log: record, look, take out, put back, settle actions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import ValidationError

from tastebench.domain.errors import InvalidInput
from tastebench.domain.feedback import ABOUT_ITEMS
from tastebench.domain.interaction import Interaction, TargetKind
from tastebench.domain.persona import Origin
from tastebench.domain.workspace import WorkspaceSettings
from tastebench.services.uses import Uses, one_of
from tastebench.services.views import LogPage
from tastebench.stores import interactions, items, log_filter, personas, workspaces
from tastebench.stores.database import Connection
from tastebench.stores.interactions import EventRow


class Log(Uses):
    """What can be done with a workspace's interactions."""

    def add_interactions(
        self, persona_id: str, events: Sequence[Interaction], *, replacing: Sequence[str] = ()
    ) -> list[int]:
        """Record what a persona did and return the rows' keys, for `delete_interactions`.

        What the persona did before with the items of `replacing` is taken out.

        Raises
        ------
        NotFound
            Where the persona, or the item an event names, does not exist.
        InvalidInput
            Where an action is not one of the workspace's.
        """
        now = datetime.now(UTC)
        with self._parts.database.write() as connection:
            key = one_of(personas.keys_of(connection, self._key, [persona_id]), persona_id, "persona")
            self._check_events(connection, events)
            earlier = log_filter.keys_of(connection, self._key, key, replacing)
            interactions.delete(connection, self._key, earlier)
            rewrites = self._row(connection).log_rewrites
            rows = [EventRow(key, event if event.at else replace(event, at=now)) for event in events]
            keys = interactions.append(connection, self._key, rows).keys
        if earlier:
            self._held.log_changes.note(rewrites, earlier)
        return keys

    def interactions(
        self,
        persona_id: str | None = None,
        action: str | None = None,
        target_kind: TargetKind | None = None,
        origin: Origin | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        search: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> LogPage:
        """Return a page of the log, newest first. `search` looks in the target's id and title."""
        with self._parts.database.read() as connection:
            key = None
            if persona_id is not None:
                key = one_of(personas.keys_of(connection, self._key, [persona_id]), persona_id, "persona")
            rows, total = interactions.page(
                connection, self._key, persona_key=key, action=action, target_kind=target_kind, origin=origin,
                since=since, until=until, search=search, limit=limit, offset=offset,
            )  # fmt: skip
        return LogPage(tuple(rows), total)

    def delete_interactions(self, keys: Sequence[int]) -> int:
        """Take rows out of the log and return how many; `restore_interactions` puts them back."""
        return self._rewritten(interactions.delete, keys)

    def restore_interactions(self, keys: Sequence[int]) -> int:
        """Put deleted rows back and return how many."""
        return self._rewritten(interactions.restore, keys)

    def save_actions(self, actions: Mapping[str, float]) -> None:
        """Settle the workspace's actions and their signed weights.

        Raises
        ------
        InvalidInput
            Where none is positive, or one that the log uses is missing.
        """
        with self._parts.database.write() as connection:
            settings = self._row(connection).settings
            missing = interactions.actions_used(connection, self._key) - set(actions)
            if missing:
                raise InvalidInput(f"The log uses the action {min(missing)!r}.", "Keep it; a weight of 0 mutes it.")
            try:
                changed = WorkspaceSettings.model_validate({**settings.model_dump(), "actions": dict(actions)})
            except ValidationError as error:
                reason = error.errors()[0]["msg"].removeprefix("Value error, ")
                raise InvalidInput(f"The actions cannot be saved: {reason}.", "Correct them.") from error
            workspaces.save_settings(connection, self._key, changed)

    def _rewritten(self, work: Callable[[Connection, int, Sequence[int]], int], keys: Sequence[int]) -> int:
        with self._parts.database.write() as connection:
            count = work(connection, self._key, keys)
            rewrites = self._row(connection).log_rewrites
        if count:
            self._held.log_changes.note(rewrites, keys)
        return count

    def _check_events(self, connection: Connection, events: Sequence[Interaction]) -> None:
        known = self._row(connection).settings.actions
        unknown = next((event.action for event in events if event.action not in known), None)
        if unknown is not None:
            raise InvalidInput(f"There is no action {unknown!r} in this workspace.", f"Known: {', '.join(known)}.")
        wanted = list({event.target for event in events if event.target_kind in ABOUT_ITEMS})
        found = items.fetch(connection, self._key, wanted)
        for target in wanted:
            one_of(dict.fromkeys(found, 0), target, "item")
