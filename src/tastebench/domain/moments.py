"""Moments: aware UTC datetimes outside, whole microseconds since 1970 inside arrays and tables."""

from datetime import UTC, datetime, timedelta

from tastebench.domain.errors import InvalidInput

MICROSECONDS_PER_DAY = 86_400_000_000
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; a naive time is read as UTC. Raises `InvalidInput` outside 1900-2200."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    if not EARLIEST <= aware < LATEST:
        raise InvalidInput(
            f"the time {moment.isoformat()} lies outside 1900 to 2200.", "Check the time's unit and format."
        )
    return aware.astimezone(UTC)


def to_micros(moment: datetime) -> int:
    """Return whole microseconds since 1970-01-01 UTC.

    Examples
    --------
    >>> to_micros(datetime(1970, 1, 2))
    86400000000
    """
    return (as_utc(moment) - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Return the aware UTC datetime of `micros` microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=int(micros))
