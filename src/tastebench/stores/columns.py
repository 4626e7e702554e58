"""SQL rows into columns: a workspace's catalogue, log and personas as NumPy sees them.

Only rows that are not deleted are read, and of the log only what personas did that are not deleted themselves.
"""

import numpy as np
from sqlalchemy import Connection

from tastebench.domain.columns import PersonaColumns
from tastebench.stores.catalogue_columns import load_catalogue
from tastebench.stores.column_rows import batches, integers, matrix
from tastebench.stores.log_changes import LogChanges
from tastebench.stores.log_columns import StoredLog, extend_log, load_log

__all__ = ["Connection", "LogChanges", "StoredLog", "extend_log", "load_catalogue", "load_log", "load_personas"]

_PERSONAS = """
    SELECT key, persona_id, prior
    FROM personas WHERE workspace_key = :workspace AND deleted_at IS NULL ORDER BY key"""


def load_personas(connection: Connection, workspace: int, dimension: int) -> PersonaColumns:
    """Return the personas that are not deleted, with their priors. Raises `EncoderMismatch` as for items."""
    rows = [row for batch in batches(connection, _PERSONAS, workspace=workspace) for row in zip(*batch, strict=True)]
    stated = [number for number, row in enumerate(rows) if row[2] is not None]
    priors = np.zeros((len(rows), dimension), dtype=np.float32)
    priors[stated] = matrix([rows[number][2] for number in stated], dimension)
    return PersonaColumns(integers([row[0] for row in rows]), tuple(row[1] for row in rows), priors)
