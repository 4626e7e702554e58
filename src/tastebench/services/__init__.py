"""Use cases in the user's words."""
