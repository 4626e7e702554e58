"""What the tables are made of: the columns and constraints that several of them share."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Text,
)

Key = BigInteger().with_variant(Integer, "sqlite")
"""Type of keys: SQLite numbers rows by itself only where the type is spelled INTEGER."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def own_key() -> Column[int]:
    """Return the key column of rows that number themselves."""
    return Column("key", Key, primary_key=True, autoincrement=True)


def workspace() -> Column[int]:
    """Return the column every row carries: which workspace it belongs to."""
    return Column("workspace_key", Key, ForeignKey("workspaces.key"), nullable=False)


def text(name: str) -> Column[str]:
    """Return a text column that always has a value."""
    return Column(name, Text, nullable=False)


def number(name: str, *, default: str | None = None) -> Column[int]:
    """Return a 64-bit integer column that always has a value."""
    return Column(name, BigInteger, nullable=False, server_default=default)


def moment(name: str) -> Column[int]:
    """Return a column of microseconds since 1970, NULL where it has not happened."""
    return Column(name, BigInteger, nullable=True)


def within_workspace(column: str, target: str) -> ForeignKeyConstraint:
    """Return a reference that the database refuses where the two rows belong to different workspaces."""
    return ForeignKeyConstraint(["workspace_key", column], [f"{target}.workspace_key", f"{target}.key"])


def item_state(*, nullable: bool = False) -> list[Column[object]]:
    """Return the columns that make up an item's content; versions keep the same ones."""
    return [
        Column("title", Text, nullable=nullable),
        Column("creator", Text, nullable=nullable),
        Column("created_at", BigInteger, nullable=True),
        Column("available", Boolean, nullable=nullable),
        Column("facets", Text, nullable=nullable),
        Column("attributes", Text, nullable=nullable),
        Column("content_hash", LargeBinary, nullable=nullable),
        Column("deleted_at", BigInteger, nullable=True),
        Column("description", Text, nullable=nullable),
        Column("search_text", Text, nullable=nullable),
    ]


def persona_state(*, nullable: bool = False) -> list[Column[object]]:
    """Return the columns that make up a persona's content; versions keep the same ones."""
    texts = ("name", "face", "description", "interests", "properties", "skill_level", "communication_style", "origin")
    columns: list[Column[object]] = [Column(name, Text, nullable=nullable) for name in texts]
    return [
        *columns,
        Column("created_at", BigInteger, nullable=nullable),
        Column("text_hash", LargeBinary, nullable=nullable),
        Column("deleted_at", BigInteger, nullable=True),
        Column("search_text", Text, nullable=nullable),
    ]
