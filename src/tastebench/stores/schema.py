"""The tables. SQL is the truth; everything else can be rebuilt from here.

Every row carries its workspace and every unique key begins with it, so that one workspace's rows can neither
be found nor collide with another's; composite foreign keys make the database itself refuse a row that crosses.
Keys are integers that are never used twice (the vector index and held columns remember them). Times are whole
microseconds since 1970 UTC. JSON is kept as text. Tables keep an ordinary row id beside a unique index: measured
four times faster to read with vectors than a clustered text key.
"""

from sqlalchemy import Boolean, Column, Double, Index, Integer, LargeBinary, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from tastebench.stores import schema_parts as parts
from tastebench.stores.schema_app import app_state as app_state
from tastebench.stores.schema_app import members as members
from tastebench.stores.schema_app import model_calls as model_calls
from tastebench.stores.schema_app import operator_choices as operator_choices
from tastebench.stores.schema_conversation import turns as turns
from tastebench.stores.schema_evaluation import evaluations as evaluations
from tastebench.stores.schema_learning import preference_edits as preference_edits
from tastebench.stores.schema_learning import preference_snapshots as preference_snapshots
from tastebench.stores.schema_parts import Key, moment, number, own_key, text, within_workspace, workspace

metadata = parts.metadata

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Revisions of all migrations, oldest first; the last one is the schema this code reads and writes."""

VERSION_TABLE = "tastebench_schema"
"""Where the revision stands; a name of our own, so that a shared PostgreSQL schema cannot mislead us."""

workspaces = Table(
    "workspaces",
    metadata,
    own_key(),
    text("name"),
    text("settings"),
    number("created_at"),
    number("changed_at"),
    Column("encoder_name", Text, nullable=True),
    Column("dimension", Integer, nullable=True),
    # Bumped in the transaction of any write to items or vectors, to the log, to personas or priors.
    number("catalogue_revision", default="0"),
    number("log_revision", default="0"),
    number("persona_revision", default="0"),
    # Bumped beside the revision where reading "what is newer than I hold" would not be enough: items or interactions
    # deleted, restored or gone for good, and the log of a persona that was deleted or restored.
    number("catalogue_rewrites", default="0"),
    number("log_rewrites", default="0"),
    UniqueConstraint("name"),
    sqlite_autoincrement=True,
)

item_ids = Table(
    "item_ids",
    metadata,
    own_key(),
    workspace(),
    text("item_id"),
    UniqueConstraint("workspace_key", "item_id"),
    UniqueConstraint("workspace_key", "key"),
    sqlite_autoincrement=True,
)
"""A key for every item id ever named, also by interactions whose item isn't there (yet)."""

items = Table(
    "items",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=False),
    workspace(),
    text("item_id"),
    # The import that wrote it last; NULL once edited by hand.
    Column("import_key", Key, nullable=True),
    number("changed_at"),
    # The long texts come last: a scan for the short columns then never touches their overflow pages.
    *parts.item_state(),
    UniqueConstraint("workspace_key", "item_id"),
    UniqueConstraint("workspace_key", "key"),
    within_workspace("key", "item_ids"),
)
"""deleted_at: tombstone. content_hash: of what the encoder reads. search_text: folded, see folding.py."""

item_vectors = Table(
    "item_vectors",
    metadata,
    Column("item_key", Key, primary_key=True, autoincrement=False),
    workspace(),
    # Of the text that was embedded; differs when stale.
    Column("content_hash", LargeBinary, nullable=False),
    # Unit length, float32, little-endian.
    Column("vector", LargeBinary, nullable=False),
    UniqueConstraint("workspace_key", "item_key"),
    within_workspace("item_key", "items"),
)

item_versions = Table(
    "item_versions",
    metadata,
    own_key(),
    workspace(),
    number("import_key"),
    number("row_key"),
    # False: the import added the item; the state is NULL.
    Column("existed", Boolean, nullable=False),
    Column("previous_import_key", Key, nullable=True),
    *parts.item_state(nullable=True),
    UniqueConstraint("workspace_key", "import_key", "row_key"),
    Index("item_versions_by_row", "workspace_key", "row_key"),
)
"""What each item touched by an import was before it: for undo."""

