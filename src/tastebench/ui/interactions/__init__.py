"""The page of interactions: the log, recording by hand and by table, what each action weighs."""
