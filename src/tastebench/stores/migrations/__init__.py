"""Alembic's migrations of the SQL schema, run by `tastebench.stores.migrating`."""
