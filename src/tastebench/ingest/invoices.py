"""Invoice lines to products, customers and purchases, through a funnel in which every dropped row is accounted for."""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import pandas as pd

from tastebench.domain.errors import InvalidInput
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.moments import from_micros
from tastebench.domain.persona import Persona
from tastebench.domain.reports import Rejection, Step
from tastebench.ingest.fields import InvoiceMapping, check_mapping
from tastebench.ingest.interactions import ParsedEvent
from tastebench.ingest.invoice_lines import InvoiceLine, InvoiceReader, KeptLines
from tastebench.ingest.mapping import guess_invoices
from tastebench.ingest.products import PriceRule
from tastebench.ingest.rows import RowSource

MISSING_CUSTOMER = "missing customer"
DUPLICATES = "duplicates"
CANCELLED = "cancelled"
NON_POSITIVE = "non-positive"
NON_PRODUCTS = "non-products"
STEPS = (MISSING_CUSTOMER, DUPLICATES, CANCELLED, NON_POSITIVE, NON_PRODUCTS)
"""The funnel's steps, in order: each takes rows from what the one before it left.

- missing customer: no customer number. Switched off, such lines tell about products but are nobody's purchase.
- duplicates: equal in all columns of the file; the first is kept.
- cancelled: the invoice number begins with C (`InvoiceMapping.cancelled_prefix`).
- non-positive: quantity or price is zero or below.
- non-products: the stock code does not begin with five digits (`InvoiceMapping.product_digits`).
"""
UNREADABLE = "unreadable"


@dataclass(frozen=True, eq=False)
class Invoices:
    """What a file of invoice lines holds after cleaning.

    Parameters
    ----------
    rows : int
        Lines read, blank ones not counted.
    items : tuple of Item
        Products in the order they first appear: most frequent description as title, attribute ``unit_price``.
    customers : tuple of Persona
        In the order they first appear, named by number and most frequent country. Country stands in the name, as
        texts among the properties would be embedded as a taste; ``invoices`` and ``units`` (pieces bought) are numbers.
    funnel : tuple of Step
        The five steps; before them "unreadable" where rows were rejected.
    dropped : data frame
        ``row`` and ``step`` of each row that a step took out.
    rejections : tuple of Rejection
        Rows that could not be read.
    lines : data frame
        The rows kept, in the file's order: row, persona_id (missing where the customer is), item_id, invoice,
        quantity, unit_price, at (UTC).
    """

    rows: int
    items: tuple[Item, ...]
    customers: tuple[Persona, ...]
    funnel: tuple[Step, ...]
    dropped: pd.DataFrame
    rejections: tuple[Rejection, ...]
    lines: pd.DataFrame
    _digests: bytes = field(repr=False, default=b"")

    def events(self) -> Iterator[ParsedEvent]:
        """Yield one purchase for each line kept that has a customer, in the file's order."""
        lines = self.lines
        columns = (lines["row"], lines["persona_id"], lines["item_id"], lines["at"].astype("int64"))
        for place, (row, persona_id, item_id, micros) in enumerate(zip(*columns, strict=True)):
            if isinstance(persona_id, str):
                bought = Interaction(item_id, "purchase", from_micros(micros), origin="imported")
                yield ParsedEvent(persona_id, bought, self._digests[16 * place : 16 * place + 16], row)


def clean_invoices(
    source: RowSource,
    mapping: InvoiceMapping | None = None,
    *,
    steps: Collection[str] = STEPS,
    price: PriceRule = "median",
) -> Invoices:
    """Return products, customers and purchases of a file of invoice lines, read once, a line at a time.

    Parameters
    ----------
    mapping : InvoiceMapping, optional
        Guessed from the columns' names when missing.
    steps : collection of str
        Which of `STEPS` to apply; their order is fixed.
    price : {"median", "latest"}
        Which unit price becomes the product's.

    Raises
    ------
    InvalidInput
        Where the mapping does not fit the columns, or a step is unknown.
    """
    _check_steps(steps)
    mapping = mapping or guess_invoices(source.columns, source.peek())
    check_mapping(mapping, source.columns)
    funnel = _Funnel(mapping, frozenset(steps))
    reader = InvoiceReader(mapping, source.columns)
    kept = KeptLines()
    for row in source.rows:
        line = row if isinstance(row, Rejection) else reader.line(row)
        if isinstance(line, Rejection):
            funnel.rejections.append(line)
        elif funnel.keeps(line):
            kept.add(line)
    return Invoices(
        rows=funnel.rows + len(funnel.rejections),
        items=kept.items(price),
        customers=kept.customers(),
        funnel=funnel.steps(),
        dropped=funnel.dropped(),
        rejections=tuple(funnel.rejections),
        lines=kept.frame(),
        _digests=bytes(kept.digests),
    )


def _check_steps(steps: Collection[str]) -> None:
    for step in steps:
        if step not in STEPS:
            near = get_close_matches(step, STEPS, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"The steps are {', '.join(STEPS)}."
            raise InvalidInput(f"there is no cleaning step {step!r}.", hint)


class _Funnel:
    """Decides line by line, and remembers what each step took out."""

    def __init__(self, mapping: InvoiceMapping, applied: Collection[str]) -> None:
        self._mapping = mapping
        self._checks = {step: check for step, check in self._all_checks().items() if step in applied}
        self._seen: set[bytes] = set()
        self._dropped_rows = array("q")
        self._dropped_steps = array("b")
        self.rows = 0
        self.rejections: list[Rejection] = []

    def _all_checks(self) -> dict[str, Callable[[InvoiceLine], bool]]:
        return {
            MISSING_CUSTOMER: lambda line: not line.customer,
            DUPLICATES: self._is_repeated,
            CANCELLED: lambda line: line.invoice.startswith(self._mapping.cancelled_prefix),
            NON_POSITIVE: lambda line: line.quantity <= 0 or line.unit_price <= 0,
            NON_PRODUCTS: lambda line: not self._is_product(line.stock_code),
        }

    def _is_repeated(self, line: InvoiceLine) -> bool:
        before = len(self._seen)
        self._seen.add(line.whole)
        return len(self._seen) == before

    def _is_product(self, stock_code: str) -> bool:
        start = stock_code[: self._mapping.product_digits]
        return len(start) == self._mapping.product_digits and start.isascii() and start.isdigit()

    def keeps(self, line: InvoiceLine) -> bool:
        """Tell whether the line passes all steps; note the one that takes it out."""
        self.rows += 1
        for step, takes_out in self._checks.items():
            if takes_out(line):
                self._dropped_rows.append(line.row)
                self._dropped_steps.append(STEPS.index(step))
                return False
        return True

    def steps(self) -> tuple[Step, ...]:
        """Return the funnel: what each step dropped and left."""
        counts = Counter(self._dropped_steps)
        left = self.rows
        steps = [Step(UNREADABLE, len(self.rejections), left)] if self.rejections else []
        for place, name in enumerate(STEPS):
            left -= counts[place]
            steps.append(Step(name, counts[place], left, applied=name in self._checks))
        return tuple(steps)

    def dropped(self) -> pd.DataFrame:
        """Return row and step of each line taken out."""
        steps = pd.Categorical.from_codes(np.array(self._dropped_steps, dtype=np.int8), categories=pd.Index(STEPS))
        return pd.DataFrame({"row": np.array(self._dropped_rows, dtype=np.int64), "step": steps})
