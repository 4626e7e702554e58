"""Single invoice lines read, and those kept gathered into products, customers and purchases."""

from array import array
from collections import Counter
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import pandas as pd

from tastebench.domain import text
from tastebench.domain.item import Item
from tastebench.domain.moments import to_micros
from tastebench.domain.persona import Persona
from tastebench.domain.reports import Rejection
from tastebench.ingest.columns import BadCell, read, read_optional
from tastebench.ingest.fields import InvoiceMapping
from tastebench.ingest.interactions import Digests
from tastebench.ingest.products import PriceRule, Product
from tastebench.ingest.rows import RawRow
from tastebench.ingest.values import parse_id, parse_number, parse_text, parse_time


class InvoiceLine(NamedTuple):
    """One line, read: texts are cleaned, `customer`, `invoice`, `country` and `description` may be empty.

    `whole` is a digest of all columns of the file.
    """

    row: int
    invoice: str
    stock_code: str
    description: str
    quantity: float
    at: datetime
    unit_price: float
    customer: str
    country: str
    whole: bytes


class InvoiceReader:
    """Reads rows under one mapping.

    Parameters
    ----------
    mapping : InvoiceMapping
    columns : tuple of str
        All columns of the file: they make a line's identity.
    """

    def __init__(self, mapping: InvoiceMapping, columns: tuple[str, ...]) -> None:
        self._mapping = mapping
        self._columns = columns
        self._time = partial(parse_time, date_order=mapping.date_order)
        self._cleaned: dict[str, str] = {}

    def line(self, row: RawRow) -> InvoiceLine | Rejection:
        """Return the line, or its rejection naming the column at fault."""
        values, mapping = row.values, self._mapping
        whole = "\x1f".join([str(values.get(column)) for column in self._columns])
        try:
            return InvoiceLine(
                row=row.number,
                invoice=read_optional(values, mapping.invoice, parse_id) or "",
                stock_code=read(values, mapping.stock_code, parse_id),
                description=self._clean(read_optional(values, mapping.description, parse_text) or ""),
                quantity=read(values, mapping.quantity, parse_number),
                at=read(values, mapping.at, self._time),
                unit_price=read(values, mapping.unit_price, parse_number),
                customer=read_optional(values, mapping.customer, parse_id) or "",
                country=self._clean(read_optional(values, mapping.country, parse_text) or ""),
                whole=blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
            )
        except BadCell as bad:
            return Rejection(row.number, bad.column, bad.reason)

    def _clean(self, written: str) -> str:
        known = self._cleaned.get(written)
        if known is None:
            known = text.clean(written[: text.TITLE_LIMIT])
            if len(self._cleaned) < 100_000:
                self._cleaned[written] = known
        return known


class _Customer:
    def __init__(self) -> None:
        self.countries: Counter[str] = Counter()
        self.invoices: set[str] = set()
        self.units = 0.0

    def add(self, line: InvoiceLine) -> None:
        self.countries.update([line.country] if line.country else ())
        self.invoices.add(line.invoice)
        self.units += line.quantity

    def as_persona(self, customer: str) -> Persona:
        country = max(self.countries, key=self.countries.__getitem__, default="")
        name = f"Customer {customer}, {country}" if country else f"Customer {customer}"
        units = int(self.units) if self.units.is_integer() else self.units
        properties = {"invoices": len(self.invoices), "units": units}
        return Persona(name[: text.NAME_LIMIT], properties=properties, origin="imported", persona_id=customer)


class KeptLines:
    """The lines that passed the funnel, in columns: half a million of them take 30 MB.

    Parameters
    ----------
    digests : bytearray
        16 bytes for each line, see `Digests`.
    """

    def __init__(self) -> None:
        self.digests = bytearray()
        self._digests = Digests()
        self._products: dict[str, Product] = {}
        self._customers: dict[str, _Customer] = {}
        # "" has the code that pandas reads as missing
        self._codes: dict[str, dict[str, int]] = {name: {"": -1} for name in ("persona_id", "item_id", "invoice")}
        self._columns = {name: array("q") for name in ("row", "at", *self._codes)}
        self._numbers = {name: array("d") for name in ("quantity", "unit_price")}

    def add(self, line: InvoiceLine) -> None:
        """Take in one line."""
        micros = to_micros(line.at)
        self._products.setdefault(line.stock_code, Product()).add(line.description, line.unit_price, micros)
        if line.customer:
            self._customers.setdefault(line.customer, _Customer()).add(line)
        self._columns["row"].append(line.row)
        self._columns["at"].append(micros)
        for name, value in (("persona_id", line.customer), ("item_id", line.stock_code), ("invoice", line.invoice)):
            self._columns[name].append(self._code(name, value))
        self._numbers["quantity"].append(line.quantity)
        self._numbers["unit_price"].append(line.unit_price)
        self.digests += self._digests.digest(_identity(line, micros))

    def _code(self, column: str, value: str) -> int:
        codes = self._codes[column]
        return codes.setdefault(value, len(codes) - 1)

    def items(self, price: PriceRule) -> tuple[Item, ...]:
        """Return the products, in the order they first appear."""
        return tuple(product.as_item(code, price) for code, product in self._products.items())

    def customers(self) -> tuple[Persona, ...]:
        """Return the customers, in the order they first appear."""
        return tuple(customer.as_persona(number) for number, customer in self._customers.items())

    def frame(self) -> pd.DataFrame:
        """Return the lines as a data frame; ids and invoice numbers are categories."""
        columns = {name: np.array(values, dtype=np.int64) for name, values in self._columns.items()}
        numbers = {name: np.array(values, dtype=np.float64) for name, values in self._numbers.items()}
        categories = {
            name: pd.Categorical.from_codes(columns[name], categories=pd.Index(list(filter(None, codes))))
            for name, codes in self._codes.items()
        }
        at = pd.to_datetime(columns["at"], unit="us", utc=True).as_unit("us")
        return pd.DataFrame({"row": columns["row"], **categories, **numbers, "at": at})


def _identity(line: InvoiceLine, micros: int) -> tuple[str, ...]:
    amounts = (f"{float(line.quantity)!r}", f"{float(line.unit_price)!r}", str(micros))
    return ("invoice", line.customer, line.stock_code, line.invoice, line.description, line.country, *amounts)
