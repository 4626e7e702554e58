"""Home: what is in here, whether every part is well, and ways to begin."""

from tastebench.ui import demo, home
from tastebench.ui.language_model import settings
from tastebench.ui.page import go, guarded, page

here = page("Home", needs_workspace=False)
sections = [home.show_purpose, home.show_workspaces, home.show_beginnings, home.show_health]
if settings.asked_for():
    sections.insert(0, settings.draw)
elif here.workspace is not None:
    sections.append(settings.draw)
with guarded():
    demo.follow(here.bench, then=lambda: go("Recommendations"))
for show in sections:
    with guarded():
        show(here.bench)
