"""One recommendation, from request to ranking."""
