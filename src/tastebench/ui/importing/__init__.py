"""Bringing a file in, step by step, and what came of it."""
