"""Write ``invoices.csv``: thirteen weeks of an invented gift shop, dirt included.

The authored products are read from ``products.csv``; who buys what, when and how
many is drawn from one seeded generator, so every run writes the same bytes. The
columns are those of the UCI Online Retail file. Run it from anywhere::

    python sample_data/shop/make_shop.py

It rewrites ``invoices.csv`` beside this file and prints the dirt counts and the
cleaning funnel that ``README.md`` quotes.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
PRODUCTS_CSV = HERE / "products.csv"
INVOICES_CSV = HERE / "invoices.csv"

SEED = 20260706
LAST_DAY = date(2026, 6, 30)
DAYS = 13 * 7
FIRST_INVOICE = 610001
HEADER = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)

HOME = "United Kingdom"
CUSTOMERS_BY_COUNTRY = {
    HOME: 98,
    "Germany": 6,
    "France": 5,
    "Ireland": 4,
    "Netherlands": 3,
    "Belgium": 2,
    "Spain": 1,
    "Switzerland": 1,
}

# How often the shop's staff typed the other spelling, and which products it hit.
SECOND_SPELLING_SHARE = 0.4
SECOND_SPELLINGS = {
    "JEWELLERY ROLL VELVET PLUM": "JEWELRY ROLL VELVET PLUM",
    "JINGLE BELL GARLAND RUSTIC": "RUSTIC JINGLE BELL GARLAND",
    "BISCUIT BARREL NAVY POLKA": "BISCUIT BARREL, NAVY POLKA",
    "FELT CAT CAVE PEBBLE GREY": "FELT CAT CAVE PEBBLE GRAY",
    "CANVAS WEEKEND BAG TAN STRAPS": "CANVAS WEEK-END BAG TAN STRAPS",
    "CUCKOO CLOCK CARDBOARD CHALET": "CUCKOO CLOCK CARDBORD CHALET",
    "PICNIC RUG FOLDING HEATHER PLAID": "PICNIC RUG FOLDNG HEATHER PLAID",
    "BRASS PAPERWEIGHT SNOOZING CAT": "BRASS PAPER WEIGHT SNOOZING CAT",
}

# Planned dirt, in lines unless said otherwise.
GUEST_ORDERS = 24  # whole invoices with no CustomerID
DUPLICATE_LINES = 46
CANCELLED_LINES = 58  # product returns; the two discount lines come on top
ZERO_PRICE_LINES = 13
NEGATIVE_LINES = 8  # returns booked without the C

ORDERS_PER_CUSTOMER = {1: 15, 2: 22, 3: 24, 4: 15, 5: 10, 6: 6, 8: 5, 12: 3}
SMALL_QUANTITIES = {1: 34, 2: 26, 3: 10, 4: 12, 6: 10, 12: 8}
COSTLY_QUANTITIES = {1: 70, 2: 24, 3: 6}
WHOLESALE_QUANTITIES = {12: 30, 24: 32, 36: 12, 48: 14, 72: 5, 96: 5, 144: 2}
COSTLY_WHOLESALE_QUANTITIES = {4: 30, 6: 36, 8: 14, 12: 20}
COSTLY_PENCE = 1000


@dataclass(frozen=True)
class Product:
    """One line of ``products.csv``; the price is kept in whole pence."""

    theme: str
    code: str
    description: str
    pence: int


@dataclass
class Catalog:
    """All products by theme, each theme with its own order of popularity."""

    by_theme: dict[str, list[Product]]
    everything: list[Product]


@dataclass
class Customer:
    """A buyer; ``number`` is None for the guests the shop did not record."""

    number: int | None
    country: str
    themes: list[str]
    wholesale: bool = False
    bought: list[Product] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One article on an invoice."""

    code: str
    description: str
    quantity: int
    pence: int


@dataclass
class Order:
    """One invoice before it has a number."""

    when: datetime
    customer: Customer
    lines: list[Line] = field(default_factory=list)
    cancelled: bool = False


Row = tuple[str, ...]


def pick(rng: Random, weights: dict[int, int]) -> int:
    """Draw one key of a table of weights."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


# --- the shop and its customers ------------------------------------------------------


def read_catalog(rng: Random) -> Catalog:
    """Read the products and shuffle each theme into its order of popularity."""
    by_theme: dict[str, list[Product]] = {}
    with PRODUCTS_CSV.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pence = int(row["unit_price"].replace(".", ""))
            product = Product(row["theme"], row["stock_code"], row["description"], pence)
            by_theme.setdefault(product.theme, []).append(product)
    for products in by_theme.values():
        rng.shuffle(products)
    return Catalog(by_theme, [p for products in by_theme.values() for p in products])


def make_customers(rng: Random, catalog: Catalog) -> list[Customer]:
    """Make the known customers, each with one to three favourite themes."""
    countries = [name for name, count in CUSTOMERS_BY_COUNTRY.items() for _ in range(count)]
    rng.shuffle(countries)
    numbers = rng.sample(range(21000, 30000), len(countries))
    themes = list(catalog.by_theme)
    customers = []
    for number, country in zip(numbers, countries, strict=True):
        favourites = rng.sample(themes, pick(rng, {1: 25, 2: 45, 3: 30}))
        customers.append(Customer(number, country, favourites, rng.random() < 0.12))
    return customers


def opening_time(rng: Random, first: int, last: int) -> datetime:
    """Draw a minute between two day numbers (0 is the first day); Saturdays are closed."""
    while True:
        day = LAST_DAY - timedelta(days=DAYS - 1 - rng.randint(first, last))
        if day.weekday() != 5:
            minute = rng.randrange(8 * 60, 18 * 60)
            return datetime.combine(day, time(minute // 60, minute % 60))


def customer_orders(rng: Random, customer: Customer) -> list[Order]:
    """Plan one customer's orders: some joined late, some stopped early."""
    first = 0 if rng.random() < 0.65 else rng.randrange(1, 80)
    last = DAYS - 1 if rng.random() < 0.8 else rng.randint(min(first + 10, 90), 90)
    count = pick(rng, ORDERS_PER_CUSTOMER)
    return [Order(opening_time(rng, first, last), customer) for _ in range(count)]


