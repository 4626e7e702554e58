"""Tables as CSV files that a spreadsheet opens without running anything."""

import csv

import pandas as pd

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: object) -> object:
    """Return a cell that no spreadsheet reads as a formula; numbers stay numbers.

    Examples
    --------
    >>> neutral("=1+1"), neutral("Klute"), neutral(-0.5)
    ("'=1+1", 'Klute', -0.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_TRIGGERS) else cell


def safe_csv(frame: pd.DataFrame, *, head: bool = True) -> bytes:
    """Return the table as UTF-8 CSV with a byte order mark (spreadsheets need it), text cells and headers neutral.

    Without `head` it is what follows a table that was written before: neither mark nor headers.
    """
    safe = frame.map(neutral).rename(columns=neutral)
    # Texts are always quoted: a bare carriage return would otherwise begin a row of its own.
    text: str = safe.to_csv(index=False, header=head, quoting=csv.QUOTE_NONNUMERIC)
    return text.encode("utf-8-sig" if head else "utf-8")
