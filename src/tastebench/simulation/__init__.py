"""Synthetic behaviour with a hidden taste: what people who like this or that would do with a catalogue."""
