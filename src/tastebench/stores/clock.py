"""The clock by which rows are stamped. Rankings never ask it: their `now` comes with the request."""

from datetime import UTC, datetime

from tastebench.domain.moments import to_micros


def now_micros() -> int:
    """Return this moment in whole microseconds since 1970 UTC."""
    return to_micros(datetime.now(UTC))
