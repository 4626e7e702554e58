"""How an explanation is shown: obeyed, chosen, explained."""
