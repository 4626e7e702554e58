"""Use case of feedback: a thumb up or down on whatever was shown, recorded like every other interaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import get_args

from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.feedback import DISLIKE, LIKE, FeedbackKind
from tastebench.domain.interaction import Interaction
from tastebench.domain.preferences import PreferenceName
from tastebench.ranking.suggestion_kinds import KINDS
from tastebench.services.log import Log
from tastebench.stores import impressions


class Feedback(Log):
    """What can be said about what was shown."""

    def feedback(
        self,
        persona_id: str,
        kind: FeedbackKind,
        target: str,
        *,
        good: bool = True,
        at: datetime | None = None,
        impression: str | None = None,
    ) -> int:
        """Record a thumb up, or down, and return the row's key, for `delete_interactions`.

        It is a ``like`` or ``dislike`` with its target; of a creator the thumb up is a ``follow``. Only what is said of
        items and creators enters taste, counts and hiding. The other kinds teach a preference each.

        Parameters
        ----------
        kind : {"item", "creator", "list", "comment", "suggestion", "view"}
        target : str
            An item's id; a creator; of a list the impression's id, as `show` returns it; of a comment the id of
            the item it is about; of a suggestion its `target`; of a view what it was shown with, such as
            ``presentation:chart=waterfall``.
        at : datetime, optional
            Now when missing.
        impression : str, optional
            The list it answers; with it a comment teaches how long comments are wanted.

        Raises
        ------
        NotFound
            Where there is no such persona, item or list, or the list was another persona's.
        InvalidInput
            Where the target cannot be used, or the workspace has no such action.
        """
        if kind not in _CHECKS:
            raise InvalidInput(f"There is no feedback on {kind!r}.", f"Known: {', '.join(get_args(FeedbackKind))}.")
        _CHECKS[kind](target, good)
        shown = target if kind == "list" else impression
        if shown is not None:
            self._check_shown(persona_id, shown)
        action = "follow" if kind == "creator" else LIKE if good else DISLIKE
        given = Interaction(target, action, at=at, target_kind=kind, impression=shown)
        return self.add_interactions(persona_id, [given])[0]

    def _check_shown(self, persona_id: str, impression: str) -> None:
        with self._parts.database.read() as connection:
            shown = impressions.fetch(connection, self._key, impression)
        if shown.persona_id != persona_id:
            raise NotFound("That list was shown to another persona.", "Give the impression of a list of this one.")


def _check_creator(_target: str, good: bool) -> None:
    if not good:
        raise InvalidInput("A creator can be followed, not disliked.", "Dislike an item, or take the follow back.")


def _check_suggestion(target: str, _good: bool) -> None:
    kind, colon, text = target.partition(": ")
    if kind not in KINDS or not colon or not text.strip():
        known = ", ".join(KINDS)
        raise InvalidInput(
            f"{target!r} names no suggestion.", f"Give its target: its kind ({known}), a colon, its text."
        )


def _check_view(target: str, _good: bool) -> None:
    name = PreferenceName.read(target)
    if name is None or name.category != "presentation":
        raise InvalidInput(f"{target!r} names no view.", "Give one such as 'presentation:chart=waterfall'.")
    PreferenceName.checked(*name)


def _anything(_target: str, _good: bool) -> None:
    """Check nothing here: whoever records it looks the target up."""


_CHECKS: Mapping[FeedbackKind, Callable[[str, bool], None]] = {
    "item": _anything,
    "creator": _check_creator,
    "list": _anything,
    "comment": _anything,
    "suggestion": _check_suggestion,
    "view": _check_view,
}
