"""What is kept of preferences when the interactions behind them are removed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "preference_snapshots",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("persona_key", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("pieces", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_key", "persona_key"],
            ["personas.workspace_key", "personas.key"],
            name="fk_preference_snapshots_workspace_key_persona_key",
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_preference_snapshots_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_preference_snapshots"),
        sa.UniqueConstraint(
            "workspace_key",
            "persona_key",
            "category",
            "name",
            "value",
            name="uq_preference_snapshots_workspace_key_persona_key_category_name_value",
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("preference_snapshots")
