"""Home: what is in here, whether every part is well, and ways to begin."""

from tastebench.ui import demo, home
from tastebench.ui.page import go, guarded, page

here = page("Home", needs_workspace=False)
with guarded():
    demo.follow(here.bench, then=lambda: go("Recommendations"))
    home.show_workspaces(here.bench)
with guarded():
    home.show_beginnings(here.bench)
with guarded():
    home.show_health(here.bench)
