"""Numbers, times and foreign text as pages show them."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from math import fsum
from typing import NamedTuple

MINUS = "\u2212"
_JOINER = "\u2060"
_STEPS = ((60, "second"), (60, "minute"), (24, "hour"), (7, "day"), (4.348, "week"), (12, "month"))


def score(value: float, digits: int = 3) -> str:
    """Return a score with three decimals and no leading zero.

    Examples
    --------
    >>> score(0.6124), score(-0.02), score(1.25), score(-0.0001)
    ('.612', '−.020', '1.250', '.000')
    """
    return _decimal(_units(value, digits), digits)


def signed(value: float, digits: int = 3) -> str:
    """Return a contribution with its sign; what rounds to zero has none.

    Examples
    --------
    >>> signed(0.2111), signed(-0.02), signed(0)
    ('+.211', '−.020', '.000')
    """
    return _signed(_units(value, digits), digits)


def rounded_together(values: Mapping[str, float], digits: int = 3) -> dict[str, str]:
    """Return signed texts of `values` that add up to ``score(sum of values)`` as written.

    Each value is rounded down; the largest remainders are then rounded up until the sum is right, so no text is off
    by a whole last digit or more.

    Examples
    --------
    >>> rounded_together({"a": 0.1004, "b": 0.1004, "c": 0.1004})
    {'a': '+.101', 'b': '+.100', 'c': '+.100'}
    """
    exact = {name: Decimal(value).scaleb(digits) for name, value in values.items()}
    units = {name: int(value.to_integral_value(ROUND_FLOOR)) for name, value in exact.items()}
    missing = _units(fsum(values.values()), digits) - sum(units.values())
    for name in sorted(units, key=lambda name: units[name] - exact[name])[:missing]:
        units[name] += 1
    return {name: _signed(value, digits) for name, value in units.items()}


def count(number: float) -> str:
    """Return a whole number with thousands.

    Examples
    --------
    >>> count(1234567)
    '1,234,567'
    """
    return f"{number:,.0f}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "item"), counted(1200, "item"), counted(0, "category", "categories")
    ('1 item', '1,200 items', '0 categories')
    """
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share of one as a percentage.

    Examples
    --------
    >>> percent(0.305), percent(0.305, 1), percent(-0.02), percent(-0.001)
    ('30 %', '30.5 %', '−2 %', '0 %')
    """
    return f"{round(share * 100, digits) + 0.0:.{digits}f} %".replace("-", MINUS)


def size(number: float) -> str:
    """Return bytes in the largest unit that leaves at least 1 of it; empty for 0, which is not known.

    Examples
    --------
    >>> size(2_497_293_931), size(512_000_000), size(4_200), size(0)
    ('2.5 GB', '512 MB', '4 kB', '')
    """
    if number >= 1e9:
        return f"{number / 1e9:.1f} GB"
    return f"{number / 1e6:.0f} MB" if number >= 1e6 else f"{number / 1e3:.0f} kB" if number else ""


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago (or ahead) `moment` is, in its largest whole unit; "never" for None.

    Examples
    --------
    >>> now = datetime(2026, 1, 10, tzinfo=UTC)
    >>> ago(datetime(2026, 1, 8, tzinfo=UTC), now), ago(now, now), ago(datetime(2026, 1, 10, 3, tzinfo=UTC), now)
    ('2 days ago', 'just now', 'in 3 hours')
    """
    if moment is None:
        return "never"
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    if abs(seconds) < 45:
        return "just now"
    return f"{duration(seconds)} ago" if seconds > 0 else f"in {duration(-seconds)}"


def duration(seconds: float) -> str:
    """Return a span of time in its largest whole unit.

    Examples
    --------
    >>> duration(1), duration(119), duration(86_400 * 400)
    ('1 second', '2 minutes', '1 year')
    """
    for steps, unit in _STEPS:
        if round(seconds) < steps:
            return counted(round(seconds), unit)
        seconds /= steps
    return counted(round(seconds), "year")


