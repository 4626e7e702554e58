"""A question and how it is asked, in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tastebench.domain.query import METHODS, QUESTION_LIMIT, Method, Query
from tastebench.domain.text import clean
from tastebench.ui.recommendations import link
from tastebench.ui.recommendations.link import Known

_ABOUT = ("as_of", "profile", "tag", "item", "rerank")
NAMES = ("q", "method", "alpha", "strength", "shown", "side", *_ABOUT)
"""The URL parameters of this page; workspace and persona belong to all pages."""

SHOWN = 10
"""Places shown at first, and added by each press of the button."""
PERSONAL, PLAIN = "personal", "plain"
DEPTH = 30
"""Places the answer is made for."""


@dataclass(frozen=True)
class View:
    """One view of an answer.

    Parameters
    ----------
    question : str
        May be empty: nothing is asked yet.
    method, alpha, strength
        As in `Query`.
    shown : int
        How many places of each list are shown.
    side : {"personal", "plain"}
        In which of the two lists an item is opened.
    about : View of a list
        Its day, profile, tags, opened item, and whether the language model is asked.
    """

    question: str = ""
    method: Method = Query.method
    alpha: float = Query.alpha
    strength: float = Query.strength
    shown: int = SHOWN
    side: str = PERSONAL
    about: link.View = field(default_factory=link.View)


def parameters(view: View) -> dict[str, list[str]]:
    """Return the URL parameters of a view; what is as usual is left out."""
    usual = View()
    spoken = {
        "q": view.question,
        "method": view.method if view.method != usual.method else "",
        "alpha": f"{view.alpha:.15g}" if view.alpha != usual.alpha else "",
        "strength": f"{view.strength:.15g}" if view.strength != usual.strength else "",
        "shown": str(view.shown) if view.shown != usual.shown else "",
        "side": view.side if view.about.item and view.side != usual.side else "",
    }
    about = {name: values for name, values in link.parameters(view.about).items() if name in _ABOUT}
    return {**{name: [value] for name, value in spoken.items() if value}, **about}


def read(given: Mapping[str, Sequence[str]], known: Known) -> tuple[View, tuple[str, ...]]:
    """Return the view that URL parameters ask for, and a sentence for each part that cannot be shown."""
    about, trouble = link.read({name: given[name] for name in _ABOUT if name in given}, known)
    more: list[str] = []
    view = View(
        question=_question(_last(given, "q"), more),
        method=_method(_last(given, "method"), more),
        alpha=_share("alpha", given, Query.alpha, more),
        strength=_share("strength", given, Query.strength, more),
        shown=_shown(_last(given, "shown"), more),
        side=PLAIN if _last(given, "side") == PLAIN else PERSONAL,
        about=about,
    )
    return view, (*more, *trouble)


def _last(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ())
    return values[-1].strip() if values else ""


def _question(text: str, trouble: list[str]) -> str:
    cleaned = clean(text)
    if len(cleaned) > QUESTION_LIMIT:
        trouble.append(f"The link asks in more than {QUESTION_LIMIT:,} characters; the rest is left out.")
    return cleaned[:QUESTION_LIMIT].strip()


def _method(text: str, trouble: list[str]) -> Method:
    if text and text not in METHODS:
        trouble.append(f"The link searches by {text}; there are {', '.join(METHODS)}.")
    return text if text in METHODS else Query.method


def _share(name: str, given: Mapping[str, Sequence[str]], usual: float, trouble: list[str]) -> float:
    text = _last(given, name)
    try:
        value = float(text or usual)
    except ValueError:
        value = -1.0
    if 0 <= value <= 1:
        return value
    trouble.append(f"The link gives {name} as {text}; 0 to 1 are allowed.")
    return usual


def _shown(text: str, trouble: list[str]) -> int:
    steps = [str(places) for places in range(SHOWN, DEPTH + 1, SHOWN)]
    if text and text not in steps:
        trouble.append(f"The link shows {text} places; {', '.join(steps)} can be shown.")
    return int(text) if text in steps else SHOWN
