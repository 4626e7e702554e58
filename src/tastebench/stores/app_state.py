"""Small facts an app keeps about a workspace, by name: the last persona shown, a hint that was dismissed."""

from sqlalchemy import Connection, select

from tastebench.domain.text import NAME_LIMIT, checked
from tastebench.stores import documents
from tastebench.stores.bulk import inserting
from tastebench.stores.schema import app_state


def save(connection: Connection, workspace: int, name: str, value: object) -> None:
    """Keep `value`, anything JSON knows, under `name`; what stood there before goes."""
    statement = inserting(connection, app_state).values(
        workspace_key=workspace,
        name=checked(name, "the name", NAME_LIMIT, required=True),
        value=documents.dumped(value),
    )
    new = {"value": statement.excluded.value}
    connection.execute(statement.on_conflict_do_update(index_elements=["workspace_key", "name"], set_=new))


def fetch(connection: Connection, workspace: int, name: str) -> object:
    """Return what is kept under `name`, None where nothing is."""
    mine = (app_state.c.workspace_key == workspace) & (app_state.c.name == name)
    document = connection.scalar(select(app_state.c.value).where(mine))
    return None if document is None else documents.loaded(document)
