"""Migrating: which schema a database has, and bringing it to ours."""

from sqlalchemy import Connection, column, inspect, select, table

from tastebench.domain.errors import DatabaseUnavailable
from tastebench.stores.schema import REVISIONS, VERSION_TABLE

HEAD = REVISIONS[-1]


def revision(connection: Connection) -> str | None:
    """Return the revision of the database's schema, None where there is none of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    return found


def check_is_ours(connection: Connection, place: str) -> str | None:
    """Return the revision.

    Raises
    ------
    DatabaseUnavailable
        Where a newer Tastebench wrote the schema, or an SQLite file belongs to another program.
    """
    found = revision(connection)
    if found is None and connection.dialect.name == "sqlite" and inspect(connection).get_table_names():
        raise DatabaseUnavailable(
            f"{place} is a database of another program.", "Choose another file for Tastebench's data."
        )
    if found is not None and found not in REVISIONS:
        raise DatabaseUnavailable(
            f"The database {place} was written by a newer Tastebench (schema {found}; this one knows up to {HEAD}).",
            "Upgrade Tastebench, or open another database.",
        )
    return found


def check_is_current(connection: Connection, place: str) -> None:
    """Check that the schema can be read as it stands.

    Raises
    ------
    DatabaseUnavailable
        Where it is older, newer, empty or not ours.
    """
    found = check_is_ours(connection, place)
    if found is None:
        raise DatabaseUnavailable(f"The database {place} is empty.", "Start the app or import something first.")
    if found != HEAD:
        raise DatabaseUnavailable(
            f"The database {place} has the older schema {found}, which cannot be read without changing it.",
            "Start the app once: it brings the schema up to date.",
        )


def upgrade(connection: Connection) -> None:
    """Bring the schema to `HEAD`, within the connection's transaction: all of it or nothing."""
    # Alembic takes a quarter of a second to import and is needed once in a schema's life.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "tastebench.stores:migrations")
    command.upgrade(config, "head")
