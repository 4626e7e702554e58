"""Lists before and after, and what became of their tops, as HTML: one element each, however long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tastebench.domain.ranking import Ranking, ScoredItem
from tastebench.services.comparison import Comparison, compare
from tastebench.ui.bars import roomy_scale
from tastebench.ui.charts import Scale, contribution_bar
from tastebench.ui.components import screen_reader
from tastebench.ui.format import RankChange, counted, escape_html, rank_change, score

TOP = 10
RBO = "Rank-biased overlap: 1 is the same order, 0 nothing in common; the first places count most"


@dataclass(frozen=True)
class Pair:
    """One persona's list before and after."""

    name: str
    before: Ranking
    after: Ranking

    @property
    def change(self) -> Comparison:
        """What became of the top 10."""
        return compare(self.before, self.after, TOP)


def side_by_side(pair: Pair) -> str:
    """Return both tops beside each other, every place with its change, under a sentence that says what changed."""
    scale = roomy_scale([*pair.before.items, *pair.after.items])
    before, after = _places(pair.before), _places(pair.after)
    old = [_row(item, _gone(item, after), scale) for item in pair.before.items]
    new = [_row(item, rank_change(before.get(item.item_id), item.rank), scale) for item in pair.after.items]
    return (
        f'<div><p class="tb-verdict" title="{RBO}">{verdict(pair.change)}</p>'
        f'<div class="tb-sides">{_side(f"{pair.name}: now", old)}{_side(f"{pair.name}: by this draft", new)}</div>'
        "</div>"
    )


def verdict(change: Comparison) -> str:
    """Return what changed in the top, in one sentence.

    Examples
    --------
    >>> verdict(Comparison(10, ("a", "b"), ("c",), ("d",), 1, 0.72))
    'Top 10: 2 kept, 1 of them at another place · 1 new · RBO .72.'
    >>> verdict(Comparison(10, ("a", "b"), (), (), 0, 1.0))
    'Top 10: as it is now.'
    """
    if not change.entered and not change.left and not change.moved:
        return f"Top {change.top}: as it is now."
    moved = f", {change.moved} of them at another place" if change.moved else ""
    kept, new = len(change.kept), len(change.entered)
    return f"Top {change.top}: {kept} kept{moved} · {new} new · RBO {score(change.overlap, 2)}."


def panel(pairs: Sequence[Pair]) -> str:
    """Return a line per persona: how many of the top stayed, which came and which went."""
    rows = "".join(_line(pair) for pair in pairs)
    kept = sum(len(pair.change.kept) for pair in pairs)
    of = sum(len(pair.before.items) for pair in pairs)
    same = sum(not (pair.change.entered or pair.change.left or pair.change.moved) for pair in pairs)
    return (
        f'<p class="tb-verdict">{kept} of {of} items kept over {counted(len(pairs), "persona")}; '
        f'{counted(same, "list")} as now.</p><table class="tb-table tb-panel"><thead><tr><th>Persona</th>'
        f'<th>Kept of {TOP}</th><th>New</th><th title="{RBO}">RBO</th><th>Came</th><th>Went</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _line(pair: Pair) -> str:
    change, titles = pair.change, _titles(pair.before) | _titles(pair.after)
    came, went = (_named(ids, titles) for ids in (change.entered, change.left))
    return (
        f"<tr><td>{escape_html(pair.name)}</td><td>{len(change.kept)}</td><td>{len(change.entered)}</td>"
        f'<td>{score(change.overlap, 2)}</td><td class="tb-names">{came}</td><td class="tb-names">{went}</td></tr>'
    )


def _named(ids: Sequence[str], titles: Mapping[str, str]) -> str:
    shown = ", ".join(titles[item_id] for item_id in ids[:2]) + (f" and {len(ids) - 2} more" if len(ids) > 2 else "")
    return f'<span title="{escape_html(", ".join(titles[item_id] for item_id in ids))}">{escape_html(shown)}</span>'


def _side(title: str, rows: Sequence[str]) -> str:
    body = "".join(rows) or "<li>No item.</li>"
    return f'<section><h4 class="tb-heading">{escape_html(title)}</h4><ol class="tb-list">{body}</ol></section>'


def _row(item: ScoredItem, change: RankChange, scale: Scale) -> str:
    sign = f'<span class="tb-sign" aria-hidden="true">{change.sign}</span>' if change.sign else ""
    return (
        f'<li><span class="tb-rank">{item.rank}</span><span class="tb-name" title="{escape_html(item.title)}">'
        f"{escape_html(item.title)}</span><span>{sign}{screen_reader(change.words)}</span>"
        f'<b title="exactly {item.score!r}">{score(item.score)}</b>'
        f'<span class="tb-bar">{contribution_bar(item.contributions, item.signals, scale, 8)}</span></li>'
    )


def _gone(item: ScoredItem, after: Mapping[str, int]) -> RankChange:
    return rank_change(item.rank, None) if item.item_id not in after else RankChange("", "")


def _places(ranking: Ranking) -> dict[str, int]:
    return {item.item_id: item.rank for item in ranking.items}


def _titles(ranking: Ranking) -> dict[str, str]:
    return {item.item_id: item.title for item in ranking.items}
