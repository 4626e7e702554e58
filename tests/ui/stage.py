"""A small stage for pages: a workspace with twelve films and two people, and visits to it."""

import html
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pandas as pd
from streamlit.testing.v1 import AppTest

from tastebench import Interaction, Persona, Workbench
from tastebench.services import Workspace

ROOT = Path(__file__).parents[2]

FILMS = {
    "noir": ("Chinatown", "Klute", "The Long Goodbye", "Night Moves"),
    "comedy": ("Playtime", "The General", "Airplane!", "Some Like It Hot"),
    "science fiction": ("Solaris", "Stalker", "Alien", "Solaris"),
}


def catalogue() -> pd.DataFrame:
    """Return twelve films; two share a title, one title is markup."""
    rows = [
        {"id": f"{genre[:2]}{place}", "title": title, "genres": [genre], "creator": f"Director of {genre}",
         "description": f"A {genre} film."}
        for genre, titles in FILMS.items()
        for place, title in enumerate(titles)
    ]  # fmt: skip
    return pd.DataFrame([*rows, {"id": "odd", "title": "<b>Odd</b> *film*", "genres": ["noir"], "description": "Odd."}])


def fill(bench: Workbench, name: str = "films") -> Workspace:
    """Return a new workspace: Maya with five interactions, Joon with none, Sim who is simulated."""
    workspace = bench.workspace(name, create=True)
    workspace.import_items(catalogue())
    workspace.add_persona(Persona("Maya", "Likes shadows.", {"genres": ["noir"]}, {"age": 34}, persona_id="maya"))
    workspace.add_persona(Persona("Joon", persona_id="joon"))
    workspace.add_persona(Persona("Sim", origin="simulated", persona_id="sim"))
    workspace.add_interactions("maya", history())
    return workspace


def history() -> list[Interaction]:
    """Return five interactions, an hour to five days old."""
    now = datetime.now(UTC)
    deeds = (("no0", "like", 120), ("no1", "view", 96), ("co0", "dislike", 48), ("no2", "purchase", 24),
             ("odd", "view", 1))  # fmt: skip
    return [Interaction(item, action, now - timedelta(hours=hours)) for item, action, hours in deeds]


def visit(path: str, **parameters: str) -> AppTest:
    """Return a page as a browser would first see it."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    for name, value in {"workspace": "films", **parameters}.items():
        app.query_params[name] = value
    app.switch_page(path)
    # A page under test looks for components in every installed package first, which takes as long as the page itself.
    with patch("streamlit.components.v2.manifest_scanner.scan_component_manifests", list):
        return app.run()


def words(app: AppTest) -> str:
    """Return everything a page says in text, HTML and messages, as it is sent."""
    kinds = ("markdown", "caption", "html", "info", "error", "subheader", "toast")
    return "\n".join(str(one.value) for kind in kinds for one in app.get(kind))


def said(app: AppTest) -> str:
    """Return `words` with character references resolved."""
    return html.unescape(words(app))


def parameter(app: AppTest, name: str) -> str:
    """Return a parameter of the URL."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]
