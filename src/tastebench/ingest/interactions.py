"""Rows to interactions: events and ratings."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import NamedTuple, cast, get_args

from pydantic import ValidationError

from tastebench.domain import text
from tastebench.domain.errors import InvalidInput
from tastebench.domain.interaction import LIKED_WEIGHT, Interaction, TargetKind
from tastebench.domain.reports import Rejection
from tastebench.ingest.columns import BadCell, bad_cell, read, read_optional
from tastebench.ingest.fields import InteractionMapping, check_mapping
from tastebench.ingest.names import bare
from tastebench.ingest.rows import RowSource, sentence, shown
from tastebench.ingest.values import parse_id, parse_number, parse_text, parse_time

_TARGET_KINDS = frozenset(get_args(TargetKind))
_BETWEEN = "\x1f"


class ParsedEvent(NamedTuple):
    """One interaction of a file.

    Parameters
    ----------
    persona_id : str
    interaction : Interaction
        Its time is None where the file has none.
    digest : bytes
        16 bytes: equal for the same row in any file, different for the n-th and the next of equal rows.
    row : int
        Line or position in the file.
    """

    persona_id: str
    interaction: Interaction
    digest: bytes
    row: int


class Digests:
    """A row's identity: all its mapped fields, and its ordinal among equals in the file."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._repeats: dict[bytes, int] = {}

    def digest(self, fields: Iterable[str]) -> bytes:
        """Return 16 bytes for fields that hold no control characters; equal fields give another digest each time."""
        content = _BETWEEN.join(fields).encode()
        first = blake2b(content, digest_size=16).digest()
        if first not in self._seen:
            self._seen.add(first)
            return first
        ordinal = self._repeats[first] = self._repeats.get(first, 0) + 1
        return blake2b(f"{ordinal}{_BETWEEN}".encode() + content, digest_size=16).digest()


def rating_weight(rating: float, rating_max: float = 5) -> float:
    """Return clip((5·rating/rating_max − 3) / 2, −1, 1): the middle of five stars weighs nothing, four half.

    Examples
    --------
    >>> [rating_weight(stars) for stars in (0.5, 1, 2, 3, 4, 5)], rating_weight(8, 10)
    ([-1.0, -1.0, -0.5, 0.0, 0.5, 1.0], 0.5)
    """
    return max(-1.0, min(1.0, (5 * rating / rating_max - 3) / 2))


def rated_action(weight: float) -> str:
    """Return ``like`` from .5 on, ``dislike`` down from -.5, else ``view``."""
    if abs(weight) < LIKED_WEIGHT:
        return "view"
    return "like" if weight > 0 else "dislike"


def rating_rule(mapping: InteractionMapping) -> str:
    """Return the sentence that says what this mapping makes of a rating; "" where no ratings are mapped.

    Examples
    --------
    >>> rating_rule(InteractionMapping(rating="stars", rating_max=10))
    'stars r of 10 counts as weight (5·r/10 − 3) / 2, within −1 to 1: from 8 a like, up to 4 a dislike, else a view.'
    """
    if not mapping.rating:
        return ""
    top = f"{mapping.rating_max:g}"
    like, dislike = (f"{share * mapping.rating_max / 5:g}" for share in (4, 2))
    action = f"the action of {mapping.action}" if mapping.action else f"from {like} a like, up to {dislike} a dislike"
    kinds = action if mapping.action else f"{action}, else a view"
    return f"{mapping.rating} r of {top} counts as weight (5·r/{top} − 3) / 2, within −1 to 1: {kinds}."


def parse_interactions(source: RowSource, mapping: InteractionMapping) -> Iterator[ParsedEvent | Rejection]:
    """Return the source's interactions, and the rejection of each row that gives none; one result per row, in order.

    Raises
    ------
    InvalidInput
        Where the mapping does not fit the columns; at once, before a row is read.
    """
    check_mapping(mapping, source.columns)
    return _events(source, mapping)


