"""Use cases of members: who may see a workspace where people sign in."""

from tastebench.domain.errors import InvalidInput, NotFound
from tastebench.domain.member import checked_email
from tastebench.services.uses import Uses
from tastebench.stores import members


class Membership(Uses):
    """What can be done with the list of those who may see a workspace.

    It binds whoever signs in to the app. Programs and the command line reach the data folder itself, and see it all.
    """

    def members(self) -> tuple[str, ...]:
        """Return the members' e-mail addresses, sorted; empty where nobody who signs in sees the workspace."""
        with self._parts.database.read() as connection:
            return members.names(connection, self._key)

    def add_member(self, email: str) -> str:
        """Name a member and return the address as it is kept: in lower case. Who is one already stays one.

        Raises
        ------
        InvalidInput
            Where that is no e-mail address, or there are 1,000 members.
        """
        address = checked_email(email)
        with self._parts.database.write() as connection:
            self._row(connection)  # of a workspace that was deleted there is nothing to be a member of
            members.add(connection, self._key, address)
        return address

    def remove_member(self, email: str, *, even_last: bool = False) -> str:
        """Take a member off the list and return the address as it was kept; nothing of it is left.

        Raises
        ------
        NotFound
            Where that is no member's address.
        InvalidInput
            Where it is the last member's and `even_last` is False.
        """
        address = checked_email(email)
        with self._parts.database.write() as connection:
            if not even_last and members.names(connection, self._key) == (address,):
                raise InvalidInput(
                    f"{address} is the last member: nobody who signs in would see the workspace any more.",
                    "Name another member first, or say that the last one is to go too.",
                )
            if not members.remove(connection, self._key, address):
                raise NotFound(f"{address} is no member of this workspace.", "See who is in the list of members.")
        self._parts.database.empty_log()
        return address
