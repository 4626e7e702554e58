"""The cleaning of invoices: which steps to take."""

import streamlit as st

from tastebench.ingest.invoices import CANCELLED, DUPLICATES, MISSING_CUSTOMER, NON_POSITIVE, NON_PRODUCTS, STEPS

_HINTS = {
    MISSING_CUSTOMER: "Lines without a customer say nothing about anybody's taste.",
    DUPLICATES: "Lines equal in every column count once.",
    CANCELLED: "Invoices that were cancelled: their number starts with C.",
    NON_POSITIVE: "Lines whose quantity or price isn't above zero.",
    NON_PRODUCTS: "Postage, fees, samples: stock codes that don't begin with five digits.",
}


def steps(token: str) -> dict[str, bool]:
    """Draw a switch per cleaning step; return which are on."""
    st.caption("Each step takes out the rows that the one before left. How many is in the report.")
    return {name: _switch(token, name, _HINTS.get(name, "")) for name in STEPS}


def _switch(token: str, name: str, hint: str) -> bool:
    return st.toggle(name.capitalize(), True, key=f"clean_{token}_{name}", help=hint or None)
