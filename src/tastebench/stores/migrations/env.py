"""What Alembic runs: the migrations, on the connection that `tastebench.stores.migrating` hands over."""

from alembic import context

from tastebench.stores.schema import VERSION_TABLE, metadata


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic executes this file under this name; whoever merely imports it (a doctest run) has no context to run in.
if __name__ == "env_py":
    run()
