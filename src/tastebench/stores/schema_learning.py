"""Tables of what was said about what is learned, and of what is kept of it."""

from sqlalchemy import Column, Double, Index, Table, UniqueConstraint

from tastebench.stores.schema_parts import Key, metadata, moment, number, own_key, text, within_workspace, workspace

preference_edits = Table(
    "preference_edits",
    metadata,
    own_key(),
    workspace(),
    Column("persona_key", Key, nullable=False),
    number("at"),
    text("kind"),
    text("category"),
    text("name"),
    text("value"),
    # What the preference was set to: that is all that the later fold asks of an edit.
    Column("confidence", Double, nullable=False),
    number("recorded_at"),
    moment("deleted_at"),
    UniqueConstraint("workspace_key", "key"),
    within_workspace("persona_key", "personas"),
    Index("preference_edits_by_persona", "workspace_key", "persona_key"),
    sqlite_autoincrement=True,
)
"""What operators pinned, corrected or had forgotten, in the order in which they did; undoing one is a tombstone."""

preference_snapshots = Table(
    "preference_snapshots",
    metadata,
    own_key(),
    workspace(),
    Column("persona_key", Key, nullable=False),
    # When the last of the removed pieces of evidence happened.
    number("at"),
    text("category"),
    text("name"),
    text("value"),
    # What all evidence until then came to, and how many pieces of it were removed.
    Column("confidence", Double, nullable=False),
    number("pieces"),
    number("recorded_at"),
    UniqueConstraint("workspace_key", "persona_key", "category", "name", "value"),
    within_workspace("persona_key", "personas"),
    sqlite_autoincrement=True,
)
"""What is left of preferences when interactions are removed because they are too old: one row of each at most."""
