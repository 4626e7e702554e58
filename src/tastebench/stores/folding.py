r"""Folded text: search that does not tell upper from lower case, in any script.

SQLite's LIKE folds ASCII only, so text to be searched is stored folded beside the original.

>>> fold("STRASSE") == fold("Straße"), pattern("50 %_")
(True, '%50 \\%\\_%')
"""

import unicodedata

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from tastebench.domain.text import clean

ESCAPE = "\\"


def fold(text: str) -> str:
    """Return `text` as it is compared: case folded, in NFC."""
    return unicodedata.normalize("NFC", text.casefold())


def search_text(*texts: str) -> str:
    """Return what is searched of a row. Line breaks part the texts: no cleaned query can run across them."""
    return fold("\n".join(texts))


def pattern(query: str) -> str:
    """Return the LIKE pattern of a text that may occur anywhere, for ``escape=ESCAPE``."""
    folded = fold(clean(query))
    for sign in (ESCAPE, "%", "_"):
        folded = folded.replace(sign, ESCAPE + sign)
    return f"%{folded}%"


def is_query(query: str) -> bool:
    """Tell whether there is anything to search for."""
    return bool(clean(query))


def contains(column: ColumnElement[str], query: str) -> ColumnElement[bool]:
    """Return the condition that `query` occurs in a column of folded text."""
    return column.like(pattern(query), escape=ESCAPE)


class folded(GenericFunction[str]):  # noqa: N801 - SQL's own spelling
    """A column's text, folded by the database: for the few columns that aren't kept folded."""

    type = Text()
    inherit_cache = True


@compiles(folded, "postgresql")
def _lower(element: folded, compiler: SQLCompiler, **options: object) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"
