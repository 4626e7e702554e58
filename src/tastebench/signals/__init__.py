"""Signals: pure scorers over Evidence, one file each."""