personas = Table(
    "personas",
    metadata,
    own_key(),
    workspace(),
    text("persona_id"),
    # The import that wrote it last; NULL once edited by hand.
    Column("import_key", Key, nullable=True),
    number("changed_at"),
    # Unit length, float32, little-endian; NULL: nothing stated.
    Column("prior", LargeBinary, nullable=True),
    # Of the text the prior was made from; NULL: not yet.
    Column("prior_hash", LargeBinary, nullable=True),
    *parts.persona_state(),
    UniqueConstraint("workspace_key", "persona_id"),
    UniqueConstraint("workspace_key", "key"),
    sqlite_autoincrement=True,
)
"""text_hash: of what the encoder reads for the prior; the prior is stale while prior_hash differs."""

persona_versions = Table(
    "persona_versions",
    metadata,
    own_key(),
    workspace(),
    number("import_key"),
    number("row_key"),
    Column("existed", Boolean, nullable=False),
    Column("previous_import_key", Key, nullable=True),
    *parts.persona_state(nullable=True),
    UniqueConstraint("workspace_key", "import_key", "row_key"),
    Index("persona_versions_by_row", "workspace_key", "row_key"),
)
"""What each persona touched by an import was before it: for undo."""

NO_ITEM = sql("item_key IS NULL")
BY_NAME = sql("target_kind NOT IN ('item', 'creator')")

interactions = Table(
    "interactions",
    metadata,
    own_key(),
    workspace(),
    Column("persona_key", Key, nullable=False),
    text("target_kind"),
    text("target"),
    # Into item_ids, where the target is an item or a comment on one.
    Column("item_key", Key, nullable=True),
    text("action"),
    number("at"),
    Column("weight", Double, nullable=True),
    text("origin"),
    Column("impression_id", Text, nullable=True),
    # Name of the preference that feedback is evidence for, where neither its target nor an item says it.
    Column("lesson", Text, nullable=True),
    # 16 bytes: identity of an imported row.
    Column("digest", LargeBinary, nullable=True),
    Column("import_key", Key, nullable=True),
    number("recorded_at"),
    moment("deleted_at"),
    UniqueConstraint("workspace_key", "digest"),
    within_workspace("persona_key", "personas"),
    # These indexes answer counts, filters and newest times alone: a million looks into the table take seconds.
    Index("interactions_by_time", "workspace_key", "at", "deleted_at", "persona_key", "action", "origin", "item_key"),
    Index("interactions_without_item", "workspace_key", "target", sqlite_where=NO_ITEM, postgresql_where=NO_ITEM),
    Index("interactions_by_persona", "workspace_key", "persona_key", "at", "deleted_at"),
    Index("interactions_by_name", "workspace_key", "key", sqlite_where=BY_NAME, postgresql_where=BY_NAME),
    sqlite_autoincrement=True,
)

impressions = Table(
    "impressions",
    metadata,
    own_key(),
    workspace(),
    text("impression_id"),
    Column("persona_key", Key, nullable=False),
    number("at"),
    text("request"),
    text("item_ids"),
    text("profile_digest"),
    UniqueConstraint("workspace_key", "impression_id"),
    within_workspace("persona_key", "personas"),
    Index("impressions_by_persona", "workspace_key", "persona_key", "at"),
    sqlite_autoincrement=True,
)

profiles = Table(
    "profiles",
    metadata,
    own_key(),
    workspace(),
    text("name"),
    number("version"),
    text("document"),
    text("note"),
    Column("is_default", Boolean, nullable=False),
    number("created_at"),
    UniqueConstraint("workspace_key", "name", "version"),
    sqlite_autoincrement=True,
)

imports = Table(
    "imports",
    metadata,
    own_key(),
    workspace(),
    text("kind"),
    text("source"),
    text("mapping"),
    number("started_at"),
    moment("finished_at"),
    moment("undone_at"),
    Column("report", Text, nullable=True),
    UniqueConstraint("workspace_key", "key"),
    sqlite_autoincrement=True,
)

rejections = Table(
    "rejections",
    metadata,
    own_key(),
    workspace(),
    Column("import_key", Key, nullable=False),
    number("row_number"),
    text("column_name"),
    text("reason"),
    within_workspace("import_key", "imports"),
    Index("rejections_by_import", "workspace_key", "import_key"),
    sqlite_autoincrement=True,
)
