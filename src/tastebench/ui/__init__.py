"""The Streamlit face: the only package that knows Streamlit."""