def plan_orders(rng: Random, customers: list[Customer], catalog: Catalog) -> list[Order]:
    """Plan every order of the thirteen weeks, oldest first."""
    orders = [order for customer in customers for order in customer_orders(rng, customer)]
    for _ in range(GUEST_ORDERS):
        guest = Customer(None, HOME, rng.sample(list(catalog.by_theme), 2))
        orders.append(Order(opening_time(rng, 0, DAYS - 1), guest))
    closing = datetime.combine(LAST_DAY, time(17, 52))
    regular = max(customers, key=lambda c: sum(order.customer is c for order in orders))
    orders.append(Order(closing, regular))
    return sorted(orders, key=lambda order: order.when)


# --- what they buy -------------------------------------------------------------------


def choose_product(rng: Random, customer: Customer, catalog: Catalog) -> Product:
    """Choose an old favourite, something from a favourite theme, or anything at all."""
    draw = rng.random()
    if customer.bought and draw < 0.12:
        return rng.choice(customer.bought)
    if draw > 0.87:
        return rng.choice(catalog.everything)
    weights = [3, 2, 1][: len(customer.themes)]
    theme = rng.choices(customer.themes, weights=weights)[0]
    products = catalog.by_theme[theme]
    return rng.choices(products, weights=[1 / (rank + 6) for rank in range(len(products))])[0]


def make_line(rng: Random, customer: Customer, product: Product) -> Line:
    """Draw the quantity, the wholesale discount and, now and then, the other spelling."""
    costly = product.pence >= COSTLY_PENCE
    pence = product.pence
    if customer.wholesale and rng.random() < 0.8:
        quantities = COSTLY_WHOLESALE_QUANTITIES if costly else WHOLESALE_QUANTITIES
        pence = pence * 85 // 100
    else:
        quantities = COSTLY_QUANTITIES if costly else SMALL_QUANTITIES
    description = product.description
    if rng.random() < SECOND_SPELLING_SHARE:
        description = SECOND_SPELLINGS.get(description, description)
    return Line(product.code, description, pick(rng, quantities), pence)


def fill_order(rng: Random, order: Order, catalog: Catalog) -> None:
    """Put different products on an order and remember them as bought."""
    guest = order.customer.number is None
    size = rng.randint(4, 16) if guest else rng.randint(2, 10)
    basket: list[Product] = []
    while len(basket) < size:
        product = choose_product(rng, order.customer, catalog)
        if product not in basket:
            basket.append(product)
    order.lines = [make_line(rng, order.customer, product) for product in basket]
    order.customer.bought.extend(basket)


# --- the dirt ------------------------------------------------------------------------


def add_cancellations(rng: Random, orders: list[Order]) -> None:
    """Return one or two lines of earlier orders on invoices of their own."""
    settled = datetime.combine(LAST_DAY - timedelta(days=12), time(0))
    known = [o for o in orders if o.customer.number is not None and o.when < settled]
    rng.shuffle(known)
    left = CANCELLED_LINES
    for order in known:
        if left == 0:
            break
        returned = rng.sample(order.lines, min(left, rng.randint(1, 2)))
        lines = [replace(line, quantity=-rng.randint(1, line.quantity)) for line in returned]
        day = (order.when.date() - LAST_DAY).days + DAYS - 1
        when = opening_time(rng, day + 2, day + 11)
        orders.append(Order(when, order.customer, lines, cancelled=True))
        left -= len(lines)


def spoil_lines(rng: Random, orders: list[Order]) -> None:
    """Give lines away free, book returns without the C, and enter lines twice."""
    known = [o for o in orders if o.customer.number is not None and not o.cancelled]
    places = [(order, line) for order in known for line in order.lines]
    chosen = rng.sample(places, ZERO_PRICE_LINES + NEGATIVE_LINES + DUPLICATE_LINES)
    for number, (order, line) in enumerate(chosen):
        at = order.lines.index(line)
        if number < ZERO_PRICE_LINES:
            order.lines[at] = replace(line, pence=0)
        elif number < ZERO_PRICE_LINES + NEGATIVE_LINES:
            order.lines[at] = replace(line, quantity=-line.quantity)
        else:
            order.lines.insert(rng.randint(at + 1, len(order.lines)), line)


