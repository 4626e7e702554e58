"""The table of what was measured."""

from sqlalchemy import Column, LargeBinary, Table, UniqueConstraint

from tastebench.stores.schema_parts import metadata, number, own_key, text, workspace

evaluations = Table(
    "evaluations",
    metadata,
    own_key(),
    workspace(),
    number("made_at"),
    text("kind"),
    text("label"),
    # The profile that the others were compared with, and the workspace's revisions: what was measured, on what.
    text("profile"),
    text("revisions"),
    number("seed"),
    text("document"),
    # Values per persona: a compressed NumPy archive.
    Column("arrays", LargeBinary, nullable=False),
    UniqueConstraint("workspace_key", "key"),
    sqlite_autoincrement=True,
)
"""Evaluations and weight searches as they came out; nothing changes them later."""
