"""The errors Tastebench raises, each with a sentence for people and a next step.

TastebenchError
├── InvalidInput            a value the caller gave cannot be used
│   ├── InvalidProfile      a scoring profile contradicts itself or names an unknown signal
│   └── UnreadableFile      a file as a whole cannot be read (a bad row is a rejection, not an error)
├── NotFound                a workspace, persona, item, profile or import that isn't there
├── AlreadyExists           a name or id that is taken
├── FolderInUse             another process holds the data folder's lock
├── EncoderUnavailable      the embedding model cannot be loaded
├── EncoderMismatch         stored vectors come from another model or dimension
├── IndexUnavailable        the vector index does not answer; it can be rebuilt from SQL
├── DatabaseUnavailable     SQL cannot be reached or is of an unknown schema
└── Cancelled               the operator stopped a long operation; what was acknowledged stays
"""


class TastebenchError(Exception):
    """Base of every error Tastebench raises on purpose.

    Parameters
    ----------
    message : str
        One plain sentence that names the culprit.
    next_step : str
        What the reader can do about it; may be empty.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class InvalidInput(TastebenchError, ValueError):
    """A value the caller gave cannot be used."""


class InvalidProfile(InvalidInput):
    """A scoring profile contradicts itself or names what does not exist."""


class UnreadableFile(InvalidInput):
    """A file as a whole cannot be read."""


class NotFound(TastebenchError, LookupError):
    """What was asked for does not exist in this workspace."""


class AlreadyExists(TastebenchError):
    """The name or id is taken."""


class FolderInUse(TastebenchError):
    """Another process holds the data folder."""


class EncoderUnavailable(TastebenchError):
    """The embedding model cannot be loaded."""


class EncoderMismatch(TastebenchError):
    """Stored vectors come from another embedding model."""


class IndexUnavailable(TastebenchError):
    """The vector index does not answer."""


class DatabaseUnavailable(TastebenchError):
    """The database cannot be reached or has an unknown schema."""


class Cancelled(TastebenchError):
    """The operator stopped a long operation."""
