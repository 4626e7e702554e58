"""The view in the URL: all that a link must say to show a list again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from math import isfinite

from tastebench.domain.moments import EARLIEST, LATEST
from tastebench.domain.request import Filters, Range
from tastebench.ui.format import count
from tastebench.ui.recommendations import model_link
from tastebench.ui.recommendations.model_link import ModelView

NAMES = ("page", "as_of", "profile", "tag", "range", "text", "without", "item", *model_link.NAMES)
"""The URL parameters of this page; workspace and persona belong to all pages."""

PAGE_SIZE = 20
LAST_PAGE = 500


@dataclass(frozen=True)
class View:
    """One view of a list.

    Parameters
    ----------
    page : int
        From 1.
    as_of : date, optional
        Rank as of the end of this day, UTC; None: now.
    profile : str
        ``name@version``; empty for the workspace's default.
    facets, ranges, text
        As in `Filters`.
    without : tuple of str
        Items left out.
    item : str
        The item that is opened; may be empty.
    model : ModelView
        What is asked for, and what the language model is to do.
    """

    page: int = 1
    as_of: date | None = None
    profile: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    text: str = ""
    without: tuple[str, ...] = ()
    item: str = ""
    model: ModelView = field(default_factory=ModelView)

    @property
    def filters(self) -> Filters:
        """Which items may appear. Raises `InvalidInput` where a range is the wrong way round."""
        return Filters(facets=self.facets, ranges=self.ranges, text=self.text)

    @property
    def moment(self) -> datetime | None:
        """The last instant of `as_of`."""
        return None if self.as_of is None else datetime.combine(self.as_of, time.max, UTC)

    @property
    def offset(self) -> int:
        """How many places lie before this page."""
        return (self.page - 1) * PAGE_SIZE


@dataclass(frozen=True)
class Known:
    """What the workspace has, to check a link against: facet to tags, attributes, profiles as ``name@version``."""

    tags: Mapping[str, Collection[str]]
    attributes: Collection[str]
    profiles: Collection[str]


def parameters(view: View) -> dict[str, list[str]]:
    """Return the URL parameters of a view; what is as usual is left out."""
    spoken = {
        "page": [str(view.page)] if view.page > 1 else [],
        "as_of": [view.as_of.isoformat()] if view.as_of else [],
        "profile": [view.profile],
        "tag": [f"{facet}:{tag}" for facet, tags in view.facets.items() for tag in tags],
        "range": [f"{name}:{_bound(low)}..{_bound(high)}" for name, (low, high) in view.ranges.items()],
        "text": [view.text],
        "without": list(view.without),
        "item": [view.item],
        **model_link.parameters(view.model),
    }
    return {name: kept for name, values in spoken.items() if (kept := [value for value in values if value])}


def read(given: Mapping[str, Sequence[str]], known: Known) -> tuple[View, tuple[str, ...]]:
    """Return the view that URL parameters ask for, and a sentence for each part that cannot be shown."""
    trouble: list[str] = []
    profile = _last(given, "profile")
    if profile and profile not in known.profiles:
        trouble.append(f"The link names the profile {profile}, which isn't here; the default ranks instead.")
        profile = ""
    view = View(
        page=_page(_last(given, "page"), trouble),
        as_of=_date(_last(given, "as_of"), trouble),
        profile=profile,
        facets=_facets(given.get("tag", ()), known, trouble),
        ranges=_ranges(given.get("range", ()), known, trouble),
        text=_last(given, "text"),
        without=tuple(dict.fromkeys(given.get("without", ()))),
        item=_last(given, "item"),
        model=model_link.read(given, trouble),
    )
    return view, tuple(trouble)


def _last(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ())
    return values[-1].strip() if values else ""


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"


def _page(text: str, trouble: list[str]) -> int:
    if not text:
        return 1
    if text.isdecimal() and 1 <= int(text[:9]) <= LAST_PAGE:
        return int(text[:9])
    trouble.append(f"The link asks for page {text}; pages are numbered from 1 to {count(LAST_PAGE)}.")
    return 1


def _date(text: str, trouble: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is not None and EARLIEST.date() <= day < LATEST.date():
        return day
    trouble.append(f"The link asks for the list as of {text}, which is no date from 1900 to 2199; today's is shown.")
    return None


def _facets(values: Sequence[str], known: Known, trouble: list[str]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, list[str]] = {}
    for value in values:
        facet = next((name for name in known.tags if value.startswith(f"{name}:")), None)
        tag = "" if facet is None else value.removeprefix(f"{facet}:")
        if facet is None or tag not in known.tags[facet]:
            trouble.append(f"The link filters by {value}, a tag that no item here has; it is left out.")
        elif tag not in chosen.setdefault(facet, []):
            chosen[facet].append(tag)
    return {facet: tuple(tags) for facet, tags in chosen.items()}


def _ranges(values: Sequence[str], known: Known, trouble: list[str]) -> dict[str, Range]:
    chosen: dict[str, Range] = {}
    for value in values:
        name, _, text = value.rpartition(":")
        bounds = _bounds(text)
        if name in known.attributes and bounds is not None:
            chosen[name] = bounds
        else:
            trouble.append(f"The link filters by {value}, which is no range of a number here; it is left out.")
    return chosen


def _bounds(text: str) -> Range | None:
    try:
        low, high = (float(bound) if bound else None for bound in text.split(".."))
    except ValueError:
        return None
    given = [bound for bound in (low, high) if bound is not None]
    return (low, high) if given and all(map(isfinite, given)) and given[0] <= given[-1] else None
