"""Splits, metrics, replay and weight search over the same pipeline."""
