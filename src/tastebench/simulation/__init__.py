"""Synthetic behaviour with a hidden taste."""
