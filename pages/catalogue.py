"""Catalogue: what can be recommended."""

from tastebench.ui.page import page

here = page("Catalogue")
