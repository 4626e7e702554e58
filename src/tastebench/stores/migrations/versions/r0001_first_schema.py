"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("encoder_name", sa.Text(), nullable=True),
        sa.Column("dimension", sa.Integer(), nullable=True),
        sa.Column("catalogue_revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("log_revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("persona_revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("catalogue_rewrites", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("log_rewrites", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_workspaces"),
        sa.UniqueConstraint("name", name="uq_workspaces_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "app_state",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_app_state_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_app_state"),
        sa.UniqueConstraint("workspace_key", "name", name="uq_app_state_workspace_key_name"),
    )
    op.create_table(
        "imports",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_imports_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_imports"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_imports_workspace_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item_ids",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_item_ids_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_item_ids"),
        sa.UniqueConstraint("workspace_key", "item_id", name="uq_item_ids_workspace_key_item_id"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_item_ids_workspace_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item_versions",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("import_key", sa.BigInteger(), nullable=False),
        sa.Column("row_key", sa.BigInteger(), nullable=False),
        sa.Column("existed", sa.Boolean(), nullable=False),
        sa.Column("previous_import_key", KEY, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("creator", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("available", sa.Boolean(), nullable=True),
        sa.Column("facets", sa.Text(), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_item_versions_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_item_versions"),
        sa.UniqueConstraint(
            "workspace_key", "import_key", "row_key", name="uq_item_versions_workspace_key_import_key_row_key"
        ),
    )
    op.create_index("item_versions_by_row", "item_versions", ["workspace_key", "row_key"], unique=False)
    op.create_table(
        "persona_versions",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("import_key", sa.BigInteger(), nullable=False),
        sa.Column("row_key", sa.BigInteger(), nullable=False),
        sa.Column("existed", sa.Boolean(), nullable=False),
        sa.Column("previous_import_key", KEY, nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("face", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("interests", sa.Text(), nullable=True),
        sa.Column("properties", sa.Text(), nullable=True),
        sa.Column("skill_level", sa.Text(), nullable=True),
        sa.Column("communication_style", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("text_hash", sa.LargeBinary(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_persona_versions_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_persona_versions"),
        sa.UniqueConstraint(
            "workspace_key", "import_key", "row_key", name="uq_persona_versions_workspace_key_import_key_row_key"
        ),
    )
    op.create_index("persona_versions_by_row", "persona_versions", ["workspace_key", "row_key"], unique=False)
    op.create_table(
        "personas",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("persona_id", sa.Text(), nullable=False),
        sa.Column("import_key", KEY, nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("prior", sa.LargeBinary(), nullable=True),
        sa.Column("prior_hash", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("interests", sa.Text(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("skill_level", sa.Text(), nullable=False),
        sa.Column("communication_style", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_personas_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_personas"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_personas_workspace_key_key"),
        sa.UniqueConstraint("workspace_key", "persona_id", name="uq_personas_workspace_key_persona_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "profiles",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_profiles_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_profiles"),
        sa.UniqueConstraint("workspace_key", "name", "version", name="uq_profiles_workspace_key_name_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "impressions",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("impression_id", sa.Text(), nullable=False),
        sa.Column("persona_key", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("item_ids", sa.Text(), nullable=False),
        sa.Column("profile_digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_key", "persona_key"],
            ["personas.workspace_key", "personas.key"],
            name="fk_impressions_workspace_key_persona_key",
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_impressions_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_impressions"),
        sa.UniqueConstraint("workspace_key", "impression_id", name="uq_impressions_workspace_key_impression_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("impressions_by_persona", "impressions", ["workspace_key", "persona_key", "at"], unique=False)
    op.create_table(
        "interactions",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("persona_key", KEY, nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("item_key", KEY, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("impression_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("import_key", KEY, nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_key", "persona_key"],
            ["personas.workspace_key", "personas.key"],
            name="fk_interactions_workspace_key_persona_key",
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_interactions_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_interactions"),
        sa.UniqueConstraint("workspace_key", "digest", name="uq_interactions_workspace_key_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "interactions_by_persona", "interactions", ["workspace_key", "persona_key", "at", "deleted_at"], unique=False
    )
    op.create_index(
        "interactions_by_time",
        "interactions",
        ["workspace_key", "at", "deleted_at", "persona_key", "action", "origin", "item_key"],
        unique=False,
    )
    op.create_index(
        "interactions_without_item",
        "interactions",
        ["workspace_key", "target"],
        unique=False,
        sqlite_where=sa.text("item_key IS NULL"),
        postgresql_where=sa.text("item_key IS NULL"),
    )
    op.create_table(
        "items",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("import_key", KEY, nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_key", "key"], ["item_ids.workspace_key", "item_ids.key"], name="fk_items_workspace_key_key"
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_items_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_items"),
        sa.UniqueConstraint("workspace_key", "item_id", name="uq_items_workspace_key_item_id"),
        sa.UniqueConstraint("workspace_key", "key", name="uq_items_workspace_key_key"),
    )
    op.create_table(
        "rejections",
        sa.Column("key", KEY, autoincrement=True, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("import_key", KEY, nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_key", "import_key"],
            ["imports.workspace_key", "imports.key"],
            name="fk_rejections_workspace_key_import_key",
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_rejections_workspace_key"),
        sa.PrimaryKeyConstraint("key", name="pk_rejections"),
        sqlite_autoincrement=True,
    )
    op.create_index("rejections_by_import", "rejections", ["workspace_key", "import_key"], unique=False)
    op.create_table(
        "item_vectors",
        sa.Column("item_key", KEY, autoincrement=False, nullable=False),
        sa.Column("workspace_key", KEY, nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_key", "item_key"],
            ["items.workspace_key", "items.key"],
            name="fk_item_vectors_workspace_key_item_key",
        ),
        sa.ForeignKeyConstraint(["workspace_key"], ["workspaces.key"], name="fk_item_vectors_workspace_key"),
        sa.PrimaryKeyConstraint("item_key", name="pk_item_vectors"),
        sa.UniqueConstraint("workspace_key", "item_key", name="uq_item_vectors_workspace_key_item_key"),
    )


def downgrade() -> None:
    op.drop_table("item_vectors")
    op.drop_index("rejections_by_import", table_name="rejections")
    op.drop_table("rejections")
    op.drop_table("items")
    op.drop_index("interactions_without_item", table_name="interactions")
    op.drop_index("interactions_by_time", table_name="interactions")
    op.drop_index("interactions_by_persona", table_name="interactions")
    op.drop_table("interactions")
    op.drop_index("impressions_by_persona", table_name="impressions")
    op.drop_table("impressions")
    op.drop_table("profiles")
    op.drop_table("personas")
    op.drop_index("persona_versions_by_row", table_name="persona_versions")
    op.drop_table("persona_versions")
    op.drop_index("item_versions_by_row", table_name="item_versions")
    op.drop_table("item_versions")
    op.drop_table("item_ids")
    op.drop_table("imports")
    op.drop_table("app_state")
    op.drop_table("workspaces")
