"""Home: what is in here, whether every part is well, and ways to begin."""

from tastebench.ui.page import page

here = page("Home", needs_workspace=False)
