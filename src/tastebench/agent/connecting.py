"""How an agent comes about: the part of it that knows its workspace."""

from collections.abc import Mapping
from typing import Any, Self

from tastebench.agent import histories, properties
from tastebench.domain.errors import AlreadyExists, InvalidInput, NotFound
from tastebench.services.workbench import Workbench
from tastebench.services.workspace import Workspace


class Connected:
    """The agent of one workspace.

    Parameters
    ----------
    client : Workbench
        Open.
    reference_collection : str
        The workspace's name.
    agents_host, timeout : optional
        Without effect: nothing is asked over the network but the language model, which has limits of its own.
    vector_name : None
        An item has one vector.
    """

    def __init__(
        self,
        client: Workbench,
        reference_collection: str,
        agents_host: str | None = None,  # noqa: ARG002 — taken so that calls stay as they are
        vector_name: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 — taken so that calls stay as they are
    ) -> None:
        if not isinstance(client, Workbench):
            raise InvalidInput(f"The client is {client!r}.", "Give an open Workbench: Workbench.open(folder).")
        if vector_name is not None:
            raise InvalidInput(f"There is no vector {vector_name!r}: an item has one.", "Leave vector_name out.")
        self.workspace: Workspace = client.workspace(reference_collection)

    @classmethod
    def create(
        cls,
        client: Workbench,
        reference_collection: str,
        user_properties: Mapping[str, Any] | None = None,
        agents_host: str | None = None,
        vector_name: str | None = None,
        timeout: float | None = None,
    ) -> Self:
        """Return a new agent for a workspace, with the properties its personas may have.

        Created once more with the same properties it is the same agent.

        Raises
        ------
        NotFound
            Where there is no such workspace.
        AlreadyExists
            Where the workspace has an agent with other properties.
        """
        agent = cls(client, reference_collection, agents_host, vector_name, timeout)
        wanted, there = properties.settled(user_properties), agent.workspace.settings.user_properties
        if there is not None and there != wanted:
            raise AlreadyExists(
                f"The workspace {reference_collection!r} has an agent already, with the properties {dict(there)}.",
                "Connect to it, or call `workspace.save_user_properties(None)` first.",
            )
        if there is None:
            agent.workspace.save_actions({**histories.ACTIONS, **agent.workspace.settings.actions})
            agent.workspace.save_user_properties(wanted)
        return agent

    @classmethod
    def connect(
        cls,
        client: Workbench,
        reference_collection: str,
        agents_host: str | None = None,
        vector_name: str | None = None,
        timeout: float | None = None,
    ) -> Self:
        """Return the agent of a workspace. Raises `NotFound` where there is no workspace, or it has none."""
        agent = cls(client, reference_collection, agents_host, vector_name, timeout)
        if agent.workspace.settings.user_properties is None:
            raise NotFound(f"The workspace {reference_collection!r} has no agent yet.", "Create it with `create`.")
        return agent

    @classmethod
    def exists(
        cls,
        client: Workbench,
        reference_collection: str,
        agents_host: str | None = None,
        timeout: float | None = None,
    ) -> bool:
        """Tell whether there is such a workspace and it has an agent."""
        try:
            cls.connect(client, reference_collection, agents_host, timeout=timeout)
        except NotFound:
            return False
        return True
