"""What personas did, in words."""

from collections.abc import Iterable, Mapping

from tastebench.stores.interactions import LogRow

_WORDS = {
    "view": "viewed {}", "click": "clicked {}", "like": "liked {}", "favorite": "made {} a favourite",
    "add_to_cart": "put {} into the cart", "purchase": "purchased {}", "dislike": "disliked {}",
    "follow": "followed the creator of {}",
}  # fmt: skip


def deed(action: str, title: str) -> str:
    """Return one action with an item, in words.

    Examples
    --------
    >>> deed("like", "Klute"), deed("watch_trailer", "Klute")
    ('liked Klute', 'recorded “watch trailer” for Klute')
    """
    known = _WORDS.get(action)
    return known.format(title) if known else f"recorded “{action.replace('_', ' ')}” for {title}"


def weightiest(rows: Iterable[LogRow], weights: Mapping[str, float]) -> dict[str, str]:
    """Return for each item the action of the persona that weighs most, the newest one among equals.

    Parameters
    ----------
    rows : iterable of LogRow
        Newest first, as the log gives them.
    weights : mapping of str to float
        The workspace's actions.
    """
    best: dict[str, tuple[float, str]] = {}
    largest = max(map(abs, weights.values()))
    for row in rows:
        weight = abs(row.weight * largest if row.weight is not None else weights.get(row.action, 0.0))
        if row.target_kind == "item" and weight > best.get(row.target, (-1.0, ""))[0]:
            best[row.target] = (weight, row.action)
    return {target: action for target, (_, action) in best.items()}
