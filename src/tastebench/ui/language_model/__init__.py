"""The language model on the pages: what is asked of it, what it answered, how it is set up."""
