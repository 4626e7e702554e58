"""Use cases of simulation: people who never were, and what a persona might do next. All of it marked as simulated."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from tastebench.domain.columns import CatalogueColumns, Float, Ints
from tastebench.domain.errors import AlreadyExists, InvalidInput
from tastebench.domain.interaction import LIKED_ACTIONS, Interaction
from tastebench.domain.persona import Persona
from tastebench.domain.reports import ImportReport, OnProgress
from tastebench.ingest.interactions import Digests, ParsedEvent
from tastebench.ingest.rows import RowSource
from tastebench.services.exploring import Exploring
from tastebench.services.import_run import Cancel, Run
from tastebench.services.importing import Importing
from tastebench.services.log import Log
from tastebench.simulation.behaviour import Deed, Habits, centre, deeds, fits, hidden_taste, reach
from tastebench.stores import personas
from tastebench.stores.database import Connection

PEOPLE_LIMIT = 10_000
DAYS_LIMIT = 3650
ITEMS_A_DAY = 0.6
"""How many items one persona meets on a day of its own."""


class Simulating(Importing, Log, Exploring):
    """What can be made up in a workspace: all of it says that it is, and can be taken back as a whole."""

    def simulate_people(
        self,
        people: int = 50,
        *,
        days: float = 84.0,
        seed: int = 0,
        liking: str = "like",
        now: datetime | None = None,
        progress: OnProgress | None = None,
        cancel: Cancel = None,
    ) -> ImportReport:
        """Add simulated personas with a history each, drawn from hidden tastes over the catalogue's embeddings.

        It counts as one import, so `undo_import` takes all of it back.

        Parameters
        ----------
        people : int
            1 to 10,000.
        days : float
            How far their histories go back from `now`, over 0 to 3,650.
        seed : int
            The same seed on the same catalogue gives the same people.
        liking : str
            The action by which they like: ``like``, ``favorite`` or ``purchase``.

        Raises
        ------
        InvalidInput
            Where a number is out of range, or fewer than two items are available and embedded.
        AlreadyExists
            Where people of this seed are here already.
        """
        _check(people, days, seed, liking)
        catalogue, rows = self._met()
        made_up = _People(catalogue, rows, Habits(days, liking=liking), seed, now or self.default_now().at)
        with self._parts.database.read() as connection:
            if personas.keys_of(connection, self._key, [made_up.persona_id(number) for number in range(1, people + 1)]):
                raise AlreadyExists(f"People of seed {seed} are here already.", "Choose another seed.")
        source = RowSource(f"simulation with seed {seed}", (), iter(()), total=None)
        run = Run(self._parts, self._key, "interactions", source)
        return run.through(made_up.rows(people), self._write_simulated, progress, cancel)

    def simulate_history(
        self, persona_id: str, days: float = 14.0, *, seed: int = 0, liking: str = "like", now: datetime | None = None
    ) -> list[int]:
        """Record what a persona might have done in the last `days`, by its taste, and return the rows' keys.

        Items it already had to do with are left out. Who has no taste yet is given a hidden one for the occasion.

        Raises
        ------
        NotFound
            Where there is no such persona.
        InvalidInput
            Where a number is out of range, or fewer than two items that it does not know are available and embedded.
        """
        _check(1, days, seed, liking)
        moment = now or self.default_now(persona_id).at
        _, own = self._own(persona_id, moment, None)
        catalogue, rows = self._met(known=own.log.items)
        luck = np.random.default_rng(seed)
        vectors = catalogue.vectors[rows]
        middle = centre(vectors)
        taste = own.taste.vector - middle if own.taste else hidden_taste(vectors, middle, luck)
        habits = Habits(days, max(4.0, ITEMS_A_DAY * days), liking)
        done = deeds(fits(vectors, taste), reach(len(rows), luck), habits, luck)
        return self.add_interactions(persona_id, [_interaction(catalogue, rows, one, moment) for one in done])

    def _met(self, known: Ints | None = None) -> tuple[CatalogueColumns, Ints]:
        """Return the catalogue and the positions of the items that people may meet."""
        catalogue = self._snapshot().catalogue
        rows = np.flatnonzero(catalogue.available & catalogue.embedded)
        if known is not None:
            rows = rows[~np.isin(catalogue.keys[rows], known)]
        if len(rows) < 2:
            raise InvalidInput(
                "Fewer than two items are there to be met.", "Import items, and let their texts be embedded first."
            )
        return catalogue, rows

    def _write_simulated(self, connection: Connection, batch: list[Any], run: Run) -> None:
        self._write_personas(connection, [row for row in batch if isinstance(row, Persona)], run)
        self._write_events(connection, [row for row in batch if isinstance(row, ParsedEvent)], run)


class _People:
    """People who are made up, one by one, with all they did."""

    def __init__(self, catalogue: CatalogueColumns, rows: Ints, habits: Habits, seed: int, now: datetime) -> None:
        self._catalogue, self._rows, self._habits, self._seed, self._now = catalogue, rows, habits, seed, now

    def persona_id(self, number: int) -> str:
        return f"simulated-{self._seed}-{number:04}"

    def rows(self, people: int) -> Iterator[Persona | ParsedEvent]:
        """Yield each persona, then what it did."""
        vectors, digests = self._catalogue.vectors[self._rows].astype(np.float64), Digests()
        middle = centre(vectors)
        reached = reach(len(vectors), np.random.default_rng(self._seed))
        for number in range(1, people + 1):
            luck = np.random.default_rng((self._seed, number))
            fit = fits(vectors, hidden_taste(vectors, middle, luck))
            yield self._persona(number)
            yield from self._events(number, fit, reached, luck, digests)

    def _persona(self, number: int) -> Persona:
        # No description: whatever all of them said of themselves would make them alike.
        joined = self._now - timedelta(days=self._habits.days)
        name = f"Simulated {self._seed}·{number:04}"
        return Persona(name, face="S", origin="simulated", persona_id=self.persona_id(number), created_at=joined)

    def _events(
        self, number: int, fit: Float, reached: Float, luck: np.random.Generator, digests: Digests
    ) -> Iterator[ParsedEvent]:
        persona_id = self.persona_id(number)
        for done in deeds(fit, reached, self._habits, luck):
            event = _interaction(self._catalogue, self._rows, done, self._now)
            digest = digests.digest((persona_id, event.target, event.action, str(event.at)))
            yield ParsedEvent(persona_id, event, digest, 0)


def _interaction(catalogue: CatalogueColumns, rows: Ints, done: Deed, now: datetime) -> Interaction:
    at = now - timedelta(days=done.days_ago)
    return Interaction(catalogue.item_ids[rows[done.item]], done.action, at, origin="simulated")


def _check(people: int, days: float, seed: int, liking: str) -> None:
    if not 1 <= people <= PEOPLE_LIMIT:
        raise InvalidInput(f"{people:,} people cannot be simulated.", f"Choose 1 to {PEOPLE_LIMIT:,}.")
    if not 0 < days <= DAYS_LIMIT:
        raise InvalidInput(f"A history of {days:g} days cannot be simulated.", f"Choose up to {DAYS_LIMIT:,} days.")
    if seed < 0:
        raise InvalidInput(f"{seed} is no seed.", "Choose 0 or a larger whole number.")
    if liking not in LIKED_ACTIONS:
        raise InvalidInput(f"Nobody likes by {liking!r}.", f"Choose one of {', '.join(sorted(LIKED_ACTIONS))}.")
