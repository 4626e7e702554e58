"""Settings: environment variables that begin with TASTEBENCH_, or arguments of `Workbench.open`."""

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tastebench.domain.errors import InvalidInput
from tastebench.models.ollama_address import normalised


class Settings(BaseSettings):
    """Where data lives and which services are used.

    Parameters
    ----------
    data : Path
        The data folder: database, vector index, lock.
    database_url : str, optional
        Another database, such as ``postgresql+psycopg://…``; by default SQLite in the data folder.
    chroma_url : str, optional
        A Chroma server, such as ``http://127.0.0.1:8000``; by default embedded in the data folder.
    ollama_url : str, optional
        Where Ollama listens; by default what OLLAMA_HOST says, else ``http://127.0.0.1:11434``.
    encoder : str, optional
        Name or path of another sentence-transformers model; by default the bundled all-MiniLM-L6-v2.
    encoder_threads : int, optional
        Threads of the encoder; by default chosen by the number of cores.
    admins : str
        E-mail addresses, separated by commas, of those who may change what holds for the whole data folder where
        people sign in. They see no more workspaces than others do.
    """

    model_config = SettingsConfigDict(env_prefix="TASTEBENCH_", extra="ignore", frozen=True)

    data: Path = Path("data")
    database_url: str | None = None
    chroma_url: str | None = None
    ollama_url: str | None = None
    encoder: str | None = None
    encoder_threads: int | None = Field(default=None, ge=1, le=256)
    admins: str = ""

    @classmethod
    def read(cls, **given: object) -> "Settings":
        """Return the settings, what is given (and not None) going before the environment. Raises `InvalidInput`."""
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors()[0]
            name = f"TASTEBENCH_{str(first['loc'][0]).upper()}"
            raise InvalidInput(f"The setting {name} cannot be used: {first['msg']}.", "Correct or unset it.") from error

    @property
    def sql(self) -> str | Path:
        """The database: its URL, or the path of the SQLite file in the data folder."""
        return self.database_url or (self.data / "tastebench.sqlite").absolute()

    @property
    def admin_addresses(self) -> frozenset[str]:
        """The addresses of `admins`, as members' are kept."""
        return frozenset(one.strip().lower() for one in self.admins.split(",") if one.strip())

    @property
    def ollama_address(self) -> str:
        """Ollama's URL, by the rules of OLLAMA_HOST; what can't be used as one stays as it is."""
        return normalised(self.ollama_url or os.environ.get("OLLAMA_HOST", ""))
