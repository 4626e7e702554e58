"""What operators pinned, corrected or had forgotten of what was learned."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "preference_edits",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("persona_key", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_key", "persona_key"],
            ["personas.workspace_key", "personas.key"],
            name="fk_preference_edits_workspace_key_persona_key",
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_preference_edits_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_preference_edits"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_preference_edits_workspace_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("preference_edits_by_persona", "preference_edits", ["workspace_key", "persona_key"])
    by_name = sa.text("target_kind NOT IN ('item', 'creator')")
    op.create_index(
        "interactions_by_name", "interactions", ["workspace_key", "key"], sqlite_where=by_name, postgresql_where=by_name
    )


def downgrade() -> None:
    op.drop_index("interactions_by_name", "interactions")
    op.drop_table("preference_edits")
