"""The Streamlit face: the only package that knows Streamlit."""

import gc

# Starting makes 200,000 objects that stay until the end, and the collector's usual 700 new ones between two looks make
# it walk them again and again: a sixth of the time until the first page.
gc.set_threshold(10_000, *gc.get_threshold()[1:])
