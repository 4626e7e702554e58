"""The table of what was said: turns of conversations, which are kept for hours only."""

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from tastebench.stores.schema_parts import Key, metadata, number, own_key, text, within_workspace, workspace

turns = Table(
    "turns",
    metadata,
    own_key(),
    workspace(),
    Column("persona_key", Key, nullable=False),
    # The moment the list was made as of; retention counts from when the row was recorded.
    number("at"),
    number("recorded_at"),
    text("question"),
    # The turn that this one refines; it may have expired.
    Column("refines", Key, nullable=True),
    # How it was read, and what holds since (JSON).
    text("reading"),
    # What was shown, in order (JSON), and which of it was taken.
    text("item_ids"),
    Column("chosen", Text, nullable=True),
    UniqueConstraint("workspace_key", "key"),
    within_workspace("persona_key", "personas"),
    Index("turns_by_persona", "workspace_key", "persona_key", "recorded_at"),
    sqlite_autoincrement=True,
)
"""Rows are removed for good as soon as they are too old: no tombstones here."""