def date(moment: datetime | None) -> str:
    """Return date and time of a moment in UTC, for hints; empty for None.

    Examples
    --------
    >>> date(datetime(2026, 1, 8, 9, 5, tzinfo=UTC))
    '2026-01-08 09:05 UTC'
    """
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


class RankChange(NamedTuple):
    """A move in a list: the sign to show and the words for screen readers; both empty for no move."""

    sign: str
    words: str


def rank_change(before: int | None, after: int | None) -> RankChange:
    """Return how a place changed; None is "not in the list".

    Examples
    --------
    >>> rank_change(5, 2), rank_change(1, 2).words, rank_change(None, 3).sign, rank_change(3, None).sign
    (RankChange(sign='▲3', words='up 3 places'), 'down 1 place', 'new', 'gone')
    """
    if before is None or after is None:
        if before == after:
            return RankChange("", "")
        return RankChange("new", "new in the list") if before is None else RankChange("gone", "gone from the list")
    moved = before - after
    if moved == 0:
        return RankChange("", "")
    places = counted(abs(moved), "place")
    return RankChange(f"▲{moved}", f"up {places}") if moved > 0 else RankChange(f"▼{-moved}", f"down {places}")


# Every ASCII sign as a character reference: no Markdown and no HTML can start from one.
_REFERENCES = {code: f"&#{code};" for code in range(0x21, 0x7F) if not chr(code).isalnum()}
# What Streamlit turns into something else *after* Markdown is parsed: shortcodes, arrows, bare addresses.
_LATE = re.compile(r":(?=[\w/])|(?<=[<~>=-])(?=[<>=-])|(?<=\bwww)(?=\.)|(?<=\w)(?=@)", re.IGNORECASE)


def escape(text: object) -> str:
    """Return text from data so that Markdown (labels, captions, hints) and HTML show it letter by letter.

    A word joiner, which is invisible, stands inside ``:shortcodes:``, ``->`` arrows and bare addresses, which
    Streamlit would otherwise replace. For HTML alone `escape_html` leaves the text as it is.

    Examples
    --------
    >>> escape("<b>a</b>")
    '&#60;b&#62;a&#60;&#47;b&#62;'
    """
    line = " ".join(str(text).split())
    return _LATE.sub(lambda found: found[0] + _JOINER, line).translate(_REFERENCES)


def escape_html(text: object) -> str:
    """Return text from data for use in HTML, in element bodies and quoted attributes.

    Examples
    --------
    >>> escape_html('<a href="x">')
    '&lt;a href=&quot;x&quot;&gt;'
    """
    return html.escape(str(text), quote=True)


def prose(text: str) -> str:
    """Return a sentence of ours for Markdown: what stands in backticks as code, all else letter by letter.

    Examples
    --------
    >>> prose("Start it with `ollama serve`.")
    'Start it with `ollama serve`&#46;'
    """
    return _with_code(text, escape, lambda code: f"`{code}`")


def prose_html(text: str) -> str:
    """Return a sentence of ours for HTML: what stands in backticks as code, all else letter by letter.

    Examples
    --------
    >>> prose_html("Use `a<b`.")
    'Use <code>a&lt;b</code>.'
    """
    return _with_code(text, escape_html, lambda code: f"<code>{escape_html(code)}</code>")


def _with_code(text: str, plain: Callable[[str], str], code: Callable[[str], str]) -> str:
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an odd backtick is only a backtick
        return plain(text)
    spaced = (_spaced(part, plain) if place % 2 == 0 else code(part) for place, part in enumerate(parts))
    return "".join(spaced)


def _spaced(part: str, plain: Callable[[str], str]) -> str:
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return before + plain(part.strip()) + after if part.strip() else part


def _units(value: float, digits: int) -> int:
    return int(Decimal(value).scaleb(digits).to_integral_value(ROUND_HALF_EVEN))


def _decimal(units: int, digits: int) -> str:
    whole, part = divmod(abs(units), 10**digits)
    sign = MINUS if units < 0 else ""
    return f"{sign}{whole or ''}.{part:0{digits}d}"


def _signed(units: int, digits: int) -> str:
    return ("+" if units > 0 else "") + _decimal(units, digits)
