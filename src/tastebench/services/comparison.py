"""Two rankings of one persona side by side: what stayed, what came, what went."""

from dataclasses import dataclass

from tastebench.domain.ranking import Ranking


@dataclass(frozen=True)
class Comparison:
    """How the top of a list changed.

    Parameters
    ----------
    top : int
        Length of the part that is compared.
    kept : tuple of str
        Ids that both tops hold, in the new order.
    entered : tuple of str
        Ids that only the new top holds, in its order.
    left : tuple of str
        Ids that only the old top held, in its order.
    moved : int
        How many of the kept ones stand at another place.
    """

    top: int
    kept: tuple[str, ...]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    moved: int


def compare(before: Ranking, after: Ranking, top: int = 10) -> Comparison:
    """Return what changed in the first `top` places; shorter lists are compared as far as they go."""
    old = _places(before, top)
    new = _places(after, top)
    kept = tuple(item_id for item_id in new if item_id in old)
    return Comparison(
        top=top,
        kept=kept,
        entered=tuple(item_id for item_id in new if item_id not in old),
        left=tuple(item_id for item_id in old if item_id not in new),
        moved=sum(old[item_id] != new[item_id] for item_id in kept),
    )


def _places(ranking: Ranking, top: int) -> dict[str, int]:
    return {item.item_id: item.rank for item in ranking.items[:top]}
