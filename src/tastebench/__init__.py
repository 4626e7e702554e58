"""Tastebench: a personalization workbench."""
