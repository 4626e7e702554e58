"""The page of the scoring profile: turn a knob, see the list move."""
