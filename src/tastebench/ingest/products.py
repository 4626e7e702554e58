"""What invoice lines tell about products: a name, a price."""

import re
from array import array
from statistics import median
from typing import Literal, TypeAlias

from tastebench.domain import text
from tastebench.domain.item import Item

PriceRule: TypeAlias = Literal["median", "latest"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SMALL = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])
_KEPT = frozenset(["UK", "USA", "TV", "DVD", "CD", "LED", "BBQ", "DIY", "USB", "XL", "XXL"])


def readable_title(written: str) -> str:
    """Return a name in all capitals as a title; any other as it is. Parts with digits keep their capitals.

    Examples
    --------
    >>> readable_title("SET OF 6 T-LIGHTS  BAKER'S DOZEN PK60"), readable_title("Gift voucher")
    ("Set of 6 T-Lights Baker's Dozen PK60", 'Gift voucher')
    """
    cleaned = text.clean(written)
    if cleaned != cleaned.upper():
        return cleaned
    words = [_titled(part, first=place == 0) for place, part in enumerate(cleaned.split(" "))]
    return " ".join(words)


def _titled(part: str, *, first: bool) -> str:
    if any(character.isdigit() for character in part) or part in _KEPT:
        return part
    lowered = part.lower()
    if lowered in _SMALL and not first:
        return lowered
    return _WORD.sub(lambda word: word[0][:1] + word[0][1:].lower(), part)


class Product:
    """The descriptions and prices that invoice lines give for one stock code."""

    def __init__(self) -> None:
        self._descriptions: dict[str, int] = {}
        self._prices = array("d")
        self._latest = (float("-inf"), 0.0)

    def add(self, description: str, price: float, at: float) -> None:
        """Count one line; `at` in seconds since 1970."""
        if description:
            self._descriptions[description] = self._descriptions.get(description, 0) + 1
        self._prices.append(price)
        if at >= self._latest[0]:
            self._latest = (at, price)

    @property
    def description(self) -> str:
        """The most frequent description, of equally frequent ones the first seen; empty where there is none."""
        # max keeps the first of equals, and a dict the order of arrival.
        return max(self._descriptions, key=self._descriptions.__getitem__, default="")

    def price(self, rule: PriceRule) -> float:
        """Return the unit price: the median over its lines, rounded to 4 decimals, or that of the latest line."""
        return round(median(self._prices), 4) if rule == "median" else self._latest[1]

    def as_item(self, stock_code: str, rule: PriceRule) -> Item:
        """Return the product with its name as title (it says all there is: no description) and `unit_price`."""
        title = readable_title(self.description)[: text.TITLE_LIMIT]
        return Item(stock_code, title, attributes={"unit_price": self.price(rule)})
