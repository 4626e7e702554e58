"""Is the best profile that the search finds better than plain methods from public packages? On real data, one run."""
