"""Whom a workspace names as its members."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_members_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_members"),
        sa.UniqueConstraint("workspace_key", "email", name="uq_members_workspace_key_email"),
    )


def downgrade() -> None:
    op.drop_table("members")
