"""A score as one simple chart: a bar for each line, the longest first."""

from tastebench.domain.ranking import ScoredItem
from tastebench.ui.charts import breakdown_text
from tastebench.ui.format import escape_html, rounded_together
from tastebench.ui.recommendations.waterfall import lines_of, paint
from tastebench.ui.theme import SIGNAL_MEANINGS, label


def bars(item: ScoredItem, *, figures: bool) -> str:
    """Return the lines of a score that do something, each with its bar, in HTML for `st.html`.

    What takes away is hatched. Without `figures` these stand in the hints alone.
    """
    lines = {name: value for name, value in lines_of(item).items() if value}
    widest, texts = max(map(abs, lines.values()), default=1.0), rounded_together(lines)
    rows = "".join(
        f'<span title="{escape_html(SIGNAL_MEANINGS.get(name, ""))}">{escape_html(label(name))}</span>'
        f'<span title="{texts[name]}"><i class="tb-part" style="width:{abs(lines[name]) / widest:.1%};'
        f'{paint(name, lines[name])}"></i></span>' + (f"<span>{texts[name]}</span>" if figures else "")
        for name in sorted(lines, key=lambda one: -abs(lines[one]))
    )
    kind = "tb-bars" if figures else "tb-bars tb-bars-plain"
    alt = escape_html(breakdown_text(item.contributions, item.signals))
    return f'<div class="{kind}" role="img" aria-label="{alt}">{rows}</div>'
