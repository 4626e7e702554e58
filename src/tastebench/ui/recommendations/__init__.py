"""The page of one persona's list: what stands where, why, and what they do about it."""
