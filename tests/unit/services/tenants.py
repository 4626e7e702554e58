"""Tenants for the tenancy test: workspaces to which the same ids happen, each with a word that is in all its texts."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from tastebench import Interaction, Item, Persona, ScoringProfile, TastebenchError, Workbench

WORDS = ("amselfeld", "brachvogel", "dompfaff", "eisvogel", "fichtenkreuzschnabel")
BASE = datetime(2025, 1, 1, tzinfo=UTC)
LATER = BASE + timedelta(days=60)
ITEMS, PEOPLE = 40, 12

Luck = np.random.Generator
Operation = Callable[["Tenant", Luck, int], object]


class Tenant:
    """A workspace, its word, and the luck that decides what happens to it."""

    def __init__(self, bench: Workbench, word: str) -> None:
        self.bench, self.word = bench, word
        self.space = bench.workspace(word, create=True)
        self.luck = np.random.default_rng(WORDS.index(word))
        self.steps = 0
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        names, weights = zip(*((name, weight) for name, (weight, _) in OPERATIONS.items()), strict=True)
        name = str(self.luck.choice(names, p=np.array(weights) / sum(weights)))
        self.steps += 1
        with suppress(TastebenchError):
            OPERATIONS[name][1](self, self.luck, self.steps)
            self.done[name] += 1


def item_id(luck: Luck) -> str:
    return f"i{luck.integers(ITEMS)}"


def person(luck: Luck) -> str:
    return f"p{luck.integers(PEOPLE)}"


def save_item(t: Tenant, luck: Luck, n: int) -> None:
    kinds = tuple(f"{t.word} {kind}" for kind in luck.choice(["noir", "western", "crime", "musical"], 2, replace=False))
    description = f"A film of {t.word} about {luck.choice(['rain', 'horses', 'trains'])}."
    creator, price = f"{t.word} director {luck.integers(4)}", {f"{t.word} price": float(luck.integers(1, 50))}
    created = BASE + timedelta(days=int(luck.integers(50)))
    t.space.save_item(
        Item(item_id(luck), f"{t.word} title {n}", description, {"genres": kinds}, creator, created, attributes=price)
    )


def price_item(t: Tenant, luck: Luck, _n: int) -> None:
    """Change an item but not its text: no vector is written, which would cost more than all the rest."""
    item = t.space.item(item_id(luck))
    t.space.save_item(replace(item, attributes={f"{t.word} price": float(luck.integers(1, 50))}))


def add_persona(t: Tenant, luck: Luck, n: int) -> None:
    chosen = person(luck)
    one = Persona(
        f"{t.word} person {n}", f"Somebody of {t.word}, fond of {luck.choice(['rain', 'horses'])}.",
        {"genres": [f"{t.word} noir"]}, {"home": f"{t.word} street {n}"}, persona_id=chosen,
    )  # fmt: skip
    act = t.space.update_persona if chosen in t.space.persona_names() else lambda _id, new: t.space.add_persona(new)
    act(chosen, one)


def interact(t: Tenant, luck: Luck, n: int) -> None:
    action = str(luck.choice(["view", "click", "like", "favorite", "add_to_cart", "purchase", "dislike"]))
    weight = float(luck.uniform(-1, 1)) if luck.random() < 0.1 else None
    event = Interaction(item_id(luck), action, BASE + timedelta(minutes=7 * n), weight)
    t.space.add_interactions(person(luck), [event])


def follow(t: Tenant, luck: Luck, n: int) -> None:
    creator = f"{t.word} director {luck.integers(4)}"
    event = Interaction(creator, "follow", BASE + timedelta(minutes=7 * n), target_kind="creator")
    t.space.add_interactions(person(luck), [event])


def delete_or_restore(t: Tenant, luck: Luck, _n: int) -> None:
    keys = [row.key for row in t.space.interactions(limit=5, offset=int(luck.integers(20))).rows[:3]]
    t.space.delete_interactions(keys)
    if luck.random() < 0.5:
        t.space.restore_interactions(keys[:2])


def import_items(t: Tenant, luck: Luck, n: int) -> None:
    rows = [{"id": item_id(luck), "title": f"{t.word} imported {n}", "genres": [f"{t.word} noir"]} for _ in range(3)]
    t.space.import_items(pd.DataFrame(rows))


def import_interactions(t: Tenant, luck: Luck, n: int) -> None:
    rows = [
        {"user": person(luck), "item": item_id(luck), "action": "like", "time": BASE + timedelta(minutes=7 * n)},
        {"user": person(luck), "item": item_id(luck), "action": "like", "time": f"{t.word} o'clock"},
    ]
    t.space.import_interactions(pd.DataFrame(rows))


def look(t: Tenant, luck: Luck, _n: int) -> None:
    """Fill whatever is held."""
    who = person(luck)
    t.space.recommend(who, now=LATER)
    t.space.suggestions(who, LATER)
    t.space.ask(who, f"{t.word} rain", now=LATER)


def rename(t: Tenant, _luck: Luck, n: int) -> None:
    t.bench.rename_workspace(t.space.name, f"{t.word} {n}")


OPERATIONS: dict[str, tuple[float, Operation]] = {
    "interact": (40, interact),
    "save item": (3, save_item),
    "price item": (9, price_item),
    "add persona": (7, add_persona),
    "follow": (3, follow),
    "delete or restore interactions": (4, delete_or_restore),
    "delete item": (2, lambda t, luck, n: t.space.delete_item(item_id(luck))),
    "restore item": (2, lambda t, luck, n: t.space.restore_item(item_id(luck))),
    "available": (2, lambda t, luck, n: t.space.set_available(item_id(luck), bool(n % 2))),
    "delete persona": (1, lambda t, luck, n: t.space.delete_persona(person(luck))),
    "restore persona": (1, lambda t, luck, n: t.space.restore_persona(person(luck))),
    "clone": (0.2, lambda t, luck, n: t.space.clone_persona(person(luck), f"{t.word} clone")),
    "erase": (0.1, lambda t, luck, n: t.space.erase_persona(person(luck))),
    "choose": (3, lambda t, luck, n: t.space.choose(person(luck), "data", "export", f"{t.word} {n % 3}", at=BASE)),
    "correct": (
        2,
        lambda t, luck, n: t.space.correct(person(luck), "taste", "genres", f"{t.word} x{n % 3}", 0.5, LATER),
    ),
    "pin": (1, lambda t, luck, n: t.space.pin(person(luck), "taste", "genres", f"{t.word} noir", LATER)),
    "remember": (2, lambda t, luck, n: t.space.remember(person(luck), f"{t.word} question {n}", ["i1"], now=LATER)),
    "follow up": (0.5, lambda t, luck, n: t.space.follow_up(person(luck), f"more {t.word} noir", now=LATER)),
    "show": (0.5, lambda t, luck, n: t.space.show(t.space.recommend(person(luck), now=LATER, instruction=t.word))),
    "profile": (
        1,
        lambda t, luck, n: t.space.save_profile(ScoringProfile(weights={"popularity": n % 1000 + 1}), f"{t.word} {n}"),
    ),
    "actions": (0.3, lambda t, luck, n: t.space.save_actions({**t.space.settings.actions, f"{t.word} wink": 1.0})),
    "import items": (0.5, import_items),
    "import interactions": (0.5, import_interactions),
    "undo import": (0.2, lambda t, luck, n: [t.space.undo_import(one.import_id) for one in t.space.imports()[:1]]),
    "rename": (0.3, rename),
    "look": (1, look),
}
