"""Retention: how long a workspace keeps what personas did."""

from pydantic import BaseModel, ConfigDict, Field

from tastebench.domain.persona import Origin

DAYS = 90
"""What is offered where retention is switched on."""


class RetentionSettings(BaseModel):
    """How long interactions are kept, counted from when they were recorded here, whenever they happened.

    Parameters
    ----------
    interaction_days : int, optional
        None: for ever.
    imported, simulated : bool
        Whether that holds for imported and for simulated interactions too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    interaction_days: int | None = Field(default=None, ge=1, le=36_500)
    imported: bool = False
    simulated: bool = False

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins of interactions that are removed in time.

        Examples
        --------
        >>> RetentionSettings(simulated=True).origins
        ('authored', 'simulated')
        """
        origins: tuple[Origin, ...] = ("authored",)
        if self.imported:
            origins += ("imported",)
        return (*origins, "simulated") if self.simulated else origins
