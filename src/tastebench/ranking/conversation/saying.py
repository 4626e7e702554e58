"""How a follow-up was read, in one sentence."""

from collections.abc import Iterator

from tastebench.domain.request import Range
from tastebench.ranking.conversation.values import FollowUp, Shown, Vocabulary

NOT_UNDERSTOOD = (
    "There was nothing in that to go by: name an item of the list, a tag, a year, a price or what to look for."
)


def said(read: FollowUp, shown: Shown, vocabulary: Vocabulary, still: str = "") -> str:
    """Return in a line what was made of a follow-up, what could not be used included.

    Parameters
    ----------
    still : str
        What holds from before, as `phrase` says it.

    Examples
    --------
    >>> from tastebench.ranking.conversation.values import ShownItem, Tag
    >>> read = FollowUp(like=1, without=(Tag("genres", "horror"),), ranges={"year": (None, 1973)}, unread=("gore",))
    >>> said(read, Shown((ShownItem("Chinatown"),)), Vocabulary(attributes={"year": (1921, 2024)}))
    'Read as: like Chinatown, without horror, before 1974. Not used: gore.'
    """
    unused = f" Not used: {', '.join(read.unread)}." if read.unread else ""
    if not read.understood:
        return NOT_UNDERSTOOD + unused
    return f"Read as: {phrase(read, shown, vocabulary)}.{f' Still: {still}.' if still else ''}{unused}"


def phrase(read: FollowUp, shown: Shown, vocabulary: Vocabulary) -> str:
    """Return what is asked for, in words; empty for nothing."""
    return ", ".join(_parts(read, shown, vocabulary))


def _parts(read: FollowUp, shown: Shown, vocabulary: Vocabulary) -> Iterator[str]:
    titles = [item.title for item in shown.items]
    if read.like:
        yield f"like {titles[read.like - 1]}"
    if read.drop:
        yield f"leaving out {_listed([titles[place - 1] for place in read.drop], 'and')}"
    if read.more:
        yield _listed([tag.name for tag in read.more], "and")
    if read.less:
        yield f"less {_listed([tag.name for tag in read.less], 'and')}"
    if read.without:
        yield f"without {_listed([tag.name for tag in read.without], 'or')}"
    for name, bounds in read.ranges.items():
        yield _years(bounds) if name == vocabulary.of_kind.get("year") else _range(name, bounds)
    if read.query:
        yield f"search for “{read.query}”"


def _years(bounds: Range) -> str:
    low, high = bounds
    if low is None or high is None:
        return f"before {(high or 0) + 1:.0f}" if low is None else f"after {low - 1:.0f}"
    return f"of {low:.0f}" if low == high else f"from {low:.0f} to {high:.0f}"


def _range(name: str, bounds: Range) -> str:
    low, high = bounds
    if low is None or high is None:
        return f"{name} up to {high:.10g}" if high is not None else f"{name} from {low or 0:.10g}"
    return f"{name} from {low:.10g} to {high:.10g}"


def _listed(names: list[str], joint: str) -> str:
    return f"{', '.join(names[:-1])} {joint} {names[-1]}" if len(names) > 1 else names[0]
