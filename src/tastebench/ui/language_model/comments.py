"""What the language model says of single items: escaped, labelled as its own, and what it changed."""

from collections.abc import Mapping
from typing import Any

from tastebench.domain.ranking import ScoredItem
from tastebench.ui.components import screen_reader
from tastebench.ui.format import escape_html, rank_change, signed
from tastebench.ui.language_model.saying import UNVERIFIED
from tastebench.ui.theme import LLM_COLOUR

_SWATCH = f'<i class="tb-swatch" style="background:{LLM_COLOUR}"></i>'
_WITHHELD = "Its comment isn't shown"


def line(model: Mapping[str, Any], item: ScoredItem) -> str:
    """Return what the model says of an item in its row, as HTML; empty where it says nothing.

    Parameters
    ----------
    model : mapping
        The ranking's ``model`` part.
    """
    said = _said(model, item)
    if said is None:
        return ""
    grade = f"<b>{_grade(said['grade'])}</b>" if said["grade"] is not None else ""
    comment = f'<span title="{UNVERIFIED}">{escape_html(said["comment"])}</span>' if _shown(said) else ""
    parts = " ".join(part for part in (grade, _moved(item), _mark(said), comment) if part)
    return f'<div class="tb-model">{_SWATCH}<span title="{UNVERIFIED}">Model:</span> {parts}</div>'


def shows(model: Mapping[str, Any], item: ScoredItem) -> bool:
    """Tell whether the model says anything of an item in its own words that is shown."""
    said = _said(model, item)
    return said is not None and _shown(said)


def section(model: Mapping[str, Any], item: ScoredItem) -> str:
    """Return what the model says of an opened item, as HTML; empty where it says nothing."""
    said = _said(model, item)
    if said is None:
        return ""
    lines = "".join(f"<div>{one}</div>" for one in (_graded(said), _comment(said), _effect(item)) if one)
    heading = '<h4 class="tb-heading">Language model</h4>'
    return f'<div class="tb-section">{heading}<div class="tb-lines">{lines}</div></div>'


def _said(model: Mapping[str, Any], item: ScoredItem) -> Mapping[str, Any] | None:
    said: Mapping[str, Any] | None = model.get("items", {}).get(item.item_id)
    return said


def _shown(said: Mapping[str, Any]) -> bool:
    return bool(said["comment"]) and not said["ungrounded"]


def _grade(grade: float) -> str:
    return f"{round(grade, 1):g}/10"


def _moved(item: ScoredItem) -> str:
    change = rank_change(item.ranks["diversity"], item.ranks["llm"])
    if not change.sign:
        return ""
    before = f"place {item.ranks['diversity']} without the model"
    words = screen_reader(f"{change.words}, {before}")
    return f'<span class="tb-moved" title="{before}"><span aria-hidden="true">{change.sign}</span>{words}</span>'


def _mark(said: Mapping[str, Any]) -> str:
    if said["neutral"]:
        return _badge("not asked about", said["neutral"])
    if said["grade"] is None:
        return _badge("not graded", "Its answer left this item out, so it keeps its score.")
    return _badge("ungrounded", f"{_WITHHELD}: {said['ungrounded']}") if said["ungrounded"] else ""


def _badge(word: str, hint: str) -> str:
    return f'<span class="tb-none" title="{escape_html(hint)}">{word}{screen_reader(f": {hint}")}</span>'


def _graded(said: Mapping[str, Any]) -> str:
    if said["neutral"]:
        return f"It wasn't asked about this item: {escape_html(said['neutral'])}"
    if said["grade"] is None:
        return "It gave no grade, so the item keeps its score."
    return f"Grade: <b>{round(said['grade'], 1):g}</b> of 10"


def _comment(said: Mapping[str, Any]) -> str:
    if said["ungrounded"]:
        return f"{_WITHHELD}: {escape_html(said['ungrounded'])}"
    return f"Its comment, unverified: “{escape_html(said['comment'])}”" if said["comment"] else ""


def _effect(item: ScoredItem) -> str:
    before, after, amount = item.ranks["diversity"], item.ranks["llm"], item.contributions.get("llm", 0.0)
    if before == after and not amount:
        return "It changed neither the score nor the place."
    places = f"still place {after}" if before == after else f"place {before} without it, place {after} with it"
    return f"It changes the score by {signed(amount)}: {places}." if amount else f"Others moved it: {places}."
