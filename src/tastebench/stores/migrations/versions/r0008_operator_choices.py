"""What operators chose of views."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "operator_choices",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.Column("always", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_operator_choices_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_operator_choices"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_operator_choices_workspace_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("operator_choices_by_operator", "operator_choices", ["workspace_key", "operator"])


def downgrade() -> None:
    op.drop_table("operator_choices")
