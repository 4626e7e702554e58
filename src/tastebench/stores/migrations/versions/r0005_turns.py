"""Turns of conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("persona_key", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("refines", KEY, nullable=True),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("item_ids", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_key", "persona_key"],
            ["personas.workspace_key", "personas.key"],
            name="fk_turns_workspace_key_persona_key",
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_turns_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_turns"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_turns_workspace_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("turns_by_persona", "turns", ["workspace_key", "persona_key", "recorded_at"])


def downgrade() -> None:
    op.drop_table("turns")
