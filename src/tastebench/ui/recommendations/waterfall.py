"""The way from zero to a score: a table whose rows carry their bars and whose last column adds up as written."""

from itertools import accumulate, pairwise

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import ScoredItem
from tastebench.signals import resolved
from tastebench.ui.format import escape_html, percent, rounded_together, score
from tastebench.ui.theme import SIGNAL_MEANINGS, colour, label

_NONE = '<span class="tb-none" title="The signal has nothing to go by and adds nothing.">no evidence</span>'
_HEAD = "<tr><th>Line</th><th></th><th>Value</th><th>Weight</th><th>Adds</th></tr>"


def lines_of(item: ScoredItem) -> dict[str, float]:
    """Return the lines worth showing: adjustments that did nothing are left out."""
    return {name: value for name, value in item.contributions.items() if value or name in item.signals}


def waterfall(item: ScoredItem, profile: ScoringProfile) -> str:
    """Return an item's score as HTML, one row per line from zero to the score; exact values stand in the hints.

    Signals without evidence have an outlined, empty cell in place of a bar and a value.
    """
    lines = lines_of(item)
    ends = list(accumulate(lines.values(), initial=0.0))
    lane = _Lane(min(ends), max(ends))
    texts, shares = rounded_together(lines), resolved(profile).shares()
    spans = dict(zip(lines, pairwise(ends), strict=True))
    rows = [_row(item, name, lane, spans.get(name), texts.get(name, ""), shares) for name in {**item.signals, **lines}]
    total = (
        f'<tr class="tb-total"><td>Score</td><td class="tb-lane">{lane.bar(0.0, item.score, _TOTAL)}</td><td></td>'
        f'<td></td><td title="exactly {item.score!r}">{score(item.score)}</td></tr>'
    )
    return f'<table class="tb-table tb-waterfall"><thead>{_HEAD}</thead><tbody>{"".join(rows)}{total}</tbody></table>'


_TOTAL = "background:color-mix(in srgb, currentColor 55%, transparent)"


class _Lane:
    """Where bars lie between the lowest and the highest point of the way."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._width = low, (high - low) or 1.0

    def bar(self, start: float, end: float, paint: str) -> str:
        """Return the zero line and a bar from `start` to `end`; no bar where they are the same."""
        left, width = self._at(min(start, end)), abs(end - start) / self._width
        zero = f'<i class="tb-zero" style="left:{self._at(0.0):.2%}"></i>'
        if not width:
            return zero
        return f'{zero}<i class="tb-step" style="left:{left:.2%};width:{width:.2%};{paint}"></i>'

    def _at(self, value: float) -> float:
        return (value - self._low) / self._width


def paint(name: str, amount: float) -> str:
    """Return the CSS of a line's colour, hatched where it takes away."""
    hue = colour(name)
    if amount >= 0:
        return f"background:{hue}"
    return f"background:repeating-linear-gradient(45deg,{hue} 0 3px,transparent 3px 6px);border:1px solid {hue}"


def _row(
    item: ScoredItem, name: str, lane: _Lane, span: tuple[float, float] | None, adds: str, shares: dict[str, float]
) -> str:
    value = item.signals.get(name)
    silent = name in item.signals and value is None
    bar = _NONE if silent else lane.bar(*span, paint(name, span[1] - span[0])) if span else ""
    known = "" if value is None else f'<span title="exactly {value!r}">{score(value)}</span>'
    weight = percent(shares.get(name, 0.0)) if name in item.signals else ""
    exact = f' title="exactly {item.contributions[name]!r}"' if name in item.contributions else ""
    swatch = f'<span class="tb-swatch" style="background:{colour(name)}"></span>'
    return (
        f'<tr><td title="{escape_html(SIGNAL_MEANINGS.get(name, ""))}">{swatch}{escape_html(label(name))}</td>'
        f'<td class="tb-lane">{bar}</td><td>{known}</td><td>{weight}</td>'
        f"<td{exact}>{'' if silent else adds}</td></tr>"
    )
