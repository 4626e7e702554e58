"""Tables of what the app itself keeps about a workspace. They stay out of archives."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Table, UniqueConstraint

from tastebench.stores.schema_parts import metadata, moment, number, own_key, text, workspace

app_state = Table(
    "app_state",
    metadata,
    own_key(),
    workspace(),
    text("name"),
    text("value"),
    UniqueConstraint("workspace_key", "name"),
)
"""Small facts an app keeps about a workspace, by name."""

model_calls = Table(
    "model_calls",
    metadata,
    own_key(),
    workspace(),
    number("at"),
    text("kind"),
    text("model"),
    text("state"),
    number("calls"),
    number("items"),
    Column("moved", BigInteger, nullable=True),
    Column("tau", Double, nullable=True),
    number("repairs"),
    Column("total_ms", Double, nullable=False),
    UniqueConstraint("workspace_key", "key"),
    sqlite_autoincrement=True,
)
"""What each use of the language model came to. It says nothing of personas or items."""

operator_choices = Table(
    "operator_choices",
    metadata,
    own_key(),
    workspace(),
    # Who signed in; empty where nobody does.
    text("operator"),
    number("at"),
    text("category"),
    text("name"),
    text("value"),
    Column("strength", Double, nullable=False),
    Column("always", Boolean, nullable=False),
    moment("deleted_at"),
    UniqueConstraint("workspace_key", "key"),
    Index("operator_choices_by_operator", "workspace_key", "operator"),
    sqlite_autoincrement=True,
)
"""Which chart, level and export operators chose; to forget them is a tombstone."""

members = Table(
    "members",
    metadata,
    own_key(),
    workspace(),
    text("email"),
    number("added_at"),
    UniqueConstraint("workspace_key", "email"),
)
"""Whom a workspace names as its members: their addresses as `domain.member` cleans them."""
