"""What each call to the language model came to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "model_calls",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=True),
        sa.Column("tau", sa.Double(), nullable=True),
        sa.Column("repairs", sa.BigInteger(), nullable=False),
        sa.Column("total_ms", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_model_calls_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_model_calls"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_model_calls_workspace_key_key"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("model_calls")