def _events(source: RowSource, mapping: InteractionMapping) -> Iterator[ParsedEvent | Rejection]:
    reader = _Reader(mapping)
    for row in source.rows:
        if isinstance(row, Rejection):
            yield row
            continue
        try:
            yield reader.event(row.number, row.values)
        except BadCell as bad:
            yield Rejection(row.number, bad.column, bad.reason)


class _Reader:
    """Reads rows under one mapping."""

    def __init__(self, mapping: InteractionMapping) -> None:
        self._mapping = mapping
        self._digests = Digests()
        self._actions: dict[object, str] = {}
        self._time = partial(parse_time, date_order=mapping.date_order)

    def event(self, number: int, values: Mapping[str, object]) -> ParsedEvent:
        mapping = self._mapping
        persona_id = read(values, mapping.persona_id, parse_id)
        target = read(values, mapping.item_id, parse_id)
        at = read(values, mapping.at, self._time) if mapping.at else None
        rating = self._rating(values) if mapping.rating else None
        weight = self._weight(values) if rating is None else rating_weight(rating, mapping.rating_max)
        action = self._action(values, weight if rating is not None else None)
        kind = self._kind(values, action)
        interaction = self._interaction(target, action, at, weight, kind)
        moment = at.isoformat() if at else ""
        fields = (kind, persona_id, target, action, moment, _written(weight), _written(rating))
        return ParsedEvent(persona_id, interaction, self._digests.digest(fields), number)

    def _interaction(
        self, target: str, action: str, at: datetime | None, weight: float | None, kind: TargetKind
    ) -> Interaction:
        try:
            return Interaction(target, action, at, weight, self._mapping.origin, kind)
        except ValidationError as error:
            columns = {**self._mapping.as_dict(), "target": self._mapping.item_id}
            raise bad_cell(error, columns) from None

    def _rating(self, values: Mapping[str, object]) -> float | None:
        column = self._mapping.rating
        rating = read_optional(values, column, parse_number)
        if rating is None and not self._mapping.action:
            raise BadCell(column, "The rating is missing.")
        if rating is not None and not 0 <= rating <= self._mapping.rating_max:
            raise BadCell(column, f"The rating {rating:g} lies outside the scale of 0 to {self._mapping.rating_max:g}.")
        return rating

    def _weight(self, values: Mapping[str, object]) -> float | None:
        weight = read_optional(values, self._mapping.weight, parse_number)
        if weight is not None and not -1 <= weight <= 1:
            raise BadCell(self._mapping.weight, f"The weight {weight:g} lies outside -1 to 1.")
        return weight

    def _action(self, values: Mapping[str, object], rated: float | None) -> str:
        value = values.get(self._mapping.action) if self._mapping.action else None
        if isinstance(value, str) and value in self._actions:
            return self._actions[value]
        written = read_optional(values, self._mapping.action, parse_text)
        if not written:
            return self._mapping.default_action if rated is None else rated_action(rated)
        action = self._named_action(written)
        if len(self._actions) < 1_000:  # a column of free text must not fill the memory
            self._actions[written] = action
        return action

    def _named_action(self, written: str) -> str:
        known = self._mapping.actions.get(bare(written[:200]))
        try:
            return known or text.checked(written, "the action", 50, required=True).lower().replace(" ", "_")
        except InvalidInput as error:
            raise BadCell(self._mapping.action, sentence(error.message)) from None

    def _kind(self, values: Mapping[str, object], action: str) -> TargetKind:
        """Return what was acted on; without a column of its own, a follow is of a creator."""
        if not self._mapping.target_kind:
            return "creator" if action == "follow" else "item"
        kind = (read_optional(values, self._mapping.target_kind, parse_text) or "item").strip().lower()
        if kind not in _TARGET_KINDS:
            known = ", ".join(sorted(_TARGET_KINDS))
            raise BadCell(self._mapping.target_kind, f"{shown(kind)} is no kind of target; these are: {known}.")
        return cast("TargetKind", kind)


def _written(number: float | None) -> str:
    return "" if number is None else f"{float(number)!r}"
