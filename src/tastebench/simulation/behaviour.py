"""Behaviour: who meets which item, and what they do about it, drawn by a hidden taste and by chance.

Pure: embeddings and a generator in, deeds out. The tastes are never kept, so nothing that ranks can look at them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tastebench.domain.columns import Float, Vectors

SECOND_HOME = 0.4
"""What a second item's direction counts in a taste, beside the first one's."""
PULL = 2.0
"""How much likelier an item is to be met per standard deviation of fit: by a factor of exp(PULL)."""
HEAD = 8.0
"""The item of rank r is come across in proportion to 1 ÷ (r + HEAD): a long tail."""
LIKED_FROM, DISLIKED_BELOW, NOISE = 1.2, -1.0, 0.8
"""In standard deviations of fit: from where a met item is liked, below where disliked, and how much is mood."""
CLICKS = 0.35
MINUTES = 1 / 1440


@dataclass(frozen=True)
class Habits:
    """How people behave.

    Parameters
    ----------
    days : float
        How far back a history goes, in days.
    items : float
        How many items one person meets, at the median; the number varies by a factor of about two either way.
    liking : str
        The action by which an item is liked.
    """

    days: float = 84.0
    items: float = 18.0
    liking: str = "like"


class Deed(NamedTuple):
    """One thing a person did: the item's position, the action, and how many days before the end it happened."""

    item: int
    action: str
    days_ago: float


def centre(vectors: Vectors | Float) -> Float:
    """Return the middle (d,) of a catalogue's vectors: what is special about an item is the way from here to it.

    Examples
    --------
    >>> centre(np.eye(2, dtype=np.float32)).tolist()
    [0.5, 0.5]
    """
    return np.asarray(vectors.mean(axis=0, dtype=np.float64))


def hidden_taste(vectors: Vectors | Float, middle: Float, luck: np.random.Generator) -> Float:
    """Return a taste (d,): the way from the middle to one item of the catalogue and, less so, to another."""
    first, second = luck.integers(len(vectors), size=2)
    taste: Float = (vectors[first] - middle) + SECOND_HOME * (vectors[second] - middle)
    return taste


def fits(vectors: Vectors | Float, taste: Float) -> Float:
    """Return how well each item (n,) fits a taste, in standard deviations from the mean; zeros where all fit alike.

    Examples
    --------
    >>> fits(np.eye(2, dtype=np.float32), np.array([1.0, 0.0])).tolist()
    [1.0, -1.0]
    """
    values = vectors.astype(np.float64, copy=False) @ taste
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))


def reach(count: int, luck: np.random.Generator) -> Float:
    """Return how likely anybody is to come across each of `count` items: a long tail, in random order."""
    return luck.permutation(1.0 / (np.arange(1, count + 1) + HEAD))


def deeds(fit: Float, reached: Float, habits: Habits, luck: np.random.Generator) -> Iterator[Deed]:
    """Yield what one person does, item by item.

    Different items, each met in proportion to its reach times exp(`PULL` × fit) (Gumbel's trick: the largest of the
    log-weights plus noise). Each is viewed, sometimes clicked, and then liked, disliked, or neither.
    """
    met = min(len(fit), max(2, round(habits.items * float(np.exp(luck.normal(0, 0.6))))))
    keys = np.log(reached) + PULL * fit + luck.gumbel(size=len(fit))
    for item in np.argsort(-keys, kind="stable")[:met].tolist():
        yield from _meeting(item, float(fit[item]), habits, luck)


def _meeting(item: int, fit: float, habits: Habits, luck: np.random.Generator) -> Iterator[Deed]:
    # Newer days are fuller: people join over time. Nothing happens after the end, however long a meeting takes.
    ago = habits.days * float(luck.random()) ** 1.3
    yield Deed(item, "view", ago)
    if luck.random() < CLICKS:
        yield Deed(item, "click", max(ago - 5 * MINUTES, 0.0))
    felt = fit + float(luck.normal(0, NOISE))
    if felt >= LIKED_FROM:
        yield Deed(item, habits.liking, max(ago - 100 * MINUTES, 0.0))
    elif felt < DISLIKED_BELOW:
        yield Deed(item, "dislike", max(ago - 100 * MINUTES, 0.0))
