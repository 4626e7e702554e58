"""The page of personas: who there is, what they state, what they like, what they did."""