def add_charges(rng: Random, orders: list[Order]) -> None:
    """Append postage, carriage, manual and bank lines, which are not products."""
    known = [o for o in orders if o.customer.number is not None and not o.cancelled]
    ireland = [o for o in known if o.customer.country == "Ireland"]
    abroad = [o for o in known if o.customer.country not in (HOME, "Ireland")]
    home = [o for o in known if o.customer.country == HOME]
    for order in rng.sample(abroad, 16):
        order.lines.append(Line("POST", "POSTAGE", rng.randint(1, 3), 1800))
    for order in rng.sample(ireland, 4):
        order.lines.append(Line("C2", "CARRIAGE", 1, 5000))
    buyers = rng.sample(home, 11)
    for order in buyers[:3]:
        order.lines.append(Line("DOT", "DOTCOM POSTAGE", 1, rng.randrange(495, 2995)))
    for order in buyers[3:7]:
        order.lines.append(Line("M", "Manual", 1, rng.randrange(125, 1895)))
    for order in buyers[7:9]:
        order.lines.append(Line("BANK CHARGES", "Bank Charges", 1, 1500))
    for order in buyers[9:]:
        discount = Line("D", "Discount", -1, rng.randrange(500, 2500))
        orders.append(Order(order.when, order.customer, [discount], cancelled=True))


# --- the file ------------------------------------------------------------------------


def order_rows(order: Order, number: int) -> Iterator[Row]:
    """Yield an order's lines as the eight columns of the file."""
    invoice = f"C{number}" if order.cancelled else str(number)
    known = order.customer.number
    buyer = "" if known is None else f"{known}.0"
    when = order.when.strftime("%Y-%m-%d %H:%M:%S")
    for line in order.lines:
        price = f"{line.pence // 100}.{line.pence % 100:02d}"
        quantity = str(line.quantity)
        country = order.customer.country
        yield (invoice, line.code, line.description, quantity, when, price, buyer, country)


def make_rows() -> list[Row]:
    """Make the whole file, in the order of its invoice numbers."""
    rng = Random(SEED)
    catalog = read_catalog(rng)
    customers = make_customers(rng, catalog)
    orders = plan_orders(rng, customers, catalog)
    for order in orders:
        fill_order(rng, order, catalog)
    add_cancellations(rng, orders)
    spoil_lines(rng, orders)
    add_charges(rng, orders)
    orders.sort(key=lambda order: order.when)
    numbered = enumerate(orders, start=FIRST_INVOICE)
    return [row for number, order in numbered for row in order_rows(order, number)]


def write_rows(rows: Sequence[Row]) -> None:
    """Write the csv with plain line feeds, so that its bytes never depend on the system."""
    with INVOICES_CSV.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)


# --- the counts that README.md quotes ------------------------------------------------


def is_positive(row: Row) -> bool:
    """Whether both the quantity and the price of a line are above zero."""
    return int(row[3]) > 0 and float(row[5]) > 0


def is_product(row: Row) -> bool:
    """Whether a line's stock code begins with five digits."""
    return re.match(r"[0-9]{5}", row[1]) is not None


def funnel(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Count the lines left after each cleaning step."""
    steps: list[tuple[str, Callable[[Row], bool]]] = [
        ("cancelled invoice", lambda row: not row[0].startswith("C")),
        ("quantity or price not positive", is_positive),
        ("stock code not a product's", is_product),
    ]
    left = [row for row in rows if row[6]]
    counts = [("as written", len(rows)), ("no CustomerID", len(left))]
    left = list(dict.fromkeys(left))
    counts.append(("exact duplicate", len(left)))
    for name, keep in steps:
        left = [row for row in left if keep(row)]
        counts.append((name, len(left)))
    return counts


def dirt(rows: Sequence[Row]) -> dict[str, int]:
    """Count each kind of dirt in the file as written, whatever else a line suffers from."""
    spellings: dict[str, set[str]] = {}
    for row in rows:
        spellings.setdefault(row[1], set()).add(row[2])
    sold_or_booked = [row for row in rows if not row[0].startswith("C")]
    return {
        "no CustomerID": sum(not row[6] for row in rows),
        "exact duplicates": len(rows) - len(set(rows)),
        "cancelled": len(rows) - len(sold_or_booked),
        "not positive, without a C": sum(not is_positive(row) for row in sold_or_booked),
        "not a product": sum(not is_product(row) for row in rows),
        "products with two spellings": sum(len(names) > 1 for names in spellings.values()),
    }


def main() -> None:
    """Write the file and print its counts."""
    rows = make_rows()
    write_rows(rows)
    for name, count in dirt(rows).items():
        print(f"{name:32}{count:6}")
    print("non-product codes:", dict(Counter(row[1] for row in rows if not is_product(row))))
    before = len(rows)
    for name, count in funnel(rows):
        print(f"{name:32}{count - before:6}{count:7}")
        before = count


if __name__ == "__main__":
    main()
