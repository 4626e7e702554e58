"""The cleaning of invoices: which steps to take."""

import streamlit as st

_STEPS = {
    "missing customer": "Lines without a customer say nothing about anybody's taste.",
    "duplicates": "Lines equal in every column count once.",
    "cancelled": "Invoices that were cancelled (their number starts with C).",
    "non-positive": "Lines whose quantity or price isn't above zero.",
    "non-products": "Postage, fees, samples: stock codes that don't begin with five digits.",
}


def steps(token: str) -> dict[str, bool]:
    """Draw a switch per cleaning step; return which are on."""
    st.caption("Each step takes out the rows that the one before left. How many is in the report.")
    return {name: _switch(token, name, hint) for name, hint in _STEPS.items()}


def _switch(token: str, name: str, hint: str) -> bool:
    return st.toggle(name.capitalize(), True, key=f"clean_{token}_{name}", help=hint)
