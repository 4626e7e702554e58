"""The way from zero to a score: a table whose rows carry their bars and whose last column adds up as written."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType

from tastebench.domain.profile import ScoringProfile
from tastebench.domain.ranking import Scale, ScoredItem
from tastebench.signals import resolved
from tastebench.ui.format import MINUS, escape_html, percent, rounded_together, score
from tastebench.ui.theme import SIGNAL_MEANINGS, colour, label

_NONE = '<span class="tb-none" title="The signal has nothing to go by and adds nothing.">no evidence</span>'
_AS_MEAN = (
    '<span class="tb-none" title="The signal has nothing to go by, counts as the mean and adds nothing.">'
    "no evidence: the mean</span>"
)
_NO_SCALES: Mapping[str, Scale] = MappingProxyType({})
_MEASURED = ("Mean", "Deviation", "Counts as")


def lines_of(item: ScoredItem) -> dict[str, float]:
    """Return the lines worth showing: adjustments that did nothing are left out."""
    return {name: value for name, value in item.contributions.items() if value or name in item.signals}


def waterfall(
    item: ScoredItem,
    profile: ScoringProfile,
    scales: Mapping[str, Scale] = _NO_SCALES,
    strength: float = 1.0,
    *,
    exact: bool = False,
) -> str:
    """Return an item's score as HTML, one row per line from zero to the score; exact values stand in the hints.

    Signals without evidence have an outlined, empty cell in place of a bar and a value. In a standardised ranking,
    which has `scales`, each value is followed by what it is measured by and what it counts as. In the answer to a
    question, the persona's weights count `strength` and the question the rest; at 0 only the question has a row. With
    `exact` a column says what each line adds to the last decimal.
    """
    lines = lines_of(item)
    ends = list(accumulate(lines.values(), initial=0.0))
    lane = _Lane(min(ends), max(ends))
    texts, shares = rounded_together(lines), _shares(profile, strength)
    spans = dict(zip(lines, pairwise(ends), strict=True))
    rows = [
        _row(item, name, lane, spans.get(name), texts.get(name, ""), shares, scales, exact=exact)
        for name in {**(item.signals if strength else {}), **lines}
    ]
    measured = _MEASURED if scales else ()
    head = "".join(f"<th>{name}</th>" for name in ("Line", "", "Value", *measured, "Weight"))
    head += ('<th class="tb-exact">Exactly</th>' if exact else "") + "<th>Adds</th>"
    total = (
        f'<tr class="tb-total"><td>Score</td><td class="tb-lane">{lane.bar(0.0, item.score, _TOTAL)}</td><td></td>'
        f"{_cells([''] * len(measured))}<td></td>{_exactly(item.score) if exact else ''}"
        f'<td title="exactly {item.score!r}">{score(item.score)}</td></tr>'
    )
    return (
        f'<table class="tb-table tb-waterfall"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}{total}</tbody></table>"
    )


def _shares(profile: ScoringProfile, strength: float) -> dict[str, float]:
    own = {name: strength * share for name, share in resolved(profile).shares().items()}
    return {**own, "query": 1 - strength}


def _measured(item: ScoredItem, name: str, scales: Mapping[str, Scale]) -> list[str]:
    """Return a standardised line's mean, deviation and what its value counts as; no cells in any other ranking."""
    if name not in scales:
        return [""] * len(_MEASURED) if scales else []
    scale, value = scales[name], item.signals[name]
    counts_as = 0.0 if value is None or not scale.deviation else (value - scale.mean) / scale.deviation
    return [_number(number) for number in (*scale, counts_as)]


def _cells(texts: Sequence[str]) -> str:
    return "".join(f"<td>{text}</td>" for text in texts)


def _exactly(amount: float | None) -> str:
    return f'<td class="tb-exact">{"" if amount is None else repr(amount).replace("-", MINUS)}</td>'


def _number(number: float) -> str:
    return f'<span title="exactly {number!r}">{score(number)}</span>'


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
    item: ScoredItem,
    name: str,
    lane: _Lane,
    span: tuple[float, float] | None,
    adds: str,
    shares: dict[str, float],
    scales: Mapping[str, Scale],
    *,
    exact: bool,
) -> str:
    value = item.signals.get(name)
    silent = name in item.signals and value is None
    none = _AS_MEAN if name in scales else _NONE
    bar = none if silent else lane.bar(*span, paint(name, span[1] - span[0])) if span else ""
    known = "" if value is None else _number(value)
    weight = percent(shares.get(name, 0.0)) if name in item.signals else ""
    hint = f' title="exactly {item.contributions[name]!r}"' if name in item.contributions else ""
    spelled = _exactly(None if silent else item.contributions.get(name)) if exact else ""
    swatch = f'<span class="tb-swatch" style="background:{colour(name)}"></span>'
    return (
        f'<tr><td title="{escape_html(SIGNAL_MEANINGS.get(name, ""))}">{swatch}{escape_html(label(name))}</td>'
        f'<td class="tb-lane">{bar}</td>{_cells([known, *_measured(item, name, scales), weight])}'
        f"{spelled}<td{hint}>{'' if silent else adds}</td></tr>"
    )
