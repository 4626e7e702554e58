"""What is learned from the log: pure functions over columns."""
