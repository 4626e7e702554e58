"""A workspace with something of everything, for tests that ask what is left of it or what happens to it."""

from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from tastebench.domain.choices import Choice
from tastebench.domain.interaction import Interaction
from tastebench.domain.item import Item
from tastebench.domain.model_state import ModelState
from tastebench.domain.persona import Persona
from tastebench.domain.preferences import PreferenceName
from tastebench.domain.profile import ScoringProfile
from tastebench.domain.reports import Rejection
from tastebench.domain.statements import Statements
from tastebench.stores import (
    app_state,
    evaluations,
    imports,
    impressions,
    interactions,
    items,
    members,
    model_calls,
    operator_choices,
    personas,
    preference_edits,
    preference_snapshots,
    profiles,
    turns,
    workspaces,
)
from tastebench.stores.evaluations import EvaluationHead
from tastebench.stores.interactions import EventRow
from tastebench.stores.model_calls import ModelCall
from tastebench.stores.turns import Turn

AT = datetime(2024, 5, 1, tzinfo=UTC)
LATEST = AT + timedelta(days=2)


def fill(connection: Connection, workspace: int) -> None:
    """Give the workspace rows in every table: items a (embedded) and b, personas a (with a prior) and b, their log."""
    workspaces.set_encoder(connection, workspace, "model", 2)
    key = imports.start(connection, workspace, "items", "films.csv", {})
    imports.add_rejections(connection, workspace, key, [Rejection(2, "year", "It is no number.")])
    items.upsert(connection, workspace, [Item("a", "Alien"), Item("b", "Brazil")], key)
    waiting = items.without_vector(connection, workspace, 0, 1)
    items.save_vectors(connection, workspace, [waiting[0].key], np.ones((1, 2), np.float32), [waiting[0].hash])
    personas.upsert(
        connection, workspace, [Persona("Ada", "Noir.", persona_id="a"), Persona("Bo", persona_id="b")], key
    )
    prior = personas.without_prior(connection, workspace, 1)[0]
    personas.save_priors(connection, workspace, {prior.key: (np.ones(2, np.float32), prior.hash)})
    ada = personas.find(connection, workspace, "a").key
    log = [
        EventRow(ada, Interaction("a", "like", AT), bytes(16), key),
        EventRow(ada, Interaction("gone", "view", LATEST)),
    ]
    interactions.append(connection, workspace, log)
    preference_edits.add(connection, workspace, ada, "pin", PreferenceName("taste", "genres", "noir"), 0.4, AT)
    kept = PreferenceName("taste", "genres", "western")
    one = Statements(np.array([ada]), np.array([1]), ("snapshot",), (kept,), np.array([0.3]), np.array([4]))
    preference_snapshots.replace(connection, workspace, one, np.ones(1, np.bool_))
    impressions.add(connection, workspace, ada, AT, {"limit": 10}, ["a", "b"], "abc")
    profiles.save(connection, workspace, ScoringProfile(name="a"))
    profiles.set_default(connection, workspace, "a")
    app_state.save(connection, workspace, "a", True)
    members.add(connection, workspace, "ada@example.org")
    model_calls.add(connection, workspace, ModelCall("rank", "m", ModelState.OK, 1, 10, 2, 0.8, 0, 1200.0))
    operator_choices.add(connection, workspace, "a", Choice(PreferenceName("presentation", "chart", "bars"), 1))
    turns.add(connection, workspace, ada, Turn(AT, "something noir", ("a", "b")))
    evaluations.add(connection, workspace, EvaluationHead(0, "evaluation", "a", AT, "{}", {"log": 1}, 0), "{}", b"")
