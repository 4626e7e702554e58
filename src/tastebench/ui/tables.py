"""What every table on a page needs."""

import streamlit as st

# The toolbar of a table writes cells to its CSV as they are, and a spreadsheet would run the formulas in them.
_CSS = '[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download as CSV"]) { display:none }'


def without_raw_download() -> None:
    """Take the raw CSV download out of the toolbars of the page's tables; a page's own downloads stay."""
    st.html(f"<style>{_CSS}</style>")
