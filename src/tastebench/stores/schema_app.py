"""Tables of what the app itself keeps about a workspace. They stay out of archives."""

from sqlalchemy import BigInteger, Column, Double, Table, UniqueConstraint

from tastebench.stores.schema_parts import metadata, number, own_key, text, workspace

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
