"""What the stores' tests share: an empty database and two workspaces in it.

They run on SQLite; where TASTEBENCH_TEST_POSTGRESQL holds the address of a database that may be written to, on
PostgreSQL too, each test in a schema of its own.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tastebench.stores import workspaces
from tastebench.stores.database import Database

POSTGRESQL = os.environ.get("TASTEBENCH_TEST_POSTGRESQL", "")
KINDS = ["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"]


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """Address of an empty PostgreSQL schema, gone after the test."""
    if not POSTGRESQL:
        pytest.skip("no PostgreSQL: set TASTEBENCH_TEST_POSTGRESQL to the address of a database to test on")
    schema = f"test_{uuid.uuid4().hex}"
    server = create_engine(make_url(POSTGRESQL).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield make_url(POSTGRESQL).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(False)
    with server.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server.dispose()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path / 'tastebench.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, open for writing."""
    with Database.open(database_url) as opened:
        yield opened


@pytest.fixture
def workspace(database: Database) -> int:
    """Key of an empty workspace."""
    with database.write() as connection:
        return workspaces.create(connection, "films").key


@pytest.fixture
def other(database: Database, workspace: int) -> int:
    """Key of a second empty workspace beside the first."""
    with database.write() as connection:
        return workspaces.create(connection, "shop").key
