"""What the operator settled about the language model, kept in the data folder."""

from pathlib import Path

from pydantic import ValidationError

from tastebench.domain.chat import LanguageModelSettings
from tastebench.domain.errors import InvalidInput
from tastebench.stores import settings_file


class ModelPreferences:
    """The settings of the language model, read once and kept in step with their file.

    Parameters
    ----------
    path : Path
        The file; it need not be there.
    default_host : str
        Where Ollama listens unless the settings name another place.
    """

    def __init__(self, path: Path, default_host: str) -> None:
        self._path, self._default_host = path, default_host
        self._current: LanguageModelSettings | None = None
        self.fault = ""

    def current(self) -> LanguageModelSettings:
        """Return the settings; the defaults where there are none or they can't be read, which `fault` then tells."""
        if self._current is None:
            try:
                self._current = LanguageModelSettings.model_validate(settings_file.read(self._path))
            except (InvalidInput, ValidationError):
                self._current = LanguageModelSettings()
                self.fault = f"The settings in {self._path} cannot be used, so the defaults hold. Saving replaces them."
        return self._current

    def save(self, settings: LanguageModelSettings) -> None:
        """Settle anew. Raises `InvalidInput` where the folder takes no file."""
        settings_file.write(self._path, settings.model_dump(mode="json", exclude_defaults=True))
        self._current, self.fault = settings, ""

    def host(self) -> str:
        """Return where Ollama is looked for."""
        return self.current().host or self._default_host
